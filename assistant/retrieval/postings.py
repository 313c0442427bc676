"""One immutable inverted list: build, save, map into memory, merge.

BM25 with a fixed pivot length instead of the corpus' mean: the weight of a term in a row then
never changes when other rows come or go, so that it is computed once and stored as one byte, and
an index that grew by changes equals one that was rebuilt. What does depend on the corpus, the
inverse document frequency, is computed when a question comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.analysis import TERM_BITS, Owners, Terms

_ROW_BITS = 64 - TERM_BITS
MAX_ROWS = 1 << _ROW_BITS
LEVELS = 255


@dataclass(frozen=True, slots=True)
class Saturation:
    """BM25's k1 and b; `pivot` is the length, in terms, at which b changes nothing."""

    k1: float
    b: float
    pivot: float

    def impact(self, tf: NDArray[np.float32], length: NDArray[np.float32]) -> NDArray[np.uint8]:
        """tf·(k1+1) / (tf + k1·(1−b+b·length/pivot)), as a fraction of k1+1 in 1..255."""
        norm = self.k1 * (1 - self.b + self.b * length / self.pivot)
        return np.maximum(np.rint(LEVELS * tf / (tf + norm)), 1).astype(np.uint8)

    @property
    def unit(self) -> float:
        """The BM25 weight of one level."""
        return (self.k1 + 1) / LEVELS


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows that hold each term: `rows[offsets[i]:offsets[i+1]]`, ascending, for `terms[i]`."""

    terms: Terms
    offsets: NDArray[np.int64]
    rows: NDArray[np.uint32]
    impacts: NDArray[np.uint8]
    count: int

    def ranges(self, terms: Terms) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Start and end of each term's rows; both 0 where the term does not occur."""
        if not len(self.terms):
            empty = np.zeros(len(terms), np.int64)
            return empty, empty
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        found = self.terms[places] == terms
        return self.offsets[places] * found, self.offsets[places + 1] * found

    def save(self, folder: Path, name: str) -> None:
        """Write the four arrays as `NAME.*.npy`."""
        for part in ("terms", "offsets", "rows", "impacts"):
            np.save(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str, count: int) -> "Postings":
        """Map the four arrays of `save` into memory."""
        terms, offsets, rows, impacts = (
            np.load(folder / f"{name}.{part}.npy", mmap_mode="r")
            for part in ("terms", "offsets", "rows", "impacts")
        )
        return cls(
            np.asarray(terms), np.asarray(offsets), np.asarray(rows), np.asarray(impacts), count
        )


def build(terms: Terms, owners: Owners, count: int, saturation: Saturation) -> Postings:
    """Invert (term, row) pairs; a pair that occurs n times has term frequency n.

    Raises ValueError for more than 2^20 rows.
    """
    if count > MAX_ROWS:
        raise ValueError(f"{count} rows do not fit one segment of {MAX_ROWS}")
    lengths = np.bincount(owners, minlength=count).astype(np.float32)
    pairs = np.sort((terms << np.uint64(_ROW_BITS)) | owners)
    starts = np.flatnonzero(np.diff(pairs, prepend=~pairs[:1]))
    tf = np.diff(starts, append=len(pairs)).astype(np.float32)
    pairs = pairs[starts]
    rows = (pairs & np.uint64(MAX_ROWS - 1)).astype(np.uint32)
    distinct, offsets = _grouped(pairs >> np.uint64(_ROW_BITS))
    return Postings(distinct, offsets, rows, saturation.impact(tf, lengths[rows]), count)


def _grouped(values: Terms) -> tuple[Terms, NDArray[np.int64]]:
    starts = np.flatnonzero(np.diff(values, prepend=~values[:1]))
    offsets = np.append(starts, len(values)).astype(np.int64)
    return values[offsets[:-1]], offsets


def merge(parts: Sequence[Postings], kept: Sequence[NDArray[np.bool_]]) -> Postings:
    """One list of the kept rows of all parts, renumbered in order."""
    live = [_only(part, keep) for part, keep in zip(parts, kept, strict=True)]
    terms = np.unique(np.concatenate([part.terms for part in live]))
    counts = np.zeros(len(terms), np.int64)
    places = [np.searchsorted(terms, part.terms) for part in live]
    for part, place in zip(live, places, strict=True):
        counts[place] += np.diff(part.offsets)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    merged = Postings(
        terms, offsets, np.empty(offsets[-1], np.uint32), np.empty(offsets[-1], np.uint8), 0
    )
    filled, base = offsets[:-1].copy(), 0
    for part, place in zip(live, places, strict=True):
        sizes = np.diff(part.offsets)
        target = np.repeat(filled[place] - part.offsets[:-1], sizes) + np.arange(len(part.rows))
        merged.rows[target] = part.rows + np.uint32(base)
        merged.impacts[target] = part.impacts
        filled[place] += sizes
        base += part.count
    return Postings(terms, offsets, merged.rows, merged.impacts, base)


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
    return Postings(part.terms[used], offsets, rows, part.impacts[chosen], int(keep.sum()))
