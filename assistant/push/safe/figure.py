"""The presenter: the picture at rest, with a mouth that follows the voice and eyes that blink."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from assistant.domain.speech import Viseme
from assistant.printing.presenters import WHO, presenter
from assistant.push.safe.ground import cut
from assistant.push.safe.mouth import SHAPES, outlines
from assistant.push.safe.outline import polygons
from assistant.push.safe.places import Places, Rect, Theme

_FINE = 4
_DESK = 38
_PATCH = (76, 60)
_LIPS = (70, 34)
_EYE = (64, 48)
_INSIDE, _TEETH = "#4a1518", "#f8f4ef"


@dataclass(frozen=True, slots=True)
class _Face:
    """Where mouth and eyes stand in the picture (pixels), and the colours of lips and lashes."""

    mouth: tuple[int, int]
    eyes: tuple[tuple[int, int], tuple[int, int]]
    lips: str
    lash: str


_FACES = {
    "woman": _Face((245, 248), ((206, 160), (284, 160)), "#d4747a", "#1f1513"),
    "man": _Face((273, 250), ((235, 157), (311, 157)), "#bd7468", "#261b18"),
}


class Figure:
    """Draws patches of the presenter's room; `at` of each is a place of the stage."""

    def __init__(self, places: Places, theme: Theme, who: str) -> None:
        self._face = _FACES[who if who in WHO else WHO[0]]
        self._room = places.host
        picture = presenter(
            who if who in WHO else WHO[0], 10_000, round(_height(self._room) * 1.22)
        )
        with_lips = cut(places.size, theme, self._room)
        self._left = (with_lips.width - picture.width) // 2
        self._top = with_lips.height - round(picture.height * 0.82) + 8
        with_lips.paste(picture, (self._left, self._top), picture)
        self._scale = picture.height / (670 if who != "man" else 667)
        self._eyes = with_lips.copy()
        x, y = self._face.mouth
        self._bare = _smoothed(with_lips, self._box((x, y + 2), _LIPS))
        for image in (self._bare, self._eyes):
            _desk(image, theme)

    def rest(self) -> Image.Image:
        """The whole room, mouth and eyes as they are at rest."""
        made = self._bare.copy()
        patch, (x, y) = self.mouth(Viseme.REST, Viseme.REST)
        made.paste(patch, (x - self._room[0], y - self._room[1]))
        return made

    def mouth(self, before: Viseme, now: Viseme) -> tuple[Image.Image, tuple[int, int]]:
        """The mouth half way from one shape to another."""
        left, upper, right, lower = self._box(self._face.mouth, _PATCH)
        patch = self._bare.crop((left, upper, right, lower))
        lips = _lips(before, now, self._face.lips, round(self._scale * 1000))
        x, y = self._at(self._face.mouth)
        patch.paste(
            lips, (round(x - left - lips.width / 2), round(y - upper - lips.height / 2)), lips
        )
        return patch, (left + self._room[0], upper + self._room[1])

    def eyes(self, *, shut: bool) -> tuple[Image.Image, tuple[int, int]]:
        """Both eyes."""
        (ax, ay, _, _), (_, _, bx, by) = (self._box(one, _EYE) for one in self._face.eyes)
        patch = self._eyes.crop((ax, ay, bx, by))
        if shut:
            patch = self._shut(patch, (ax, ay))
        return patch, (ax + self._room[0], ay + self._room[1])

    def _shut(self, patch: Image.Image, corner: tuple[int, int]) -> Image.Image:
        """Lids of the colour of the skin above them, lashes along their lower edge."""
        made = patch.copy()
        for eye in self._face.eyes:
            left, upper, right, lower = self._box(eye, (56, 36))
            place = (left - corner[0], upper - corner[1], right - corner[0], lower - corner[1])
            mask = Image.new("L", made.size)
            ImageDraw.Draw(mask).ellipse(place, fill=255)
            skin = patch.getpixel(((place[0] + place[2]) // 2, max(0, place[1] - 2)))
            assert isinstance(skin, tuple)
            made.paste(skin, (0, 0), mask.filter(ImageFilter.GaussianBlur(1.5)))
            low = (place[0] + 5, place[1] - 4, place[2] - 5, place[3] - 6)
            ImageDraw.Draw(made).arc(low, 30, 150, self._face.lash, width=3)
        return made

    def _at(self, point: tuple[int, int]) -> tuple[float, float]:
        return self._left + point[0] * self._scale, self._top + point[1] * self._scale

    def _box(self, middle: tuple[int, int], size: tuple[int, int]) -> Rect:
        """Around a point of the picture; even, and in the room."""
        x, y = self._at(middle)
        half_w, half_h = size[0] * self._scale / 2, size[1] * self._scale / 2
        left, upper = int(x - half_w) // 2 * 2, int(y - half_h) // 2 * 2
        return left, upper, left + int(half_w) * 2, upper + int(half_h) * 2


def _height(room: Rect) -> int:
    return room[3] - room[1]


def _smoothed(image: Image.Image, box: Rect) -> Image.Image:
    """Without what stands in a box: skin from its upper edge to its lower one."""
    made = np.asarray(image).astype(float)
    left, upper, right, lower = box
    part = np.linspace(0, 1, lower - upper)[:, None, None]
    filled = made[upper, left:right] * (1 - part) + made[lower - 1, left:right] * part
    mask = Image.new("L", (right - left, lower - upper))
    ImageDraw.Draw(mask).ellipse((3, 3, right - left - 4, lower - upper - 4), fill=255)
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(2)))[:, :, None] / 255
    room = made[upper:lower, left:right]
    made[upper:lower, left:right] = room * (1 - soft) + filled * soft
    return Image.fromarray(made.round().astype(np.uint8))


def _desk(image: Image.Image, theme: Theme) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    place = (round(width * 0.03), height - _DESK, round(width * 0.97), height + 20)
    pen.rounded_rectangle(place, 14, fill=theme.desk[1])
    pen.rounded_rectangle((*place[:3], height - _DESK + 12), 6, fill=theme.desk[0])


@lru_cache(200)
def _lips(before: Viseme, now: Viseme, colour: str, thousandths: int) -> Image.Image:
    """RGBA, its middle the mouth's."""
    scale = thousandths / 1000 * _FINE
    shape = SHAPES[before].towards(SHAPES[now], 0.55 if before != now else 1)
    drawn = outlines(shape)
    size = round(_PATCH[0] * scale), round(_PATCH[1] * scale)
    image = Image.new("RGBA", size, (*_rgb(colour), 0))
    pen = ImageDraw.Draw(image)

    def placed(path: str) -> list[tuple[float, float]]:
        return [(size[0] / 2 + x * scale, size[1] / 2 + y * scale) for x, y in polygons(path)[0]]

    pen.polygon(placed(drawn.lips), fill=colour)
    pen.polygon(placed(drawn.inside), fill=_INSIDE)
    if shape.teeth * shape.open > 1:
        _teeth(image, placed(drawn.inside), size[1] / 2 + drawn.teeth * scale)
    small = round(size[0] / _FINE), round(size[1] / _FINE)
    return image.resize(small, Image.Resampling.BOX)


def _teeth(image: Image.Image, inside: list[tuple[float, float]], lower: float) -> None:
    """The upper ones, as far as the mouth is open."""
    mask = Image.new("L", image.size)
    pen = ImageDraw.Draw(mask)
    pen.polygon(inside, fill=255)
    pen.rectangle((0, int(lower), *image.size), fill=0)
    image.paste(_TEETH, (0, 0), mask)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
