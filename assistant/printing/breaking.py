"""Where a line of Chinese may end: not before a closing mark, not after an opening one.

The rules of GB/T 15834 for punctuation at the ends of lines. Latin words, numbers and addresses
stay whole where a line can hold them.
"""

import re
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]
"""How wide a text is, in the unit of the line's width."""
NOT_FIRST = frozenset("，。、；：？！）】》〉」』”’…—·%％‰℃〕｝,.;:?!)]}")
NOT_LAST = frozenset("（【《〈「『“‘〔｛([{￥¥№")
_PIECES = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-._~:/?#@!$&'*+=%]*|\s+|.", re.DOTALL)


def broken(text: str, width: float, measure: Measure) -> list[str]:
    """The text in lines no wider than `width`; what is there is never left out."""
    return [line for part in text.split("\n") for line in _lines(part, width, measure)]


def _lines(text: str, width: float, measure: Measure) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text, width, measure):
        if not line or measure(line + piece) <= width:
            line += piece
            continue
        kept, carried = _cut(line, piece)
        lines.append(kept.rstrip())
        line = carried + (piece.lstrip() if not carried else piece)
    return [*lines, line.rstrip()]


def _pieces(text: str, width: float, measure: Measure) -> Iterator[str]:
    """What stays together; a word that no line can hold is taken apart."""
    for found in _PIECES.finditer(text):
        piece = found.group()
        if len(piece) > 1 and measure(piece) > width:
            yield from piece
        else:
            yield piece


def _cut(line: str, following: str) -> tuple[str, str]:
    """The line, and what must go on to the next one together with the following piece."""
    at = len(line)
    while at > 1 and _is_wrong(line[:at], line[at:] + following):
        at = _start_of_last(line[:at])
    return (line[:at], line[at:]) if at > 0 else (line, "")


def _is_wrong(before: str, after: str) -> bool:
    return after.lstrip()[:1] in NOT_FIRST or before.rstrip()[-1:] in NOT_LAST


def _start_of_last(text: str) -> int:
    """Where the last piece of a text begins."""
    return [found.start() for found in _PIECES.finditer(text)][-1]
