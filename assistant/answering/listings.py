"""Lists in the evidence: whether a window cuts one off, where it ends, how many items it has.

A list cut off without a word would be heard as complete (停发的情形 … 四项 of 六项), so its voice
says that there is more and the screen shows all of it.
"""

import re
from dataclasses import dataclass

from assistant.answering.clause_features import Grid
from assistant.answering.figures import arabic

MOST_SHOWN = 900
"""Characters up to which a list is shown whole."""

_DIGITS = "一二三四五六七八九十"
_MARKERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\s*[（(]([{_DIGITS}]+)[）)]",
        rf"\s*([{_DIGITS}]+)、",
        rf"\s*([{_DIGITS}]+)是",
        rf"\s*第([{_DIGITS}]+)[,，、]",
        r"\s*(\d{1,2})[.、．](?!\d)",
        r"\s*[（(](\d{1,2})[）)]",
    )
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that a window begins but does not end: clauses `first`..`last`.

    `count` is the number of items, None where the evidence may hold more of them further on or
    where lists stand within lists. The whole list can be shown (`MOST_SHOWN`).
    """

    first: int
    last: int
    count: int | None


@dataclass(frozen=True, slots=True)
class _Item:
    clause: int
    kind: int
    number: int


def cut_off(grid: Grid, begin: int, end: int) -> Listing | None:
    """The list whose items go on behind the window; None where there is none."""
    items = _items(grid, begin, int(grid.final[begin]))
    inside = [item for item in items if item.clause <= end]
    if len(inside) < 2:
        return None
    run = _run(items, inside[-1])
    if run[-1].clause <= end or run[0].clause > end or len(run) < 3:
        return None
    last = _end_of(grid, run[-1].clause)
    if int(grid.sizes[int(grid.head[begin]) : last + 1].sum()) > MOST_SHOWN:
        return None
    nested = len({item.kind for item in inside}) > 1
    return Listing(run[0].clause, last, None if nested else _count(grid, run))


def _items(grid: Grid, begin: int, final: int) -> list[_Item]:
    found = (_item(grid, i) for i in range(begin, final + 1) if grid.clauses[i].piece.item)
    return [item for item in found if item is not None]


def _item(grid: Grid, clause: int) -> _Item | None:
    text = grid.clauses[clause].piece.folded
    for kind, marker in enumerate(_MARKERS):
        match = marker.match(text)
        if match:
            return _Item(clause, kind, int(arabic(match[1])))
    return None


def _run(items: list[_Item], inside: _Item) -> list[_Item]:
    """The items of the same marker counted without a gap, around one of them."""
    same = [item for item in items if item.kind == inside.kind]
    place = same.index(inside)
    low = high = place
    while low > 0 and same[low - 1].number == same[low].number - 1:
        low -= 1
    while high + 1 < len(same) and same[high + 1].number == same[high].number + 1:
        high += 1
    return same[low : high + 1]


def _end_of(grid: Grid, clause: int) -> int:
    """The last clause of the last item: up to its sentence's end or its semicolon."""
    final = int(grid.stop[clause])
    for i in range(clause, final + 1):
        if grid.clauses[i].piece.semicolon:
            return i
    return final


def _count(grid: Grid, run: list[_Item]) -> int | None:
    """The number of items: known where they begin at 1 and something else follows the last."""
    goes_on = _end_of(grid, run[-1].clause) >= int(grid.final[run[-1].clause])
    return None if goes_on or run[0].number != 1 else run[-1].number
