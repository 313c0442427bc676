"""Figures of a text: every number, date, time, amount, phone, link, 文号 and code, in one notation.

Two spellings of one figure are equal (２０ = 20 = 二十, 2025-04-01 = 2025年4月1日); a changed
digit, unit or scale is another figure. Digits are read whole, so 1 is never found in 11.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class FigureKind(StrEnum):
    """What a figure is."""

    LINK = "link"
    DOCUMENT = "document"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    CODE = "code"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is the canonical form that is compared, `written` the words it was read from.

    `start` and `end` are its place in the folded text (`fold`).
    """

    kind: FigureKind
    value: str
    written: str
    start: int
    end: int


_HAN = "〇零一二三四五六七八九十百千两"
_UNIT = (
    r"个?工作日|个?自然日|个?小时|个?月|个?季度|个?学期|分钟|周年|周岁|年度|万元|亿元|千元|百元|元|角|"
    r"[万亿]?(?:平方米|公里|千米|厘米|毫米|米|亩|公顷|吨|公斤|千克|克|毫升|升)|"
    r"[万亿]?(?:个百分点|%|‰|倍|折|成|年|月|日|天|周|岁|时|分|秒|度|人次|人|户|家|名|位|所|份|张|件|套|本|页|"
    r"项|条|款|种|类|次|批|期|号|级|层|楼|室|台|辆|床|只|支|副|双|盒|瓶|箱|处|点|步|门|元|个)|[万亿千百]"
)
_NUMBER = rf"(?:\d+(?:,\d{{3}})+|\d+)(?:\.\d+)?|[{_HAN}]+(?:点[{_HAN}]+)?"
_DAY = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_YEAR = r"\d{4}|[〇零一二三四五六七八九]{4}"
_PATTERN = re.compile(
    rf"(?P<link>(?:https?://|www\.)[a-z0-9._~:/?#@!$&*+,;=%-]+|[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    rf"|(?<![a-z0-9.@-])(?:[a-z0-9-]+\.)+(?:gov\.cn|com\.cn|org\.cn|cn|com|net|org)(?:/[a-z0-9._~:/?#@!$&*+,;=%-]*)?)"
    rf"|(?P<document>[一-鿿]{{0,12}}[〔\[(]\d{{4}}[〕\])]\s*(?:第)?\d+\s*号)"
    rf"|(?P<date>(?:{_YEAR})\s*[-./]\s*\d{{1,2}}\s*[-./]\s*\d{{1,2}}(?![\d])"
    rf"|(?:{_YEAR})\s*年\s*(?:(?:{_DAY})\s*月\s*(?:(?:{_DAY})\s*[日号])?)?(?!度)"
    rf"|(?<![\d])(?:{_DAY})\s*月\s*(?:{_DAY})\s*[日号])"
    rf"|(?P<time>(?<!\d)\d{{1,2}}[:：]\d{{2}}(?!\d))"
    rf"|(?P<phone>(?<![\d.])(?:\(?0\d{{2,3}}\)?[-\s]?\d{{7,8}}(?:-\d{{1,5}})?|[48]00-?\d{{3}}-?\d{{4}}"
    rf"|0\d{{2,3}}-\d{{5}}|\d{{7,13}}|1[0-9]{{4}}|1[012]\d)(?![\d.]|{_UNIT}))"
    rf"|(?P<code>(?<![a-z])[a-z]+-?\d[a-z0-9.-]*|\d+[a-z][a-z0-9]*)"
    rf"|(?P<number>百分之(?:{_NUMBER})|千分之(?:{_NUMBER})|(?:第)?(?:{_NUMBER})\s*(?:{_UNIT})?)"
)
_PLAIN_ONE = re.compile(r"^[一两](?:个|次|种|类|位|名|处|点|度|时|家|件|步|条|项|分|级|层)?$")
"""一个, 一次 and the like carry no fact by themselves (一次性, 一些, 统一)."""


def fold(text: str) -> str:
    """NFKC, lower case, one kind of dash; commas of thousands stay."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[—–－‐−﹣]", "-", folded)


def figures(text: str) -> list[Figure]:
    """All figures of a text, in order."""
    return list(_figures(fold(text)))


def _figures(folded: str) -> Iterator[Figure]:
    for match in _PATTERN.finditer(folded):
        kind = FigureKind(match.lastgroup or "number")
        written = match[0].strip()
        value = _CANONICAL[kind](written)
        if value:
            yield Figure(kind, value, written, match.start(), match.end())


def _link(written: str) -> str:
    return re.sub(r"^https?://", "", written).rstrip("/.,;:")


def _document(written: str) -> str:
    return re.sub(r"[\s第]", "", written.translate(str.maketrans("[]()", "〔〕〔〕")))


def _date(written: str) -> str:
    """`2025-4-1`; a missing part stays empty: `-4-1`, `2025-4-`."""
    iso = re.fullmatch(r"(\S{4}?)\s*[-./]\s*(\d+)\s*[-./]\s*(\d+)", written)
    if iso:
        return f"{int(arabic(iso[1]))}-{int(iso[2])}-{int(iso[3])}"
    parts = (_before(written, mark) for mark in ("年", "月", "[日号]"))
    return "-".join(parts)


def _before(written: str, mark: str) -> str:
    found = re.search(rf"([\d{_HAN}]+)\s*{mark}", written)
    return str(int(arabic(found[1]))) if found else ""


def _phone(written: str) -> str:
    return re.sub(r"[()\s]", "", written)


def _number(written: str) -> str:
    """Value and unit: `20工作日`, `30%`, `1.4万件`, `第12条`; empty where nothing is stated."""
    if _PLAIN_ONE.match(written):
        return ""
    part = re.fullmatch(rf"(百分之|千分之)({_NUMBER})", written)
    if part:
        return arabic(part[2]) + ("%" if part[1] == "百分之" else "‰")
    found = re.fullmatch(rf"(第?)({_NUMBER})\s*(.*)", written)
    if not found or _idle(found[2], found[3], ordinal=bool(found[1])):
        return ""
    unit = found[3] if found[3] == "个月" else found[3].removeprefix("个") or found[3]
    return found[1] + arabic(found[2]) + _UNITS.get(unit, unit)


_UNITS = {"自然日": "天", "日": "天", "周岁": "岁", "年度": "年"}


def _idle(number: str, unit: str, *, ordinal: bool) -> bool:
    """Chinese numerals that are part of a word: 一般, 三农, 十分, 千方百计."""
    if number[0].isdigit() or ordinal:
        return False
    return not unit or (unit in "分点成" and len(number) == 1) or unit in ("千", "百")


def arabic(number: str) -> str:
    """Chinese or Arabic numerals as plain Arabic: 二十 → 20, 一千二百 → 1200, 二〇一六 → 2016."""
    number = number.replace(",", "")
    whole, _, rest = number.partition("点")
    if number[0].isdigit():
        return number
    value = _counted(whole) if re.search("[十百千]", whole) else _spelled(whole)
    return f"{value}.{_spelled(rest)}" if rest else value


_DIGIT = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "两": "2",
}


def _spelled(number: str) -> str:
    return "".join(_DIGIT.get(char, "") for char in number)


def _counted(number: str) -> str:
    total, digit = 0, 0
    for char in number:
        if char in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        else:
            digit = int(_DIGIT.get(char, "0"))
    return str(total + digit)


_CANONICAL = {
    FigureKind.LINK: _link,
    FigureKind.DOCUMENT: _document,
    FigureKind.DATE: _date,
    FigureKind.TIME: lambda written: written.replace("：", ":").lstrip("0"),
    FigureKind.PHONE: _phone,
    FigureKind.CODE: lambda written: written,
    FigureKind.NUMBER: _number,
}
