"""The figures of a Chinese text: numbers with units, dates, phone numbers, links and 文号.

Written apart from `answering.verify` and with other patterns, so that one can catch the other.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}

_UNITS = (
    ("workday", r"个?工作日|个?法定工作日"),
    ("month", r"个自然月|个月"),
    ("hour", r"个?小时"),
    ("minute", r"分钟"),
    ("day", r"个?自然日|日内|日|天"),
    ("year", r"周年|年|周岁|岁"),
    ("yuan", r"元人民币|块钱|元"),
    ("percent", r"%|％|个百分点"),
    ("time", r"次(?!性)|趟"),
    ("copy", r"份|张|页|套"),
)
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS)
_NUMERAL = "[零〇一二三四五六七八九十百千万亿两]"
_CHINESE_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS if name != "percent")


_RUN = re.compile(r"\s*\n\s*|[^\S\n]+")
_SPACE = re.compile(
    r"(?<![!-~])\s|\s(?![!-~])"
    r"|(?<![0-9A-Za-z])(?<!\d[.,]) | (?![0-9A-Za-z]|(?<=\d )[.,]\d)|(?<=\d[.,]) (?!\d)"
)
"""White space that separates nothing: typists put it between a number and its unit.

It does separate `40. 1`: whoever voices 40.1 says a number that nobody wrote.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `value` is normalised so that equal figures compare equal.

    `kind` is `link`, `number`, `date`, `clock`, `phone`, `document_number`, `article` or the unit
    of a quantity (`workday`, `yuan` …).
    """

    kind: str
    value: str


def figures(text: str) -> dict[Figure, str]:
    """Each figure of a text, with how it was written; what one pattern took no later one sees."""
    rest = _RUN.sub(
        lambda run: "\n" if "\n" in run[0] else " ", unicodedata.normalize("NFKC", text)
    )
    rest = _SPACE.sub("", rest)
    found: dict[Figure, str] = {}
    for pattern, reader in _PATTERNS:
        for match in pattern.finditer(rest):
            for figure in reader(match):
                found.setdefault(figure, match[0])
        rest = pattern.sub(lambda match: "\x00" * len(match[0]), rest)
    return found


def _link(match: re.Match[str]) -> Iterator[Figure]:
    yield Figure("link", match[0].rstrip(".,;:!?").rstrip("/").lower())


def _document_number(match: re.Match[str]) -> Iterator[Figure]:
    yield Figure("document_number", f"{match['issuer']}[{match['year']}]{int(match['number'])}")


def _date(match: re.Match[str]) -> Iterator[Figure]:
    parts = [int(part) for part in match.groups() if part]
    yield Figure("date", "-".join(str(part) for part in parts))


def _clock(match: re.Match[str]) -> Iterator[Figure]:
    yield Figure("clock", f"{int(match['h'])}:{match['m']}")


def _article(match: re.Match[str]) -> Iterator[Figure]:
    number = match["number"]
    value = Decimal(number) if number.isdecimal() else chinese_number(number)
    if value is not None:
        yield Figure("article", _plain(value))


def _phone(match: re.Match[str]) -> Iterator[Figure]:
    yield Figure("phone", re.sub(r"\D", "", match[0]))


def _quantity(match: re.Match[str]) -> Iterator[Figure]:
    unit = next((name for name, _ in _UNITS if name in match.re.groupindex and match[name]), None)
    value = Decimal(match["value"].replace(",", ""))
    if match["scale"]:
        value *= _SCALES[match["scale"]]
    yield Figure(unit or "number", _plain(value))


def _chinese_quantity(match: re.Match[str]) -> Iterator[Figure]:
    value = chinese_number(match["value"])
    unit = next((name for name in match.re.groupindex if name != "value" and match[name]), None)
    if value is not None and unit:
        yield Figure(unit, _plain(value))


def _percent(match: re.Match[str]) -> Iterator[Figure]:
    value = chinese_number(match["value"])
    if value is not None:
        yield Figure("percent", _plain(value))


def chinese_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral (`三十五` = 35, `二零一六` = 2016); None if it is none."""
    if not set(text) & (set(_TENS) | set(_SCALES)):
        digits = [str(_DIGITS[char]) for char in text if char in _DIGITS]
        return Decimal("".join(digits)) if len(digits) == len(text) and digits else None
    total, section, digit = Decimal(0), Decimal(0), 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        elif char in _SCALES:
            total = (total + section + digit) * _SCALES[char]
            section, digit = Decimal(0), 0
        else:
            return None
    return total + section + digit


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


Reader = Callable[[re.Match[str]], Iterator[Figure]]

_PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"(?:https?://|www\.)[^\s()<>\"'\u0080-\uffff]+"), _link),
    (
        re.compile(
            r"(?P<issuer>[\u4e00-\u9fff]{0,12})[〔\[(](?P<year>(?:19|20)\d{2})[〕\])]"
            r"(?:第)?(?P<number>\d{1,5})号"
        ),
        _document_number,
    ),
    (re.compile(rf"第(?P<number>\d+|{_NUMERAL}+)条"), _article),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})年(\d{1,2})月(?:(\d{1,2})日)?"), _date),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _date),
    (re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日"), _date),
    (re.compile(r"(?<!\d)(?P<h>[0-2]?\d):(?P<m>[0-5]\d)(?!\d)"), _clock),
    (
        re.compile(
            r"(?<!\d)(?:\(?0\d{2,3}\)?[-—–\u2212 ]{0,3}\d{7,8}|400[- ]?\d{3,4}[- ]?\d{3,4}"
            r"|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|[2-8]\d{6,7})(?!\d)"
        ),
        _phone,
    ),
    (
        re.compile(
            r"(?<![\d.])(?P<value>\d+(?:,\d{3}(?!\d))*(?:\.\d+)?)(?P<scale>[万亿])?"
            rf"(?:\s?\(?(?:{_UNIT}))?",
        ),
        _quantity,
    ),
    (re.compile(rf"百分之(?P<value>{_NUMERAL}+)"), _percent),
    (
        re.compile(rf"(?P<value>{_NUMERAL}+)(?:{_CHINESE_UNIT})"),
        _chinese_quantity,
    ),
)
