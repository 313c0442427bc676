"""Personal data made up anew, and the ways in which people disguise it.

Every number is drawn at random; none is anybody's on purpose. The lists here are not those of the
product.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

DIGITS = "0123456789"
_CIRCLED, _FULL = "⓪①②③④⑤⑥⑦⑧⑨", "０１２３４５６７８９"
_SPOKEN, _CAPITAL = "零幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_WRITTEN, _BLACK = "〇一二三四五六七八九", "⓿❶❷❸❹❺❻❼❽❾"
_EMOJI = ("😀", "👨‍👩‍👧", "❤️", "🔥", "👍🏻", "🇨🇳")
_MARKS = ("，", "。", "、", "/", "*", "~", "—", "_", "|", "＋", "；", "…", "()", "【】", "#", "=")
_HIDDEN = ("\u200b", "\u200c", "\u200d", "\ufeff", "\u2060", "\u00ad")

Disguise = Callable[[str, Random], str]


def _in(signs: str) -> Disguise:
    return lambda text, _: text.translate(str.maketrans(DIGITS, signs))


def _split(by: tuple[str, ...], often: float) -> Disguise:
    def split(text: str, random: Random) -> str:
        gaps = [random.choice(by) if random.random() < often else "" for _ in text]
        return "".join(sign + gap for sign, gap in zip(text[:-1], gaps, strict=False)) + text[-1]

    return split


def _same_split(by: tuple[str, ...]) -> Disguise:
    """The same mark after every so many signs."""

    def split(text: str, random: Random) -> str:
        mark, size = random.choice(by), random.randint(1, 5)
        return mark.join(text[i : i + size] for i in range(0, len(text), size))

    return split


def _mixed(text: str, random: Random) -> str:
    kinds = (DIGITS, _CIRCLED, _FULL, _SPOKEN, _CAPITAL, _WRITTEN, _BLACK)
    return "".join(random.choice(kinds)[int(s)] if s.isdecimal() else s for s in text)


def _letters(text: str, random: Random) -> str:
    return "".join(random.choice({"0": "0Oo", "1": "1lI"}.get(s, s)) for s in text)


def _keycaps(text: str, _: Random) -> str:
    return "".join(f"{s}\ufe0f\u20e3" if s.isdecimal() else s for s in text)


def _plain(text: str, _: Random) -> str:
    return text


def _several(text: str, random: Random) -> str:
    """Two disguises on top of each other."""
    first, second = random.sample([_mixed, _letters, _in(_FULL), _in(_SPOKEN)], 2)
    del second
    return _split((*_HIDDEN, " ", "-", "😀"), 0.4)(first(text, random), random)


DISGUISES: dict[str, Disguise] = {
    "plain": _plain,
    "spaces": _same_split((" ", "  ", "\u3000", "\u00a0")),
    "dots": _same_split((".", "·", "。", "•")),
    "dashes": _same_split(("-", "－", "—", "–", "_")),
    "full_width": _in(_FULL),
    "circled": _in(_CIRCLED),
    "black_circled": _in(_BLACK),
    "keycaps": _keycaps,
    "spoken": _in(_SPOKEN),
    "written": _in(_WRITTEN),
    "capital": _in(_CAPITAL),
    "mixed": _mixed,
    "punctuation": _split(_MARKS, 0.5),
    "emoji": _split(_EMOJI, 0.5),
    "zero_width": _split(_HIDDEN, 0.6),
    "letters": _letters,
    "line_breaks": _split(("\n", "\r\n", " \n"), 0.3),
    "several": _several,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence with something personal in it. `secrets` must not be found in the masked text.

    `rest` is the sentence without the secret: what stands there too is no leak.
    """

    kind: str
    disguise: str
    text: str
    secrets: tuple[str, ...]
    rest: str


_AREAS = ("110105", "440304", "330106", "510104", "420111", "650102", "810000", "220102", "370202")


def identity(random: Random) -> str:
    """An 18-digit number with its checksum."""
    born = date(1930, 1, 1) + timedelta(days=random.randrange(33_000))
    head = f"{random.choice(_AREAS)}{born:%Y%m%d}{random.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(int(d) * w for d, w in zip(head, weights, strict=True)) % 11]


def mistyped(random: Random) -> str:
    """An identity number with one wrong digit anywhere."""
    number, at = identity(random), random.randrange(17)
    return number[:at] + str((int(number[at]) + random.randint(1, 9)) % 10) + number[at + 1 :]


def old_identity(random: Random) -> str:
    """A 15-digit number of before 1999."""
    number = identity(random)
    return number[:6] + number[8:17]


def mobile(random: Random) -> str:
    """A mobile number."""
    return f"1{random.randint(3, 9)}{random.randrange(10**9):09d}"


def landline(random: Random) -> str:
    """A number with its area code."""
    area = random.choice(("010", "021", "0755", "0371", "0898", "025", "0991", "0577"))
    return f"{area}{random.randint(2, 8)}{random.randrange(10**6):06d}{random.randrange(10)}"


def card(random: Random) -> str:
    """A bank card with its check digit."""
    size, head = random.choice(
        ((16, "622202"), (19, "621700"), (19, "622848"), (16, "45"), (16, "52"))
    )
    body = head + "".join(str(random.randrange(10)) for _ in range(size - len(head) - 1))
    doubled = [sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(body))]
    return body + str(-sum(doubled) % 10)


def passport(random: Random) -> str:
    """The letters and digits of a passport or permit."""
    return (
        random.choice(("E", "G", "EB", "H", "M", "C")).ljust(1) + f"{random.randrange(10**8):08d}"
    )


def plate(random: Random) -> str:
    """A plate, one in three of new energy."""
    head = random.choice("京粤鲁苏渝新藏琼川") + random.choice("ABCDEFGH")
    digits = f"{random.randrange(10**5):05d}"
    return head + (random.choice("DF") + digits if random.random() < 0.33 else digits)


_SURNAMES = (
    "王",
    "李",
    "张",
    "刘",
    "陈",
    "赵",
    "黄",
    "周",
    "吴",
    "徐",
    "孙",
    "马",
    "欧阳",
    "诸葛",
    "曾",
    "覃",
    "三".replace("三", "田"),
)
_GIVEN = (
    "伟",
    "秀英",
    "建国",
    "丽",
    "娜",
    "志强",
    "桂花",
    "子涵",
    "三",
    "小六",
    "宇轩",
    "一诺",
    "明",
    "玉兰",
    "思远",
    "国来",
)


def name(random: Random) -> str:
    """A name of two to four characters."""
    return random.choice(_SURNAMES) + random.choice(_GIVEN)


_STREETS = ("景田路", "解放大街", "人民南路", "松花江胡同", "福华三路", "建设二巷")
_ESTATES = ("阳光花园", "翠湖苑", "万科城市花园", "碧桂园小区", "和平新村", "金色家园", "龙湖公寓")


def address(random: Random) -> tuple[str, str]:
    """An address to the door, and the part of it that must go."""
    a, b, c = random.randint(1, 99), random.randint(1, 9), random.randint(101, 3208)
    street, estate = random.choice(_STREETS), random.choice(_ESTATES)
    shapes = (
        f"{street}{a}号{b}栋{b}单元{c}室",
        f"{street}{a}号{estate}{b}栋{c}",
        f"{estate}{b}号楼{b}单元{c}室",
        f"{estate}{a}-{b}-{c}",
        f"{estate}{a}#{c}室",
        f"{street}{a}号院{b}号楼{c}",
        f"石桥村{b}组{a}号",
        f"{estate}{b}座{c}房",
        f"{street}{a}弄{b}号{c}室",
    )
    shape = random.choice(shapes)
    above = random.choice(("", "福田区", "广东省深圳市南山区", "平凉市崆峒区", "青山镇"))
    return above + shape, shape


def handle(random: Random) -> str:
    """A name in an application, or a mail address."""
    word = "".join(random.choice("abcdefghkmnpqrstuvwxyz") for _ in range(5)) + str(
        random.randrange(10**4)
    )
    mail = random.choice(("qq.com", "163.com", "gmail.com", "sina.com.cn", "126.com"))
    shapes = (
        f"{word}@{mail}",
        f"微信{word}",
        f"加V：{word}",
        f"QQ{random.randrange(10**5, 10**10)}",
    )
    return random.choice((*shapes, f"vx {word}", f"微信号是{word}", f"{word}＠{mail}"))
