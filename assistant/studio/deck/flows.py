"""Steps as a flow chart: numbered boxes and connectors, in rows that turn, or in one column."""

from collections.abc import Sequence
from math import ceil

from assistant.studio.deck import measure
from assistant.studio.deck.cards import Drawn
from assistant.studio.deck.shapes import Arrow, Box, Inset, Item, Panel, Para
from assistant.studio.deck.theme import Colour

_ACROSS, _DOWN = 40.0, 34.0
"""Room for an arrow between boxes."""
_BADGE = 38.0
_INSET = Inset(14, _BADGE / 2 + 8, 14, 10)
_TALLEST = 230.0
_SIZE, _SIZE_IN_FOUR = 26, 24
"""Larger type would leave four or five characters a line."""
TOP, LEFT, BOTTOM, RIGHT = 0, 1, 2, 3


def flow(steps: Sequence[str], box: Box, size: float, first: int = 1) -> Drawn | None:
    """The steps in a box; None where they do not fit. `first` is the number of the first."""
    if not steps:
        return Drawn((), 0)
    for columns in _columns(len(steps), box):
        if (made := _rows(steps, box, size, first, columns)) is not None:
            return made
    return _list(steps, box, size, first) if box.w <= 600 else None


def _columns(count: int, box: Box) -> tuple[int, ...]:
    """How many boxes a row may hold, the best first."""
    if box.w <= 600:
        return ()
    if count <= 4:
        return (count, 2) if count > 2 else (count,)
    return (3, 2) if count <= 6 else (4, 3)


def _paras(step: str, size: float, align: str) -> tuple[Para, ...]:
    return (Para(step, size, align=align),)


def _rows(steps: Sequence[str], box: Box, size: float, first: int, columns: int) -> Drawn | None:
    rows = ceil(len(steps) / columns)
    width = (box.w - _ACROSS * (columns - 1)) / columns
    room = width - _INSET.left - _INSET.right
    space = (box.h - (_DOWN + _BADGE / 2) * (rows - 1) - _BADGE / 2) / rows
    size = min(size, _SIZE_IN_FOUR if columns > 3 else _SIZE)
    paras = [_paras(step, size, "center" if columns > 2 else "left") for step in steps]
    if any(measure.widest(para, room) > room for one in paras for para in one):
        return None
    least = max(measure.height(one, room) for one in paras) + _INSET.top + _INSET.bottom
    if least > space:
        return None
    height = min(space, max(_TALLEST, least)) if rows == 1 else space
    items: list[Item] = []
    for at, one in enumerate(paras):
        row, column = divmod(at, columns)
        across = column if row % 2 == 0 else columns - 1 - column
        x = box.x + across * (width + _ACROSS)
        y = box.y + _BADGE / 2 + row * (height + _DOWN + _BADGE / 2)
        items += _step(Box(x, y, width, height), one, first + at)
    arrows = [_turning(at, columns, first) for at in range(len(steps) - 1)]
    whole = rows * height + (rows - 1) * (_DOWN + _BADGE / 2) + _BADGE / 2
    return Drawn((*items, *arrows), whole)


def _turning(at: int, columns: int, first: int) -> Arrow:
    """From one box to the next: along the row, down where it turns."""
    row, column = divmod(at, columns)
    if column == columns - 1:
        return Arrow(f"step{first + at}", f"badge{first + at + 1}", BOTTOM, TOP)
    sides = (RIGHT, LEFT) if row % 2 == 0 else (LEFT, RIGHT)
    return Arrow(f"step{first + at}", f"step{first + at + 1}", *sides)


def _step(box: Box, paras: tuple[Para, ...], number: int) -> list[Item]:
    card = Panel(
        box, paras, Colour.WHITE, Colour.BLUE, 10, _INSET, middle=True, name=f"step{number}"
    )
    centre = Box(box.x + (box.w - _BADGE) / 2, box.y - _BADGE / 2, _BADGE, _BADGE)
    return [card, _badge(centre, number)]


def _badge(box: Box, number: int) -> Panel:
    return Panel(
        box,
        (Para(str(number), 20, Colour.WHITE, bold=True, align="center"),),
        Colour.BLUE,
        round=_BADGE / 2,
        middle=True,
        role="badge",
        name=f"badge{number}",
    )


def _list(steps: Sequence[str], box: Box, size: float, first: int) -> Drawn | None:
    """One below the other, the number at the left."""
    inset = Inset(_BADGE / 2 + 14, 10, 14, 10)
    card_width = box.w - _BADGE / 2
    room = card_width - inset.left - inset.right
    paras = [_paras(step, size, "left") for step in steps]
    if any(measure.widest(para, room) > room for one in paras for para in one):
        return None
    heights = [max(measure.height(one, room) + 20, _BADGE + 8) for one in paras]
    spare = box.h - _DOWN * (len(steps) - 1)
    if sum(heights) > spare:
        return None
    grown = min(1.8, spare / sum(heights))
    items: list[Item] = []
    y = box.y
    for at, (one, least) in enumerate(zip(paras, heights, strict=True), start=first):
        height = least * grown
        card = Box(box.x + _BADGE / 2, y, card_width, height)
        items.append(
            Panel(card, one, Colour.WHITE, Colour.BLUE, 10, inset, middle=True, name=f"step{at}")
        )
        items.append(_badge(Box(box.x, y + (height - _BADGE) / 2, _BADGE, _BADGE), at))
        y += height + _DOWN
    last = first + len(steps) - 1
    arrows = [Arrow(f"step{at}", f"step{at + 1}", BOTTOM, TOP) for at in range(first, last)]
    return Drawn((*items, *arrows), y - _DOWN - box.y)
