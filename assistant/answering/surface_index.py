"""Strings found in a text: exactly (longest first) or by shared character pairs.

The strings are the folded names, aliases and parents of service items. An index is never changed:
`with_added` gives a new one that shares what did not change, so that readers need no lock.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.answering.folding import grams
from assistant.answering.sounds import SoundIndex

Ids = NDArray[np.int32]
_SHORTEST = 2
_GROWN = 1.01
_WORD_WEIGHT = 10
"""How often a pair of an everyday word counts among the names, for words spelt by ear."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An indexed string in a folded text: `text[start:end]` is string number `number`."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class SurfaceIndex:
    """Strings by number, and the character pairs that occur in each.

    `weighed` remembers what `weights` found and goes with the index. `sounded` remembers the sound
    index with the number of strings that it was made of, and outlives small additions.
    """

    strings: tuple[str, ...]
    numbers: Mapping[str, int]
    lengths: Mapping[str, tuple[int, ...]]
    postings: Mapping[str, Ids]
    totals: NDArray[np.float32]
    weighed: dict[str, tuple[tuple[tuple[str, float], ...], float]] = field(default_factory=dict)
    sounded: list[tuple[int, SoundIndex]] = field(default_factory=list)

    @classmethod
    def build(cls, strings: Iterable[str]) -> "SurfaceIndex":
        """Index distinct folded strings; the empty one is left out."""
        distinct = tuple(dict.fromkeys(string for string in strings if string))
        index = cls((), {}, {}, {}, np.zeros(0, np.float32))
        return index.with_added(distinct)

    def with_added(self, strings: Sequence[str]) -> "SurfaceIndex":
        """A new index that also holds these strings; known ones keep their number."""
        new = [s for s in dict.fromkeys(strings) if s and s not in self.numbers]
        if not new:
            return self
        first = len(self.strings)
        numbers = dict(self.numbers) | {s: first + i for i, s in enumerate(new)}
        everything = (*self.strings, *new)
        postings = _merged(self.postings, _postings(new, first))
        totals = np.concatenate([self.totals, _totals(new, postings, len(everything))])
        lengths = _lengths(self.lengths, new)
        return SurfaceIndex(
            everything, numbers, lengths, postings, totals, sounded=list(self.sounded)
        )

    def weight(self, pair: str) -> float:
        """How rare a pair is: ln(1 + strings / strings with it); the most for an unknown one."""
        known = self.postings.get(pair)
        return math.log1p(len(self.strings) / (len(known) if known is not None else 0.5))

    def weights(self, string: str) -> tuple[tuple[tuple[str, float], ...], float]:
        """The pairs of a string with their weights, and the sum of these."""
        known = self.weighed.get(string)
        if known is None:
            pairs = tuple((pair, self.weight(pair)) for pair in grams(string))
            known = self.weighed[string] = (pairs, sum(weight for _, weight in pairs) or 1.0)
        return known

    def sounds(self, words: Iterable[str]) -> SoundIndex:
        """The strings by ear, and these words; made anew when a hundredth was added."""
        if not self.sounded or len(self.strings) > _GROWN * self.sounded[-1][0]:
            usual = {pair: len(ids) for pair, ids in self.postings.items()}
            for pair in (pair for word in words for pair in grams(word)):
                usual[pair] = usual.get(pair, 0) + _WORD_WEIGHT
            self.sounded[:] = [(len(self.strings), SoundIndex.build(usual))]
        return self.sounded[-1][1]

    def contained(self, folded: str) -> list[Occurrence]:
        """All indexed strings of two characters and more within a text, longest first."""
        found = [
            Occurrence(number, start, start + length)
            for start in range(len(folded) - 1)
            for length in self.lengths.get(folded[start : start + _SHORTEST], ())
            if (number := self.numbers.get(folded[start : start + length])) is not None
            and start + length <= len(folded)
        ]
        return sorted(found, key=lambda one: (one.start - one.end, one.start))

    def similar(self, pairs: Mapping[str, float], limit: int) -> Ids:
        """Numbers of the strings that share most with weighted pairs, best first."""
        shared = np.zeros(len(self.strings), np.float32)
        for pair, share in pairs.items():
            known = self.postings.get(pair)
            if known is not None:
                shared[known] += np.float32(share * self.weight(pair))
        fit = shared * shared / np.maximum(self.totals, np.float32(1e-6))
        return _best(fit.astype(np.float32), limit)


def _best(scores: NDArray[np.float32], limit: int) -> Ids:
    top = np.argpartition(-scores, limit)[:limit] if len(scores) > limit else np.arange(len(scores))
    top = top[scores[top] > 0]
    return top[np.argsort(-scores[top], kind="stable")].astype(np.int32)


def _postings(strings: Sequence[str], first: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, string in enumerate(strings, start=first):
        for pair in dict.fromkeys(grams(string)):
            found.setdefault(pair, []).append(number)
    return found


def _merged(old: Mapping[str, Ids], new: Mapping[str, Sequence[int]]) -> dict[str, Ids]:
    merged = dict(old)
    for pair, numbers in new.items():
        added = np.array(numbers, np.int32)
        merged[pair] = np.concatenate([old[pair], added]) if pair in old else added
    return merged


def _totals(strings: Sequence[str], postings: Mapping[str, Ids], count: int) -> NDArray[np.float32]:
    """The weight of all pairs of each string, as rare as they are now."""
    weights = {pair: math.log1p(count / len(postings[pair])) for s in strings for pair in grams(s)}
    totals = [sum(weights[pair] for pair in set(grams(s))) for s in strings]
    return np.array(totals, np.float32)


def _lengths(
    old: Mapping[str, tuple[int, ...]], strings: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    merged = dict(old)
    for string in strings:
        if len(string) >= _SHORTEST:
            start = string[:_SHORTEST]
            merged[start] = tuple(sorted({*merged.get(start, ()), len(string)}, reverse=True))
    return merged
