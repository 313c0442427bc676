"""The card while the stream is interrupted, as pictures of a loop: its dots light up in turn."""

from PIL import Image, ImageDraw

from assistant.printing.lettering import Face, block, filling
from assistant.push.safe import edges
from assistant.push.safe.facts import Facts
from assistant.push.safe.ground import ground, mixed
from assistant.push.safe.places import Places, Theme, theme_of
from assistant.stage.labels import LABEL

HEAD = "直播暂时中断，马上回来"
LINE = "您的问题已收到，恢复后会继续答复。"
_DOT, _DOTS = 16, 3
PICTURES = _DOTS + 1


def off_air(places: Places, facts: Facts) -> list[Image.Image]:
    """The loop: who speaks here, that it comes back, whom to call. No picture equals the next."""
    theme = theme_of(facts.theme)
    still = _still(places, theme, facts)
    pictures = []
    for lit in range(PICTURES):
        one = still.copy()
        one.paste(_dots(theme, lit), _dots_at(places))
        pictures.append(one)
    return pictures


def _still(places: Places, theme: Theme, facts: Facts) -> Image.Image:
    image = ground(places.size, theme).copy()
    left, upper, right, lower = _card(places)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((left, upper, right, lower), 24, fill=theme.paper)
    pen.rounded_rectangle((left + 20, upper + 44, left + 28, lower - 44), 4, fill=theme.accent)
    _words(image, theme, facts, (left + 48, upper + 40, right - 40, lower - 40))
    image.paste(edges.label(LABEL, places, theme), places.label[:2])
    return image


def _words(image: Image.Image, theme: Theme, facts: Facts, inside: tuple[int, ...]) -> None:
    left, y, right, lower = inside
    width = right - left
    face, lines = filling(facts.room, (0, 0, width, 90), (34, 30, 26, 22))
    y = block(image, (left, y), lines[:2], face, theme.accent) + 18
    face, lines = filling(HEAD, (0, 0, width, 170), (62, 56, 50, 46))
    y = block(image, (left, y), lines, face, theme.ink) + 18
    face, lines = filling(LINE, (0, 0, width, 110), (34, 30, 27))
    y = block(image, (left, y), lines, face, theme.soft) + 14
    if facts.phone and y < lower - 40:
        face, lines = filling(f"急事请拨打 {facts.phone}", (0, 0, width, lower - y), (34, 30, 27))
        block(image, (left, y), lines, Face(face.size, bold=True), theme.accent)


def _card(places: Places) -> tuple[int, int, int, int]:
    width, height = places.size
    below = places.label[1]
    return (120, 110, width - 120, below - 60) if width > height else (48, 330, 672, below - 330)


def _dots_at(places: Places) -> tuple[int, int]:
    _, _, right, lower = _card(places)
    return right - 140, lower - 56


def _dots(theme: Theme, lit: int) -> Image.Image:
    image = Image.new("RGB", (_DOTS * 2 * _DOT, 2 * _DOT), theme.paper)
    pen = ImageDraw.Draw(image)
    for number in range(_DOTS):
        x = number * 2 * _DOT + _DOT // 2
        colour = theme.accent if number < lit else mixed(theme.accent, theme.paper, 0.25)
        pen.ellipse((x, _DOT // 2, x + _DOT, _DOT // 2 + _DOT), fill=colour)
    return image
