"""BM25 over the segments of the index, for passages and for whole sources.

`top` proposes rows; `weigh` gives the exact score of any row. So a term that occurs almost
everywhere costs nothing: it can order the rows that other terms found, it finds none itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.analysis import QueryTerms
from assistant.retrieval.postings import Postings
from assistant.retrieval.weights import Bm25

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]

_BLOCK = 64
FULL_SHARE = 0.05
"""A term in at most this share of all rows is always searched in full."""
BUDGET = 300_000
"""Terms beyond that share are searched in full, rarest first, while this many postings allow."""

_WALKED = 4_096
"""Longer lists of postings are searched for the rows wanted, shorter ones walked."""


@dataclass(frozen=True, slots=True)
class Level:
    """One list a segment, numbered through: rows of `parts[i]` start at `starts[i]`.

    `live` has one flag a row; rows of replaced sources are not live. `norms` is the part of the
    BM25 denominator that depends on a row's length: k1·(1−b+b·length/mean).
    """

    parts: tuple[Postings, ...]
    starts: Rows
    live: Flags
    norms: Floats
    bm25: Bm25

    @classmethod
    def of(cls, parts: Sequence[Postings], live: Flags, bm25: Bm25) -> "Level":
        """A level over segments in order."""
        starts = np.cumsum([0, *(len(part.lengths) for part in parts)])
        lengths = np.concatenate([np.empty(0, np.uint32), *(part.lengths for part in parts)])
        mean = float(lengths[live].mean()) if live.any() else 1.0
        norms = bm25.k1 * (1 - bm25.b + bm25.b * lengths / max(mean, 1.0))
        return cls(tuple(parts), starts, live, norms.astype(np.float32), bm25)

    def query(self, terms: QueryTerms) -> "LevelQuery":
        """Look up the terms of one question."""
        found = [part.ranges(terms.terms) for part in self.parts]
        shape = len(self.parts), len(terms.terms)
        begins = np.array([b for b, _ in found], np.int64).reshape(shape)
        ends = np.array([e for _, e in found], np.int64).reshape(shape)
        df = self._frequencies(begins, ends)
        count = int(self.live.sum())
        idf = np.log1p((count - df + 0.5) / (df + 0.5)).astype(np.float32)
        weights = self.bm25.by_kind[terms.kinds]
        weights *= terms.factors * idf * np.float32(self.bm25.k1 + 1)
        return LevelQuery(self, begins, ends, df, weights, terms.factors == 1)

    def _frequencies(self, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        df = np.zeros(begins.shape[1], np.float32)
        for number, part in enumerate(self.parts):
            live = self.live[self.starts[number] : self.starts[number + 1]]
            if live.all():
                df += ends[number] - begins[number]
                continue
            for term, (begin, end) in enumerate(zip(begins[number], ends[number], strict=True)):
                df[term] += np.count_nonzero(live[part.rows[begin:end]])
        return df


@dataclass(frozen=True, slots=True)
class LevelQuery:
    """One question on one level: per part and term the range of postings, per term its weight.

    `asked` flags the terms of the question itself, apart from helping words.
    """

    level: Level
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    df: Floats
    weights: Floats
    asked: Flags

    def top(self, limit: int, eligible: Flags) -> Rows:
        """The best eligible rows, unordered, by the terms that are searched in full."""
        scores = np.zeros(len(self.level.live), np.float32)
        searched = self._searched()
        for number, part in enumerate(self.level.parts):
            self._add(scores, number, part, searched)
        scores[~eligible] = 0
        return best(scores, limit)

    def _searched(self) -> NDArray[np.int64]:
        order = np.argsort(self.df, kind="stable")
        df = self.df[order]
        full = (df <= FULL_SHARE * len(self.level.live)) | (np.cumsum(df) <= BUDGET)
        return order[full & (df > 0)]

    def _add(self, scores: Floats, number: int, part: Postings, searched: Rows) -> None:
        """All terms of one part at once: a numpy call a term costs more than the adding."""
        rows, counts, terms = _gathered(part, self.begins[number], self.ends[number], searched)
        first, last = self.level.starts[number], self.level.starts[number + 1]
        found = counts.astype(np.float32)
        found /= found + self.level.norms[first:last][rows]
        found *= self.weights[terms]
        scores[first:last] = np.bincount(rows, found, last - first)

    def weigh(self, rows: Rows, helped: Flags | None = None) -> tuple[Floats, Floats]:
        """The exact BM25 of the given ascending rows, and the share of what was asked they hold.

        Helping words count in the rows that `helped` flags, in all of them where it is None.
        """
        counts = self.counts(rows)
        asked = self.weights * self.asked
        saturated = counts / (counts + self.level.norms[rows])
        extra = (self.weights - asked) @ saturated
        scores = asked @ saturated + (extra if helped is None else extra * helped)
        contained = asked @ (counts > 0).astype(np.float32)
        total = max(float(asked.sum()), 1e-9)
        return scores.astype(np.float32), (contained / total).astype(np.float32)

    def counts(self, rows: Rows) -> Floats:
        """How often each term (first axis) occurs in each of the ascending rows."""
        result = np.zeros((len(self.weights), len(rows)), np.float32)
        cuts = np.searchsorted(rows, self.level.starts)
        for number, part in enumerate(self.level.parts):
            first, last = cuts[number], cuts[number + 1]
            if first < last:
                wanted = (rows[first:last] - self.level.starts[number]).astype(np.uint32)
                self._count(result[:, first:last], number, part, wanted)
        return result

    def _count(
        self, result: Floats, number: int, part: Postings, wanted: NDArray[np.uint32]
    ) -> None:
        """Short lists of postings are walked together, the rows are looked up in long ones."""
        begins, ends = self.begins[number], self.ends[number]
        sizes = ends - begins
        places = np.full(len(part.lengths), -1, np.int32)
        places[wanted] = np.arange(len(wanted), dtype=np.int32)
        short = np.flatnonzero((sizes > 0) & (sizes <= _WALKED))
        found, counts, terms = _gathered(part, begins, ends, short)
        at = places[found]
        held = at >= 0
        result[terms[held], at[held]] = counts[held]
        for term in np.flatnonzero(sizes > _WALKED):
            result[term] = _lookup(part, begins[term], ends[term], wanted)


def _gathered(
    part: Postings, begins: Rows, ends: Rows, terms: Rows
) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Rows]:
    """The postings of several terms in a row: row, count and term of each."""
    slices = [slice(begins[term], ends[term]) for term in terms.tolist()]
    rows = [np.empty(0, np.uint32), *(part.rows[each] for each in slices)]
    counts = [np.empty(0, np.uint8), *(part.counts[each] for each in slices)]
    return np.concatenate(rows), np.concatenate(counts), terms.repeat((ends - begins)[terms])


def _lookup(part: Postings, begin: int, end: int, wanted: NDArray[np.uint32]) -> Floats:
    rows = part.rows[begin:end]
    places = rows.searchsorted(wanted)
    places[places == len(rows)] = 0
    found: Floats = (part.counts[begin:end][places] * (rows[places] == wanted)).astype(np.float32)
    return found


def best(scores: Floats, limit: int) -> Rows:
    """Places of the highest positive scores, at most `limit`, unordered.

    The maxima of blocks give a bound that at least `limit` scores reach, so that few are compared.
    """
    bound = np.float32(0)
    whole = len(scores) // _BLOCK * _BLOCK
    if whole >= limit * _BLOCK:
        maxima = scores[:whole].reshape(-1, _BLOCK).max(axis=1)
        bound = np.partition(maxima, -limit)[-limit]
    places = np.flatnonzero((scores >= bound) & (scores > 0))
    if len(places) <= limit:
        return places
    return places[np.argpartition(scores[places], -limit)[-limit:]]
