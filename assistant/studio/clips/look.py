"""Where things stand on a clip's pictures, and in which colours; in pixels."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from assistant.domain.clips import ClipShape
from assistant.printing.lettering import Face, block, fitted
from assistant.printing.presenters import presenter
from assistant.studio.deck.theme import HEX, Colour

MARK = "本视频由人工智能生成"
"""Holds 人工智能 and 生成 (标识办法 art. 4)."""
MARK_FACE = Face(40, bold=True)
"""Letters of 40 px: at least 5 % of the shortest side, 720 px (GB 45438-2025)."""
NAVY, WHITE, PALE = f"#{HEX[Colour.NAVY]}", f"#{HEX[Colour.WHITE]}", f"#{HEX[Colour.PALE]}"
INK, GREY, BLUE = f"#{HEX[Colour.INK]}", f"#{HEX[Colour.GREY]}", f"#{HEX[Colour.BLUE]}"
LINE, GLOW = f"#{HEX[Colour.LINE]}", "#E3EEF9"
ROUND = 18
BAR = 92
"""Height of the bar at the top, where the AI mark stands."""
Rect = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A shape's places. `host` is the presenter's room, whose feet stand on its lower edge."""

    size: tuple[int, int]
    question: Rect
    card: Rect
    host: Rect
    caption: Rect
    cover: Rect
    cover_host: Rect
    code: Rect
    after_code: Rect


LAYOUTS = {
    ClipShape.TALL: Layout(
        size=(720, 1280),
        question=(40, 116, 680, 250),
        card=(32, 262, 688, 890),
        host=(462, 898, 690, 1130),
        caption=(0, 1130, 720, 1280),
        cover=(48, 170, 672, 600),
        cover_host=(140, 610, 580, 1280),
        code=(190, 420, 530, 760),
        after_code=(48, 790, 672, 1100),
    ),
    ClipShape.WIDE: Layout(
        size=(1280, 720),
        question=(40, 108, 900, 172),
        card=(32, 180, 906, 600),
        host=(930, 200, 1250, 612),
        caption=(0, 612, 1280, 720),
        cover=(64, 160, 800, 640),
        cover_host=(820, 130, 1260, 720),
        code=(900, 190, 1220, 510),
        after_code=(64, 420, 840, 600),
    ),
}


def ground(layout: Layout, colour: str) -> Image.Image:
    """An empty picture with the bar and the AI mark; every picture begins with it."""
    image = Image.new("RGB", layout.size, colour)
    ImageDraw.Draw(image).rectangle((0, 0, layout.size[0], BAR), fill=NAVY)
    MARK_FACE.draw(image, (40, (BAR - MARK_FACE.size) // 2 - 4), MARK, WHITE)
    return image


def captioned(image: Image.Image, layout: Layout, text: str) -> Image.Image:
    """With what is said now at the lower edge."""
    if not text:
        return image
    made = image.copy()
    left, upper, right, lower = layout.caption
    ImageDraw.Draw(made).rectangle((left, upper, right, lower), fill=INK)
    face, lines = fitted(text, right - left - 72, 2, (44, 40, 36, 32, 28))
    y = upper + max(4, (lower - upper - face.leading * len(lines)) // 2)
    for line in lines:
        x = left + (right - left - face.width(line)) / 2
        face.draw(made, (x, y), line, WHITE)
        y += face.leading
    return made


def put_host(image: Image.Image, who: str, room: Rect) -> None:
    """The presenter, as large as the room allows, on its lower edge."""
    left, upper, right, lower = room
    picture = presenter(who, right - left, lower - upper)
    x = left + (right - left - picture.width) // 2
    image.paste(picture, (x, lower - picture.height), picture)


def put_office(image: Image.Image, office: str, at: tuple[int, int], width: int, fill: str) -> int:
    """The office's name in two lines at most; gives where the next text would stand."""
    face, lines = fitted(office, width, 2, (34, 30, 26))
    return block(image, at, lines, face, fill)
