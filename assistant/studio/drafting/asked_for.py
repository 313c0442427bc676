"""What a brief says in words of its own: day, time, length, kind, emphasis, audience, platform.

What is left over is the topic, which `linking` looks for among the guides and documents.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from assistant.answering.figures import arabic
from assistant.domain.studio import StreamKind
from assistant.domain.workdays import Calendar
from assistant.studio.drafting.days import read_day, read_time

_HAN = "[一二三四五六七八九十两]"
_NUMBER = rf"(?:\d+(?:\.\d)?|{_HAN}{{1,3}})"
_MINUTES: tuple[tuple[str, str], ...] = (
    (rf"(?P<n>{_NUMBER})个?半小时", "hours_and_half"),
    (r"半个?(?:小时|钟头)", "half"),
    (rf"(?P<n>{_NUMBER})个?(?:小时|钟头)", "hours"),
    (rf"(?P<n>{_NUMBER})刻钟", "quarters"),
    (rf"(?P<n>{_NUMBER})\s*(?:分钟|分(?!之)|min(?:utes?)?)", "minutes"),
)
_ABOUT = r"(?:时长|讲|大概|大约|约|控制在|不超过|共)?"
EMPHASIS: tuple[tuple[str, str], ...] = (
    ("materials", "材料|资料|证件|带什么|带哪些|准备什么|清单|手续"),
    ("online", "线上|网上|网办|网络|手机|小程序|app|在线|掌上|远程"),
    ("fee", "费用|收费|多少钱|要钱|要不要钱|花钱|免费|缴费"),
    ("limits", "时限|多久|多长时间|几天|什么时候办|时间要求|办结|周期"),
    ("locations", "地点|地址|去哪|在哪|哪里办|窗口|网点|办公时间|上班时间"),
    ("conditions", "条件|谁能|资格|什么人|哪些人|对象|符合"),
    ("steps", "流程|步骤|怎么办|怎么弄|怎么操作|怎么做|程序"),
    ("mistakes", "误区|易错|容易错|常见错误|注意|坑"),
    ("faqs", "常见问题|问题|答疑|问答"),
    ("basis", "依据|法律|政策|规定|条款"),
    ("appointment", "预约"),
)
_EMPHASIS = re.compile(
    r"(?:重点|着重|主要|突出|尤其|特别|多)(?:要)?(?:是)?(?:讲讲|讲清|讲解|讲|说说|说清楚|说清|说|介绍|解读|放在|突出|强调)?(?:一下)?"
    r"(?P<what>[^，,。；;！!]*)"
)
_AUDIENCE = re.compile(
    r"(?:面向|针对|对象是|给)(?P<who>[^，,。；;讲说]{2,16}?)(?=讲|说|[，,。；;]|$)|(?P<too>[^，,。；;]{2,10})(?:专场)"
)
_KINDS: tuple[tuple[StreamKind, str], ...] = (
    (StreamKind.HELPING, "帮办|手把手|带着(?:大家)?办|现场办|边讲边办|一起办"),
    (StreamKind.POLICY, "政策解读|解读|新政|新规|条例|办法(?!理)|《|宣讲"),
    (StreamKind.QUESTIONS, "互动问答|问答|答疑|有问必答|在线解答"),
    (StreamKind.CONCERNS, "民生热点|热点|大家关心|群众关心|关注的"),
    (StreamKind.FREQUENT, "高频"),
    (StreamKind.GUIDE, "办事指南|办理指南|指南"),
)
_PLATFORMS = "抖音|快手|视频号|微信|B站|b站|哔哩哔哩|小红书|本地宝|自有直播页"
_OFTEN = re.compile(
    r"每(?:个)?(?:工作日|天|日|月|季度|(?:周|星期|逢)(?:[一二三四五六日天](?:、?[一二三四五六日天])*)?)"
    r"(?:(?:上午|下午)?\d{1,2}(?:点|:\d\d)?[-—到至]\d{1,2}(?:点|:\d\d)?)?"
)
_NOISE = re.compile(
    r"^请|请(?=帮)|帮我|帮忙|麻烦|我们|准备|安排|计划|打算|想要?|需要|要|做|开|搞|来|出|写|一个|一场|一期|这场|本场|"
    r"直播间?|专场|口播稿?|脚本|课件|稿子?|PPT|ppt|主题是?|内容是?|关于|讲一?[讲下]?|介绍一?下?|解读一?下?|"
    r"说一?[说下]|聊一?[聊下]|宣讲|科普|时间是?|时长|大概|左右|办事指南|政策解读|互动问答|高频业务|民生热点|在线帮办|"
    r"帮办|答疑|热点|手把手|带着(?:大家)?办?|群众关心的?|大家关心的?|事项|业务"
)
_POLITE_END = re.compile(
    "(?:怎么办理?|如何办理|的办理|办理|怎么弄|那些事儿?|的事儿?|相关|的?问题|怎么申请|如何申请|怎么领取?|那点事|指南|的)+$"
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The words of a brief, sorted. `topic` is what no rule took; `kind` None where not said."""

    topic: str
    day: date | None = None
    begins: time | None = None
    minutes: int | None = None
    audience: str = ""
    kind: StreamKind | None = None
    emphasis: tuple[str, ...] = ()
    platform: str = ""
    frequency: str = ""


def read_words(text: str, today: date, calendar: Calendar) -> AskedFor:
    """Sort the words of a brief."""
    left = text.strip()
    left, frequency = _taken(left, _OFTEN)
    left, minutes = _minutes(left)
    day = read_day(left, today, calendar)
    left = _cut(left, day.start, day.end) if day else left
    begins = read_time(left)
    left = _cut(left, begins.start, begins.end) if begins else left
    kind = next((kind for kind, cue in _KINDS if re.search(cue, text)), None)
    left, emphasis = _emphasis(left)
    left, audience = _audience(left)
    platforms = dict.fromkeys(re.findall(_PLATFORMS, left))
    left = re.sub(rf"(?:在|上)?(?:{_PLATFORMS})(?:平台|直播)?(?:上|和|、)?", "，", left)
    return AskedFor(
        topic=topic_of(left),
        day=day.day if day else None,
        begins=begins.time if begins else None,
        minutes=minutes,
        audience=audience,
        kind=kind,
        emphasis=emphasis,
        platform="、".join(platforms),
        frequency=frequency,
    )


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.search(text)
    return (_cut(text, *found.span()), found[0]) if found else (text, "")


def _cut(text: str, start: int, end: int) -> str:
    return f"{text[:start]}，{text[end:]}"


def _minutes(text: str) -> tuple[str, int | None]:
    for pattern, unit in _MINUTES:
        found = re.search(_ABOUT + pattern + "(?:左右|以内|上下)?", text)
        if found:
            return _cut(text, *found.span()), _length(found, unit)
    return text, None


def _length(found: re.Match[str], unit: str) -> int:
    if unit == "half":
        return 30
    count = float(arabic(found["n"]))
    each = {"hours_and_half": 60.0, "hours": 60.0, "quarters": 15.0, "minutes": 1.0}[unit]
    return round(count * each + (30 if unit == "hours_and_half" else 0))


def _emphasis(text: str) -> tuple[str, tuple[str, ...]]:
    """The fields that the brief wants most of, in its order; the clause is taken out."""
    found = _EMPHASIS.search(text)
    if not found:
        return text, ()
    fields = fields_in(found["what"])
    return (_cut(text, *found.span()), fields) if fields else (text, ())


def fields_in(words: str) -> tuple[str, ...]:
    """The fields that words name, in their order. 线上怎么办 is online, not the steps too."""
    hits: list[tuple[int, str]] = []
    left = words.lower()
    for field, cue in EMPHASIS:
        for match in re.finditer(f"(?:{cue})(?:怎么办理?|办理?)?", left):
            hits.append((match.start(), field))
            left = left[: match.start()] + "　" * len(match[0]) + left[match.end() :]
    return tuple(dict.fromkeys(field for _, field in sorted(hits)))


def _audience(text: str) -> tuple[str, str]:
    found = _AUDIENCE.search(text)
    if not found or found["too"]:
        return text, (found["too"] if found else "")
    who = found["who"].strip("的们 ")
    return _cut(text, *found.span()), "" if who in {"大家", "群众", "观众"} else who


def topic_of(left: str) -> str:
    """What is left of a brief, without words of wishing; the longest piece between marks first."""
    pieces = [_plain(piece) for piece in re.split(r"[，,。；;！!？?\s]+", left)]
    return "，".join(piece for piece in pieces if len(piece) > 1)


def _plain(piece: str) -> str:
    quoted = re.search("《[^》]+》", piece)
    if quoted:
        return piece[quoted.start() :]
    return _POLITE_END.sub("", _NOISE.sub("", piece)).strip('的在和与、：:“”"')


def parts_of(topic: str) -> Sequence[str]:
    """The items that a topic lists: 个体户设立、变更和注销 → 个体户设立, 个体户变更, 个体户注销."""
    parts = re.split("[，、]|以及|和|与|跟|及(?!时)", topic)
    return [named for part in parts if (named := re.split("[：:]", part)[-1])]
