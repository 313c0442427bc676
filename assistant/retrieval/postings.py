"""One immutable inverted list: build, save, map into memory, merge.

It holds counts only. What depends on the corpus (inverse document frequency, mean length) or can
be tuned (k1, b) enters when a question comes, so that an index that grew by changes gives the
scores of one that was rebuilt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.analysis import TERM_BITS, Owners, Terms

_ROW_BITS = 64 - TERM_BITS
MAX_ROWS = 1 << _ROW_BITS
_MOST = 255
_AT_ONCE = 2_000_000
_PARTS = ("terms", "offsets", "rows", "counts", "lengths")


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows that hold each term: `rows[offsets[i]:offsets[i+1]]`, ascending, for `terms[i]`.

    `counts` beside `rows`: how often, at most 255. `lengths`: the number of terms of each row.
    """

    terms: Terms
    offsets: NDArray[np.int64]
    rows: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.uint32]

    def ranges(self, terms: Terms) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Start and end of each term's rows; both 0 where the term does not occur."""
        if not len(self.terms):
            empty = np.zeros(len(terms), np.int64)
            return empty, empty
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        found = self.terms[places] == terms
        return self.offsets[places] * found, self.offsets[places + 1] * found

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as `NAME.*.npy`."""
        for part in _PARTS:
            np.save(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str) -> "Postings":
        """Map the arrays of `save` into memory."""
        mapped = (np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for part in _PARTS)
        return cls(*(np.asarray(array) for array in mapped))


def build(terms: Terms, owners: Owners, count: int) -> Postings:
    """Invert (term, row) pairs; a pair that occurs n times has term frequency n.

    Raises ValueError for more than 2^20 rows.
    """
    if count > MAX_ROWS:
        raise ValueError(f"{count} rows do not fit one segment of {MAX_ROWS}")
    pairs = np.sort((terms << np.uint64(_ROW_BITS)) | owners)
    starts = np.flatnonzero(np.diff(pairs, prepend=~pairs[:1]))
    counts = np.minimum(np.diff(starts, append=len(pairs)), _MOST).astype(np.uint8)
    pairs = pairs[starts]
    rows = (pairs & np.uint64(MAX_ROWS - 1)).astype(np.uint32)
    distinct, offsets = _grouped(pairs >> np.uint64(_ROW_BITS))
    lengths = np.bincount(owners, minlength=count).astype(np.uint32)
    return Postings(distinct, offsets, rows, counts, lengths)


def _grouped(values: Terms) -> tuple[Terms, NDArray[np.int64]]:
    starts = np.flatnonzero(np.diff(values, prepend=~values[:1]))
    offsets = np.append(starts, len(values)).astype(np.int64)
    return values[offsets[:-1]], offsets


def merge(parts: Sequence[Postings], kept: Sequence[NDArray[np.bool_]]) -> Postings:
    """One list of the kept rows of all parts, renumbered in order."""
    live = [_only(part, keep) for part, keep in zip(parts, kept, strict=True)]
    terms = np.unique(np.concatenate([part.terms for part in live]))
    places = [np.searchsorted(terms, part.terms) for part in live]
    totals = np.zeros(len(terms), np.int64)
    for part, place in zip(live, places, strict=True):
        totals[place] += np.diff(part.offsets)
    offsets = np.concatenate([[0], np.cumsum(totals)])
    rows, counts = np.empty(offsets[-1], np.uint32), np.empty(offsets[-1], np.uint8)
    filled, base = offsets[:-1].copy(), 0
    for part, place in zip(live, places, strict=True):
        for first, last in _stretches(part.offsets):
            begin, end = part.offsets[first], part.offsets[last]
            sizes = np.diff(part.offsets[first : last + 1])
            moved = filled[place[first:last]] - part.offsets[first:last]
            target = np.repeat(moved, sizes) + np.arange(begin, end)
            rows[target] = part.rows[begin:end] + np.uint32(base)
            counts[target] = part.counts[begin:end]
        filled[place] += np.diff(part.offsets)
        base += len(part.lengths)
    lengths = np.concatenate([part.lengths for part in live])
    return Postings(terms, offsets, rows, counts, lengths)


def _stretches(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of terms with about `_AT_ONCE` postings each, so that merging needs little memory."""
    marks = np.arange(0, offsets[-1], _AT_ONCE)
    cuts = np.unique(np.append(np.searchsorted(offsets, marks), len(offsets) - 1))
    yield from pairwise(cuts.tolist())


def _only(part: Postings, keep: NDArray[np.bool_]) -> Postings:
    """The part without its dropped rows and without terms that only those held."""
    if keep.all():
        return part
    renumbered = np.cumsum(keep, dtype=np.int64) - 1
    chosen = keep[part.rows]
    before = np.concatenate([[0], np.cumsum(chosen)])
    sizes = before[part.offsets[1:]] - before[part.offsets[:-1]]
    used = sizes > 0
    rows = renumbered[part.rows[chosen]].astype(np.uint32)
    offsets = np.concatenate([[0], np.cumsum(sizes[used])])
    return Postings(part.terms[used], offsets, rows, part.counts[chosen], part.lengths[keep])
