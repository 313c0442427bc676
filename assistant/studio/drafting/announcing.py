"""直播预告 and the plan with its seven fields."""

from collections.abc import Sequence

from assistant.domain.studio import Announcement, Brief, Section, SectionKind, StreamPlan
from assistant.studio.drafting.gathering import Gathered
from assistant.studio.drafting.say_frame import FOCUS, IDENTITY

OWN_PAGE = "本单位自有直播页"
_OPEN = "（请填写）"


def announcement_of(brief: Brief, on: Gathered, outline: Sequence[Section]) -> Announcement:
    """Time, topic, what one will hear, where to ask."""
    when = [on.stream[name].text for name in ("day", "begins") if name in on.stream]
    focus = [FOCUS[name] for name in brief.emphasis if name in FOCUS]
    heard = list(dict.fromkeys(one.title for one in outline if one.kind not in _FRAME))[:8]
    lines = [
        f"【直播预告】{brief.title}",
        f"时间：{' '.join(when) or '另行通知'}",
        f"在哪儿看：{brief.platform or OWN_PAGE}",
        f"适合谁看：{brief.audience}" if brief.audience else "",
        f"重点讲：{'、'.join(focus)}" if focus else "",
        "您会听到：",
        *(f"· {title}" for title in heard),
        "有想问的，现在就在评论区留言，我们收集起来，直播时来答。请不要留下身份证号、手机号。",
        f"（{IDENTITY}，播出前经工作人员审核）",
    ]
    facts = tuple(fact.id for fact in on.stream.values()) + tuple(i.name.id for i in on.items)
    return Announcement(f"直播预告：{brief.title}", "\n".join(filter(None, lines)), facts)


_FRAME = frozenset({SectionKind.OPENING, SectionKind.AGENDA, SectionKind.RECAP})


def plan_of(brief: Brief, on: Gathered, outline: Sequence[Section]) -> StreamPlan:
    """The seven fields; what the brief does not fix is a default that says so."""
    return StreamPlan(
        platform=brief.platform or f"{OWN_PAGE}（其他平台由运营人员补充）",
        content=_content(brief, on),
        procedure=_procedure(outline),
        time=_time(brief, on),
        frequency=brief.frequency or "单场（需要定期播出的，由运营人员设置排期）",
        cost="使用现有的数字人和自有直播页，不新增采购；人员安排由单位核定",
        risk=_risk(brief, on),
    )


def _content(brief: Brief, on: Gathered) -> str:
    names = [f"《{i.guide.name}》办事指南" for i in on.items]
    names += [document.fact.text.split("；")[0] for document in on.documents]
    focus = [FOCUS[name] for name in brief.emphasis if name in FOCUS]
    basis = "；".join(names) or "待补充"
    return f"{brief.kind}：{brief.title}。依据：{basis}。重点：{'、'.join(focus)}。"


def _procedure(outline: Sequence[Section]) -> str:
    return " → ".join(f"{one.title}（{clock(one.seconds)}）" for one in outline)


def clock(seconds: float) -> str:
    """`2分30秒`."""
    minutes, rest = divmod(round(seconds), 60)
    return (f"{minutes}分" if minutes else "") + (f"{rest}秒" if rest or not minutes else "")


def _time(brief: Brief, on: Gathered) -> str:
    when = [on.stream[name].text for name in ("day", "begins") if name in on.stream]
    return f"{' '.join(when) or '日期待定'}，时长{brief.minutes}分钟"


def _risk(brief: Brief, on: Gathered) -> str:
    ends = [
        f"{header.title}于{header.effective_to.isoformat()}失效"
        for header in on.headers
        if header.effective_to
    ]
    lines = [
        "政策口径：只播有依据的内容，播出当天和每段播出前复查依据是否仍然有效",
        f"依据到期：{'；'.join(ends)}" if ends else "",
        "指南没有写明的，播出时说明“指南未载明”并给出咨询电话",
        "个人信息：提醒观众不要留身份证号、手机号，评论先脱敏再处理",
        "舆情和违规：值班员在岗，可随时停播报、接管、停播；答不准的转人工，记入台账",
        "标识：画面持续显示AI生成标识，开场口播说明",
    ]
    del brief
    return "；".join(line for line in lines if line)
