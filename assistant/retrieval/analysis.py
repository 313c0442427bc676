"""Text → search terms: Chinese characters, pairs, dictionary words, and Latin or number runs.

A term is a 44-bit hash, so that an index needs no strings and a whole batch of passages is
analysed by numpy at once. Words are those of jieba's dictionary, found wherever they occur (its
full mode): longer and shorter words that overlap are all kept, as in jieba's search mode, and no
segmentation can go wrong. The dictionary is stored as hashes (`data/words.npy`, made by
`python -m eval.training.words`) and memory-mapped: it costs a cold process nothing, where jieba
itself takes 0.6 s (measured).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.uint64]
Owners = NDArray[np.uint32]

VERSION = 2
"""Grows when the same text gives other terms: an older index is then rebuilt."""

TERM_BITS = 44
LONGEST_WORD = 7
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xC2B2AE3D27D4EB4F)
_SEPARATOR = "\x00"
_RUN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)*")
_FILTER_BITS = 21


class TermKind(IntEnum):
    """What a term of a question is; each kind has its own weight."""

    CHARACTER = 0
    PAIR = 1
    SHORT_WORD = 2
    LONG_WORD = 3
    RUN = 4


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The distinct terms of a question; `factors` tells how much each counts.

    1 for what was asked, less for words that only help to find it.
    """

    terms: Terms
    kinds: NDArray[np.uint8]
    factors: NDArray[np.float32]


def fold(text: str) -> str:
    """NFKC and lower case: full-width and half-width, upper and lower are the same."""
    return unicodedata.normalize("NFKC", text).lower()


def terms_of(texts: Sequence[str]) -> tuple[Terms, Owners]:
    """All terms of all texts, with repetitions, each with the index of its text."""
    found = [(terms, owners) for _, terms, owners in _kinds_of(texts)]
    return np.concatenate([t for t, _ in found]), np.concatenate([o for _, o in found])


@lru_cache(maxsize=4096)
def query_terms(text: str, helping: str = "", factor: float = 0.0) -> QueryTerms:
    """The distinct terms of one question, and those of helping words that it does not have."""
    found = list(_kinds_of([text, helping]))
    terms = np.concatenate([t for _, t, _ in found])
    kinds = np.concatenate([np.full(len(t), kind, np.uint8) for kind, t, _ in found])
    helps = np.concatenate([owners for _, _, owners in found])
    order = np.argsort(helps, kind="stable")  # what was asked comes first and so is kept
    distinct, first = np.unique(terms[order], return_index=True)
    chosen = order[first]
    factors = np.where(helps[chosen] == 0, 1.0, factor).astype(np.float32)
    return QueryTerms(distinct, kinds[chosen], factors)


def _kinds_of(texts: Sequence[str]) -> Iterable[tuple[TermKind, Terms, Owners]]:
    folded = fold(_SEPARATOR.join(text.replace(_SEPARATOR, " ") for text in texts))
    codes = np.frombuffer(folded.encode("utf-32-le", "replace"), np.uint32)
    owners = np.cumsum(codes == 0, dtype=np.uint32)
    run_terms, run_starts = _runs(folded)
    yield TermKind.RUN, run_terms, owners[run_starts]
    yield from _han_terms(codes, owners)


def _runs(folded: str) -> tuple[Terms, NDArray[np.int64]]:
    found = [(_run_term(m.group()), m.start()) for m in _RUN.finditer(folded)]
    terms = np.array([term for term, _ in found], np.uint64)
    return terms, np.array([start for _, start in found], np.int64)


@lru_cache(maxsize=65536)
def _run_term(run: str) -> int:
    codes = np.frombuffer(run.encode("utf-32-le"), np.uint32)
    value = np.uint64(len(run))
    with np.errstate(over="ignore"):
        for code in codes:
            value = value * _BASE + np.uint64(code)
    return int(_mixed(np.array([value], np.uint64))[0])


def _han_terms(
    codes: NDArray[np.uint32], owners: Owners
) -> Iterable[tuple[TermKind, Terms, Owners]]:
    """Characters, pairs and words of every unbroken stretch of Chinese characters."""
    words = _Words.load()
    starts = np.flatnonzero(_is_han(codes))
    rolling = codes[starts].astype(np.uint64)
    yield TermKind.CHARACTER, _mixed(rolling), owners[starts]
    for length in range(2, LONGEST_WORD + 1):
        keep = np.flatnonzero(starts + length <= len(codes))
        keep = keep[_is_han(codes[starts[keep] + length - 1])]
        starts = starts[keep]
        rolling = rolling[keep] * _BASE + codes[starts + length - 1]
        terms = _mixed(rolling)
        known = words.contains(terms)
        if length == 2:
            yield TermKind.PAIR, terms[~known], owners[starts[~known]]
        kind = TermKind.SHORT_WORD if length == 2 else TermKind.LONG_WORD
        yield kind, terms[known], owners[starts[known]]


def _is_han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    basic = (codes >= 0x3400) & (codes <= 0x9FFF)
    han: NDArray[np.bool_] = basic | ((codes >= 0x20000) & (codes <= 0x3FFFF)) | (codes == 0x3007)
    return han


def _mixed(values: Terms) -> Terms:
    values = (values ^ (values >> np.uint64(31))) * _MIX
    values = (values ^ (values >> np.uint64(29))) * _BASE
    return values >> np.uint64(64 - TERM_BITS)


def word_terms(words: Iterable[str]) -> Terms:
    """The terms of whole words of 2 to `LONGEST_WORD` Chinese characters, ascending."""
    by_length: dict[int, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(word)
    found = [np.empty(0, np.uint64)]
    for length in range(2, LONGEST_WORD + 1):
        codes = np.frombuffer("".join(by_length.get(length, [])).encode("utf-32-le"), np.uint32)
        table = codes.reshape(-1, length).astype(np.uint64)
        rolling = table[:, 0]
        for column in range(1, length):
            rolling = rolling * _BASE + table[:, column]
        found.append(_mixed(rolling))
    return np.unique(np.concatenate(found))


@dataclass(frozen=True, slots=True)
class _Words:
    """The dictionary: ascending terms, and a small table that answers most misses at once."""

    terms: Terms
    table: NDArray[np.bool_]

    @staticmethod
    @cache
    def load() -> "_Words":
        path = files("assistant.retrieval") / "data" / "words.npy"
        terms = np.asarray(np.load(str(path), mmap_mode="r"))  # slices of a memmap are slow
        table = np.zeros(1 << _FILTER_BITS, np.bool_)
        table[terms & np.uint64((1 << _FILTER_BITS) - 1)] = True
        return _Words(terms, table)

    def contains(self, terms: Terms) -> NDArray[np.bool_]:
        """Which of the terms are words."""
        known: NDArray[np.bool_] = self.table[terms & np.uint64((1 << _FILTER_BITS) - 1)]
        maybe = np.flatnonzero(known)
        places = np.minimum(np.searchsorted(self.terms, terms[maybe]), len(self.terms) - 1)
        known[maybe] = self.terms[places] == terms[maybe]
        return known


def words_in(han: str) -> list[tuple[int, int]]:
    """Spans of all dictionary words in an unbroken run of Chinese characters; they overlap."""
    if len(han) < 2:
        return []
    rolling = np.frombuffer(han.encode("utf-32-le"), np.uint32).astype(np.uint64)
    codes, columns = rolling, list[Terms]()
    for length in range(2, min(LONGEST_WORD, len(han)) + 1):
        rolling = rolling[:-1] * _BASE + codes[length - 1 :]
        columns.append(rolling)
    held = _Words.load().contains(_mixed(np.concatenate(columns)))
    starts, ends = _spans(len(han))
    return list(zip(starts[held].tolist(), ends[held].tolist(), strict=True))


@lru_cache(maxsize=256)
def _spans(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of all stretches of 2 to `LONGEST_WORD` in a run, shorter ones first."""
    sizes = range(2, min(LONGEST_WORD, length) + 1)
    starts = np.concatenate([np.arange(length - size + 1) for size in sizes])
    widths = np.concatenate([np.full(length - size + 1, size) for size in sizes])
    return starts, starts + widths
