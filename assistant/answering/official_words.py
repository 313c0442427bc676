"""How well official terms name a service item, and so which lay terms fit a guide.

An official term fits where it and the item's name cover each other by their rarer character pairs
and do not differ in what tells items apart (注销 is not 变更).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.answering.contrasts import conflicts
from assistant.answering.folding import grams
from assistant.answering.general_words import tells_apart
from assistant.answering.lay_terms import LayTerms
from assistant.answering.words import word_spans

VERSION = 2
"""Grows when the same lexicon gives a guide other words: an index is then out of date."""
_PAIR = 2
_CORE = 2
"""A name that says no more than what many say (变更, 申请) has no lay terms."""
_LOOKED_AT = 40
_LEAST_SHARED = 0.45
_LEAST = 0.4
_MOST = 32
"""So many lay terms a guide has at most, the surest first."""
_UNSAID = 0.7
"""What a term counts that says a sense which the item does not mention."""

Weighted = tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class OfficialTerms:
    """The official terms of the thesaurus, found by the character pairs that they share."""

    terms: tuple[str, ...]
    postings: Mapping[str, NDArray[np.int32]]
    weights: Mapping[str, float]
    totals: NDArray[np.float32]
    most: float

    @classmethod
    def of(cls, terms: Iterable[str]) -> "OfficialTerms":
        """Index distinct folded terms."""
        distinct = tuple(dict.fromkeys(terms))
        places: dict[str, list[int]] = {}
        for number, term in enumerate(distinct):
            for pair in dict.fromkeys(grams(term)):
                places.setdefault(pair, []).append(number)
        count = len(distinct)
        weights = {pair: math.log1p(count / len(of)) for pair, of in places.items()}
        totals = [sum(weights[p] for p in dict.fromkeys(grams(term))) for term in distinct]
        postings = {pair: np.array(of, np.int32) for pair, of in places.items()}
        return cls(distinct, postings, weights, np.array(totals, np.float32), math.log1p(2 * count))

    def weight(self, text: str) -> float:
        """The weight of a text's pairs, by their rarity among the terms."""
        return sum(self.weights.get(pair, self.most) for pair in dict.fromkeys(grams(text))) or 1.0

    def near(self, text: str) -> list[int]:
        """Numbers of the terms that share most with a text, best first."""
        shared = np.zeros(len(self.terms), np.float32)
        for pair in dict.fromkeys(grams(text)):
            if pair in self.postings:
                shared[self.postings[pair]] += self.weights[pair]
        shares = shared / np.maximum(self.totals, np.float32(1e-6))
        chosen = np.flatnonzero(shares >= _LEAST_SHARED)
        best = chosen[np.argsort(-(shares * shared)[chosen], kind="stable")]
        return [int(number) for number in best[:_LOOKED_AT]]


def names_item(term: str, surface: str, text: str, known: OfficialTerms) -> float:
    """How well an official term names an item by one of its names, 0..1.

    `text` is all that the item is called. The smaller of both coverages counts most: a term that
    is only a part of the name (许可) names many items.
    """
    against, missing = conflicts(term, text)
    if against or conflicts(surface, term)[0] or _exchanged(term, surface):
        return 0.0
    pairs, own = set(grams(term)), set(grams(surface))
    both = sum(known.weights.get(pair, known.most) for pair in pairs & own)
    said, left = both / known.weight(term), both / known.weight(surface)
    return math.sqrt(min(1.0, said) * min(1.0, left)) * (_UNSAID if missing else 1.0)


def _exchanged(term: str, surface: str) -> bool:
    """Whether one has a word in another's place: 离婚 for 结婚, 植物 for 动物."""
    mine, theirs = _pairs_apart(term, surface), _pairs_apart(surface, term)
    return any((a[0] == b[0]) != (a[1] == b[1]) for a in mine for b in theirs)


def _pairs_apart(text: str, other: str) -> list[str]:
    core = tells_apart(text)
    words = (core[start:end] for start, end in word_spans(core) if end - start == _PAIR)
    return [word for word in words if word not in other]


class GuideWords:
    """Lay terms of items, from the thesaurus; what was worked out for a name is kept."""

    def __init__(self, terms: LayTerms) -> None:
        self.terms = terms
        self.of = lru_cache(maxsize=16384)(self._of)

    @cached_property
    def official(self) -> OfficialTerms:
        """The official terms; made when the first guide needs them."""
        senses = (sense for of in self.terms.senses.values() for sense in of)
        return OfficialTerms.of(term for sense in senses for term in sense.official)

    @cached_property
    def _lay(self) -> Mapping[str, Sequence[tuple[str, float]]]:
        """Lay terms with their weights by official term; further official terms count less."""
        found: dict[str, list[tuple[str, float]]] = {}
        for term, senses in self.terms.senses.items():
            for sense in senses:
                for official in sense.official:
                    found.setdefault(official, []).append((term, sense.weight))
        return found

    def _of(self, surfaces: tuple[str, ...]) -> Weighted:
        """Lay terms that fit an item with these names, each with its weight, the surest first."""
        best: Counter[str] = Counter()
        text = " ".join(surfaces)
        for surface in (s for s in surfaces if len(tells_apart(s)) >= _CORE):
            for number in self.official.near(surface):
                term = self.official.terms[number]
                fits = names_item(term, surface, text, self.official)
                for lay, weight in self._lay[term] if fits >= _LEAST else ():
                    best[lay] = max(best[lay], fits * weight)  # type: ignore[assignment]
        chosen = [(lay, score) for lay, score in best.items() if score >= _LEAST]
        return tuple(sorted(chosen, key=lambda pair: (-pair[1], pair[0]))[:_MOST])
