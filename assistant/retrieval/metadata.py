"""What a Chinese official text says about itself: 文号, issuer, dates, status, title.

The marks are those of GB/T 9704-2012 (§7.2.5 发文字号, §7.3.5 signature and 成文日期) and of the
metadata tables of government sites. What is not stated plainly is left out, never guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import dropwhile, pairwise, takewhile
from typing import Any

from assistant.domain.source import Status
from assistant.retrieval.chinese_dates import DATE, first_date, parse_date


@dataclass(frozen=True, slots=True)
class Metadata:
    """Keys of FORMATS §1 that were recognised; None = not found."""

    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    published_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    status: Status | None = None


_YEAR = r"[〔\[【(（﹝［]\s*((?:19|20)[0-9]{2})\s*[〕\]】)）﹞］]"
NUMBER = re.compile(rf"([\u4e00-\u9fff]{{1,16}}){_YEAR}\s*第?\s*([0-9]{{1,5}})\s*号")
_ORDER = re.compile(
    r"((?:[\u4e00-\u9fff]{2,20}?)(?:令|公告))\s*(?:[〔（(]?((?:19|20)[0-9]{2})[〕）)]?\s*年?\s*)?第\s*([0-9一二三四五六七八九十百〇零]+)\s*号"
)
_ORGAN = re.compile(
    r"[\u4e00-\u9fff·（）]{0,24}(?:国务院|全国人民代表大会|人民政府|政府|办公厅|办公室|委员会|常务委员会"
    r"|部|委|局|厅|署|院|会|行|中心|总社|总队|支队|管委会)"
)
_FORCE = re.compile(rf"自\s*({DATE.pattern})\s*(?:起|开始)\s*(?:正式)?(?:施行|实施|执行|生效|试行)")
_AT_ONCE = re.compile(
    r"自\s*(?:公布|发布|印发|颁布|下发)之日起\s*(?:正式)?(?:施行|实施|执行|生效|试行)"
)
_UNTIL = re.compile(
    rf"(?:有效期(?:限)?[^。；\n]{{0,12}}?至|(?:施行|实施|执行|试行|有效)[^。；\n]{{0,6}}?至)\s*({DATE.pattern})"
)
_FOR_YEARS = re.compile(r"有效期(?:限)?(?:为)?\s*([0-9]+|[一二两三四五六七八九十]+)\s*年")
_YEARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "十": 10}
_STATUSES: tuple[tuple[str, Status], ...] = (
    (r"部分(?:失效|废止|有效)", Status.PARTLY_REPEALED),
    (r"失效|废止|无效|停止执行", Status.REPEALED),
    (r"征求意见|草案|送审", Status.DRAFT),
    (r"已?(?:被)?(?:修订|修改|修正)", Status.AMENDED),
    (r"有效|施行中", Status.IN_FORCE),
)
_DRAFT_TITLE = re.compile(r"征求意见稿|公开征求.{0,30}意见|[（(](?:草案|送审稿|讨论稿)|草案[）)]?$")
_REPEALED_TITLE = re.compile(r"[（(【\[［〔](?:已|现已|全文)?(?:失效|废止)[）)】\]］〕]")
_BANNER = re.compile(
    r"^\s*[【（(\[]?(?:提示[:：])?(?:本|该)?(?:文件|文|规范性文件)?(?:已|现已|全文)(?:全文)?(?:失效|废止)",
    re.MULTILINE,
)
_KIND = re.compile(
    r"(?:通知|办法|规定|条例|意见|决定|公告|方案|细则|批复|复函|函|通告|规则|标准|指南|须知|命令|令|法|纲要"
    r"|规划|计划|制度|规范|规程|措施|解读|问答|答复|说明|解释|公示|章程|目录|清单|决议|报告|通报|议案|纪要|指引)"
    r"(?:[（(][^（）()]{1,20}[）)])*$"
)
_LABELS: Mapping[str, tuple[str, ...]] = {
    "title": ("标题", "名称", "文件名称", "信息名称"),
    "document_number": ("发文字号", "文号", "文件编号", "发文文号"),
    "issuer": ("发文机关", "发布机构", "制定机关", "发文单位", "发布单位", "公开主体", "制发机关"),
    "published_on": (
        "成文日期",
        "印发日期",
        "签发日期",
        "公布日期",
        "发布日期",
        "发文日期",
        "生成日期",
    ),
    "effective_from": ("施行日期", "实施日期", "生效日期", "执行日期"),
    "effective_to": ("失效日期", "废止日期", "有效期至", "有效期"),
    "status": ("有效性", "效力", "效力状态", "时效性", "文件状态", "有效状态", "是否有效"),
}
LABEL_KEYS: Mapping[str, str] = {word: key for key, words in _LABELS.items() for word in words}
_WORDS = "|".join(sorted(LABEL_KEYS, key=len, reverse=True))
_LABELLED = re.compile(
    rf"(?:^|[\s|｜【\[])({_WORDS})[】\]]?\s*[:：|｜\t]\s*[|｜]?\s*"
    r"([^\s|｜:：][^\n\t|｜]{0,80})",
    re.MULTILINE,
)
_PREFACE = re.compile(r"^.{0,16}(?:规章|文件)$|令$|第\s*\S{1,8}\s*号$|[:：]|^索引号")
_ISSUED = re.compile(r"发布|公布|通过|印发|颁布|修订|修正|第\s*\S{1,6}\s*号")
_ITSELF = re.compile(
    r"本(?!市|省|县|区|地|级|人|单位|年|月|行政)|现予|现[将]?.{0,20}(?:印发|公布|发布)|^\s*[（(]|^\s*$"
)
_HEAD_LINES, _TAIL_LINES = 15, 12


def recognise(text: str, *, title: str | None = None, labels: str = "") -> Metadata:
    """What a document states about itself.

    `labels` is text that holds only labels and values (a page's metadata table); it wins.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    head = _head(lines, text)
    stated = _stated(f"{labels}\n" + "\n".join(line for line in head if len(line) < 100))
    title = stated.title or title or guess_title(lines)
    signed = signature(lines)
    number = stated.document_number or _number(head)
    published = stated.published_on or signed.published_on or _issued(head)
    since = stated.effective_from or _effective_from(text, published)
    return Metadata(
        title=title,
        document_number=number,
        issuer=stated.issuer or signed.issuer or _issuer(title, number),
        published_on=published,
        effective_from=since,
        effective_to=stated.effective_to or _effective_to(text, since or published),
        status=_status(title or "", head, stated.status),
    )


def guess_title(lines: Iterable[str]) -> str | None:
    """The title at the beginning of a text, joined where it runs over several lines."""
    head = [re.sub(r"^[#\s]+", "", line) for line in list(lines)[:10]]
    block = list(takewhile(_may_be_title, dropwhile(_PREFACE.search, head)))
    joined = [re.sub(r"\s+", "", "".join(block[:count])) for count in range(len(block), 0, -1)]
    return next((title for title in joined if len(title) <= 120 and _KIND.search(title)), None)


def _may_be_title(line: str) -> bool:
    """A title's line is no sentence, no date, no 文号, no address (各省…：)."""
    number = NUMBER.search(line.translate(_FULL_WIDTH))
    return not (
        number or parse_date(line) or re.search(r"^[（(]|[。；：:;]$", line) or len(line) > 80
    )


def signature(lines: list[str]) -> Metadata:
    """Issuer and 成文日期 of the first signature: an organ's line above a date's line."""
    for above, line in pairwise(lines):
        organ = re.sub(r"\s", "", above)
        if len(line) < 30 and _ORGAN.fullmatch(organ) and (day := parse_date(line)):
            return Metadata(issuer=organ, published_on=day)
    days = (parse_date(line) for line in lines[: -_TAIL_LINES - 1 : -1] if len(line) < 30)
    return Metadata(published_on=next((day for day in days if day), None))


def is_organ(line: str) -> bool:
    """Whether a line is nothing but the name of an organ: 示例县 人民政府."""
    return len(line) <= 40 and bool(_ORGAN.fullmatch(re.sub(r"\s", "", line)))


def normal_number(text: str) -> str | None:
    """A 文号 in its standard form: `国发〔2016〕55号`, full-width digits and brackets folded."""
    folded = text.translate(_FULL_WIDTH)
    if match := NUMBER.search(folded):
        return f"{match[1]}〔{match[2]}〕{int(match[3])}号"
    if match := _ORDER.search(folded):
        year = f"{match[2]}年" if match[2] else ""
        return f"{_organ_of(match[1])}{year}第{match[3]}号"
    return None


_FULL_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)}


def _organ_of(words: str) -> str:
    """`经国务院批准公安部令` and `日公安部令` hold more than the organ."""
    return re.split(r"[日由经以]", words)[-1]


def _head(lines: list[str], text: str) -> list[str]:
    if len(lines) < 3:
        return [text[:600]]
    return lines[:_HEAD_LINES]


def _number(head: list[str]) -> str | None:
    """The first 文号 that is not a reference: alone in its line, or in brackets below the title."""
    for line in head[:_HEAD_LINES]:
        folded = line.translate(_FULL_WIDTH).strip("*（）() \u3000")
        if len(line) > 80 or "根据" in line or "《" in line:
            continue
        if NUMBER.fullmatch(re.sub(r"\s", "", folded)) or _ORDER.search(folded):
            return normal_number(re.sub(r"\s", "", folded))
    return None


def _stated(labels: str) -> Metadata:
    found = Metadata()
    for match in _LABELLED.finditer(labels):
        key, value = LABEL_KEYS[match[1]], match[2].strip()
        if value and getattr(found, key) is None:
            found = replace(found, **{key: _typed(key, value)})
    return found


def _typed(key: str, value: str) -> Any:
    if key == "document_number":
        return normal_number(value)
    if key == "status":
        return status_of(value)
    return re.split(r"\s{2}", value)[0] if key in {"issuer", "title"} else first_date(value)


def status_of(words: str) -> Status | None:
    """The status that a label's value names (全文有效, 已废止, 部分失效 …)."""
    return next((status for pattern, status in _STATUSES if re.search(pattern, words)), None)


def _issued(head: list[str]) -> date | None:
    """The last of the days below the title (`（2005年6月7日公安部令第78号发布）`, `…修订`)."""
    lines = (line for line in head if len(line) < 120 and _ISSUED.search(line))
    return max((day for line in lines if (day := first_date(line))), default=None)


def _effective_from(text: str, published: date | None) -> date | None:
    """The day that the document states for itself; the last, as 附则 comes at the end."""
    days = [parse_date(match[1]) for match in _own(_FORCE, text)]
    stated = [day for day in days if day]
    if stated:
        return stated[-1]
    return published if any(_own(_AT_ONCE, text)) else None


def _effective_to(text: str, since: date | None) -> date | None:
    for match in _own(_UNTIL, text):
        return parse_date(match[1])
    for match in _own(_FOR_YEARS, text):
        years = int(match[1]) if match[1].isdecimal() else _YEARS.get(match[1], 0)
        return _years_later(since, years) if since and 0 < years < 100 else None
    return None


def _own(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches in sentences about the document itself: 本办法…, 现予公布…, or a line in brackets."""
    for match in pattern.finditer(text):
        begin = max(text.rfind(stop, 0, match.start()) for stop in "。\n；")
        if _ITSELF.search(text[begin + 1 : match.start()]):
            yield match


def _years_later(day: date, years: int) -> date:
    """The last day of a term: 2020-05-01 and five years give 2025-04-30."""
    begins_29_february = (day.month, day.day) == (2, 29)
    anniversary = day.replace(year=day.year + years, day=28 if begins_29_february else day.day)
    return anniversary - timedelta(days=0 if begins_29_february else 1)


def _status(title: str, head: list[str], stated: Status | None) -> Status | None:
    if _DRAFT_TITLE.search(title):
        return Status.DRAFT
    if _REPEALED_TITLE.search(title) or _BANNER.search("\n".join(head)):
        return Status.REPEALED
    return stated


def _issuer(title: str | None, number: str | None) -> str | None:
    """The organ that a title names before 关于, or that an order is of."""
    if title and (match := re.match(rf"({_ORGAN.pattern})关于", title)):
        return match[1]
    order = re.match(r"(?:中华人民共和国)?(.{2,12})令", number or "")
    return order[1] if order and "〔" not in (number or "") else None
