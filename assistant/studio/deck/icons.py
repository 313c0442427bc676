"""A small picture for each kind of slide, of native shapes: a disc, and what stands on it."""

from assistant.domain.studio import SlideKind
from assistant.studio.deck.cards import tick
from assistant.studio.deck.shapes import Box, Drawing, Item, Panel
from assistant.studio.deck.theme import Colour

_Rect = tuple[float, float, float, float]
_BARS: dict[SlideKind, tuple[_Rect, ...]] = {
    SlideKind.AGENDA: tuple(
        rect for y in (0.28, 0.46, 0.64) for rect in ((0.26, y, 0.09, 0.09), (0.41, y, 0.34, 0.09))
    ),
    SlideKind.MATERIALS: ((0.30, 0.22, 0.40, 0.56),),
    SlideKind.FLOW: ((0.20, 0.38, 0.18, 0.24), (0.62, 0.38, 0.18, 0.24), (0.38, 0.47, 0.24, 0.06)),
    SlideKind.LIMITS: ((0.26, 0.50, 0.12, 0.26), (0.44, 0.38, 0.12, 0.38),
                       (0.62, 0.26, 0.12, 0.50)),
    SlideKind.CLAUSE: ((0.27, 0.26, 0.46, 0.07), (0.27, 0.40, 0.46, 0.07), (0.27, 0.54, 0.46, 0.07),
                       (0.27, 0.68, 0.26, 0.07)),
    SlideKind.MISTAKES: ((0.45, 0.22, 0.10, 0.36), (0.45, 0.66, 0.10, 0.10)),
    SlideKind.BASIS: ((0.24, 0.24, 0.22, 0.52), (0.54, 0.24, 0.22, 0.52)),
    SlideKind.CODE: ((0.24, 0.24, 0.20, 0.20), (0.56, 0.24, 0.20, 0.20), (0.24, 0.56, 0.20, 0.20),
                     (0.56, 0.56, 0.09, 0.09), (0.68, 0.68, 0.09, 0.09)),
}  # fmt: skip
_OUTLINES = {
    SlideKind.PLACES: ((0.50, 0.80), (0.28, 0.46), (0.28, 0.36), (0.36, 0.24), (0.50, 0.20),
                       (0.64, 0.24), (0.72, 0.36), (0.72, 0.46)),
    SlideKind.QUESTIONS: ((0.22, 0.26), (0.78, 0.26), (0.78, 0.64), (0.50, 0.64), (0.36, 0.80),
                          (0.36, 0.64), (0.22, 0.64)),
}  # fmt: skip
_INNER: dict[SlideKind, tuple[_Rect, ...]] = {
    SlideKind.PLACES: ((0.43, 0.34, 0.14, 0.14),),
    SlideKind.QUESTIONS: ((0.32, 0.36, 0.36, 0.06), (0.32, 0.48, 0.24, 0.06)),
    SlideKind.MATERIALS: ((0.37, 0.34, 0.26, 0.05), (0.37, 0.46, 0.26, 0.05),
                          (0.37, 0.58, 0.16, 0.05)),
}  # fmt: skip


def icon(kind: SlideKind, box: Box) -> list[Item]:
    """The picture in a square box."""
    ground = Panel(box, fill=Colour.NAVY, round=10, role="ground")
    items: list[Item] = [ground]
    if kind is SlideKind.CONDITIONS:
        return [ground, tick(box)]
    if kind in _OUTLINES:
        items.append(Drawing(tuple(_at(box, x, y) for x, y in _OUTLINES[kind]), Colour.WHITE))
    items += [_bar(box, rect, Colour.WHITE) for rect in _BARS.get(kind, ())]
    items += [_bar(box, rect, Colour.NAVY) for rect in _INNER.get(kind, ())]
    return items


def _at(box: Box, x: float, y: float) -> tuple[float, float]:
    return box.x + box.w * x, box.y + box.h * y


def _bar(box: Box, rect: _Rect, fill: Colour) -> Drawing:
    x, y, w, h = rect
    corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
    return Drawing(tuple(_at(box, *corner) for corner in corners), fill)
