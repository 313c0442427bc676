"""The cover: who speaks, about what, on which day, and that AI made it."""

from dataclasses import replace

from assistant.domain.studio import Slide
from assistant.studio.deck import measure
from assistant.studio.deck.frames import Frame
from assistant.studio.deck.shapes import Box, Drawing, Inset, Item, Page, Panel, Para
from assistant.studio.deck.theme import AI_LABEL_LONG, LABEL_SIZE, Colour

_TITLES = (54, 48, 44, 40, 36, 32, 28, 24, 20, 18)
_EDGE = 24.0
"""How much of a template's cover stays to be seen on each side."""
_OFFICES = (26, 24, 22, 20, 18)


def cover(
    slide: Slide, frame: Frame, size: float, office: str, day: str, *, labelled: bool
) -> Page | None:
    """The cover with its lines in one size; None where it does not fit.

    Office and day stand once, where lines name them too.
    """
    box = _column(frame)
    slide = replace(slide, lines=tuple(line for line in slide.lines if line != office))
    if any(day in line for line in slide.lines):
        day = ""
    top = _top(office, box, frame)
    foot = _foot(day, frame, labelled=labelled)
    if top is None:
        return None
    start = top[1] + 18
    end = min((item.box.y for item in foot), default=frame.height - 40) - 16
    middle = _middle(slide, Box(box.x, start, box.w, end - start), size, frame)
    if middle is None:
        return None
    return Page(frame.width, frame.height, Colour.NAVY, (*_ground(frame), *top[0], *middle, *foot))


def _column(frame: Frame) -> Box:
    """Where text stands: clear of what is drawn at the right of a wide page."""
    left = frame.foot.x + (0 if frame.tall else 16)
    wide = frame.width - left - (30 if frame.tall else frame.width * 0.2)
    return Box(left, 0, wide, frame.height)


def _ground(frame: Frame) -> list[Item]:
    """Two leaning bands at the right of a wide page, in the lower corner of a tall one."""
    if frame.plain:
        card = Box(_EDGE, _EDGE, frame.width - 2 * _EDGE, frame.height - 2 * _EDGE)
        return [Panel(card, fill=Colour.NAVY, round=12, role="ground")]
    if frame.tall:
        w, h = frame.width, frame.height
        return [
            Drawing(((w, 640), (w, 800), (450, h), (368, h)), Colour.BLUE),
            Drawing(((w, 850), (w, h), (478, h)), Colour.TEAL),
        ]
    w, h = frame.width, frame.height
    return [
        Drawing(((830, 0), (896, 0), (816, h), (750, h)), Colour.BLUE),
        Drawing(((914, 0), (w, 0), (w, h * 0.25), (900, h), (834, h)), Colour.TEAL),
    ]


def _top(office: str, box: Box, frame: Frame) -> tuple[list[Item], float] | None:
    y = 96.0 if frame.tall else 54.0
    if not office:
        return [], y
    most = 160 if frame.tall else 110
    for size in _OFFICES:
        para = Para(office, size, Colour.LINE, bold=True)
        if measure.height([para], box.w) <= most:
            break
    else:
        return _top(office[: len(office) * 3 // 4] + "…", box, frame)
    height = measure.height([para], box.w)
    return [Panel(Box(box.x, y, box.w, height), (para,), role="foot")], y + height


def _middle(slide: Slide, box: Box, size: float, frame: Frame) -> list[Item] | None:
    """Title and lines as one group, a little above the middle."""
    lines = tuple(Para(line, size, Colour.WHITE) for line in slide.lines)
    below = measure.height(lines, box.w)
    gap = 22.0 if lines else 0.0
    for points in _TITLES:
        title = Para(slide.title, points, Colour.WHITE, bold=True)
        above = measure.height([title], box.w)
        few = len(measure.lines(title, box.w)) <= (4 if frame.tall else 2) or points <= 32
        whole = above + gap + below
        if few and whole <= box.h and measure.widest(title, box.w) <= box.w:
            break
    else:
        return None
    if any(measure.widest(line, box.w) > box.w for line in lines):
        return None
    y = box.y + (box.h - whole) * 0.42
    items: list[Item] = []
    if title.text:
        items.append(Panel(Box(box.x, y, box.w, above), (title,), role="title", name="cover"))
    if lines:
        items.append(Panel(Box(box.x, y + above + gap, box.w, below), lines, name="subtitle"))
    return items


def _foot(day: str, frame: Frame, *, labelled: bool) -> list[Panel]:
    """The day and the label: side by side, or one above the other on a tall page."""
    foot = _column(frame)
    y = frame.foot.y - (_EDGE + 14 if frame.plain else 14)
    items: list[Panel] = []
    if labelled:
        wide = measure.width(AI_LABEL_LONG, LABEL_SIZE, bold=True) / measure.KEPT + 30
        words = Para(AI_LABEL_LONG, LABEL_SIZE, Colour.NAVY, bold=True, align="center")
        box = Box(foot.x, y, wide, 44)
        items.append(
            Panel(
                box,
                (words,),
                Colour.WHITE,
                round=8,
                inset=Inset(8, 0, 8, 0),
                middle=True,
                role="label",
            )
        )
    if day:
        stacked = frame.tall and labelled
        x = foot.x + (0 if stacked or not labelled else items[0].box.w + 24)
        box = Box(x, y - 56 if stacked else y, 240, 44)
        items.append(Panel(box, (Para(day, 24, Colour.WHITE),), middle=True, role="foot"))
    return items
