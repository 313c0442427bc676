"""QR codes on pages: beside what a slide says, or as what it is about."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

import segno

from assistant.domain.studio import Slide
from assistant.studio.deck import measure
from assistant.studio.deck.cards import GAP, Drawn
from assistant.studio.deck.shapes import Box, Code, Inset, Item, Panel, Para
from assistant.studio.deck.theme import SMALL, Colour

_LONGEST = 60
"""Characters of an address that are shown; of a longer one its host, all of it is in the code."""
_ASIDE = 178.0
_LEAST = 110.0
"""Points across that a phone reads from some way off."""
_CAPTION = "扫码打开"


@dataclass(frozen=True, slots=True)
class Aside:
    """A code with its address, and the room that it leaves."""

    items: tuple[Item, ...]
    rest: Box


@lru_cache(maxsize=256)
def is_codable(link: str) -> bool:
    """Whether a QR code can hold it."""
    try:
        segno.make(link, error="m", micro=False)
    except (ValueError, segno.DataOverflowError):
        return False
    return True


def address_of(link: str) -> str:
    """The address as it is shown: without its scheme; of a long one only the host."""
    shown = link.removeprefix("https://").removeprefix("http://").rstrip("/")
    if len(shown) <= _LONGEST:
        return shown
    return (urlsplit(link).hostname or shown[:_LONGEST])[:_LONGEST]


def _address(link: str, size: float = SMALL, align: str = "center") -> Para:
    return Para(address_of(link), size, Colour.BLUE, align=align)


def beside(link: str, box: Box, *, tall: bool) -> Aside | None:
    """The code at the right of a wide page or below on a tall one."""
    if tall:
        return _under(link, box)
    caption = (Para(_CAPTION, 20, Colour.NAVY, bold=True, align="center"), _address(link))
    inset = Inset(6, 0, 6, 6)
    need = measure.height(caption, _ASIDE - 12) + 12
    side = _ASIDE - 20
    if side + 16 + need > box.h:
        return None
    card = Box(box.right - _ASIDE, box.y, _ASIDE, side + 16 + need)
    words = replace(card, y=card.y + side + 14, h=need)
    items = (
        Panel(card, fill=Colour.WHITE, line=Colour.LINE, round=8, role="ground"),
        *_code(link, Box(card.x + 10, card.y + 8, side, side)),
        Panel(words, caption, inset=inset, link=link),
    )
    return Aside(items, replace(box, w=box.w - _ASIDE - 20))


def _under(link: str, box: Box) -> Aside | None:
    side = 132.0
    caption = (Para(_CAPTION, 22, Colour.NAVY, bold=True), _address(link, align="left"))
    room = Box(box.x + side + 26, box.bottom - side - 16, box.w - side - 40, side + 16)
    height = max(room.h, measure.height(caption, room.w))
    if height > box.h / 2:
        return None
    card = Box(box.x, box.bottom - height, box.w, height)
    items = (
        Panel(card, fill=Colour.WHITE, line=Colour.LINE, round=8, role="ground"),
        *_code(link, Box(card.x + 10, card.y + (height - side) / 2, side, side)),
        Panel(replace(room, y=card.y, h=height), caption, middle=True, link=link),
    )
    return Aside(items, replace(box, h=box.h - height - GAP))


def _code(link: str, box: Box) -> tuple[Item, ...]:
    return (Code(box, link),) if is_codable(link) else ()


def with_code(
    slide: Slide, box: Box, size: float, blocks: Callable[[Box], Drawn | None]
) -> Drawn | None:
    """A slide that is about its code: the code large, the lines beside or below it."""
    wide = box.w > 600
    has_more = bool(slide.lines or slide.table or slide.flow)
    paras = (Para(_CAPTION, 24, Colour.NAVY, bold=True, align="center"), _address(slide.link))
    across = 320.0 if wide else box.w
    words = measure.height(paras, across - 24) + 14
    side = min(280.0, across - 30, (box.h if wide else box.h * 0.62) - words - 22)
    if side < _LEAST:
        return None
    card = Box(box.x if has_more or not wide else box.x + (box.w - across) / 2, box.y,
               across, side + words + 18)  # fmt: skip
    if card.h > box.h:
        return None
    if wide:
        card = replace(card, h=box.h)
    top = card.y + (card.h - side - words - 4) / 2
    rest = (
        Box(card.right + 20, box.y, box.right - card.right - 20, box.h)
        if wide
        else box.below(card.h + GAP)
    )
    drawn = blocks(rest) if has_more else Drawn((), 0)
    if drawn is None:
        return None
    items = (
        Panel(card, fill=Colour.WHITE, line=Colour.LINE, round=10, role="ground"),
        *_code(slide.link, Box(card.x + (across - side) / 2, top, side, side)),
        Panel(
            Box(card.x, top + side, across, words),
            paras,
            inset=Inset(12, 4, 12, 4),
            link=slide.link,
        ),
    )
    return Drawn((*items, *drawn.items), card.h + drawn.height)
