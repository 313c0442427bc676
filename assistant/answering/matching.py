"""How well a service item fits what a question mentions: measured numbers, then one estimate."""

import json
import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import islice
from operator import attrgetter, mul
from pathlib import Path
from typing import Any

from assistant.answering.contrasts import agreed, codes, conflicts, read_item
from assistant.answering.folding import grams
from assistant.answering.found import NO_EVIDENCE, Evidence, evidence_of
from assistant.answering.items import Catalogue, Profile
from assistant.answering.lexicon import Expansion, Lexicon
from assistant.answering.mention import Mention
from assistant.answering.strangers import Strangers, held, says_other, strangers
from assistant.answering.surface_index import SurfaceIndex
from assistant.answering.wording import Slips, explained, slips
from assistant.answering.wording import said as said_of
from assistant.answering.words import word_spans
from assistant.domain.evidence import Ranking

_DATA = Path(__file__).parent / "data" / "items.json"
_TAKEN = 40
_FOUND = 12
_CLOSELY = 16
"""So many strings are compared, and so many items letter by letter."""
_SHORTEST_NAME = 4
_SYNONYM = 0.8
"""What a word found through the lexicon counts, against the word itself."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one item fits, each number 0..1.

    `named`: the question contains a name of it, and nothing longer is named (0.5 where that name
    may be part of something else). `said`: share of its best name that the question says.
    `explained`: share of the question's words that it explains; `clause`: the same for the
    stretch that it explains best. `left`: amount that it does not explain, eight characters as 1;
    `attached`: of what touches its name, three as 1. `against`, `missing`: see
    `contrasts.conflicts`. `codes`: letters and numbers agree. `near`, `extra`, `lack`, `words`:
    see `wording.Slips`, four counting as 1. A word beside the item's own that its names do not
    have makes `extra` and `missing` 1; where the name has another in its place (结婚 for 离婚),
    `lack` and `against` too, see `strangers`. `length`: of the best name, twelve characters as 1.
    `found`, `dense`, `rank`, `first`, `lead`: see `found.Evidence`.
    """

    profile: Profile
    surface: str
    named: float = 0.0
    said: float = 0.0
    explained: float = 0.0
    clause: float = 0.0
    left: float = 1.0
    attached: float = 0.0
    against: float = 0.0
    missing: float = 0.0
    codes: float = 1.0
    near: float = 0.0
    extra: float = 1.0
    lack: float = 1.0
    words: float = 1.0
    length: float = 0.0
    found: float = 0.0
    dense: float = 0.0
    rank: float = 0.0
    first: float = 0.0
    lead: float = 0.0

    @property
    def is_exact(self) -> bool:
        """The question names the item and says nothing else."""
        return self.named == 1.0 and self.attached == 0 and self.left <= 0.04

    @property
    def is_clean(self) -> bool:
        """The question names the item, and nothing beside it speaks for another."""
        return self.named == 1 and self.attached == 0 and self.against == 0 and self.codes == 1

    @property
    def has_all(self) -> bool:
        """Its names hold every word of the question."""
        return self.explained >= 0.92 and self.attached == self.against == 0 and self.codes == 1

    @property
    def is_slip(self) -> bool:
        """The question differs from the name by single letters only, as typing errors do."""
        return self.extra <= 0.25 and self.lack <= 0.25 and self.words == 0 and self.against == 0

    def vector(self) -> dict[str, float]:
        """The numbers by name."""
        return dict(zip((*_NUMBERS, *_PRODUCTS), self.numbers(), strict=True))

    def numbers(self) -> tuple[float, ...]:
        """The numbers of `vector`, in its order."""
        clean, slip = float(self.is_clean), float(self.is_slip)
        return (
            *_numbers(self),
            self.said * self.explained,
            self.said * self.clause,
            self.said * self.length,
            clean,
            clean * self.length,
            self.first * self.clause,
            self.lead * self.clause,
            self.rank * self.said * self.explained,
            slip,
            slip * self.length,
        )


_NUMBERS = tuple(f.name for f in fields(Fit) if f.name not in {"profile", "surface"})
_PRODUCTS = (
    "both", "said_clause", "long", "clean", "long_clean",
    "first_clause", "lead_clause", "rank_both", "slip", "long_slip",
)  # fmt: skip
_numbers = attrgetter(*_NUMBERS)


def get_ready(catalogue: Catalogue, most: int = 2_000) -> None:
    """Read the names of items beforehand (about a millisecond an item, kept): for a service."""
    for profile in islice(catalogue.profiles, most):
        read_item(profile.text)
        for surface in profile.surfaces:
            held(surface, "")
            catalogue.index.weights(surface)


class _Last(threading.local):
    """The last measures of a thread: two drafters ask for the same ones in a row."""

    def __init__(self) -> None:
        self.asked: tuple[Mention, Catalogue, Ranking] | None = None
        self.fits: list[Fit] = []


_last = _Last()


def measure(mention: Mention, catalogue: Catalogue, ranking: Ranking) -> list[Fit]:
    """The items that a question may mean, with their numbers (the roughly best first)."""
    asked = _last.asked
    same = asked is not None and asked[1] is catalogue and asked[2] is ranking
    if asked is None or not same or asked[0] != mention:
        _last.fits = _measured(mention, catalogue, ranking)
        _last.asked = (mention, catalogue, ranking)
    return list(_last.fits)


def _measured(mention: Mention, catalogue: Catalogue, ranking: Ranking) -> list[Fit]:
    evidence = evidence_of(ranking, catalogue)
    pairs = _searched(mention, catalogue.lexicon)
    words = " ".join(mention.parts)
    question = _Asked(mention, words, codes(words), pairs, catalogue.index)
    named = _owners((one.number for one in mention.named), catalogue)
    plain = mention.is_named and len(mention.parts) == 1
    others = () if plain else _near(pairs, evidence, catalogue)
    fits = (
        _fit(question, profile, evidence.get(profile, NO_EVIDENCE), named=profile in named)
        for profile in {**named, **dict.fromkeys(others)}
    )
    close = sorted(fits, key=_rough, reverse=True)
    spans = word_spans(mention.folded)
    everyday = catalogue.lexicon.expansions(mention.folded)
    return [
        _closer(
            fit,
            slips(mention.folded, spans, fit.surface) if place < _CLOSELY else None,
            _strangers(fit, question, everyday),
        )
        for place, fit in enumerate(close)
    ]


def _owners(numbers: Iterable[int], catalogue: Catalogue) -> dict[Profile, None]:
    owners = catalogue.by_surface
    return dict.fromkeys(p for number in numbers for p in owners.get(number, ()))


def _near(
    pairs: Mapping[str, float], evidence: Mapping[Profile, Evidence], catalogue: Catalogue
) -> list[Profile]:
    """The items that are called alike, and the best that the passage search found."""
    alike = _owners(map(int, catalogue.index.similar(pairs, _TAKEN)), catalogue)
    return [*alike, *list(evidence)[:_FOUND]]


def _rough(fit: Fit) -> float:
    return fit.named + 0.5 * fit.said + 0.3 * fit.explained + 0.2 * fit.clause + 0.3 * fit.rank


def _closer(fit: Fit, slip: Slips | None, odd: Strangers) -> Fit:
    """The fit compared letter by letter (the best only), its numbers raised for strange words."""
    numbers: dict[str, Any] = {}
    if slip is not None:
        counts = {"extra": slip.extra, "lack": slip.lack, "words": slip.words}
        numbers = {name: min(1.0, count / 4) for name, count in counts.items()}
        numbers["near"] = slip.near
    if odd.foreign:
        numbers |= {"extra": 1.0, "missing": 1.0}
        numbers |= {"lack": 1.0, "against": 1.0} if odd.is_exchanged else {}
    return replace(fit, **numbers) if numbers else fit


def _strangers(fit: Fit, asked: "_Asked", everyday: Sequence[Expansion]) -> Strangers:
    """Whether the question has a word that the item has not, or another for it."""
    mention, text = asked.mention, fit.profile.text
    known = _meaning(fit.profile, mention, everyday) + agreed(asked.words, text)
    if fit.named == 1.0:
        beside = _beside(mention, fit.profile)
        return Strangers(foreign=says_other(mention.attached, beside, known))
    return strangers(mention.parts, mention.folded, fit.surface, text, known)


def _meaning(profile: Profile, mention: Mention, everyday: Sequence[Expansion]) -> list[str]:
    """The everyday words of a question whose official words are in an item's names."""
    return [
        mention.folded[one.start : one.end]
        for one in everyday
        if any(word in s or s in word for word in one.official for s in profile.surfaces)
    ]


def _searched(mention: Mention, lexicon: Lexicon) -> dict[str, float]:
    """The question's pairs with their shares, and those that the lexicon adds."""
    added: dict[str, float] = {}
    for expansion in lexicon.expansions(mention.folded):
        for official in expansion.official:
            added |= dict.fromkeys(grams(official), _SYNONYM)
    return added | mention.pairs


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is compared with every item; `words` are the mention's parts as one text."""

    mention: Mention
    words: str
    codes: frozenset[str]
    pairs: Mapping[str, float]
    index: SurfaceIndex


def _fit(asked: _Asked, profile: Profile, evidence: Evidence, *, named: bool) -> Fit:
    mention = asked.mention
    surface, said = max(
        ((surface, said_of(surface, asked.pairs, asked.index)) for surface in profile.surfaces),
        key=lambda pair: (pair[1] * min(1.0, len(pair[0]) / 6), pair[1]),
    )
    if named:
        surface = max((s for s in profile.surfaces if s in mention.folded), key=len)
        said = 1.0
    shares = _shares(mention, profile, named=named)
    against, missing = conflicts(asked.words, profile.text)
    return Fit(
        profile=profile,
        surface=surface,
        named=(1.0 if mention.is_named else 0.5) if named else 0.0,
        said=said,
        explained=_ratio(shares),
        left=min(1.0, sum(of - got for got, of in shares) / 8),
        attached=min(1.0, _unexplained(mention, profile) / 3),
        clause=max((got / of for got, of in shares if of > 0.8), default=0.0),
        against=min(1.0, against / 2),
        missing=min(1.0, missing / 2),
        codes=float(not asked.codes or asked.codes <= codes(profile.text)),
        length=min(1.0, len(surface) / 12),
        rank=evidence.rank,
        first=evidence.first,
        lead=evidence.lead,
        dense=evidence.dense,
        found=evidence.found,
    )


def _shares(mention: Mention, profile: Profile, *, named: bool) -> list[tuple[float, float]]:
    """What the item explains of each part. Beside its name, that name explains nothing more."""
    if not (mention.is_named and named):
        return [explained(part, profile.text) for part in mention.parts]
    item, *rest = mention.parts
    others = _beside(mention, profile)
    return [explained(item, profile.text), *(explained(part, others) for part in rest)]


def _beside(mention: Mention, profile: Profile) -> str:
    """What an item is called beside the name that the question says."""
    return " ".join(surface.replace(mention.parts[0], " ") for surface in profile.surfaces)


def _ratio(shares: Iterable[tuple[float, float]]) -> float:
    pairs = list(shares)
    return sum(got for got, _ in pairs) / (sum(of for _, of in pairs) or 1.0)


def _unexplained(mention: Mention, profile: Profile) -> float:
    if not mention.attached:
        return 0.0
    attached = mention.attached
    for word in agreed(attached, profile.text):
        attached = attached.replace(word, "")
    got, of = explained(attached, _beside(mention, profile))
    return of - got


def estimate(fit: Fit) -> float:
    """The estimated probability that an item is the one meant."""
    if fit.is_exact:
        return 1.0
    bias, weights = _weights()
    score = bias + sum(map(mul, weights, fit.numbers()))
    likely = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
    return max(likely, _clean_floor(fit)) if fit.is_clean else likely


def _clean_floor(fit: Fit) -> float:
    """Least estimate for an item named outright: of 189 such, 2 meant another (see items.json)."""
    if fit.length * 12 < _SHORTEST_NAME:
        return 0.0
    return threshold("clean_floor") - 0.2 * fit.left


def log_odds(probability: float) -> float:
    """The log-odds of an estimate, within ±9."""
    held = min(max(probability, 1.3e-4), 1 - 1.3e-4)
    return math.log(held / (1 - held))


def threshold(name: str) -> float:
    """A threshold of the data file: `answer_from`, `ask_from`."""
    return float(_data()[name])


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return data


@cache
def _weights() -> tuple[float, tuple[float, ...]]:
    """The bias, and the weights in the order of `Fit.numbers`."""
    weights: Mapping[str, Any] = _data()["weights"]
    names = (*_NUMBERS, *_PRODUCTS)
    return float(weights["bias"]), tuple(float(weights.get(name, 0.0)) for name in names)
