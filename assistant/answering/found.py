"""What the passage search says of each service item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.items import Catalogue, Profile, profile_of
from assistant.domain.evidence import Ranking, Scores


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
    top = max((hit.scores.total for hit in ranking.hits), default=0.0) or 1.0
    of_source: dict[str, list[Scores]] = {}
    for hit in ranking.hits:
        of_source.setdefault(hit.source.id, []).append(hit.scores)
    of_profile: dict[Profile, list[Scores]] = {}
    for source_id, scores in of_source.items():
        guide = catalogue.guides.get(source_id)
        if guide is not None:
            of_profile.setdefault(profile_of(guide), []).extend(scores)
    found = {
        profile: _best(scores, place, top)
        for place, (profile, scores) in enumerate(of_profile.items(), start=1)
    }
    return _with_lead(found)


def _best(scores: Sequence[Scores], place: int, top: float) -> Evidence:
    return Evidence(
        rank=max(0.0, *(each.total / top for each in scores)),
        first=1 / place,
        lead=0.0,
        dense=max(0.0, *(each.dense for each in scores)),
        found=max(0.0, *(each.coverage for each in scores)),
    )


def _with_lead(found: dict[Profile, Evidence]) -> dict[Profile, Evidence]:
    best, second = [*found.items(), (None, None), (None, None)][:2]
    if best[0] is None or best[1] is None:
        return found
    lead = best[1].rank - (second[1].rank if second[1] else 0.0)
    return found | {best[0]: replace(best[1], lead=max(0.0, lead))}
