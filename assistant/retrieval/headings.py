"""Headings of Chinese official texts: 第二章, 第十二条, 一、, （一）, 1., Markdown #, 附件1.

The order of levels follows GB/T 9704-2012 §7.3.3 (一、 → （一） → 1. → （1）), statutes' 编章节条
above it, annexes above all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.retrieval.closing import CLOSING, closing, is_signed

ANNEX, PART, ARTICLE, FIRST, SECOND, THIRD, FOURTH, FIFTH = 0, 7, 11, 12, 13, 14, 15, 16
"""Ranks of headings, the outer smaller; 1–6 are Markdown's, 7–10 are 编, 分编, 章, 节."""

_CN = "一二三四五六七八九十百千零〇两"
_BLANK = r"[ \t\u3000\xa0]"
_LINE = re.compile(r"[^\n]+")
_LEAD = re.compile(rf"(?:{_BLANK}|\*\*)*")
_MARKDOWN = re.compile(rf"(#{{1,6}}){_BLANK}+(?=\S)")
_ANNEX = re.compile(rf"附{_BLANK}*(?:件|录|表){_BLANK}*(?:[0-9]{{1,2}}|[{_CN}]{{1,3}})?(?=[^\w]|$)")
_UNIT = re.compile(rf"第{_BLANK}*[{_CN}0-9]+{_BLANK}*(编|分编|章|节)(?={_BLANK}|$|[^{_CN}\W])")
_ARTICLE = re.compile(rf"第{_BLANK}*([{_CN}]+|[0-9]+){_BLANK}*条(?:之[{_CN}]+)?")
_NOT_ARTICLE = re.compile(r"[规所的至和或及、款项中第，]|（[一二三]")
_FIRST = re.compile(rf"([{_CN}]+)[、．]")
_SECOND = re.compile(rf"[（(]{_BLANK}*([{_CN}]+){_BLANK}*[）)]")
_DECIMAL = re.compile(rf"[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{1,3}}(?={_BLANK})")
_THIRD = re.compile(r"([0-9]{1,2})[.．、](?![0-9])")
_FOURTH = re.compile(r"[（(][0-9]{1,2}[）)]")
_FIFTH = re.compile(r"[①-⑳]")
_INLINE = re.compile(
    rf"(?:(?<=[ \u3000。：；])|^)(?:[{_CN}]+、|（[{_CN}]+）|第[{_CN}]+条(?=[ \u3000]))"
)
_RANK_OF_UNIT = {"编": PART, "分编": PART + 1, "章": PART + 2, "节": PART + 3}
_TITLE_CHARS = 40
_SIGNED_WITHIN = 12
"""So many lines after a list of annexes the signature stands at the latest."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a text: where its line starts, its rank, what a locator shows, its words."""

    start: int
    rank: int
    label: str
    title: str

    @property
    def divides(self) -> bool:
        """Whether it always begins a passage of its own (clauses below only in long sections)."""
        return self.rank <= ARTICLE


def headings(text: str) -> list[Heading]:
    """All headings in order. A text in one long line is searched inside the line too."""
    found = list(_in_series(_inline(text) if is_one_run(text) else _by_line(text)))
    found = _with_closings(text, _above_articles(list(_aligned(found))))
    tops = [heading for heading in found if heading.rank == 1]
    if len(tops) == 1 and found[0] is tops[0] and tops[0].label[:1] != "第":
        found[0] = Heading(tops[0].start, 1, "", tops[0].title)
    return found


def _in_series(found: Iterable[Heading]) -> Iterator[Heading]:
    """Leave out 2. and （2） that no 1. precedes: the rest of a list that began in a sentence."""
    begun: set[int] = set()
    for heading in found:
        begun = {rank for rank in begun if rank <= heading.rank}
        if heading.rank in {THIRD, FOURTH} and heading.label.strip("（）().．、") == "1":
            begun.add(heading.rank)
        if heading.rank not in {THIRD, FOURTH} or heading.rank in begun:
            yield heading


def _aligned(found: Iterable[Heading]) -> Iterator[Heading]:
    """Let 四、 without # follow on `## 三、`: of the same level, where it counts on."""
    rank, last = 0, 0
    for heading in found:
        number = _number(heading.label[:-1]) if _FIRST.fullmatch(heading.label) else 0
        if number and heading.rank < PART:
            rank, last = heading.rank, number
        follows = bool(rank and number == last + 1 and heading.rank == FIRST)
        last = number if follows else last
        yield replace(heading, rank=rank) if follows else heading


def _above_articles(found: list[Heading]) -> list[Heading]:
    """Where 一、总则 stands above 第一条, all such titles do, as chapters elsewhere."""
    numbered = [heading for heading in found if heading.rank in {ARTICLE, FIRST}]
    kinds = [heading.rank for heading in numbered[:2]]
    if kinds != [FIRST, ARTICLE] or numbered[0].label[0] != "一":
        return found
    return [replace(h, rank=ARTICLE - 1) if _is_title(h) else h for h in found]


def _is_title(heading: Heading) -> bool:
    return heading.rank == FIRST and not re.search(r"[，。；：]", heading.title)


def _with_closings(text: str, found: list[Heading]) -> list[Heading]:
    """Add a part `落款` where a text, or what stands before its annexes, ends in a signature."""
    annexes = [heading.start for heading in found if heading.rank == ANNEX]
    closings = []
    for start, end in zip([0, *annexes], [*annexes, len(text)], strict=True):
        lines = list(_LINE.finditer(text, start, end))
        line = closing([line[0] for line in lines])
        if line is not None:
            closings.append(Heading(lines[line].start(), ANNEX, CLOSING, ""))
    kept = [h for h in found if h.rank == ANNEX or not _closed(h.start, closings, annexes)]
    return sorted([*kept, *closings], key=lambda heading: heading.start)


def _closed(start: int, closings: list[Heading], annexes: list[int]) -> bool:
    """Whether a place lies in a closing part, whose numbers are those of listed annexes."""
    begun = max((one.start for one in closings if one.start <= start), default=None)
    return begun is not None and not any(begun < annex <= start for annex in annexes)


def is_one_run(text: str) -> bool:
    """Whether a long text has next to no line breaks."""
    return len(text) > 400 and text.count("\n") < len(text) / 2000


def is_table_row(line: str) -> bool:
    """Whether a line is a row of a Markdown table or has cells separated by tabs."""
    return line.lstrip().startswith("|") or "\t" in line.strip(" \u3000\r\n")


def locator(path: tuple[Heading, ...]) -> str:
    """What a citation shows: `第二章 第十二条`, `二、（一）`, `附件1 一、`."""
    text = ""
    for label in (heading.label for heading in path if heading.label):
        decimal = re.fullmatch(r"[0-9.]+", label) and "." in label.strip(".")
        text = label if decimal and not text.startswith("附") else text + _gap(text) + label
    return text or "正文"


def _gap(text: str) -> str:
    return "" if not text or text[-1] in "、．）)." else " "


def _by_line(text: str) -> Iterator[Heading]:
    lines = list(_LINE.finditer(text))
    words = [line[0] for line in lines]
    signed = next((place for place in range(len(words)) if is_signed(words, place)), None)
    last_article = 0
    for index, line in enumerate(lines):
        if is_table_row(line[0]):
            continue
        heading = _heading(line[0], line.start(), last_article)
        if heading is None or (heading.rank == ANNEX and not _begins_annex(lines, index, signed)):
            continue
        if heading.label.endswith("条"):
            last_article = _number(heading.label[1:-1])
        yield heading


def _heading(line: str, start: int, last_article: int) -> Heading | None:
    here = _LEAD.match(line)
    begin = here.end() if here else 0
    markdown = _MARKDOWN.match(line, begin)
    body = markdown.end() if markdown else begin
    rank, label = _numbering(line, body, last_article)
    if markdown and rank != ANNEX:
        rank, label = len(markdown[1]), label or _words(line[body:])
    return None if rank < 0 else Heading(start, rank, label, _words(line[body:]))


def _numbering(line: str, at: int, last_article: int) -> tuple[int, str]:
    """Rank and label of the numbering that begins at a place; rank -1 for none."""
    if annex := _ANNEX.match(line, at):
        return ANNEX, _tight(annex[0])
    if (unit := _UNIT.match(line, at)) and len(line) - at <= _TITLE_CHARS and "。" not in line:
        return _RANK_OF_UNIT[unit[1]], _tight(unit[0])
    if (article := _ARTICLE.match(line, at)) and _is_article(line, article, last_article):
        return ARTICLE, _tight(article[0])
    if decimal := _DECIMAL.match(line, at):
        return SECOND + decimal[0].count(".") - 1, decimal[0]
    for rank, pattern in _CLAUSES:
        if match := pattern.match(line, at):
            return rank, _tight(match[0])
    return -1, ""


_CLAUSES = ((FIRST, _FIRST), (SECOND, _SECOND), (THIRD, _THIRD), (FOURTH, _FOURTH), (FIFTH, _FIFTH))


def _is_article(line: str, match: re.Match[str], last: int) -> bool:
    """第十二条 begins a clause; 第十二条规定的… only mentions one."""
    rest = line[match.end() :].lstrip("*")
    if not rest or rest[0] in " \t\u3000\xa0【":
        return True
    return _number(match[1]) == last + 1 and not _NOT_ARTICLE.match(rest)


def _begins_annex(lines: list[re.Match[str]], index: int, signed: int | None) -> bool:
    """附件1 on a line of its own begins an annex; 附件：1.… 2.… before the signature lists."""
    line = lines[index][0].strip(" \u3000\t\r*#")
    bare = re.fullmatch(rf"附\s*(?:件|录|表)\s*[0-9{_CN}]*\s*[:：.．]?", line)
    following = lines[index + 1][0].strip() if index + 1 < len(lines) else ""
    if not following or _ANNEX.match(following) or _is_listed(lines, index, signed):
        return False
    numbered = re.match(rf"附\s*(?:件|录|表)\s*[0-9{_CN}]", line)
    titled = re.match(r"附\s*(?:件|录|表)\s*[:：](?!\s*[1１][.．、])", line)
    listed = re.match(r"[2２][.．、]", following) or _previous_lists(lines, index)
    short = len(line) <= _TITLE_CHARS and not line.endswith(("。", "；"))
    return bool(bare or ((numbered or titled) and short and not listed))


def _is_listed(lines: list[re.Match[str]], index: int, signed: int | None) -> bool:
    """Whether the signature is still to come: what stands before it only lists the annexes."""
    if signed is None or is_table_row(lines[index + 1][0]):
        return False
    return index < signed <= index + _SIGNED_WITHIN


def _previous_lists(lines: list[re.Match[str]], index: int) -> bool:
    return index > 0 and bool(_ANNEX.match(lines[index - 1][0].strip()))


def _inline(text: str) -> Iterator[Heading]:
    """Numbered clauses in a run of sentences; each must follow on the one before it."""
    expected = {FIRST: 1, SECOND: 1, ARTICLE: 1}
    for match in _INLINE.finditer(text):
        rank = {"第": ARTICLE, "（": SECOND}.get(match[0][0], FIRST)
        number = _number(match[0].strip("第条（）、"))
        if number != expected[rank]:
            continue
        expected[rank] = number + 1
        if rank == FIRST:
            expected[SECOND] = 1
        yield Heading(match.start(), rank, match[0], _words(text[match.start() :][:80]))


def _words(line: str) -> str:
    """The words of a heading line, cut at the first full stop."""
    head = re.split(r"[。\n]", line.strip(" \u3000\t\r*#"), maxsplit=1)[0]
    return re.split(r"\s", head)[0] if len(head) > _TITLE_CHARS else head


def _tight(label: str) -> str:
    return re.sub(r"\s", "", label)


_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def _number(text: str) -> int:
    """The value of 十二, 一百零三 or 12; 0 where it is none."""
    text = text.split("条", maxsplit=1)[0].strip()
    if text.isdecimal():
        return int(text)
    total = digit = 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit
