"""The subtitles of a clip as files: WebVTT for pages, SubRip for platforms."""

from collections.abc import Iterator, Sequence

from assistant.studio.clips.lines import Line

NOTE = "本字幕由人工智能生成"


def vtt(lines: Sequence[Line]) -> str:
    """WebVTT; a note in front says who made it."""
    cues = [f"{_clock(one.start)} --> {_clock(one.end)}\n{_safe(one.said.text)}" for one in lines]
    return "\n\n".join(["WEBVTT", f"NOTE {NOTE}", *cues]) + "\n"


def srt(lines: Sequence[Line]) -> str:
    """SubRip, with a comma before the milliseconds."""
    return "\n".join(_numbered(lines))


def _numbered(lines: Sequence[Line]) -> Iterator[str]:
    for number, one in enumerate(lines, start=1):
        span = f"{_clock(one.start)} --> {_clock(one.end)}".replace(".", ",")
        yield f"{number}\n{span}\n{one.said.text.replace('-->', '→')}\n"


def _safe(text: str) -> str:
    """Nothing in it is markup or an arrow of time."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(escaped.split())


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
