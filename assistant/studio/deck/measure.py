"""How much room text takes, by the widths of real glyphs and the rules for Chinese line ends.

`python-pptx` cannot tell (its `fit_text` fails on Chinese), and Office does not shrink on opening
(FIELD §3). Lines are broken at 92 % of the room, so that another Chinese typeface still fits.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from PIL import ImageFont

from assistant.printing import typefaces
from assistant.printing.breaking import broken
from assistant.studio.deck.shapes import Para

LEADING = 1.3
"""Height of a line for each point of type; below 1.2 Chinese is clipped (FIELD §3)."""
KEPT = 0.92
"""Share of a line that is used."""
_ALIKE = 6
_LOOSE = 0.5
_FEW = 3
"""Fewer characters do not stand alone on a last line where the others can give some."""
_UNITS = 1000
_UNKNOWN = 1.35
"""Width in em of what our typeface lacks: as wide as an emoji."""


@cache
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typefaces.BOLD if bold else typefaces.REGULAR, _UNITS)


@lru_cache(maxsize=20_000)
def _em(character: str, bold: bool) -> float:
    if unicodedata.combining(character):
        return 0.0
    if ord(character) not in typefaces.characters():
        return 0.3 if character.isspace() else _UNKNOWN
    return float(_face(bold).getlength(character)) / _UNITS


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Points that a text takes on one line."""
    return size * _ems(text, bold)


@lru_cache(maxsize=20_000)
def _ems(text: str, bold: bool) -> float:
    return sum(_em(character, bold) for character in text)


@lru_cache(maxsize=4_000)
def _lines(text: str, size: float, room: float, bold: bool) -> tuple[str, ...]:
    kept = room * KEPT
    made = broken(text, kept, _Growing(size, bold))
    for share in (1.0, 0.94, 0.88, 0.82, 0.76):
        other = made if share == 1 else broken(text, kept * share, _Growing(size, bold))
        if len(other) == len(made) and (len(other) == 1 or len(other[-1]) >= _FEW):
            return tuple(other)
    return tuple(made)


class _Growing:
    """Measures a line as it grows, each character once."""

    def __init__(self, size: float, bold: bool) -> None:
        self._size, self._bold = size, bold
        self._before, self._width = "", 0.0

    def __call__(self, text: str) -> float:
        known = text.startswith(self._before)
        start = len(self._before) if known else 0
        self._width = (self._width if known else 0.0) + width(
            text[start:], self._size, bold=self._bold
        )
        self._before = text
        return self._width


def lines(para: Para, room: float) -> tuple[str, ...]:
    """A paragraph's lines in a box so many points wide."""
    return _lines(para.text, para.size, round(room, 2), para.bold or para.lead > 0)


def height(paras: Sequence[Para], room: float) -> float:
    """Points that paragraphs take one below the other."""
    return sum(len(lines(para, room)) * para.size * LEADING for para in paras)


def widest(para: Para, room: float) -> float:
    """Points that the longest line takes; more than `room` where one glyph is wider than it."""
    bold = para.bold or para.lead > 0
    return max((width(line, para.size, bold=bold) for line in lines(para, room)), default=0.0)


def shortened(text: str, size: float, room: float) -> str:
    """A text on one line, its end left out with … where it has no room."""
    if width(text, size) <= room * KEPT:
        return text
    kept = text
    while kept and width(f"{kept}…", size) > room * KEPT:
        kept = kept[:-1]
    return f"{kept}…" if kept else ""


def drawn_in(paras: Sequence[Para], room: float, high: float) -> float:
    """Points by which a program's own text box is narrowed so that it breaks lines as we do.

    0 where a line more, if its typeface is wider, would have no room.
    """
    if len(paras) != 1 or not 1 < len(lines(paras[0], room)) <= _ALIKE:
        return 0.0
    used = min(room, widest(paras[0], room) + _LOOSE * paras[0].size)
    return room - used if height(paras, used) <= high else 0.0
