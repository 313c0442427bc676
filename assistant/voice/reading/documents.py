"""文号, standards, clauses, and the numbers that are names: codes, rooms, windows, plates."""

import re

from assistant.voice.reading.numbers import by_digit, cardinal, dialled
from assistant.voice.reading.pieces import Part, Rule, rule

_YEAR = r"(?:19|20)\d{2}"
_CHINESE = "一二三四五六七八九十百零〇"
_CODED = (
    r"(?:编号|编码|代码|证号|账号|帐号|索引号|档案号|流水号|批号|号码|验证码|取件码|密码|工号|单号|卡号|邮编|"
    r"邮政编码|区划|学号|受理号|业务号|条码|备案号|批准文号|税号|注册号|许可证号)"
)
_PLATE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def _document(found: re.Match[str]) -> str:
    return f"{by_digit(found[1])}年{found[2]}{cardinal(found[3])}号"


def _case(found: re.Match[str]) -> str:
    year, court, court_number, kind, number = found.groups()
    return f"{by_digit(year)}年{court}{by_digit(court_number)}{kind}{cardinal(number)}号"


def _standard(found: re.Match[str]) -> str:
    letters = re.sub(r"[^A-Z]", "", found["prefix"])
    local = by_digit(re.sub(r"\D", "", found["prefix"]))
    issued = found["issued"]
    number = "点".join(map(by_digit, found["number"].split(".")))
    return letters[:2] + local + letters[2:] + number + (f"杠{by_digit(issued)}" if issued else "")


def _code_char(char: str) -> str:
    return "杠" if char == "-" else by_digit(char).upper() if char.isalnum() else ""


def _plate(found: re.Match[str]) -> tuple[Part, ...]:
    dot = "，" if found[2] else ""
    rest = tuple((1, dialled(char * 2)[0] if char.isdigit() else char) for char in found[3])
    middle: tuple[Part, ...] = ((1, dot),) if found[2] else ()
    return ((1, found[1][0]), (1, found[1][1]), *middle, *rest)


def _numbered(found: re.Match[str]) -> str:
    """The number of a letter: A4 → 四, A12 → 十二, A01007 → 零一零零七."""
    digits = found[1]
    return cardinal(digits) if len(digits) < 3 and digits[0] != "0" else by_digit(digits)


def _bracketed(found: re.Match[str]) -> str:
    return cardinal(found[1]) if found[1].isdigit() else found[1]


RULES: tuple[Rule, ...] = (
    rule(
        rf"\(({_YEAR})\)([{_PLATE}]|最高法)(\d{{0,4}})([刑民行执商知赔破清][\u4e00-\u9fff]{{0,3}})(\d+)号",
        _case,
    ),
    rule(rf"[\[(]({_YEAR})[\])](第?)(\d{{1,5}})号", _document),
    rule(
        r"(?<![A-Za-z])(?P<prefix>[A-Z]{2,4}(?:\d{2})?(?:/[TZ])?)\s?(?P<number>\d{3,6}(?:\.\d+)*)"
        r"[-:](?P<issued>\d{4}|\d{2})(?!\d)",
        _standard,
    ),
    rule(
        r"(?<![A-Za-z])(?P<prefix>(?:GB|DB\d{0,2}|ISO|IEC|HJ|WS|JGJ|CJJ|YY|QB|SB|NY|LB|MZ|GA)(?:/[TZ])?)"
        r"\s?(?P<number>\d{2,6}(?:\.\d+)*)(?P<issued>)(?![\d-])",
        _standard,
    ),
    rule(rf"(?<=第)\(([{_CHINESE}]+|\d+)\)(?=[条款项目])", _bracketed),
    rule(rf"(?<=[条款项])\(([{_CHINESE}]+|\d+)\)", _bracketed),
    rule(
        rf"(?<![{_PLATE}])([{_PLATE}][A-Z])([·.]?)((?=[A-Z]*\d)[A-Z0-9]{{5,6}})(?![A-Z0-9])", _plate
    ),
)
CODED = re.compile(rf"{_CODED}(?:为|是|:)?\s?(?P<code>[0-9A-Z][0-9A-Z-]*)(?!\.\d)")
"""A code and the word that says that it is one; only the code is claimed."""

ROOMS: tuple[Rule, ...] = (
    rule(
        r"(?<![\d.])\d{3,4}(?=[室房]|号房|号室)|(?:(?<=单元)|(?<=[楼层栋幢座]))\d{3,4}(?=[-~、/,。;\s)]|$)"
        r"|(?<=[A-Z])\d{3,4}(?=[室房])|(?<![\d.])\d{3,4}(?=[-~、]\d{3,4}[室房])",
        lambda found: dialled(found[0]),
    ),
    rule(r"(?<=[Vv])\d+(?:\.\d+)+", lambda found: "点".join(map(cardinal, found[0].split(".")))),
    rule(
        r"(?<![\d.])\d+(?:\.\d+){2,}", lambda found: "点".join(map(by_digit, found[0].split(".")))
    ),
    rule(r"(?:No|NO|№)\.?\s?(\d+)号?", lambda found: cardinal(found[1]) + "号"),
    rule(r"(?<![\d.])(\d+)#", lambda found: cardinal(found[1]) + "号"),
    rule(r"(?<=[A-Za-z])-?(\d+)(?![\d.]\d|\d)", _numbered),
    rule(
        r"(?<![\d.])(?:\d+(?:-\d+){2,}|\d{3,}-0\d{2,})(?![\d.])",
        lambda found: "杠".join(map(by_digit, found[0].split("-"))),
    ),
)


def codes(text: str) -> list[tuple[int, tuple[Part, ...]]]:
    """Where codes begin that a word before them names, and how they are said."""
    return [
        (found.start("code"), tuple((1, _code_char(char)) for char in found["code"]))
        for found in CODED.finditer(text)
    ]
