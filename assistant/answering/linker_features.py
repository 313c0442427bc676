"""What tells which item an everyday question means: the numbers that the linker weighs.

Beside the fit of the names (`matching.Fit`): the lay terms of the item that the question uses, the
action and the object that its lay terms stand for, how near its pieces are to those of the names
(`nearness`), how many items there are, and how each number compares with the best candidate's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.contrasts import conflicts
from assistant.answering.general_words import tells_apart
from assistant.answering.items import Catalogue, Profile
from assistant.answering.lay_terms import LayHit
from assistant.answering.matching import Fit
from assistant.answering.mention import Mention, is_weak
from assistant.answering.nearness import Nearness
from assistant.answering.strangers import held

RELATIVE = (
    "rank", "dense", "found", "said", "explained", "lay", "lay_share", "object",
    "held", "holds", "name_near", "lay_near",
)  # fmt: skip
"""Numbers that are also compared with the best candidate's."""
_MOST_ITEMS = 4.0
"""Ten thousand items and more are the most."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a question says in lay terms, read once for all candidates.

    `official`: what they surely stand for; `spoken`: the question and all that they may stand for.
    """

    hits: tuple[LayHit, ...]
    official: str
    spoken: str
    content: tuple[int, ...]

    @classmethod
    def of(cls, mention: Mention, catalogue: Catalogue) -> "Said":
        """Read the lay terms of a question."""
        hits = catalogue.lexicon.lay.found(mention.folded)
        best: dict[str, float] = {}
        for hit in catalogue.lexicon.lay.longest(mention.folded):
            for sense in hit.senses:
                for term in sense.official:
                    best[term] = max(best.get(term, 0.0), sense.weight)
        official = " ".join(term for term, weight in best.items() if weight >= 0.5)
        return cls(hits, official, " ".join((mention.folded, *best)), _content(mention))


def _content(mention: Mention) -> tuple[int, ...]:
    """The places of the characters that say something."""
    places: set[int] = set()
    for part in mention.parts:
        start = mention.folded.find(part)
        if start >= 0:
            span = range(start, start + len(part))
            places.update(at for at in span if not is_weak(mention.folded[at]))
    return tuple(sorted(places))


def features(
    mention: Mention, fits: Sequence[Fit], catalogue: Catalogue, nearness: Nearness
) -> list[dict[str, float]]:
    """The numbers of all candidates, in their order."""
    said = Said.of(mention, catalogue)
    items = min(1.0, math.log10(1 + len(catalogue.profiles)) / _MOST_ITEMS)
    near = nearness(mention, [fit.profile for fit in fits], catalogue)
    own = [
        fit.vector() | _lay(said, fit.profile, catalogue) | meant | {"items": items}
        for fit, meant in zip(fits, near, strict=True)
    ]
    best = {name: max((row[name] for row in own), default=0.0) for name in RELATIVE}
    return [row | {f"{name}_behind": best[name] - row[name] for name in RELATIVE} for row in own]


def _lay(said: Said, profile: Profile, catalogue: Catalogue) -> dict[str, float]:
    words = dict(catalogue.lay_words(profile))
    hits = [(hit, words[hit.term]) for hit in said.hits if hit.term in words]
    covered = {at for hit, _ in hits for at in range(hit.start, hit.end)}
    content = [at for at in said.content if at in covered]
    lay = max((score for _, score in hits), default=0.0)
    against, missing = conflicts(said.official, profile.text)
    return {
        "lay": lay,
        "lay_long": max((s * min(1.0, len(h.term) / 4) for h, s in hits), default=0.0),
        "lay_share": len(content) / len(said.content) if said.content else 0.0,
        "lay_many": min(1.0, len({hit.term for hit, _ in hits}) / 3),
        "lay_against": min(1.0, against / 2),
        "lay_missing": min(1.0, missing / 2),
        "lay_other": max((h.weight for h in said.hits if h.term not in words), default=0.0),
        "object": _object(said, profile),
        "size": min(1.0, len(profile.name) / 24),
    }


def _object(said: Said, profile: Profile) -> float:
    """Share of what tells the item apart that the question or its official words hold."""
    cores = filter(None, map(tells_apart, profile.surfaces))
    return max((sum(held(core, said.spoken)) / len(core) for core in cores), default=0.0)
