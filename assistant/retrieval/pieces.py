"""Cut a span of text into pieces of about 300 characters: at sentence ends, tables by rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.retrieval.headings import is_one_run, is_table_row

TARGET, LONGEST = 300, 450
"""Characters of a piece: the aim, and the length up to which a section stays whole."""

CONTINUED = "\u2003"
"""A cell that a merged cell above or to the left covers, where the text must show it once."""

_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；]+[”’」』）】]*\s*|\n\s*)|[^。！？；\n]+\Z")
_WORDS_APART = re.compile(r"(?<=[\u4e00-\u9fff：”》）])[ \u3000]+(?=[\u4e00-\u9fff“（《])")
_COMMA = re.compile(r"[，、：）) \u3000]|[,:](?![\d/])")
_HTML_TABLE = re.compile(r"<table\b.*?</table>\s*", re.DOTALL | re.IGNORECASE)
_HTML_ROW = re.compile(r".*?</tr>\s*", re.DOTALL | re.IGNORECASE)

_HEADING_CHARS = 40
"""Words up to this length that a gap parts from a sentence are its heading and go with it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of a text; `header` is the header row of the table that it continues."""

    start: int
    end: int
    header: str = ""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not cut: a sentence, a table, some rows."""

    start: int
    end: int
    header: str = ""
    alone: bool = False
    is_heading: bool = False

    @property
    def size(self) -> int:
        return self.end - self.start


def pieces(text: str, start: int, end: int) -> list[Piece]:
    """Contiguous pieces that cover `text[start:end]`, in order; a short span is one piece."""
    if end - start <= LONGEST:
        return [Piece(start, end)]
    units = list(_units(text, start, end))
    count = max(1, round((end - start) / TARGET))
    return list(_packed(units, (end - start) / count))


def _packed(units: list[_Unit], target: float) -> Iterator[Piece]:
    group: list[_Unit] = []
    size = 0
    for unit in units:
        over = size + unit.size > LONGEST or size + unit.size / 2 > target
        if group and (over or unit.alone or group[-1].alone):
            kept = group[-1:] if len(group) > 1 and group[-1].is_heading else []
            yield _piece(group[: len(group) - len(kept)])
            group, size = kept, sum(each.size for each in kept)
        group.append(unit)
        size += unit.size
    if group:
        yield _piece(group)


def _piece(group: list[_Unit]) -> Piece:
    return Piece(group[0].start, group[-1].end, group[0].header)


def _units(text: str, start: int, end: int) -> Iterator[_Unit]:
    for is_table, begin, stop in _blocks(text, start, end):
        if not is_table:
            yield from _sentences(text, begin, stop)
        elif stop - begin <= LONGEST:
            yield _Unit(begin, stop)
        else:
            yield from _row_groups(text, begin, stop)


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[bool, int, int]]:
    """Runs of table rows and of other lines, in turn."""
    at = start
    for table in _HTML_TABLE.finditer(text, start, end):
        yield from _line_blocks(text, at, table.start())
        yield True, table.start(), table.end()
        at = table.end()
    yield from _line_blocks(text, at, end)


def _line_blocks(text: str, start: int, end: int) -> Iterator[tuple[bool, int, int]]:
    begin, kind, at = start, False, start
    for line in text[start:end].splitlines(keepends=True):
        row = is_table_row(line) if line.strip() else kind
        if row != kind and at > begin:
            yield kind, begin, at
            begin = at
        kind = row
        at += len(line)
    if end > begin:
        yield kind, begin, end


def _row_groups(text: str, start: int, end: int) -> Iterator[_Unit]:
    """Rows of a long table in groups; all but the first carry the header with them."""
    rows = list(_rows(text, start, end))
    begin, header = start, ""
    for index, (row_start, row_end) in enumerate(rows):
        if row_end - begin > LONGEST and row_start > begin and index > 1:
            yield _Unit(begin, row_start, header, alone=True)
            begin, header = row_start, " ".join((_header(text, rows), *_above(text, rows, index)))
    yield _Unit(begin, end, header, alone=True)


def _above(text: str, rows: list[tuple[int, int]], index: int) -> Iterator[str]:
    """The values of merged cells that began above a row and cover it."""
    open_columns = {
        column for column, cell in enumerate(_cells(text, rows[index])) if cell == CONTINUED
    }
    for row in reversed(rows[:index]):
        if not open_columns:
            return
        for column, cell in enumerate(_cells(text, row)):
            if column in open_columns and cell != CONTINUED:
                open_columns.discard(column)
                yield cell


def _cells(text: str, row: tuple[int, int]) -> list[str]:
    return text[row[0] : row[1]].rstrip("\r\n").split("\t")


def _rows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if text[start : start + 6].lower() == "<table":
        at = start
        for row in _HTML_ROW.finditer(text, start, end):
            yield row.start(), row.end()
            at = row.end()
        if at < end:
            yield at, end
        return
    at = start
    for line in text[start:end].splitlines(keepends=True):
        yield at, at + len(line)
        at += len(line)


def _header(text: str, rows: list[tuple[int, int]]) -> str:
    """The first row, as words."""
    start, end = rows[0]
    plain = re.sub(r"<[^>]*>|\||\t", " ", text[start:end])
    return " ".join(plain.split())[:200]


def _sentences(text: str, start: int, end: int) -> Iterator[_Unit]:
    apart = is_one_run(text)
    for sentence in _SENTENCE.finditer(text, start, end):
        cuts = [sentence.start(), sentence.end()]
        if apart:
            gaps = _WORDS_APART.finditer(text, sentence.start(), sentence.end())
            cuts[1:1] = [gap.end() for gap in gaps]
        for begin, stop in pairwise(cuts):
            if stop < sentence.end() and stop - begin <= _HEADING_CHARS:
                yield _Unit(begin, stop, is_heading=True)
            else:
                yield from _short_enough(text, begin, stop)


def _short_enough(text: str, start: int, end: int) -> Iterator[_Unit]:
    """A sentence longer than any piece is cut at its last comma before the limit."""
    while end - start > LONGEST:
        commas = [match.end() for match in _COMMA.finditer(text, start + 1, start + LONGEST)]
        cut = commas[-1] if commas else start + LONGEST
        yield _Unit(start, cut)
        start = cut
    if end > start:
        yield _Unit(start, end)
