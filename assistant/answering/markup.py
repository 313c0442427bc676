"""Markdown in official texts: what stands for layout is neither shown nor voiced."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"[\s|:+=_-]+")
_HASHES = re.compile(r"^\s*#{1,6}\s*")
_EMPHASIS = re.compile(r"\*\*|__|`+")
_CELL = re.compile(r"\t|(?<!\\)\|")
_MARKS = " \u3000\xa0\u2003*"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `text[start:end]` and its cells."""

    start: int
    end: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text: the row of column names and at least one more."""

    header: Row
    rows: tuple[Row, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.header.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.rows[-1].end


@lru_cache(maxsize=1024)
def tables(text: str) -> tuple[Table, ...]:
    """The tables of a text: lines with cells between `|` or tabs, one below the other."""
    return tuple(Table(rows[0], tuple(rows[1:])) for rows in _blocks(text) if len(rows) > 1)


def _blocks(text: str) -> Iterator[list[Row]]:
    block: list[Row] = []
    for line in _LINE.finditer(text):
        row = _row(line)
        if row is not None:
            block.append(row)
        elif not _is_rule(line[0]):
            yield block
            block = []
    yield block


def _row(line: re.Match[str]) -> Row | None:
    words = line[0].strip(" \u3000\r")
    if _is_rule(words) or not (words.startswith("|") or "\t" in words):
        return None
    cells = tuple(cell.strip(_MARKS) for cell in _CELL.split(words.strip("|")))
    return Row(line.start(), line.end(), cells) if len(cells) > 1 else None


def _is_rule(line: str) -> bool:
    return "--" in line and bool(_RULE.fullmatch(line))


def plain(text: str) -> str:
    """A text as people read it: no #, ** or rules; the cells of a row apart by wide spaces."""
    lines = (_plain_line(line) for line in text.split("\n") if not _is_rule(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _plain_line(line: str) -> str:
    line = _EMPHASIS.sub("", _HASHES.sub("", line))
    if not ("\t" in line or line.lstrip().startswith("|") or line.count("|") > 1):
        return line
    return "\u3000".join(cell for part in _CELL.split(line) if (cell := part.strip(_MARKS)))


def voiced(table: Table, row: Row) -> str:
    """A row for the ear, `学段：小学，夏装限价：120元。`."""
    named = zip(table.header.cells, row.cells, strict=False)
    return "，".join(f"{name}：{cell}" if name else cell for name, cell in named if cell) + "。"
