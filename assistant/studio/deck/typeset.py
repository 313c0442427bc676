"""Lines of text with their places: what a rendering needs that has no text boxes of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.studio.deck import measure
from assistant.studio.deck.shapes import Box, Para

_BASELINE = 0.88
"""Share of the type's size from its top to the baseline, in Chinese typefaces."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph. `lead` of its characters are strong. `x` is where its anchor is."""

    text: str
    lead: int
    x: float
    baseline: float
    para: Para


def set_lines(paras: tuple[Para, ...], room: Box, *, middle: bool) -> Iterator[Line]:
    """The lines of paragraphs in the room for text of a box."""
    y = room.y
    if middle:
        y += max(0.0, (room.h - measure.height(paras, room.w)) / 2)
    for para in paras:
        pitch = para.size * measure.LEADING
        for text, lead in _with_leads(para, room.w):
            baseline = y + (pitch - para.size) / 2 + para.size * _BASELINE
            yield Line(text, lead, _anchor(para, room), baseline, para)
            y += pitch


def _anchor(para: Para, room: Box) -> float:
    return {"left": room.x, "center": room.x + room.w / 2, "right": room.x + room.w}[para.align]


def _with_leads(para: Para, room: float) -> Iterator[tuple[str, int]]:
    """Each line, and how many of its first characters belong to the paragraph's lead."""
    at = 0
    for line in measure.lines(para, room):
        at = max(para.text.find(line, at), at)
        yield line, min(len(line), max(0, para.lead - at))
        at += len(line)
