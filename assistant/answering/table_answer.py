"""Answers that stand in a table: the row that is meant is voiced by its columns, never as marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.asked import Asked, fold
from assistant.answering.clause_features import Grid
from assistant.answering.markup import Row, Table, tables, voiced
from assistant.answering.quotes import Cut, cuts, spoken_of
from assistant.answering.ranges import holds_number, numbers_said
from assistant.answering.span_model import Window
from assistant.answering.spoken import LIMIT, shorten
from assistant.domain.evidence import Hit

SEE_TABLE = "表格见屏幕。"
_WHOLE = 600
"""Characters up to which a table is shown whole."""
_LABEL = re.compile(r"[\u4e00-\u9fffa-z]{2,}")
_INTRODUCES = re.compile(r"(?:[：:]|如下|见下表|下表)[。：:\s]*$")


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown and voiced of a window that reaches into a table."""

    shown: tuple[Cut, ...]
    spoken: str


def table_answer(grid: Grid, window: Window) -> Told | None:
    """The table's part of an answer; None where no table has a part in it."""
    within = range(window.begin, window.end + 1)
    place = next((i for i in within if _table(grid, i)), window.end + 1)
    lead = cuts(grid, window.begin, place - 1) if place > window.begin else []
    named = _named_row(grid, within, lead)
    if named is not None:
        hit, table, row = named
        return Told(tuple(_quoted(hit, table, row)), shorten(voiced(table, row)))
    if place > window.end:
        return None
    words = spoken_of(grid, replace(window, end=place - 1)) if lead else ""
    if lead and not _INTRODUCES.search(lead[-1].text):
        return Told(tuple(lead), words)
    return _told(grid, place, lead, words)


def _told(grid: Grid, place: int, lead: Sequence[Cut], words: str) -> Told | None:
    """What introduces a table, and its row or where to see it."""
    table, hit = _table(grid, place), grid.clauses[place].hit
    if table is None:
        return None
    row = _meant(grid.asked, table)
    said = voiced(table, row) if row else SEE_TABLE
    if len(words) + len(said) > LIMIT:
        words = ""
    return Told((*lead, *_quoted(hit, table, row)), shorten(words + said))


def _named_row(grid: Grid, within: range, lead: Sequence[Cut]) -> tuple[Hit, Table, Row] | None:
    """The row that the question names by a cell, in a table beside words that do not name it."""
    question = fold(grid.asked.text)
    said = fold("".join(cut.text for cut in lead))
    hits = {id(grid.clauses[i].hit): grid.clauses[i].hit for i in within}.values()
    found = [
        (len(cell), hit, table, row)
        for hit in hits
        for table in tables(hit.passage.text)
        for row in table.rows
        for cell in map(fold, row.cells)
        if _LABEL.fullmatch(cell) and cell in question and cell not in said
    ]
    longest = max((size for size, *_ in found), default=0)
    best = [(hit, table, row) for size, hit, table, row in found if size == longest]
    return best[0] if len(best) == 1 else None


def _table(grid: Grid, clause: int) -> Table | None:
    """The table that a clause lies in."""
    piece, hit = grid.clauses[clause].piece, grid.clauses[clause].hit
    found = (t for t in tables(hit.passage.text) if t.start <= piece.start < t.end)
    return next(found, None)


def _meant(asked: Asked, table: Table) -> Row | None:
    """The one row whose range holds a number of the question, or that shares most with it."""
    said = numbers_said(asked.text)
    within = [row for row in table.rows if any(holds_number(cell, said) for cell in row.cells)]
    if len(within) == 1:
        return within[0]
    scores = [_score(asked, row, table.rows) for row in table.rows]
    best = max(scores)
    if len(scores) == 1:
        return table.rows[0]
    return table.rows[scores.index(best)] if best > 0 and scores.count(best) == 1 else None


def _score(asked: Asked, row: Row, rows: Sequence[Row]) -> int:
    words = fold(" ".join(row.cells))
    others = [fold(" ".join(other.cells)) for other in rows if other is not row]
    return sum(pair in words and not all(pair in o for o in others) for pair in asked.pairs)


def _quoted(hit: Hit, table: Table, row: Row | None) -> list[Cut]:
    """The table whole where it is short, else its column names and the row."""
    if table.end - table.start <= _WHOLE:
        return [Cut(hit, table.start, table.end)]
    if row is None:
        fitting = [r.end for r in table.rows if r.end - table.start <= _WHOLE]
        return [Cut(hit, table.start, max(fitting, default=table.rows[0].end))]
    return [Cut(hit, r.start, r.end) for r in (table.header, row)]
