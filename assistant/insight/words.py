"""The report in Chinese words: the same lines on paper, in the letter and on the command line."""

from collections.abc import Iterator
from datetime import datetime

from assistant.domain.workdays import CHINA
from assistant.insight.report import Airtime, Incident, Lack, Morning, Night, Slow, Waiting, Waits
from assistant.insight.ways import WAY_NAMES

LABEL = "本报告由人工智能系统根据运行记录自动生成，提问均已脱敏"
"""The visible label of exported text (GB 45438-2025)."""
TITLE = "晨报"
URGENCY = {"emergency": "危急", "urgent": "紧急", "normal": "一般"}


def clock(at: datetime | None) -> str:
    """A moment as the clock on the wall shows it."""
    return at.astimezone(CHINA).strftime("%m-%d %H:%M") if at else ""


def span(seconds: float | None) -> str:
    """How long something took."""
    if seconds is None:
        return "无"
    if seconds < 60:
        return f"{seconds:.1f} 秒"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分 {rest} 秒"


def title(report: Morning) -> str:
    """What stands above it."""
    return f"{report.night.day:%Y-%m-%d} {TITLE}"


def period(night: Night) -> str:
    """From when until when."""
    open_end = "" if night.over else "（还没到上班时间，数字会变）"
    return f"{clock(night.since)} 到 {clock(night.until)}{open_end}"


def figures(report: Morning) -> list[tuple[str, str]]:
    """The headline figures: name and value."""
    counts = report.ledger
    return [
        ("直播时长", span(report.seconds_on_air) if report.airtime else "没有直播"),
        ("评论", f"{report.received} 条"),
        ("提问", f"{counts.rows} 条"),
        ("已答复", f"{report.answered} 条"),
        *((name, f"{report.ways.get(way, 0)} 条") for way, name in WAY_NAMES.items()),
        ("评论到有结果", waits_line(report.to_outcome)),
        ("有结果到开口", waits_line(report.to_sound)),
        ("异常", f"{len(report.incidents)} 次"),
        ("现在待复核", f"{report.waiting_cases} 件，超期 {report.overdue_cases} 件"),
    ]


def waits_line(waits: Waits) -> str:
    """Median and 95th percentile."""
    if not waits.measured:
        return "无"
    return f"中位数 {span(waits.median)}，95% 不超过 {span(waits.p95)}（{waits.measured} 条）"


def sections(report: Morning) -> Iterator[tuple[str, list[str], str]]:
    """(heading, lines, what is said where there are none) of each part below the figures."""
    yield (
        "直播",
        [f"{a.room}：{span(a.seconds)}，{a.streams} 场" for a in report.airtime],
        "没有直播",
    )
    yield "异常与恢复", [incident_line(one) for one in report.incidents], "没有异常"
    yield "今天要补的资料", [lack_line(one) for one in report.lacks], "没有缺口"
    yield "复核队列最前面的", [waiting_line(one) for one in report.waiting], "没有待复核"
    yield "评论到有结果最慢的", [slow_line(one) for one in report.to_outcome.worst], "没有提问"
    yield "有结果到开口最慢的", [slow_line(one) for one in report.to_sound.worst], "没有口播答复"


def airtime_line(one: Airtime) -> str:
    """How long one room was on air."""
    return f"{one.room}：{span(one.seconds)}，{one.streams} 场"


def incident_line(one: Incident) -> str:
    """One incident with all its times."""
    told = f"；{clock(one.told_at)} 通知{one.told}" if one.told_at and one.kind == "提醒" else ""
    if one.told_at and one.kind != "提醒":
        told = f"；{clock(one.told_at)} {one.told}"
    mended = f"；{clock(one.mended_at)} {one.mended}" if one.mended_at else "；尚未处理"
    return f"{clock(one.at)} {one.room}【{one.level}】{one.kind}：{one.text}{told}{mended}"


def slow_line(one: Slow) -> str:
    """One question that waited."""
    return f"{span(one.seconds)}　{clock(one.at)} {one.room}：{one.text}"


def lack_line(one: Lack) -> str:
    """One topic that lacks a source."""
    about = f"{one.item}（已有指南，没有答到）" if one.item else one.topic
    if one.questions == (one.topic,):
        return f"{about}：{one.asked_by} 人问"
    asked = "、".join(f"“{text}”" for text in one.questions[:3])
    more = f"等 {len(one.questions)} 种问法" if len(one.questions) > 3 else ""
    return f"{about}：{one.asked_by} 人问，{asked}{more}"


def waiting_line(one: Waiting) -> str:
    """One group of the queue."""
    due = f"，{clock(one.due_at)} 前办" if one.due_at else ""
    urgent = f"【{URGENCY[one.urgency]}】" if one.urgency != "normal" else ""
    return f"{urgent}{one.question}（{one.room}，{one.asked_by} 人问{due}）"


def markdown(report: Morning) -> str:
    """The whole report."""
    rooms = f"直播间：{'、'.join(report.rooms)}\n\n" if report.rooms else ""
    table = "\n".join(f"| {name} | {_cell(value)} |" for name, value in figures(report))
    head = f"# {title(report)}\n\n{period(report.night)}\n\n{rooms}"
    parts = [f"{head}| 指标 | 数 |\n| --- | --- |\n{table}"]
    for heading, lines, nothing in sections(report):
        listed = "\n".join(f"- {_line(line)}" for line in lines) or nothing
        parts.append(f"## {heading}\n\n{listed}")
    parts.append(f"{LABEL}。生成时间 {clock(report.made_at)}。")
    return "\n\n".join(parts) + "\n"


def letter(report: Morning, address: str = "") -> str:
    """The report as plain text of a letter; `address` is of the page, "" for none."""
    rows = "\n".join(f"{name}：{value}" for name, value in figures(report))
    parts = [f"{title(report)}\n{period(report.night)}", rows]
    for heading, lines, nothing in sections(report):
        parts.append(f"【{heading}】\n" + ("\n".join(map(_line, lines)) or nothing))
    if address:
        parts.append(f"在控制台查看：{address}")
    parts.append(f"{LABEL}。")
    return "\n\n".join(parts) + "\n"


def _line(text: str) -> str:
    """A viewer's words have no say in the lines."""
    return " ".join(text.split())


def _cell(text: str) -> str:
    return text.replace("|", "／")
