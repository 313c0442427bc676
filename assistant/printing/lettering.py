"""Chinese text on pictures: our typeface, measured, broken by our rules, fitted to a room."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from PIL import Image, ImageDraw, ImageFont

from assistant.printing import typefaces
from assistant.printing.breaking import broken

LEADING = 1.36
"""Lines lie so many sizes apart."""
AT_COMMAS = 0.72
"""So much of the largest size is enough where lines then end at commas."""


@dataclass(frozen=True, slots=True)
class Face:
    """A size in pixels, bold or not."""

    size: int
    bold: bool = False

    def width(self, text: str) -> float:
        """How wide a text is, in pixels."""
        return sum(_font(self, own).getlength(run) for run, own in _runs(text))

    def lines(self, text: str, width: float) -> list[str]:
        """The text in lines; broken as if bold, so that a line stays when it becomes bold."""
        return broken(text, width, Face(self.size, bold=True).width)

    @property
    def leading(self) -> int:
        """From one line to the next, in pixels."""
        return round(self.size * LEADING)

    def draw(self, image: Image.Image, at: tuple[float, float], text: str, fill: str) -> None:
        """Write one line; `at` is the left upper corner of its room."""
        pen, x = ImageDraw.Draw(image), at[0]
        for run, own in _runs(text):
            font = _font(self, own)
            base = at[1] + self.size * 1.06
            pen.text((x, base), run, font=font, fill=fill, anchor="ls")
            x += font.getlength(run)

    def ink(self, text: str) -> int:
        """How high the letters really stand, in pixels."""
        _, upper, _, lower = _font(self, own=True).getbbox(text, anchor="ls")
        return round(lower - upper)


def block(
    image: Image.Image, at: tuple[int, int], lines: Sequence[str], face: Face, fill: str
) -> int:
    """Write lines below each other; gives where the next would stand."""
    x, y = at
    for line in lines:
        face.draw(image, (x, y), line, fill)
        y += face.leading
    return y


def fitted(text: str, width: float, most: int, sizes: Sequence[int]) -> tuple[Face, list[str]]:
    """The text in at most `most` lines, in the largest of the sizes that does it, else the least.

    Where a somewhat smaller size lets each line end at a comma, that one is taken.
    """
    phrases = [part for part in re.split("(?<=，)", text) if part]
    if Face(sizes[0], bold=True).width(text) <= width:
        phrases = [text]
    for size in sizes:
        face = Face(size, bold=True)
        whole = all(face.width(phrase) <= width for phrase in phrases)
        if size >= AT_COMMAS * sizes[0] and whole and len(phrases) <= most:
            return face, phrases
    for size in sizes:
        face = Face(size, bold=True)
        lines = face.lines(text, width)
        if len(lines) <= most:
            break
    return face, _balanced(text, width, face, lines)


def filling(
    text: str, room: tuple[int, int, int, int], sizes: Sequence[int]
) -> tuple[Face, list[str]]:
    """The text in the largest of the sizes at which it stays inside a room, else in the least."""
    width, height = room[2] - room[0], room[3] - room[1]
    for size in sizes:
        most = max(1, height // Face(size).leading)
        face, lines = fitted(text, width, most, (size,))
        if len(lines) <= most:
            break
    return face, lines


def _balanced(text: str, width: float, face: Face, lines: list[str]) -> list[str]:
    """In as many lines, but about as long as each other: no word alone on the last."""
    for part in range(95, 50, -5):
        narrower = face.lines(text, width * part / 100)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _runs(text: str) -> list[tuple[str, bool]]:
    """Pieces that one typeface holds; True for ours."""
    ours = typefaces.characters() | {ord(" ")}
    return [("".join(run), own) for own, run in groupby(text, key=lambda c: ord(c) in ours)]


@cache
def _font(face: Face, own: bool) -> ImageFont.FreeTypeFont:
    other = None if own else typefaces.fallback()
    path = other or (typefaces.BOLD if face.bold else typefaces.REGULAR)
    return ImageFont.truetype(str(path), face.size)
