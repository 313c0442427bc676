"""Signs, punctuation and the marks of lists."""

import re

from assistant.voice.reading.numbers import cardinal
from assistant.voice.reading.pieces import Kind, Part, Rule, rule

STOPS = "。！？；"
PAUSES = "，：、"
PUNCTUATION = frozenset(STOPS + PAUSES)
"""All marks that a spoken text may hold."""
_HAN = r"\u3400-\u9fff〇"
_SIGNS = {
    "≥": "大于等于",
    "≧": "大于等于",
    "⩾": "大于等于",
    "≤": "小于等于",
    "≦": "小于等于",
    "⩽": "小于等于",
    "≈": "约等于",
    "≠": "不等于",
    "±": "正负",
    "÷": "除以",
    "×": "乘",
    "=": "等于",
    "&": "和",
    "√": "对勾",
}
_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
}
_ASCII = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_AT_START = r"(?:(?<![^\n。;!?,、 “‘\[《])|(?<=[^\d]:))"
_CHINESE = "一二三四五六七八九十"


def _item(found: re.Match[str]) -> str:
    """The number between two pauses; the first is dropped where nothing is before it."""
    return f"，{cardinal(found[1]) if found[1].isdigit() else found[1]}，"


def _circled(found: re.Match[str]) -> str:
    code = ord(found.group())
    starts = {0x2460: 20, 0x2474: 20, 0x2488: 20, 0x3220: 10, 0x3280: 10, 0x2776: 10, 0x24F5: 10}
    number = next(code - start + 1 for start, count in starts.items() if 0 <= code - start < count)
    return f"，{cardinal(str(number))}，"


def _roman(found: re.Match[str]) -> str:
    code = ord(found.group())
    return cardinal(str((code - 0x2160) % 16 + 1))


def _inside(found: re.Match[str]) -> tuple[Part, ...]:
    return ((1, ""), *((1, char) for char in found[1]), (1, ""))


LISTS: tuple[Rule, ...] = (
    rule("[①-⑳⑴-⒇⒈-⒛㈠-㈩㊀-㊉❶-❿⓵-⓾]", _circled, Kind.PAUSE),
    rule("[Ⅰ-Ⅻⅰ-ⅻ]", _roman),
    rule(
        r"(?<![A-Za-z])(?:III|II|IV|VIII|VII|VI|IX|I)(?=[类级型期度])",
        lambda found: cardinal(str(_ROMAN[found[0]])),
    ),
    rule(rf"{_AT_START}\(?(\d{{1,2}})\)(?!\d)", _item, Kind.PAUSE),
    rule(rf"{_AT_START}(\d{{1,2}})(?:、(?!\d)|\.(?!\d))", _item, Kind.PAUSE),
    rule(rf"(?<=[{_HAN})])(\d{{1,2}})\.(?=[{_HAN}“《(])", _item, Kind.PAUSE),
    rule(rf"{_AT_START}\(([{_CHINESE}]{{1,3}})\)", _item, Kind.PAUSE),
    rule(rf"\((?:图|表)?(\d{{1,2}}|[{_CHINESE}]{{1,3}})\)", _item, Kind.PAUSE),
)
RULES: tuple[Rule, ...] = (
    rule(r"(?<=\d)\((工作日|自然日|个|份|元|天|日|次|人)\)", _inside),
    rule(rf"(?<=[{_HAN}])\(([{_HAN}])\)(?=[{_HAN}])", _inside, Kind.WORD),
    rule(
        r"(?<=[县市区])\([县市区旗州](?:、[县市区旗州])*\)",
        lambda found: ((1, "、"), *((1, char) for char in found[0][1:-1]), (1, "")),
        Kind.WORD,
    ),
    rule(r"\)(?=[的等后前])", "", Kind.WORD),
    rule(r"[xX×]{2,}", "某", Kind.WORD),
    rule(r"(?<![A-Za-z])[xX×](?=[年月日号时分])", "某", Kind.WORD),
    rule(r">(?==?\s?\d)", "大于"),
    rule(r"<(?==?\s?\d)", "小于"),
    rule("[" + "".join(_SIGNS) + "]", lambda found: _SIGNS[found[0]]),
    rule(rf"(?<=[\w”\"])\+(?=[\w“\"])|(?<=[{_HAN}])\+", "加"),
    rule(r"(?<=[和及与])/(?=或)", "", Kind.WORD),
    rule(r"(?<=[\w)])/(?=[\w(])", "或", Kind.WORD),
    rule(rf"(?<=[{_HAN}])\.(?=\s|$|[{_HAN}])", "。", Kind.PAUSE),
    rule(r"-{2,}|\.{3,}|…+|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])", "，", Kind.PAUSE),
    rule(
        rf"(?<=[{_HAN}][{_HAN}]) +(?=[{_HAN}][{_HAN}])|(?<=[A-Za-z]) +(?=[A-Za-z])",
        "，",
        Kind.PAUSE,
    ),
    rule(r"[()|→]", "，", Kind.PAUSE),
)


def mark(char: str) -> str:
    """How a single character of the folded text that no rule claims is said; "" is silence."""
    if char in PUNCTUATION:
        return char
    return _ASCII.get(char, "")
