"""Sentences with personal data in them, for the property test and the figures of the mask."""

import re
from collections.abc import Callable
from random import Random

from assistant.safety.digits import fold
from eval.live import disguises as made
from eval.live.disguises import DISGUISES, Sample

_BEFORE = (
    "",
    "帮我查一下",
    "我有2个孩子，",
    "交了15年社保 ",
    "第三次问了",
    "今年62岁 ",
    "我的号是",
    "急急急！",
    "2024年3月办的，",
    "主播你好，",
    "一共交了3次 ",
    "1、",
    "家里五口人，",
    "查不到",
    "三天了 ",
    "怎么还没短信 ",
    "材料都交了。",
    "我是一",
)
_AFTER = (
    "",
    "帮查下",
    "，2个月了",
    " 3天没回",
    "办到哪了",
    "一共三个月",
    "的低保",
    "？",
    "，谢谢",
    " 12345打不通",
    "。2024年的",
    "怎么还没到账",
    "一直没短信",
    " 两万元",
    "有问题吗",
    "，五险一金",
)
_CALLED = (
    "我叫{}想问社保",
    "姓名：{}，",
    "本人{}，问下",
    "我的名字是{}",
    "我叫{}",
    "姓名是{} 男",
    "户名：{}。",
    "我妈叫{}，退休了",
    "我叫{}今年60岁",
    "孩子叫{}要上学",
)
_HOMES = (
    "我住在{}，",
    "家住{}",
    "{}，有人管吗",
    "住址：{} ",
    "地址是{}",
    "我家在{}，停水了",
    "寄到{}谢谢",
)
_NUMBERS: dict[str, Callable[[Random], str]] = {
    "identity": made.identity,
    "identity_mistyped": made.mistyped,
    "identity_15": made.old_identity,
    "mobile": made.mobile,
    "landline": made.landline,
    "card": made.card,
    "passport": made.passport,
    "plate": made.plate,
}
_SPLITTING = {"punctuation", "dots", "dashes", "emoji", "line_breaks", "several", "spaces"}
KINDS = (
    *_NUMBERS,
    "mobile_86",
    "landline_extension",
    "landline_bare",
    "name_and_number",
    "name",
    "address",
    "contact",
)


def sample(kind: str, disguise: str, random: Random) -> Sample:
    """A sentence with one of these kinds in this disguise."""
    if kind == "name":
        return _named(random)
    if kind == "address":
        return _housed(disguise, random)
    if kind == "contact":
        handle = made.handle(random)
        core = re.sub(r"^(?:微信号是|微信|加V：|QQ|vx )", "", handle)
        return _framed(kind, "plain", handle, (core,), random)
    return _numbered(kind, disguise, random)


def _numbered(kind: str, disguise: str, random: Random) -> Sample:
    dress = DISGUISES[disguise]
    if kind == "mobile_86":
        number = made.mobile(random)
        return _framed(
            kind,
            disguise,
            random.choice(("+86", "86", "0086 ")) + dress(number, random),
            (number,),
            random,
        )
    if kind == "landline_extension":
        number = made.landline(random)
        text = (
            dress(number, random)
            + random.choice(("转", "-", "分机"))
            + str(random.randint(1, 8999))
        )
        return _framed(kind, disguise, text, (number,), random)
    if kind == "landline_bare":
        number = made.landline(random)[-7:].replace("0", "2", 1)
        number = random.choice("2345678") + number[1:]
        text = random.choice(("我家电话", "我的座机是", "打我家里电话")) + dress(number, random)
        return _framed(kind, disguise, text, (number,), random)
    if kind == "name_and_number":
        who = made.name(random)
        number = random.choice((made.mobile, made.identity, made.card))(random)
        link = random.choice(("", " ", "，", "身份证", "的电话是", "手机号"))
        return _framed(kind, disguise, f"{who}{link}{dress(number, random)}", (number, who), random)
    number = _NUMBERS[kind](random)
    return _framed(kind, disguise, dress(number, random), (number,), random)


def _framed(
    kind: str, disguise: str, core: str, secrets: tuple[str, ...], random: Random
) -> Sample:
    """Put into a sentence; a landline's extension would eat a number that comes after it."""
    before, after = random.choice(_BEFORE), random.choice(_AFTER)
    return Sample(kind, disguise, before + core + after, secrets, before + "|" + after)


def _named(random: Random) -> Sample:
    who, frame = made.name(random), random.choice(_CALLED)
    return Sample("name", "plain", frame.format(who), (who,), frame)


def _housed(disguise: str, random: Random) -> Sample:
    whole, core = made.address(random)
    frame = random.choice(_HOMES)
    dressed = DISGUISES[disguise](core, random) if disguise not in _SPLITTING else core
    above = whole[: len(whole) - len(core)]
    secrets = (*re.findall(r"\d{3,}", core), core[:2])
    return Sample("address", disguise, frame.format(above + dressed), secrets, frame)


def leaks(case: Sample, masked: str) -> list[str]:
    """The secrets of which a piece is left: four digits or letters in a row, or a name."""
    return [secret for secret in case.secrets if _left(secret, masked, case.rest)]


def _left(secret: str, masked: str, rest: str) -> bool:
    if not re.search(r"\d", secret):
        return secret in masked
    pieces = {secret[i : i + 4] for i in range(len(secret) - 3)} or {secret}
    return any(piece in _signs(masked) and piece not in _signs(rest) for piece in pieces)


def _signs(text: str) -> str:
    """Digits and letters alone, digits in one dress."""
    folded = fold(text).translate(str.maketrans("⓿❶❷❸❹❺❻❼❽❾OolI", "01234567890011"))
    return re.sub(r"[^0-9A-Za-z京粤鲁苏渝新藏琼川]", "", folded)
