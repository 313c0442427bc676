"""The end of an official text: list of annexes, signature, date (GB/T 9704-2012 §7.3.4-7.3.6).

A Word file's page number and footer stand below. None of this
belongs to a section of the body, so it is a part of its own.
"""

import re
from collections.abc import Sequence

from assistant.retrieval.chinese_dates import DATE
from assistant.retrieval.metadata import is_organ

CLOSING = "落款"
"""The locator of such a part."""

_DATE_LINE = re.compile(rf"[（(]?\s*{DATE.pattern}\s*(?:印发)?\s*[）)]?")
_NOTE = re.compile(
    r"[（(][^（）()]{2,40}[）)]|(?:抄送|主送|联系人|联系电话|主题词|分送)\s*[:：].{0,80}"
)
_ANNEX_LIST = re.compile(r"附\s*(?:件|录|表)\s*[0-9一二三四五六七八九十]{0,3}\s*[:：].{1,80}")
_LISTED = re.compile(r"(?:[0-9]{1,2}[.．、]|附件).{1,60}(?<![。；;])")
_PAGE = re.compile(r"(?:[-—–－]\s*){1,2}[0-9]{1,4}(?:\s*[-—–－]){1,2}|第\s*[0-9]{1,4}\s*页.{0,10}")
_FOOTER = re.compile(r".{2,20}(?:发布|印发|制|印)")
_MARKS = " \u3000\t\r*#"


def is_signed(lines: Sequence[str], index: int) -> bool:
    """Whether an organ's line stands here, with a date's line below it."""
    below = index + 1
    return (
        below < len(lines)
        and is_organ(_bare(lines[index]))
        and bool(_DATE_LINE.fullmatch(_bare(lines[below])))
    )


def closing(lines: Sequence[str]) -> int | None:
    """The line at which the closing part of a text begins, which reaches to its end; or None."""
    first = len(lines)
    while first > 0 and _may_close(_bare(lines[first - 1])):
        first -= 1
    rest = range(max(first, 1), len(lines))
    listed = (i for i in rest if _ANNEX_LIST.fullmatch(_bare(lines[i])))
    signed = max((i for i in rest if is_signed(lines, i)), default=-1)
    organs = (i for i in rest if i <= signed and is_organ(_bare(lines[i])))
    pages = (i for i in rest if _PAGE.fullmatch(lines[i].strip()))
    return min((*listed, *organs, *pages), default=None)


def _may_close(line: str) -> bool:
    patterns = (_DATE_LINE, _NOTE, _ANNEX_LIST, _LISTED, _PAGE, _FOOTER)
    return not line or is_organ(line) or any(pattern.fullmatch(line) for pattern in patterns)


def _bare(line: str) -> str:
    return line.strip(_MARKS)
