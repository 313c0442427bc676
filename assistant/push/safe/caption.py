"""The caption: the sentence that is said, lit up as it is heard; never outside its strip.

What does not fit at the least size stands in pages, turned by the voice.
"""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from assistant.printing.lettering import Face, filling
from assistant.push.safe.ground import cut, mixed
from assistant.push.safe.places import Places, Theme

_BESIDE = 40
HINT = "在评论区打字提问，答复附依据和原文二维码"


@dataclass(frozen=True, slots=True)
class Lines:
    """Each line with the characters of the text before it."""

    face: Face
    pages: tuple[tuple[tuple[int, str], ...], ...]

    def page(self, said: int) -> tuple[tuple[int, str], ...]:
        """The lines among which the character stands that is heard."""
        begun = [page for page in self.pages if page and page[0][0] < max(1, said)]
        return begun[-1] if begun else self.pages[0]


@lru_cache(8)
def lines_of(text: str, places: Places) -> Lines:
    """A caption in lines, in the largest size that holds it whole, else in pages."""
    left, upper, right, lower = places.caption
    room = (0, 0, right - left - 2 * _BESIDE, lower - upper - 8)
    face, lines = filling(text, room, places.captions)
    most = max(1, room[3] // face.leading)
    placed, at = [], 0
    for line in lines:
        at = max(at, text.find(line, at))
        placed.append((at, line))
        at += len(line)
    pages = tuple(tuple(placed[n : n + most]) for n in range(0, len(placed), most))
    return Lines(face, pages or ((),))


def caption(text: str, said: int, places: Places, theme: Theme) -> Image.Image:
    """The strip with the page of a text of which so many characters were heard."""
    image = _strip(places, theme, is_dark=bool(text))
    found = lines_of(text, places)
    page = found.page(said)
    y = max(2, (image.height - found.face.leading * len(page)) // 2)
    dim = mixed("#ffffff", theme.strip, 0.62)
    for before, line in page:
        x = (image.width - found.face.width(line)) / 2
        lit = line[: max(0, said - before)]
        found.face.draw(image, (x, y), line, dim)
        if lit:
            found.face.draw(image, (x, y), lit, "#ffffff")
        y += found.face.leading
    return image


def hint(places: Places, theme: Theme) -> Image.Image:
    """What stands there while the room is open and nothing is said."""
    image = _strip(places, theme, is_dark=False)
    face = Face(places.captions[-1] - 2, bold=True)
    face = next(
        (
            f
            for s in range(face.size, 14, -2)
            if (f := Face(s, bold=True)).width(HINT) <= image.width - 32
        ),
        face,
    )
    at = (image.width - face.width(HINT)) / 2, (image.height - face.leading) / 2
    face.draw(image, at, HINT, "#ffffff")
    return image


@lru_cache(4)
def _drawn(places: Places, theme: Theme, is_dark: bool) -> Image.Image:
    image = cut(places.size, theme, places.caption)
    veil = Image.new("RGB", image.size, theme.strip)
    mask = Image.new("L", image.size)
    pen = ImageDraw.Draw(mask)
    strength = 225 if is_dark else 120
    for y in range(image.height):
        pen.line((0, y, image.width, y), fill=min(strength, 60 + y * 14))
    image.paste(veil, (0, 0), mask)
    return image


def _strip(places: Places, theme: Theme, *, is_dark: bool) -> Image.Image:
    return _drawn(places, theme, is_dark).copy()
