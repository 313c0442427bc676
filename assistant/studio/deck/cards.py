"""Lines as cards: what most slides are made of. A mark says at a glance what kind of line it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.studio import SlideKind, Table
from assistant.studio.deck import measure
from assistant.studio.deck.shapes import Box, Drawing, Inset, Item, Panel, Para
from assistant.studio.deck.theme import Colour

GAP = 12.0
_PAD = 11.0
_MARK = 36.0
_LABEL_LENGTH = 12
_SET_IN = 46.0
_FIGURES, _FIGURE_LENGTH = 6, 40
_SHORT = 12
"""Characters of a figure that is set larger than other text."""
_MOST, _MOST_TALL = 9, 24
"""Lines of running text that can be taken in on a page; more is divided, however small."""
_STRETCH = 1.9
"""How much taller than its text a card may grow to fill the page."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a block became, and the height that it took."""

    items: tuple[Item, ...]
    height: float


@dataclass(frozen=True, slots=True)
class _Look:
    """How a card is drawn: the text of its disc (None: a tick), and its colour."""

    colour: Colour
    mark: Callable[[int, str], str | None]


def _number(at: int, _: str) -> str:
    return str(at)


def _bar(_: int, __: str) -> str:
    return ""


_LOOKS = {
    SlideKind.CONDITIONS: _Look(Colour.TEAL, lambda _, __: None),
    SlideKind.MISTAKES: _Look(Colour.AMBER, lambda _, __: "!"),
    SlideKind.CLAUSE: _Look(Colour.NAVY, _bar),
    SlideKind.BASIS: _Look(Colour.NAVY, _bar),
    SlideKind.CODE: _Look(Colour.BLUE, _bar),
}
_NUMBERED = _Look(Colour.BLUE, _number)


def cards(
    kind: SlideKind, lines: Sequence[str], box: Box, size: float, first: int = 1
) -> Drawn | None:
    """Lines as cards in a box; None where they do not fit. `first` is the number of the first."""
    if not lines:
        return Drawn((), 0)
    if kind is SlideKind.LIMITS:
        columns = 2 if box.w > 600 and len(lines) > 1 else 1
        return _grid([_figure(line, size) for line in lines], box, columns)
    if kind is SlideKind.QUESTIONS:
        return _grid([_exchange(line, size) for line in lines], box, 1)
    look = _LOOKS.get(kind, _NUMBERED)
    if look is _NUMBERED and any(line.lstrip()[:1].isdigit() for line in lines):
        look = replace(look, mark=_bar)
    columns = 2 if kind is SlideKind.AGENDA and box.w > 600 and len(lines) > 3 else 1
    made = [
        _Card((_para(line, size),), look.colour, look.mark(at, line))
        for at, line in enumerate(lines, start=first)
    ]
    return _grid(made, box, columns)


@dataclass(frozen=True, slots=True)
class _Card:
    """Paragraphs, and the mark before them ("" for a bar, None for a tick)."""

    paras: tuple[Para, ...]
    colour: Colour
    mark: str | None
    indent: float = 0

    @property
    def inset(self) -> Inset:
        left = 26.0 if self.mark == "" else 2 * _PAD + _MARK + 4
        return Inset(left, _PAD, 16, _PAD)

    def height(self, width: float) -> float:
        """What it needs at a width."""
        text = measure.height(self.paras, self._room(width)) + 2 * _PAD
        return max(text, 0 if self.mark == "" else _MARK + 1.2 * _PAD)

    def fits(self, width: float) -> bool:
        """Whether no single glyph is wider than its room."""
        room = self._room(width)
        return all(measure.widest(para, room) <= room for para in self.paras)

    def lines(self, width: float) -> int:
        """Lines of text that it takes."""
        return sum(len(measure.lines(para, self._room(width))) for para in self.paras)

    def _room(self, width: float) -> float:
        return width - self.indent - self.inset.left - self.inset.right

    def items(self, box: Box) -> list[Item]:
        """The card in its box, with its mark."""
        box = replace(box, x=box.x + self.indent, w=box.w - self.indent)
        corner = 0 if self.mark == "" else 8
        ground = Panel(
            box, self.paras, Colour.WHITE, Colour.LINE, corner, self.inset, middle=True
        )  # fmt: skip
        if self.mark == "":
            return [ground, Panel(Box(box.x, box.y, 7, box.h), fill=self.colour, role="ground")]
        return [ground, *_disc(Box(box.x + _PAD, box.y, _MARK, box.h), self.colour, self.mark)]


def _disc(column: Box, colour: Colour, mark: str | None) -> list[Item]:
    box = Box(column.x, column.y + (column.h - _MARK) / 2, _MARK, _MARK)
    words = (Para(mark, 20, Colour.WHITE, bold=True, align="center"),) if mark else ()
    disc = Panel(box, words, colour, round=_MARK / 2, middle=True, role="badge")
    return [disc] if mark is not None else [disc, tick(box)]


def tick(box: Box) -> Drawing:
    """✓ as an outline: not every typeface has the sign."""
    outline = ((0.26, 0.52), (0.34, 0.44), (0.45, 0.56), (0.67, 0.32), (0.75, 0.40), (0.45, 0.71))
    points = tuple((box.x + box.w * x, box.y + box.h * y) for x, y in outline)
    return Drawing(points, Colour.WHITE)


def _para(line: str, size: float) -> Para:
    return Para(line, size, lead=label_length(line))


def label_length(line: str) -> int:
    """How many characters a line's label takes with its colon; 0 where it has none."""
    at = line.find("：")
    return at + 1 if 0 < at <= _LABEL_LENGTH and at + 1 < len(line) else 0


def is_answer(line: str) -> bool:
    """Whether a line answers the one before it."""
    return line.lstrip().startswith(("答：", "答:", "A：", "A:"))


def is_question(line: str) -> bool:
    """Whether a line asks."""
    return line.lstrip().startswith(("问：", "问:", "Q：", "Q:")) or line.rstrip().endswith("？")


def notices(lines: Sequence[str], box: Box, size: float) -> Drawn | None:
    """Lines that go with a table or a flow: without marks, side by side where they have room."""
    made = [_Card((_para(line, size),), Colour.TEAL, "") for line in lines]
    return _grid(made, box, 2 if box.w > 600 and len(made) > 1 else 1)


def _exchange(line: str, size: float) -> _Card:
    """A question with a mark before it, or its answer set in below."""
    if is_answer(line):
        return _Card((Para(line, size, lead=label_length(line)),), Colour.TEAL, "", _SET_IN)
    if is_question(line):
        return _Card((Para(line, size, Colour.NAVY, bold=True),), Colour.BLUE, "?")
    return _Card((_para(line, size),), Colour.BLUE, "")


def _figure(line: str, size: float) -> _Card:
    """A figure with its label above it: 法定时限：20个工作日."""
    at = label_length(line)
    if not at:
        return _Card((_para(line, size),), Colour.BLUE, "")
    bonus = 8 if len(line) - at <= _SHORT else 0
    value = Para(line[at:], size + bonus, Colour.NAVY, bold=True)
    return _Card((Para(line[:at], max(18, size - 4), Colour.GREY), value), Colour.TEAL, "")


def are_figures(table: Table) -> bool:
    """Whether a table is names with short values, which stand better as figures."""
    return 0 < len(table.rows) <= _FIGURES and all(
        len(row) == 2 and 0 < len(row[0]) < _LABEL_LENGTH and 0 < len(row[1]) <= _FIGURE_LENGTH
        for row in table.rows
    )


def _grid(made: Sequence[_Card], box: Box, columns: int) -> Drawn | None:
    width = (box.w - GAP * (columns - 1)) / columns
    if not all(card.fits(width) for card in made):
        return None
    if sum(card.lines(width) for card in made) > columns * (_MOST if box.w > 600 else _MOST_TALL):
        return None
    rows = [made[at : at + columns] for at in range(0, len(made), columns)]
    heights = [max(card.height(width) for card in row) for row in rows]
    room = box.h - GAP * (len(rows) - 1)
    if sum(heights) > room:
        return None
    grown = min(_STRETCH, room / sum(heights))
    items: list[Item] = []
    y = box.y
    for row, height in zip(rows, heights, strict=True):
        for at, card in enumerate(row):
            items += card.items(Box(box.x + at * (width + GAP), y, width, height * grown))
        y += height * grown + GAP
    return Drawn(tuple(items), y - GAP - box.y)
