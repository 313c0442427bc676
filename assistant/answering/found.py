"""What the passage search says of each service item."""

from dataclasses import dataclass, replace

from assistant.answering.items import Catalogue, Profile, profile_of
from assistant.domain.evidence import Ranking


@dataclass(frozen=True, slots=True)
class Evidence:
    """The best numbers of an item's passages.

    `rank`: total score against the best of the search. `first`: 1 for the best item, 1/2 for the
    second and so on. `lead`: the best item's lead over the second, 0 for the others. `dense`,
    `found`: cosine and coverage, see `domain.evidence.Scores`.
    """

    rank: float
    first: float
    lead: float
    dense: float
    found: float


NO_EVIDENCE = Evidence(0.0, 0.0, 0.0, 0.0, 0.0)


def evidence_of(ranking: Ranking, catalogue: Catalogue) -> dict[Profile, Evidence]:
    """The items of a ranking, best first; sources that are no guides are passed over."""
    top = max((hit.scores.total for hit in ranking.hits), default=0.0)
    found: dict[Profile, Evidence] = {}
    for hit in ranking.hits:
        guide = catalogue.guides.get(hit.source.id)
        if guide is None:
            continue
        profile, scores = profile_of(guide), hit.scores
        known = found.get(profile) or Evidence(0.0, 1 / (len(found) + 1), 0.0, 0.0, 0.0)
        found[profile] = Evidence(
            max(known.rank, scores.total / top if top > 0 else 0.0),
            known.first,
            0.0,
            max(known.dense, scores.dense),
            max(known.found, scores.coverage),
        )
    return _with_lead(found)


def _with_lead(found: dict[Profile, Evidence]) -> dict[Profile, Evidence]:
    best, second = [*found.items(), (None, None), (None, None)][:2]
    if best[0] is None or best[1] is None:
        return found
    lead = best[1].rank - (second[1].rank if second[1] else 0.0)
    return found | {best[0]: replace(best[1], lead=max(0.0, lead))}
