"""Text as every rendering can hold it: no sign that XML forbids, one kind of line end.

Blank lines and steps are left out: an empty card would say that something is missing.
"""

import re
from dataclasses import replace

from assistant.domain.studio import Deck, Slide, SlideKind, Table

_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|[\v\f\u2028\u2029\x85]")


def clean(text: str) -> str:
    """A text of one or more lines."""
    return _FORBIDDEN.sub("", _LINE_END.sub("\n", text).replace("\t", " "))


def _one_line(text: str) -> str:
    return " ".join(clean(text).split("\n")).strip()


def cleaned(deck: Deck) -> Deck:
    """The deck with all its texts clean. Cleaning it again changes nothing."""
    return replace(
        deck,
        title=_one_line(deck.title),
        office=_one_line(deck.office),
        slides=tuple(map(_slide, deck.slides)),
    )


def _slide(slide: Slide) -> Slide:
    """Parts of a divided slide keep their spaces: joined again they are what it was."""
    made = replace(
        slide,
        title=clean(slide.title) if slide.part else _one_line(slide.title),
        lines=_stated(slide.lines, slide.part),
        table=slide.table and _table(slide.table, slide.part),
        flow=_stated(slide.flow, slide.part),
        link=_one_line(slide.link),
        notes=clean(slide.notes),
    )
    return _cover(made) if made.kind is SlideKind.COVER else made


def _cover(slide: Slide) -> Slide:
    """A cover has lines only: what else it holds becomes some."""
    rows = slide.table.rows if slide.table else ()
    said = ("　".join(cell for cell in row if cell) for row in rows)
    link = (slide.link,) if slide.link else ()
    lines = (*slide.lines, *said, *slide.flow, *link)
    return replace(slide, lines=lines, table=None, flow=(), link="")


def _stated(lines: tuple[str, ...], part: str) -> tuple[str, ...]:
    if part:
        return tuple(map(clean, lines))
    return tuple(text for line in lines if (text := clean(line).strip()))


def _table(table: Table, part: str) -> Table | None:
    """Rows that say something; None for a table of no column."""
    if part:
        return Table(table.header, tuple(tuple(map(clean, row)) for row in table.rows))
    rows = (tuple(clean(cell).strip() for cell in row) for row in table.rows)
    header = tuple(map(_one_line, table.header))
    made = Table(header, tuple(row for row in rows if any(row)))
    return made if header or made.rows else None
