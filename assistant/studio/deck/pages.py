"""A slide as a page: title above, what it says in the middle, office, number and AI label below."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.domain.studio import Slide, SlideKind
from assistant.studio.deck import measure
from assistant.studio.deck.cards import GAP, Drawn, are_figures, cards, notices
from assistant.studio.deck.codes import beside, with_code
from assistant.studio.deck.covers import cover
from assistant.studio.deck.flows import flow
from assistant.studio.deck.frames import Frame
from assistant.studio.deck.icons import icon
from assistant.studio.deck.shapes import Box, Inset, Item, Page, Panel, Para
from assistant.studio.deck.tables import grid, row_cards
from assistant.studio.deck.theme import (
    AI_LABEL,
    LABEL_SIZE,
    SIZES,
    SMALL,
    TITLE_SIZES,
    Colour,
)

_ICON = 46.0
_PART = 76.0
_TITLE_LINES = {True: 6, False: 3}
"""Lines that a title may take: on a tall page, on a wide one."""
_AFTER_TITLE = 16.0


@dataclass(frozen=True, slots=True)
class Around:
    """What a page shows that is not of its slide. `number` 0 shows none.

    `first` numbers its first line or step. `labelled`: the deck is marked as made by AI.
    """

    office: str = ""
    day: str = ""
    number: int = 0
    first: int = 1
    labelled: bool = True


def page_at(slide: Slide, frame: Frame, size: float, around: Around) -> Page | None:
    """The slide with its text in one size; None where it does not fit."""
    if slide.kind is SlideKind.COVER:
        return cover(slide, frame, size, around.office, around.day, labelled=around.labelled)
    head, used = _head(slide, frame)
    if head is None:
        return None
    body = frame.body if frame.plain else frame.body.below(used + _AFTER_TITLE)
    drawn = _body(slide, frame, body, size, around.first)
    if drawn is None:
        return None
    items = (*head, *drawn.items, *_foot(frame, around))
    return Page(frame.width, frame.height, Colour.PALE, items)


def title_fits(slide: Slide, frame: Frame) -> bool:
    """Whether the title alone has room."""
    if slide.kind is SlideKind.COVER:
        return page_at(replace(slide, lines=()), frame, SIZES[-1], Around()) is not None
    return _head(slide, frame)[0] is not None


def _head(slide: Slide, frame: Frame) -> tuple[list[Item] | None, float]:
    """The title with its icon and its part, and the height they take."""
    at_left = 0 if frame.plain else _ICON + 14
    room = frame.head.w - at_left - (_PART + 8 if slide.part else 0)
    para = _title(slide.title, room, frame)
    if para is None:
        return None, 0
    height = max(_ICON, measure.height([para], room))
    box = Box(frame.head.x + at_left, frame.head.y, room, height)
    if frame.plain:
        box = replace(box, h=frame.head.h)
    items: list[Item] = []
    if para.text:
        items.append(Panel(box, (para,), _back(frame), middle=True, role="title", name="title"))
    if not frame.plain:
        items += icon(slide.kind, Box(frame.head.x, box.y + (height - _ICON) / 2, _ICON, _ICON))
    if slide.part:
        chip = Box(frame.head.right - _PART, box.y + (box.h - 36) / 2, _PART, 36)
        words = Para(slide.part, 20, Colour.NAVY, bold=True, align="center")
        items.append(
            Panel(chip, (words,), Colour.WHITE, Colour.LINE, 18, middle=True, role="badge")
        )
    return items, height


def _title(text: str, room: float, frame: Frame) -> Para | None:
    for size in TITLE_SIZES:
        para = Para(text, size, Colour.NAVY, bold=True)
        lines = len(measure.lines(para, room))
        most = 1 if size > 28 else 2 if size > 22 else _TITLE_LINES[frame.tall]
        high = measure.height([para], room) <= frame.head.h
        if lines <= most and high and measure.widest(para, room) <= room:
            return para
    return None


def _body(slide: Slide, frame: Frame, box: Box, size: float, first: int) -> Drawn | None:
    """Lines, table, flow and code of a slide, one below the other; a code stands beside them."""
    if slide.kind is SlideKind.CODE and slide.link:
        return with_code(slide, box, size, lambda room: _blocks(slide, room, size, first))
    if not slide.link:
        return _blocks(slide, box, size, first)
    aside = beside(slide.link, box, tall=frame.tall)
    if aside is None:
        return None
    drawn = _blocks(slide, aside.rest, size, first)
    return drawn and Drawn((*drawn.items, *aside.items), drawn.height)


def _blocks(slide: Slide, box: Box, size: float, first: int) -> Drawn | None:
    """Each block takes what it needs; the last may fill what is left."""
    makers: list[Callable[[Box], Drawn | None]] = []
    if slide.lines:
        alone = slide.table is None and not slide.flow
        makers.append(
            lambda room: (
                cards(slide.kind, slide.lines, room, size, first)
                if alone
                else notices(slide.lines, room, size)
            )
        )
    if (table := slide.table) is not None and slide.kind is SlideKind.LIMITS and are_figures(table):
        named = [f"{name}：{value}" for name, value in table.rows]
        makers.append(lambda room: cards(slide.kind, named, room, size))
    elif table is not None:
        narrow = box.w <= 600
        makers.append(lambda room: (row_cards if narrow else grid)(table, room, size))
    if slide.flow:
        makers.append(lambda room: flow(slide.flow, room, size, first))
    items: list[Item] = []
    top = 0.0
    for at, make in enumerate(makers):
        last = at == len(makers) - 1
        drawn = make(box.below(top)) if last else _least(make, box.below(top))
        if drawn is None:
            return None
        items += drawn.items
        top += drawn.height + GAP
    return Drawn(tuple(items), top)


def _least(make: Callable[[Box], Drawn | None], box: Box) -> Drawn | None:
    """A block in about the least height that holds it, so that others follow."""
    for share in (0.15, 0.3, 0.45, 0.6, 0.8):
        if (drawn := make(replace(box, h=box.h * share))) is not None:
            return drawn
    return None


def _foot(frame: Frame, around: Around) -> list[Item]:
    """Office at the left, the page's number, and the label that every page carries."""
    foot = frame.foot
    items: list[Item] = []
    right = foot.right
    if around.labelled:
        label = label_panel(AI_LABEL, right, foot)
        items.append(label)
        right = label.box.x - 14
    if around.number:
        box = Box(right - 52, foot.y, 52, foot.h)
        words = Para(str(around.number), SMALL, Colour.GREY, align="right")
        items.append(Panel(box, (words,), _back(frame), middle=True, role="foot", name="number"))
        right = box.x - 8
    office = measure.shortened(around.office, SMALL, right - foot.x)
    if office:
        words = Para(office, SMALL, Colour.GREY)
        box = Box(foot.x, foot.y, right - foot.x, foot.h)
        items.append(Panel(box, (words,), _back(frame), middle=True, role="foot", name="office"))
    return items


def _back(frame: Frame) -> Colour | None:
    return Colour.WHITE if frame.backed else None


def label_panel(text: str, right: float, foot: Box) -> Panel:
    """The AI label as a tag ending at `right`, its letters 5 % of the page's shorter side."""
    wide = measure.width(text, LABEL_SIZE, bold=True) / measure.KEPT + 26
    words = Para(text, LABEL_SIZE, Colour.NAVY, bold=True, align="center")
    box = Box(right - wide, foot.y, wide, foot.h)
    inset = Inset(8, 0, 8, 0)
    return Panel(box, (words,), Colour.WHITE, Colour.BLUE, 8, inset, middle=True, role="label")
