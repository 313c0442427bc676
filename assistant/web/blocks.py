"""A passage's text as blocks to show: paragraphs, headings, tables; the cited words marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

_HEADING = re.compile(r"(#{1,6})\s+")
_RULE = re.compile(r"\|?[\s:|-]+\|[\s:|-]*")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """The cited range of one passage's text; `end` 0 marks nothing but the place."""

    key: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is marked throughout, or not at all."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is `text`, `heading` or `table`; the first two have one row with one cell."""

    kind: str
    rows: tuple[tuple[tuple[Piece, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class _Range:
    start: int
    end: int


def parse_mark(text: str | None) -> Mark | None:
    """A mark from an address (`12.30-44` or `12`); None when it is none."""
    found = re.fullmatch(r"([0-9]{1,18})(?:\.([0-9]{1,7})-([0-9]{1,7}))?", text or "")
    if found is None:
        return None
    key, start, end = found.groups()
    return Mark(int(key), int(start or 0), int(end or 0))


def blocks(text: str, mark: Mark | None = None, skip: int = 0) -> tuple[Block, ...]:
    """The blocks of a text from character `skip` on. No character is lost but layout marks."""
    lines = [_Range(m.start(), m.end()) for m in _LINE.finditer(text, skip)]
    grouped = groupby(lines, key=lambda line: _is_row(text, line))
    return tuple(_blocks(text, grouped, mark))


def _blocks(
    text: str, grouped: Iterator[tuple[bool, Iterator[_Range]]], mark: Mark | None
) -> Iterator[Block]:
    for is_table, lines in grouped:
        if is_table:
            rows = tuple(_row(text, line, mark) for line in lines if not _is_rule(text, line))
            yield Block("table", rows)
            continue
        for line in lines:
            yield _line(text, line, mark)


def _line(text: str, line: _Range, mark: Mark | None) -> Block:
    heading = _HEADING.match(text, line.start, line.end)
    start = heading.end() if heading else line.start
    pieces = _pieces(text, _Range(start, line.end), mark)
    return Block("heading" if heading else "text", ((pieces,),))


def _is_row(text: str, line: _Range) -> bool:
    """A row in Markdown, or cells parted by tabs as the readers write them."""
    return text.startswith("|", line.start) or text.find("\t", line.start, line.end) >= 0


def _is_rule(text: str, line: _Range) -> bool:
    return _RULE.fullmatch(text, line.start, line.end) is not None


def _row(text: str, line: _Range, mark: Mark | None) -> tuple[tuple[Piece, ...], ...]:
    if not text.startswith("|", line.start):
        tabs = [at for at in range(line.start, line.end) if text[at] == "\t"]
        edges = [line.start - 1, *tabs, line.end]
        return tuple(
            _pieces(text, _Range(left + 1, right), mark) for left, right in pairwise(edges)
        )
    bars = [at for at in range(line.start, line.end) if text[at] == "|" and text[at - 1] != "\\"]
    edges = bars if text[line.end - 1] == "|" and len(bars) > 1 else [*bars, line.end]
    return tuple(_pieces(text, _Range(left + 1, right), mark) for left, right in pairwise(edges))


def _pieces(text: str, part: _Range, mark: Mark | None) -> tuple[Piece, ...]:
    start, end = (mark.start, mark.end) if mark else (0, 0)
    start, end = max(part.start, start), min(part.end, end)
    if start >= end:
        return (Piece(text[part.start : part.end], marked=False),)
    cut = (
        Piece(text[part.start : start], marked=False),
        Piece(text[start:end], marked=True),
        Piece(text[end : part.end], marked=False),
    )
    return tuple(piece for piece in cut if piece.text)
