"""A table: native and measured on a wide page, its rows as cards on a tall one."""

import re
from collections.abc import Sequence

from assistant.domain.studio import Table
from assistant.studio.deck import measure
from assistant.studio.deck.cards import GAP, Drawn
from assistant.studio.deck.shapes import Box, Grid, Inset, Item, Panel, Para
from assistant.studio.deck.theme import Colour

_INSET = Inset(10, 8, 10, 8)
_STRETCH = 1.6
_NUMBERS = frozenset({"序号", "编号", "#", "No."})
_TOGETHER = re.compile(r"[!-~][!-~—–－]*")
_NAME = 6
"""Characters that are not broken: 第1窗口."""
_CHANGES = re.compile(r"(?<=[!-~])(?=[一-鿿])|(?<=[一-鿿])(?=[!-~])")
"""Where some programs set a quarter of an em between Chinese and other signs."""
_WIDEST = 190.0
"""Points; a longer piece (an address of a page) is broken."""
_SHORT = 5
"""A column whose cells are no longer is centred: numbers, counts, 是/否."""


def grid(table: Table, box: Box, size: float) -> Drawn | None:
    """The table as a grid over the box's width; None where it does not fit."""
    rows = _paras(table, size)
    widths = _widths(rows, box.w)
    if widths is None:
        return None
    heights = [_height(row, widths) for row in rows]
    if sum(heights) > box.h:
        return None
    grown = _grown(heights, box.h)
    made = Grid(
        Box(box.x, box.y, box.w, sum(grown)), tuple(widths), tuple(grown), tuple(rows), _INSET
    )
    return Drawn((made,), sum(grown))


def _grown(heights: Sequence[float], room: float) -> list[float]:
    """Rows as much taller than their text as the page lets them."""
    factor = min(_STRETCH, room / sum(heights))
    return [height * factor for height in heights]


def _paras(table: Table, size: float) -> list[tuple[Para, ...]]:
    """Header and rows, every one as long as the longest."""
    columns = max(map(len, (table.header, *table.rows)), default=0)
    texts = [(*row, *[""] * (columns - len(row))) for row in (table.header, *table.rows)]
    short = [
        all(len(row[at]) <= _SHORT for row in texts[1:]) and len(texts[0][at]) <= _SHORT
        for at in range(columns)
    ]
    head = tuple(
        Para(text, size, Colour.WHITE, bold=True, align="center" if short[at] else "left")
        for at, text in enumerate(texts[0])
    )
    body = [
        tuple(
            Para(text, size, align="center" if short[at] else "left") for at, text in enumerate(row)
        )
        for row in texts[1:]
    ]
    return [head, *body]


def _widths(rows: Sequence[Sequence[Para]], room: float) -> list[float] | None:
    """Widths of columns: short ones as they need, the rest by what they hold."""
    margins = _INSET.left + _INSET.right
    columns = list(zip(*rows, strict=True))
    least = [max(_least(para) for para in column) + margins for column in columns]
    wanted = [max(map(_wanted, column)) + margins for column in columns]
    if not columns or sum(least) > room:
        return None
    if sum(wanted) <= room:
        return _shared(wanted, [want - margins for want in wanted], room - sum(wanted))
    needs = [max(0.0, want - few) ** 0.7 for want, few in zip(wanted, least, strict=True)]
    return _shared(least, needs, room - sum(least))


def _shared(widths: Sequence[float], needs: Sequence[float], spare: float) -> list[float]:
    whole = sum(needs) or len(needs)
    shares = [need / whole if sum(needs) else 1 / whole for need in needs]
    return [width + spare * share for width, share in zip(widths, shares, strict=True)]


def _wanted(para: Para) -> float:
    """Points of the whole paragraph on one line."""
    lines = para.text.split("\n")
    wide = max(measure.width(line, para.size, bold=para.bold) for line in lines)
    return (wide + len(_CHANGES.findall(para.text)) * para.size / 4) / measure.KEPT + 1


def _least(para: Para) -> float:
    """Points that a column needs for it: its phone numbers and times whole, four characters."""
    short = para.text if len(para.text) <= _NAME else para.text[:4]
    pieces = [*_TOGETHER.findall(para.text), short]
    longest = max(measure.width(piece, para.size, bold=para.bold) for piece in pieces)
    return min(_wanted(para), min(longest, _WIDEST) / measure.KEPT + 1)


def _height(row: Sequence[Para], widths: Sequence[float]) -> float:
    room = (width - _INSET.left - _INSET.right for width in widths)
    text = max(measure.height([para], wide) for para, wide in zip(row, room, strict=True))
    return text + _INSET.top + _INSET.bottom


def row_cards(table: Table, box: Box, size: float) -> Drawn | None:
    """Each row as a card, headed by its first cells; the others with their header's word."""
    inset = Inset(18, 9, 14, 9)
    room = box.w - inset.left - inset.right
    made = [_row_paras(table.header, row, size, room) for row in table.rows] or [
        (Para("　".join(table.header), size, Colour.NAVY, bold=True),)
    ]
    if any(measure.widest(para, room) > room for paras in made for para in paras):
        return None
    heights = [measure.height(paras, room) + inset.top + inset.bottom for paras in made]
    spare = box.h - GAP * (len(made) - 1)
    if sum(heights) > spare:
        return None
    items: list[Item] = []
    y = box.y
    for paras, height in zip(made, _grown(heights, spare), strict=True):
        card = Box(box.x, y, box.w, height)
        items.append(Panel(card, paras, Colour.WHITE, Colour.LINE, 8, inset, middle=True))
        items.append(Panel(Box(box.x, y, 7, height), fill=Colour.BLUE, role="ground"))
        y += height + GAP
    return Drawn(tuple(items), y - GAP - box.y)


def _row_paras(
    header: Sequence[str], row: Sequence[str], size: float, room: float
) -> tuple[Para, ...]:
    """A numbered row is headed "1　居民身份证"; every other by its first cell."""
    numbered = bool(header) and header[0] in _NUMBERS and len(row) > 1
    head = "　".join(cell for cell in row[: 1 + numbered] if cell)
    small = max(18, size - 2)
    rest: list[Para] = []
    for at, cell in enumerate(row):
        if at > numbered and cell:
            pair = _pair(header[at] if at < len(header) else "", cell)
            _follow(rest, pair, small, room)
    heading = (Para(head, size, Colour.NAVY, bold=True),) if head else ()
    return (*heading, *rest) or (Para("", size),)


def _follow(paras: list[Para], pair: str, size: float, room: float) -> None:
    """Add a pair to the line before it where it has room there whole, else below it."""
    joined = Para(f"{paras[-1].text}　{pair}" if paras else pair, size)
    if paras and len(measure.lines(joined, room)) == 1:
        paras[-1] = joined
    else:
        paras.append(Para(pair, size))


def _pair(word: str, cell: str) -> str:
    return f"{word}：{cell}" if word else cell
