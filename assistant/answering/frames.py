"""Lines that frame a document's words and answer nothing: titles, headings, 文号, signatures."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answering.asked import fold
from assistant.answering.clause_features import Grid
from assistant.answering.clauses import Clause
from assistant.answering.span_model import Window
from assistant.retrieval.closing import is_signed

_LINE = re.compile(r"[^\n]+")
_MARKS = " \u3000\t\r*#"
_DIGITS = "一二三四五六七八九十百零〇"
_FRAME = re.compile(
    rf"#{{1,6}}\s.*|第[{_DIGITS}\d]+[编章节][^。；]{{0,40}}|附\s*(?:件|录|表)\s*[{_DIGITS}\d]{{0,3}}(?:[\s:：.].{{0,40}})?"
    r"|[\u4e00-\u9fff]{1,16}[〔\[【(（]\s*(?:19|20)\d{2}\s*[〕\]】)）]\s*第?\s*\d{1,5}\s*号"
    r"|各[^。；]{1,60}[：:]"
)
_LEAD = re.compile(rf"(?:[{_DIGITS}]+、|[（(][{_DIGITS}]+[）)])[^，。；：,;:]{{1,30}}")
_NUMBER = re.compile(rf"[{_DIGITS}]+、|[（(][{_DIGITS}]+[）)]")


@lru_cache(maxsize=4096)
def frames(text: str, title: str) -> tuple[tuple[int, int], ...]:
    """The spans of the framing lines of a passage of a document."""
    lines = _lines(text)
    below = [line[0].strip() for line in lines[1:]]
    title = fold(title)
    words = [line[0] for line in lines]
    signed = {place for i in range(len(words)) if is_signed(words, i) for place in (i, i + 1)}
    return tuple(
        line.span()
        for place, (line, after) in enumerate(zip(lines, [*below, ""], strict=False))
        if place in signed or _frames(line[0].strip(" \u3000\r\t"), after, title)
    )


def _lines(text: str) -> list[re.Match[str]]:
    return [line for line in _LINE.finditer(text) if line[0].strip(_MARKS)]


def _frames(line: str, below: str, title: str) -> bool:
    words = line.strip(_MARKS)
    if _FRAME.fullmatch(line) or _FRAME.fullmatch(words) or fold(words) == title:
        return True
    number, next_number = _NUMBER.match(words), _NUMBER.match(below)
    same = number and next_number and number[0][0] == next_number[0][0] == "（"
    is_item = same or (number and next_number and number[0][-1] == next_number[0][-1] == "、")
    return bool(below and _LEAD.fullmatch(words) and not is_item)


def only_frames(text: str, title: str) -> bool:
    """Whether a passage holds nothing but framing lines."""
    return len(frames(text, title)) == len(_lines(text))


def is_frame(clause: Clause) -> bool:
    """Whether a clause lies in a framing line."""
    start = clause.piece.start
    spans = frames(clause.hit.passage.text, clause.hit.source.title)
    return any(begin <= start < end for begin, end in spans)


def unframed(clauses: Sequence[Clause]) -> Sequence[Clause]:
    """Clauses without framing ones at both ends; all of them where nothing else would be left."""
    inner = [place for place, clause in enumerate(clauses) if not is_frame(clause)]
    return clauses[inner[0] : inner[-1] + 1] if inner else clauses


def inside_frames(grid: Grid, window: Window) -> Window:
    """The window without framing lines at its ends; where it is only these, what they head."""
    within = range(window.begin, window.end + 1)
    inner = [i for i in within if not is_frame(grid.clauses[i])]
    if inner:
        return replace(window, begin=inner[0], end=inner[-1])
    below = range(window.end + 1, int(grid.final[window.begin]) + 1)
    begin = next((i for i in below if not is_frame(grid.clauses[i])), None)
    if begin is None:
        return window
    return replace(window, begin=begin, end=min(int(grid.stop[begin]), int(grid.last[begin])))
