"""Numbers that tell where in the evidence an answer begins and ends, for all clauses at once.

Four kinds: overlap with the question (of a clause, of what stands before and after it), signs of
the expected answer type, place in the text, and how the source ranked. Column names are those of
the weights in `data/quote_model.json`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answering.asked import Asked
from assistant.answering.clauses import Clause, Piece, folded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LONGEST = 150
"""Longest window in characters of its display string (white space does not count)."""
_BEFORE = 100


@dataclass(frozen=True, slots=True)
class Grid:
    """The clauses of one question's evidence.

    For clause `i`: `last[i]` ends the longest window that starts there, `back[i]` begins the 100
    characters before it, `head[i]`..`stop[i]` is its sentence, `first[i]`..`final[i]` its stretch.
    `words` and `pairs` tell which terms of the question each clause holds.
    """

    asked: Asked
    clauses: Sequence[Clause]
    sizes: Ints
    first: Ints
    final: Ints
    last: Ints
    back: Ints
    head: Ints
    stop: Ints
    words: Flags
    pairs: Flags

    @property
    def count(self) -> int:
        """Number of clauses."""
        return len(self.clauses)

    def flags(self, of: Callable[[Piece], bool]) -> Floats:
        """One 0/1 column from the pieces."""
        return np.array([of(clause.piece) for clause in self.clauses], dtype=np.float64)

    def shifted(self, column: Floats, by: int) -> Floats:
        """The column of the clause `by` places before (negative: after), 0 beyond the stretch."""
        other = np.arange(self.count) - by
        inside = (other >= self.first) & (other <= self.final)
        return np.where(inside, column[np.clip(other, 0, self.count - 1)], 0.0)


def grid_of(asked: Asked, clauses: Sequence[Clause]) -> Grid:
    """Lay out the clauses; needs at least one."""
    sizes = np.array([clause.piece.size for clause in clauses], dtype=np.int64)
    stretch = np.array([clause.stretch for clause in clauses], dtype=np.int64)
    first = np.searchsorted(stretch, stretch, side="left")
    final = np.searchsorted(stretch, stretch, side="right") - 1
    last, back = _reach(sizes, first, final)
    stop = _stops(clauses)
    head = np.searchsorted(stop, stop, side="left")
    texts = [clause.piece.folded for clause in clauses]
    words = _table(list(asked.words), texts)
    pairs = _table(list(asked.pairs), texts)
    return Grid(asked, clauses, sizes, first, final, last, back, head, stop, words, pairs)


def _reach(sizes: Ints, first: Ints, final: Ints) -> tuple[Ints, Ints]:
    total = np.concatenate(([0], np.cumsum(sizes)))
    here = np.arange(len(sizes))
    fits = np.searchsorted(total, total[:-1] + LONGEST, side="right") - 2
    last = np.minimum(np.maximum(fits, here), final)
    before = np.searchsorted(total, total[:-1] - _BEFORE, side="left")
    return last, np.maximum(np.minimum(before, here), first)


def _stops(clauses: Sequence[Clause]) -> Ints:
    """For each clause the last one of its sentence."""
    stop = np.arange(len(clauses))
    for i in range(len(clauses) - 2, -1, -1):
        if not clauses[i].piece.closes and clauses[i].stretch == clauses[i + 1].stretch:
            stop[i] = stop[i + 1]
    return stop


def _table(terms: Sequence[str], texts: Sequence[str]) -> Flags:
    rows = [[term in text for text in texts] for term in terms or ("\0",)]
    return np.array(rows, dtype=bool).T


class Overlap:
    """Shares of the question's weight found in ranges of clauses, each a column of 0..1."""

    def __init__(self, grid: Grid) -> None:
        asked, count = grid.asked, grid.count
        self.grid = grid
        rarity = np.array(list(asked.words.values()) or [1.0])
        near = np.array([asked.focus[word] for word in asked.words] or [0.0])
        self._rarity = _shares(rarity)
        self._local = _shares(rarity * np.log1p(count / (grid.words.sum(0) + 0.5)))
        self._focus = _shares(rarity * near)
        self._pair = _shares(np.log1p(count / (grid.pairs.sum(0) + 0.5)))
        self._word_sums = _cumulated(grid.words)
        self._pair_sums = _cumulated(grid.pairs)

    def words(self, begin: Ints, end: Ints) -> tuple[Floats, Floats, Floats]:
        """Rarity-weighted, locally weighted and focus-weighted share of words in begin..end."""
        held = (self._word_sums[end + 1] - self._word_sums[begin]) > 0
        return held @ self._rarity, held @ self._local, held @ self._focus

    def pairs(self, begin: Ints, end: Ints) -> Floats:
        """Share of character pairs (weighted by local rarity) in begin..end."""
        held = (self._pair_sums[end + 1] - self._pair_sums[begin]) > 0
        return np.asarray(held @ self._pair, dtype=np.float64)


def _shares(weights: Floats) -> Floats:
    return np.asarray(weights / max(float(weights.sum()), 1e-9), dtype=np.float64)


def _cumulated(table: Flags) -> Ints:
    sums = np.zeros((table.shape[0] + 1, table.shape[1]), dtype=np.int64)
    np.cumsum(table, axis=0, out=sums[1:])
    return sums


Columns = dict[str, Floats]


def start_columns(grid: Grid) -> Columns:
    """Features of "the answer begins with this clause"."""
    overlap = Overlap(grid)
    columns = _own(grid, overlap) | _around(grid, overlap) | _form(grid) | _source(grid)
    columns |= _products(columns)
    return columns | _by_kind(grid, columns)


def _own(grid: Grid, overlap: Overlap) -> Columns:
    here = np.arange(grid.count)
    own_w, own_l, own_f = overlap.words(here, here)
    own_p = overlap.pairs(here, here)
    columns = {"own_w": own_w, "own_l": own_l, "own_f": own_f, "own_p": own_p}
    for name, by in (("prev", 1), ("prev2", 2), ("next", -1), ("next2", -2)):
        columns[f"{name}_w"] = grid.shifted(own_w, by)
        columns[f"{name}_p"] = grid.shifted(own_p, by)
    columns["prev_f"], columns["next_f"] = grid.shifted(own_f, 1), grid.shifted(own_f, -1)
    repeated = grid.pairs.sum(1) / np.maximum(grid.sizes - 2, 1)
    columns["novel"] = 1.0 - np.minimum(repeated, 1.0)
    columns["prev_novel"] = grid.shifted(columns["novel"], 1)
    return columns


def _around(grid: Grid, overlap: Overlap) -> Columns:
    here = np.arange(grid.count)
    before = np.maximum(here - 1, grid.first)
    led = (here > grid.first).astype(np.float64)
    inside = (here > grid.head).astype(np.float64)
    said = np.maximum(here - 1, grid.head)
    columns: Columns = {}
    for name, begin, end, on in (
        ("ahead", here, grid.last, np.ones(grid.count)),
        ("back", grid.back, before, led),
        ("both", grid.back, grid.last, np.ones(grid.count)),
        ("sentence", grid.head, grid.stop, np.ones(grid.count)),
        ("said", grid.head, said, inside),
    ):
        rare, local, focus = overlap.words(begin, end)
        columns[f"{name}_w"], columns[f"{name}_l"] = rare * on, local * on
        columns[f"{name}_f"], columns[f"{name}_p"] = focus * on, overlap.pairs(begin, end) * on
    return columns


def _form(grid: Grid) -> Columns:
    size = grid.sizes.astype(np.float64)
    place = np.array([clause.piece.start for clause in grid.clauses], dtype=np.float64)
    item, colon = grid.flags(lambda p: p.item), grid.flags(lambda p: p.colon)
    asks = grid.flags(lambda p: p.asks)
    return {
        "size": np.minimum(size, 60.0) / 60.0,
        "tiny": (size < 5).astype(np.float64),
        "opens": grid.flags(lambda p: p.opens),
        "closes": grid.flags(lambda p: p.closes),
        "formal": grid.flags(lambda p: p.formal),
        "leading": (np.arange(grid.count) == grid.first).astype(np.float64),
        "early": 1.0 / (1.0 + place / 100.0),
        "colon": colon,
        "after_colon": grid.shifted(colon, 1),
        "item": item,
        "next_item": grid.shifted(item, -1),
        "prev_item": grid.shifted(item, 1),
        "unit": _unit(grid),
        "asks": asks,
        "after_asks": grid.shifted(asks, 1),
        "replies": grid.flags(lambda p: p.replies),
    }


def _unit(grid: Grid) -> Floats:
    """Whether a number with the unit asked for stands in the clause (多少家 → 23家)."""
    if not grid.asked.unit:
        return np.zeros(grid.count)
    asked = re.compile(r"[\d一二三四五六七八九十百千万亿两余多]" + re.escape(grid.asked.unit))
    return grid.flags(lambda piece: bool(asked.search(piece.folded)))


def _source(grid: Grid) -> Columns:
    best = min(grid.clauses, key=lambda clause: clause.rank).hit.source.id
    rows: dict[int, tuple[float, ...]] = {}
    for clause in grid.clauses:
        if clause.rank not in rows:
            rows[clause.rank] = _source_row(grid.asked, clause, best)
    table = np.array([rows[clause.rank] for clause in grid.clauses])
    names = ("lexical", "document", "found", "dense", "top_source", "place", "title_p", "context_p")
    return {name: table[:, column] for column, name in enumerate(names)}


def _source_row(asked: Asked, clause: Clause, best: str) -> tuple[float, ...]:
    scores, title = clause.hit.scores, folded(clause.hit.source.title)
    context = folded(clause.hit.passage.context) + title
    titled = sum(pair in title for pair in asked.pairs) / max(len(asked.pairs), 1)
    placed = sum(pair in context for pair in asked.pairs) / max(len(asked.pairs), 1)
    top = float(clause.hit.source.id == best)
    place = 1.0 / (1.0 + clause.rank)
    return (
        scores.lexical,
        scores.document,
        scores.coverage,
        scores.dense,
        top,
        place,
        titled,
        placed,
    )


def _products(c: Columns) -> Columns:
    """Pairs of signs that mean more together: new words right after the question's own."""
    pairs = (
        ("own_p", "novel"),
        ("prev_p", "novel"),
        ("prev_p", "opens"),
        ("prev_p", "after_colon"),
        ("prev_p", "after_asks"),
        ("back_p", "replies"),
        ("said_p", "item"),
        ("back_p", "item"),
        ("back_p", "opens"),
        ("both_p", "both_p"),
        ("sentence_p", "sentence_p"),
    )
    return {f"{a}*{b}": c[a] * c[b] for a, b in pairs}


def _by_kind(grid: Grid, c: Columns) -> Columns:
    kind = grid.asked.kind
    sign = grid.flags(lambda piece: kind in piece.signs)
    return {
        f"{kind}:sign": sign,
        f"{kind}:next_sign": grid.shifted(sign, -1),
        f"{kind}:prev_sign": grid.shifted(sign, 1),
        f"{kind}:opens": c["opens"],
        f"{kind}:item": c["item"],
        f"{kind}:own_p": c["own_p"],
        f"{kind}:prev_p": c["prev_p"],
        f"{kind}:after_colon": c["after_colon"],
    }


def end_columns(grid: Grid, start: Columns) -> Columns:
    """Features of "the answer ends with this clause" that do not depend on where it began."""
    kind = grid.asked.kind
    sign = grid.flags(lambda piece: kind in piece.signs)
    after = {name: grid.shifted(start[name], -1) for name in ("own_p", "item", "formal")}
    closes = start["closes"]
    return {
        "closes": closes,
        "semicolon": grid.flags(lambda piece: piece.semicolon),
        "colon": start["colon"],
        "breaks": grid.flags(lambda piece: piece.breaks),
        "final": (np.arange(grid.count) == grid.final).astype(np.float64),
        "tiny": start["tiny"],
        "own_p": start["own_p"],
        "next_p": after["own_p"],
        "next2_p": grid.shifted(after["own_p"], -1),
        "next_item": after["item"],
        "next_formal": after["formal"],
        "closes*next_item": closes * after["item"],
        "closes*next_p": closes * after["own_p"],
        f"{kind}:": np.ones(grid.count),
        f"{kind}:sign": sign,
        f"{kind}:closes": closes,
        f"{kind}:next_sign": grid.shifted(sign, -1),
    }


def span_columns(grid: Grid, start: Columns, end: Columns, begin: Ints, ends: Ints) -> Columns:
    """Features of "what began at `begin` (shape m×1) ends at `ends` (shape m×n)"."""
    total = np.concatenate(([0], np.cumsum(grid.sizes)))
    said = (total[ends + 1] - total[begin]) / LONGEST
    item, opened = start["item"][begin], start["opens"][begin]
    closes, next_item = end["closes"][ends], end["next_item"][ends]
    return {
        "said": said,
        "said*said": said * said,
        "at_once": (ends == begin).astype(np.float64),
        "began_item": item + 0.0 * said,
        "began_open": opened + 0.0 * said,
        "closes*began_open": closes * opened,
        "closes*began_item": closes * item,
        "next_item*began_item": next_item * item,
        "closes*said": closes * said,
        "closes*next_item*began_item": closes * next_item * item,
    }
