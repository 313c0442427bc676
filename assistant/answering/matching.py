"""How well a service item fits what a question mentions: measured numbers, then one estimate."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from assistant.answering.contrasts import codes, conflicts
from assistant.answering.folding import grams
from assistant.answering.items import Catalogue, Profile, profile_of
from assistant.answering.lexicon import Lexicon
from assistant.answering.mention import Mention, is_weak
from assistant.answering.surface_index import SurfaceIndex
from assistant.domain.evidence import Ranking

_DATA = Path(__file__).parent / "data" / "items.json"
_TAKEN = 60
"""So many strings are compared closely."""
_SYNONYM = 0.8
"""What a word found through the lexicon counts, against the word itself."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one item fits, each 0..1 unless said.

    `named`: the question contains a name of it, and nothing longer is named. `said`: share of its
    best name that the question says. `explained`: share of the question's words that it explains.
    `clause`: the same for the stretch of the question that it explains best. `against`,
    `missing`: see `contrasts.conflicts`. `codes`: letters and numbers agree. `length`: of the best
    name, against twelve characters. `found`, `dense`, `rank`: from the passage search, see
    `with_evidence`.
    """

    profile: Profile
    surface: str
    named: float = 0.0
    said: float = 0.0
    explained: float = 0.0
    clause: float = 0.0
    against: float = 0.0
    missing: float = 0.0
    codes: float = 1.0
    length: float = 0.0
    found: float = 0.0
    dense: float = 0.0
    rank: float = 0.0

    @property
    def is_exact(self) -> bool:
        """The question names the item and says nothing else."""
        return self.named == 1.0 and self.explained >= 0.93

    def vector(self) -> dict[str, float]:
        """The numbers by name."""
        names = (
            "named", "said", "explained", "clause", "against", "missing",
            "codes", "length", "found", "dense", "rank",
        )  # fmt: skip
        numbers = {name: float(getattr(self, name)) for name in names}
        numbers["both"] = self.said * self.explained
        numbers["said_clause"] = self.said * self.clause
        numbers["long"] = self.said * self.length
        return numbers


def measure(mention: Mention, catalogue: Catalogue) -> list[Fit]:
    """The items that a question may mean, with their numbers (unordered)."""
    pairs = _searched(mention, catalogue.lexicon)
    owners = catalogue.by_surface
    exact = {one.number for one in mention.named}
    near = (int(number) for number in catalogue.index.similar(pairs, _TAKEN))
    numbers = dict.fromkeys((*exact, *near))
    profiles = dict.fromkeys(p for number in numbers for p in owners.get(number, ()))
    named = {p for number in exact for p in owners.get(number, ())}
    return [
        _fit(mention, pairs, profile, catalogue.index, profile in named) for profile in profiles
    ]


def _searched(mention: Mention, lexicon: Lexicon) -> dict[str, float]:
    """The question's pairs with their shares, and those that the lexicon adds."""
    added: dict[str, float] = {}
    for expansion in lexicon.expansions(mention.folded):
        for official in expansion.official:
            added |= dict.fromkeys(grams(official), _SYNONYM)
    return added | mention.pairs


def _fit(
    mention: Mention, pairs: Mapping[str, float], profile: Profile, index: SurfaceIndex, named: bool
) -> Fit:
    surface, said = max(
        ((surface, _said(surface, pairs, index)) for surface in profile.surfaces),
        key=lambda pair: (pair[1] * min(1.0, len(pair[0]) / 6), pair[1]),
    )
    if named:
        surface = max((s for s in profile.surfaces if s in mention.folded), key=len)
        said = 1.0
    shares = [_explained(part, profile.text, index) for part in mention.parts]
    against, missing = conflicts(" ".join(mention.parts), profile.text)
    return Fit(
        profile=profile,
        surface=surface,
        named=float(named),
        said=said,
        explained=_ratio(shares),
        clause=max((got / of for got, of in shares if of > 0.8), default=0.0),
        against=min(1.0, against / 2),
        missing=min(1.0, missing / 2),
        codes=_codes_agree(mention.parts, profile.text),
        length=min(1.0, len(surface) / 12),
    )


def _said(surface: str, pairs: Mapping[str, float], index: SurfaceIndex) -> float:
    weights = [(index.weight(pair), pairs.get(pair, 0.0)) for pair in grams(surface)]
    return sum(w * share for w, share in weights) / (sum(w for w, _ in weights) or 1.0)


def _ratio(shares: Iterable[tuple[float, float]]) -> float:
    pairs = list(shares)
    return sum(got for got, _ in pairs) / (sum(of for _, of in pairs) or 1.0)


def _explained(part: str, text: str, index: SurfaceIndex) -> tuple[float, float]:
    """Weight of the part's characters that the item's names hold, and of all of them."""
    got = whole = 0.0
    for place, char in enumerate(part):
        weight = 0.1 if is_weak(char) else _char_weight(char, index)
        whole += weight
        got += weight * _held(part, place, text)
    return got, whole


def _held(part: str, place: int, text: str) -> float:
    left, right = part[max(0, place - 1) : place + 1], part[place : place + 2]
    if (len(left) == 2 and left in text) or (len(right) == 2 and right in text):
        return 1.0
    return 0.4 if part[place] in text else 0.0


def _char_weight(char: str, index: SurfaceIndex) -> float:
    return 1.0


def _codes_agree(parts: Sequence[str], text: str) -> float:
    asked = codes(" ".join(parts))
    return 1.0 if asked <= codes(text) or not asked else 0.0


def with_evidence(fits: Iterable[Fit], ranking: Ranking, catalogue: Catalogue) -> list[Fit]:
    """The fits with what the passage search found for them, and the items that only it found."""
    best: dict[Profile, tuple[float, float, float]] = {}
    top = max((hit.scores.total for hit in ranking.hits), default=0.0) or 1.0
    for hit in ranking.hits:
        guide = catalogue.guides.get(hit.source.id)
        if guide is not None:
            numbers = (hit.scores.total / top, hit.scores.dense, hit.scores.coverage)
            profile = profile_of(guide)
            best[profile] = tuple(map(max, best.get(profile, numbers), numbers))  # type: ignore[assignment]
    return [_with_numbers(fit, best.get(fit.profile)) for fit in fits]


def _with_numbers(fit: Fit, numbers: tuple[float, float, float] | None) -> Fit:
    if numbers is None:
        return fit
    return replace(fit, rank=numbers[0], dense=numbers[1], found=numbers[2])


def estimate(fit: Fit) -> float:
    """The estimated probability that an item is the one meant."""
    if fit.is_exact:
        return 1.0
    weights = _weights()
    score = weights["bias"] + sum(weights.get(n, 0.0) * v for n, v in fit.vector().items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def _weights() -> Mapping[str, float]:
    data = json.loads(_DATA.read_text("utf-8"))
    return {name: float(weight) for name, weight in data["weights"].items()}
