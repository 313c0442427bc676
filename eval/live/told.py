"""Numbers told in pieces, in words and in other orders: what no single sign shows.

Each way gives the words and the pieces of them of which none may be left. Words that join are drawn
half from what people say most, half from phrases that the product does not list.
"""

from collections.abc import Callable, Sequence
from random import Random

from eval.live import disguises as made
from eval.live.disguises import DIGITS, DISGUISES, Sample

Told = tuple[str, tuple[str, ...]]
Way = Callable[[str, Random], Told]
_ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_PINYIN = ["ling", "yao", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"]
_RADIO = ["dong", "yao", "liang", "san", "si", "wu", "liu", "guai", "ba", "gou"]
_CANTONESE = ["ling", "yat", "yi", "saam", "sei", "ng", "luk", "chat", "baat", "gau"]
_SPOKEN, _WRITTEN = "零幺二三四五六七八九", "零一二三四五六七八九"
_JOINING = (
    "再加", "然后", "后面", "空格", "杠", "接着", "，然后是", "后面是", "，再接", "，再来", "加上",
    "跟着", "，最后",
)  # fmt: skip
_UNLISTED = ("，完了是", "，下半截", "，往后数", "，余下的", "、收个尾 ", "…记好咯…", "完事儿")
_SIGHS = ("啊", "哦", "嗯", "呢", "点", "呃", "，啊", "哈", " 点 ")


def _groups(number: str, random: Random) -> list[str]:
    """Groups of two to six digits, not one alone."""
    if len(number) == 18 and random.random() < 0.6:
        return [number[:6], number[6:14], number[14:]]
    if len(number) == 11 and random.random() < 0.6:
        return [number[:3], number[3:7], number[7:]]
    left, groups = number, list[str]()
    while len(left) > 6:
        size = random.randint(2, min(6, len(left) - 2))
        groups.append(left[:size])
        left = left[size:]
    return [*groups, left]


def _context(number: str, random: Random) -> str:
    if len(number) == 18:
        return random.choice(("身份证号", "我证件号是", "身份证 "))
    return random.choice(("手机号是", "我的电话", "打我", "联系电话：", "记下号码"))


def _between(groups: Sequence[str], words: Sequence[str], random: Random) -> str:
    return groups[0] + "".join(random.choice(words) + each for each in groups[1:])


def _joined(number: str, random: Random) -> Told:
    groups = _groups(number, random)
    return _between(groups, _JOINING, random), tuple(groups)


def _joined_dressed(number: str, random: Random) -> Told:
    dress = DISGUISES[random.choice(("spoken", "circled", "full_width", "written", "capital"))]
    groups = [dress(each, random) for each in _groups(number, random)]
    return _between(groups, _JOINING, random), tuple(groups)


def _unlisted(number: str, random: Random) -> Told:
    groups = _groups(number, random)
    return _context(number, random) + _between(groups, _UNLISTED, random), tuple(groups)


def _sighed(number: str, random: Random) -> Told:
    by = random.choice(_SIGHS)
    signs = number.translate(str.maketrans(DIGITS, random.choice((DIGITS, _SPOKEN))))
    return by.join(signs), tuple(by.join(signs[i : i + 4]) for i in range(len(signs) - 3))


def _worded(words: Sequence[str], by: Sequence[str]) -> Way:
    def say(number: str, random: Random) -> Told:
        between = random.choice(by)
        said = [words[int(sign)] if sign.isdecimal() else sign for sign in number]
        if random.random() < 0.3:
            said = [each.capitalize() for each in said]
        pieces = (between.join(said[i : i + 4]) for i in range(len(said) - 3))
        return between.join(said), tuple(pieces)

    return say


def _bilingual(number: str, random: Random) -> Told:
    kinds = (DIGITS, _ENGLISH, _PINYIN, _SPOKEN)
    said = [random.choice(kinds)[int(s)] if s.isdecimal() else s for s in number]
    return " ".join(said), tuple(" ".join(said[i : i + 4]) for i in range(len(said) - 3))


def _amount(group: str) -> str:
    """139 as 一百三十九, 108 as 一百零八; as digits where that does not go."""
    if not group.isdecimal() or group[0] == "0" or not 2 <= len(group) <= 4:
        return "".join(_WRITTEN[int(s)] if s.isdecimal() else s for s in group)
    said, pending = "", False
    for sign, unit in zip(group, ["千", "百", "十", ""][-len(group) :], strict=True):
        if sign == "0":
            pending = True
            continue
        said += ("零" if pending else "") + _WRITTEN[int(sign)] + unit
        pending = False
    return said


def _amounts(number: str, random: Random) -> Told:
    groups = [_amount(each) for each in _groups(number, random)]
    by = random.choice(("，", " ", "、", "，然后", "，再"))
    return by.join(groups), tuple(each for each in groups if len(each) > 2)


def _repeats(number: str, random: Random) -> Told:
    """Equal digits as 三个八, 双零; at least one pair is put in after the prefix."""
    sign = random.choice(DIGITS)
    number = number if len(number) != 11 else number[:3] + sign * random.randint(2, 4) + number[3:]
    number = number[:11] if len(number) < 18 else number
    said, at = list[str](), 0
    while at < len(number):
        size = len(number[at:]) - len(number[at:].lstrip(number[at]))
        digit = number[at].translate(str.maketrans(DIGITS, _WRITTEN))
        times = {
            2: random.choice(("双", "两个", "俩")),
            3: random.choice(("三个", "仨")),
            4: "四个",
        }
        grouped = times.get(size) if at > 1 else None
        said.append(f"{grouped}{digit}" if grouped else digit * size)
        at += size
    by = random.choice(("", "，", " "))
    pieces = (by.join(said[i : i + 4]) for i in range(len(said) - 3))
    return by.join(said), tuple(pieces)


def _placed(number: str, random: Random) -> Told:
    sizes = (6, 8, 4) if len(number) == 18 else (3, 4, len(number) - 7)
    cut = (number[: sizes[0]], number[sizes[0] : sizes[0] + sizes[1]], number[-sizes[2] :])
    count = random.choice(
        (str, lambda size: "〇一二三四五六七八九十"[size] if size < 11 else str(size))
    )
    says = random.choice((("前", "中间", "最后"), ("前", "接着", "后"), ("开头", "中间", "末")))
    is_ = random.choice(("", "是", "：", " "))
    said = (
        f"{word}{count(s)}位{is_}{part}" for word, s, part in zip(says, sizes, cut, strict=True)
    )
    return "，".join(said), cut


def _jumbled(number: str, random: Random) -> Told:
    tail, head = number[-4:], number[:-4]
    frame = random.choice(("后四位{}，前面{}", "尾号{}，前面是{}", "最后四位是{} 开头{}"))
    return _context(number, random) + frame.format(tail, head), (tail, head)


def _turned(number: str, random: Random) -> Told:
    say = random.choice(("倒着念：", "从后往前读 ", "反过来看", "倒序 ", "请反着读："))
    turned = DISGUISES[random.choice(("plain", "spaces", "spoken", "circled"))](
        number[::-1], random
    )
    return (
        (say + turned, (turned,))
        if random.random() < 0.5
        else (f"{turned}（{say.strip('：')}）", (turned,))
    )


def _starred(number: str, random: Random) -> Told:
    size = 8 if len(number) == 18 else 4
    at = 6 if len(number) == 18 else 3
    hidden = number[at : at + size]
    say = random.choice(("中间", "星号是", "星星是", "，中间四个星是" if size == 4 else "，中间是"))
    return number[:at] + "*" * size + number[at + size :] + say + hidden, (
        number[at + size :],
        hidden,
    )


def _born(number: str, random: Random) -> Told:
    year, month, day = number[6:10], number[10:12], number[12:14]
    short = random.random() < 0.5
    month, day = (month.lstrip("0"), day.lstrip("0")) if short else (month, day)
    date = random.choice((f"{year}年{month}月{day}日", f"{year}年{month}月{day}号", number[6:14]))
    frame = random.choice(
        ("{}出生{}后面{}", "{}，生日{}，后四位{}", "{} {} {}", "{}，{}生的，尾号{}")
    )
    text = "身份证" + frame.format(number[:6], date, number[14:])
    return text, (number[:6], number[14:])


def _pictures(number: str, random: Random) -> Told:
    dice, tiles = "〇⚀⚁⚂⚃⚄⚅7️⃣8️⃣9️⃣", "🀇🀈🀉🀊🀋🀌🀍🀎🀏"
    said = "".join(
        random.choice((sign, tiles[int(sign) - 1], dice[int(sign)] if sign < "7" else sign))
        if sign in "123456789"
        else sign
        for sign in number
    )
    return said, tuple(said[i : i + 6] for i in range(len(said) - 5))


WAYS: dict[str, Way] = {
    "joined": _joined,
    "joined_dressed": _joined_dressed,
    "unlisted": _unlisted,
    "sighed": _sighed,
    "english": _worded(_ENGLISH, (" ", "-", ", ", "")),
    "pinyin": _worded(_PINYIN, (" ", "", "，", "-")),
    "radio": _worded(_RADIO, (" ", "")),
    "cantonese": _worded(_CANTONESE, (" ",)),
    "bilingual": _bilingual,
    "amounts": _amounts,
    "repeats": _repeats,
    "placed": _placed,
    "jumbled": _jumbled,
    "turned": _turned,
    "starred": _starred,
    "born": _born,
    "pictures": _pictures,
}
KINDS = ("identity", "mobile")
CASES = tuple((kind, way) for way in WAYS for kind in KINDS if (kind, way) != ("mobile", "born"))
_BEFORE = ("", "帮我查一下 ", "主播你好，", "急！", "查不到。", "我妈的，", "怎么没短信？")
_AFTER = ("", " 帮查下", "，谢谢", "？", "。12345打不通", " 多久到账", "，办到哪了")


def told(kind: str, way: str, random: Random) -> Sample:
    """A sentence with a number that is told in one of the WAYS."""
    number = made.identity(random) if kind == "identity" else real_mobile(random)
    core, secrets = WAYS[way](number, random)
    before, after = random.choice(_BEFORE), random.choice(_AFTER)
    return Sample(kind, way, before + core + after, secrets, before + "|" + after)


def real_mobile(random: Random) -> str:
    """A mobile number with the prefix of an operator."""
    return (
        random.choice(("13", "15", "18"))
        + random.choice("01235678")
        + f"{random.randrange(10**8):08d}"
    )


def told_leaks(case: Sample, masked: str) -> list[str]:
    """The pieces that can still be read as they were written."""
    return [piece for piece in case.secrets if piece in masked and piece not in case.rest]
