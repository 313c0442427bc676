"""Phone numbers: digit by digit in groups, and twice, for a listener cannot look back.

Short service numbers (12345, 12366) are names and are said once, as DOMAIN §6 writes them.
"""

import re

from assistant.voice.reading.numbers import by_digit, dialled
from assistant.voice.reading.pieces import Kind, Part, Rule, rule

MEASURES = (
    "个份人名位家户处起例项条款张本套件页种组批辆台间笔箱瓶盒支只头亩斤吨米秒天年周次遍回趟场门倍成元块"
    "角类岁万亿千百字句段国省市县区局部院校村栋幢座把枚幅棵样步级层科面轮针股票匹堂节点时月日号度折平立公"
    "余多几"
)
"""What counts something: a number before one is a quantity."""
_EXTENSION = r"(?P<more>(?:\s?(?:转|分机号?|-)\s?\d{1,5}(?!\d))*)"
_NO_UNIT = rf"(?![\dA-Za-z]|\.\d|,\d{{3}}(?!\d)|\s?[{MEASURES}%‰])"
_START = r"(?<![\d.\-A-Za-z¥$])"


def _said(found: re.Match[str]) -> tuple[Part, ...]:
    number = found.group()[: found.start("more") - found.start()]
    runs = re.findall(r"\d+", _joined(number))
    once = _parts(found.group(), [dialled(group) for run in runs for group in _groups(run)])
    return (*once, (0, "；" + "".join(said for _, said in once)))


def _service(found: re.Match[str]) -> tuple[Part, ...]:
    once = _parts(found.group(), [by_digit(found["service"])])
    if found.group() == found["service"]:
        return once
    return (*once, (0, "；" + "".join(said for _, said in once)))


def _emergency(found: re.Match[str]) -> tuple[Part, ...]:
    """110、119或120, each digit as it is dialled."""
    marks = {":": "：", "/": "、", ",": "、", " ": ""}
    return tuple(
        (1, dialled(char * 2)[0] if char.isdigit() else marks.get(char, char))
        for char in found.group()
    )


def _joined(text: str) -> str:
    """With the halves of a local number together (8888 1234), so that the area stands apart."""
    return re.sub(r"(?<=[ -]\d{4})[ -](?=\d{4}$)", "", text)


def _groups(run: str) -> list[str]:
    """Where one draws breath in a run of digits."""
    sizes = {11: (3, 4, 4), 10: (3, 3, 4), 8: (4, 4), 7: (3, 4), 6: (3, 3), 9: (3, 3, 3)}
    if run[0] == "0" and len(run) in {11, 12}:
        area = 3 if run[:3] in {"010", "020"} or run[:2] == "02" else 4
        return [run[:area], *_groups(run[area:])]
    groups, place = [], 0
    for size in sizes.get(len(run), (len(run),)):
        groups.append(run[place : place + size])
        place += size
    return groups


def _parts(text: str, groups: list[str]) -> tuple[Part, ...]:
    """One part for each written character: its digit, with a pause before a group."""
    starts = {sum(map(len, groups[:place])) for place in range(1, len(groups))}
    spoken, parts, count, extensions = "".join(groups), [], 0, 0
    for place, char in enumerate(text):
        if char.isdigit() and count < len(spoken):
            parts.append((1, ("，" if count in starts else "") + spoken[count]))
            count += 1
        elif char.isdigit():
            parts.append((1, _extension_digit(text, place)))
        elif count == len(spoken) and char in "转分-":
            parts.append((1, "转" if extensions else "，转"))
            extensions += 1
        else:
            parts.append((1, ""))
    return tuple(parts)


def _extension_digit(text: str, place: int) -> str:
    alone = not text[place - 1].isdigit() and not text[place + 1 : place + 2].isdigit()
    return by_digit(text[place]) if alone else dialled(text[place] * 2)[0]


RULES: tuple[Rule, ...] = (
    rule(
        rf"(?:{_START}|(?<=[号话]))\+?86[- ]\d{{2,3}}[- ]\d{{7,8}}{_EXTENSION}", _said, Kind.PHONE
    ),
    rule(
        rf"{_START}(?:\+?86[- ]?)?(?:\(0\d{{2,3}}\)|0\d{{2,3}})[- ]?"
        rf"(?:\d{{3,4}}[- ]\d{{4}}|\d{{5,8}})(?!\d){_EXTENSION}",
        _said,
        Kind.PHONE,
    ),
    rule(
        rf"{_START}[48]00(?:[- ]\d{{3}}[- ]?\d{{4}}|\d[- ]?\d{{3}}[- ]?\d{{3}}|"
        rf"[- ]\d{{4}}[- ]?\d{{3}})(?!\d){_EXTENSION}",
        _said,
        Kind.PHONE,
    ),
    rule(
        rf"{_START}(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}{_NO_UNIT}{_EXTENSION}",
        _said,
        Kind.PHONE,
    ),
    rule(
        rf"{_START}(?P<service>12\d{{3}}|9[56]\d{{3,4}}|100\d{{2}}){_NO_UNIT}{_EXTENSION}",
        _service,
        Kind.PHONE,
    ),
    rule(
        rf"(?:(?<=电话)|(?<=热线)|(?<=拨打)|(?<=报警)|(?<=火警)|(?<=匪警)|(?<=急救)|(?<=求助)|(?<=呼叫))"
        rf"[:\s]?1[12]\d(?:[、/,或和及]1[12]\d)*{_NO_UNIT}",
        _emergency,
        Kind.PHONE,
    ),
    rule(
        r"(?<!\d)1[12]\d(?=热线|电话|报警|急救|指挥)", lambda found: dialled(found[0]), Kind.PHONE
    ),
    rule(
        rf"(?:(?<=电话)|(?<=电话:)|(?<=热线)|(?<=热线:)|(?<=拨打)|(?<=传真)|(?<=传真:))"
        rf"[2-9]\d{{6,7}}{_NO_UNIT}{_EXTENSION}",
        _said,
        Kind.PHONE,
    ),
    rule(r"(?<=\d)/(?=\d{7,8}(?!\d))", "，", Kind.PAUSE),
)

BARE: tuple[Rule, ...] = (
    rule(rf"{_START}[2-9]\d{{6,7}}{_NO_UNIT}{_EXTENSION}", _said, Kind.PHONE),
)
"""Seven or eight digits that count nothing."""
