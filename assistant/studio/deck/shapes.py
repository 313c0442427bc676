"""What a laid-out page is made of. Lengths are points from the page's upper left corner.

Each rendering draws these values and decides nothing of its own, so all of them hold one text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import hypot

from assistant.studio.deck.theme import Colour


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    def inside(self, inset: "Inset") -> "Box":
        """What is left of it within margins."""
        return Box(
            self.x + inset.left,
            self.y + inset.top,
            self.w - inset.left - inset.right,
            self.h - inset.top - inset.bottom,
        )

    def below(self, height: float) -> "Box":
        """What is left of it under its first so many points."""
        return replace(self, y=self.y + height, h=self.h - height)


@dataclass(frozen=True, slots=True)
class Inset:
    """Margins of text in its box."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. Its first `lead` characters are bold and in `lead_colour`."""

    text: str
    size: float
    colour: Colour = Colour.INK
    bold: bool = False
    align: str = "left"
    lead: int = 0
    lead_colour: Colour = Colour.NAVY


@dataclass(frozen=True, slots=True)
class Panel:
    """Text on a ground, or a ground alone. `role` is title, body, badge, foot or ground.

    `round` is the radius of its corners; half its height or more makes a pill or a disc.
    """

    box: Box
    paras: tuple[Para, ...] = ()
    fill: Colour | None = None
    line: Colour | None = None
    round: float = 0
    inset: Inset = Inset()
    middle: bool = False
    role: str = "body"
    name: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A filled outline without text: part of an icon."""

    points: tuple[tuple[float, float], ...]
    fill: Colour


@dataclass(frozen=True, slots=True)
class Arrow:
    """A connector between two panels named on the same page: `side` of each where it ends.

    Sides: 0 top, 1 left, 2 bottom, 3 right, as Office counts them on rectangles.
    """

    start: str
    end: str
    start_side: int
    end_side: int
    colour: Colour = Colour.BLUE


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: first row the header, each cell one paragraph, heights measured."""

    box: Box
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    rows: tuple[tuple[Para, ...], ...]
    inset: Inset

    def cells(self) -> Iterator[tuple[Box, Para, int]]:
        """Each cell's box, paragraph and row."""
        y = self.box.y
        for at, (row, height) in enumerate(zip(self.rows, self.heights, strict=True)):
            x = self.box.x
            for para, width in zip(row, self.widths, strict=True):
                yield Box(x, y, width, height), para, at
                x += width
            y += height


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code, with its quiet zone."""

    box: Box
    link: str


Item = Panel | Drawing | Arrow | Grid | Code


@dataclass(frozen=True, slots=True)
class Page:
    """One page, its items from back to front."""

    width: float
    height: float
    ground: Colour
    items: tuple[Item, ...]


def texts(page: Page) -> list[str]:
    """Every text of a page in drawing order."""
    found: list[str] = []
    for item in page.items:
        if isinstance(item, Panel):
            found += [para.text for para in item.paras]
        elif isinstance(item, Grid):
            found += [para.text for row in item.rows for para in row]
    return [text for text in found if text]


def ends(arrow: Arrow, page: Page) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow begins and ends."""
    boxes = {item.name: item.box for item in page.items if isinstance(item, Panel) and item.name}
    return _side(boxes[arrow.start], arrow.start_side), _side(boxes[arrow.end], arrow.end_side)


def _side(box: Box, side: int) -> tuple[float, float]:
    return (
        (box.x + box.w / 2, box.y),
        (box.x, box.y + box.h / 2),
        (box.x + box.w / 2, box.bottom),
        (box.right, box.y + box.h / 2),
    )[side]


Point = tuple[float, float]


def arrow_head(start: Point, end: Point) -> tuple[Point, Point, Point, Point]:
    """Tip, both corners, and where the line meets the head."""
    (x1, y1), (x2, y2) = start, end
    length = max(hypot(x2 - x1, y2 - y1), 0.1)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    bx, by = x2 - ux * 11, y2 - uy * 11
    return end, (bx - uy * 6, by + ux * 6), (bx + uy * 6, by - ux * 6), (bx, by)


def is_disc(box: Box, radius: float) -> bool:
    """Whether a box with such corners is round."""
    return abs(box.w - box.h) < 0.5 and radius >= box.h / 2 - 0.5


def cell_fill(row: int) -> Colour:
    """The ground of a table's row: the header dark, then light and lighter."""
    return Colour.NAVY if row == 0 else Colour.WHITE if row % 2 else Colour.PALE
