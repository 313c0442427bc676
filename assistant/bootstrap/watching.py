"""What the service leans on, and how people are told that it is not well."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.bootstrap.assistant import Assistant
from assistant.domain.live import AlertLevel

if TYPE_CHECKING:
    import httpx

    from assistant.jobs.handles import Handles
    from assistant.live.judging import Judging
    from assistant.live.watching import Part, Room, Watched
    from assistant.push.board import PushBoard
    from assistant.records.probe import Probe
    from assistant.voice.voicing import StoredVoicing

STREAM_STEADY = 5.0
VOICE_STEADY = 60.0
"""Seconds: sentences that are in the cache say nothing of an engine."""


@asynccontextmanager
async def watching(
    assistant: Assistant, judging: "Judging", http: "httpx.AsyncClient"
) -> AsyncIterator[None]:
    """Look at all parts while the block runs; the rooms' people are told of what is not well."""
    from assistant.jobs.chores import keeping
    from assistant.jobs.handles import Handles
    from assistant.live.watching import Watched
    from assistant.records.probe import Probe

    settings, house, handles = assistant.settings, assistant.live, Handles()
    assert house is not None
    probe = Probe.of(settings.sql_url) if assistant.database.dialect != "sqlite" else None
    parts = [*_processes(assistant.voice, judging), *_limits(handles), *_voices(assistant.voice)]
    parts += [
        _disk(settings.data_dir, holds_records=probe is None),
        *_model(assistant),
        *_stores(probe, settings.chroma_url, http),
    ]
    try:
        watched = [Watched(one, lambda: house.desk.open_rooms) for one in parts]
        if assistant.pushes:
            watched.append(_streams(assistant.pushes, lambda: house.desk.open_rooms))
        assistant.unwell = lambda: [one.part.code for one in watched if one.is_ill]
        async with keeping([one.chore for one in watched]):
            yield
    finally:
        handles.close()
        if probe:
            await probe.close()


def _streams(board: "PushBoard", rooms: "Callable[[], Mapping[str, Room]]") -> "Watched":
    """Only the people of a room whose stream is gone are told; `assistant push` tells the rest."""
    from assistant.live.watching import Part, Watched

    def gone() -> "Mapping[str, Room]":
        return {name: one for name, one in rooms().items() if board.is_missed(name)}

    async def is_gone() -> bool:
        return bool(gone())

    text = "推流进程没有消息，观众可能看不到画面，请检查推流的机器"
    part = Part("push_gone", AlertLevel.URGENT, text, "推流已恢复", is_gone, STREAM_STEADY)
    return Watched(part, lambda: gone() or rooms())


def _processes(voice: "StoredVoicing | None", judging: "Judging") -> "Iterator[Part]":
    from assistant.live.watching import Part

    async def judging_died() -> bool:
        return await asyncio.to_thread(judging.has_lost_process)

    died = "进程意外退出，已重新启动"
    text = f"判断评论的{died}，期间由主进程判断"
    yield Part("judging_died", AlertLevel.WARNING, text, "已重新启动", judging_died)
    if voice:
        text = f"本机语音的{died}"
        yield Part("voice_died", AlertLevel.WARNING, text, "已重新启动", voice.has_lost_process)


def _voices(voice: "StoredVoicing | None") -> "Iterator[Part]":
    from assistant.live.watching import Part

    if voice is None:
        return
    text = "首选的语音不能用，正由后备语音播报，请检查语音服务和网络"
    level, back = AlertLevel.WARNING, "语音已恢复"
    yield Part("voice_degraded", level, text, back, voice.is_fallen, VOICE_STEADY)
    text = "所有语音都不能用，直播间只有字幕"
    yield Part("voice_mute", AlertLevel.URGENT, text, back, voice.is_mute, VOICE_STEADY)


def _limits(handles: "Handles") -> "Iterator[Part]":
    from assistant.jobs.memory import is_memory_short
    from assistant.live.watching import Part

    async def is_short() -> bool:
        return handles.is_short()

    text = "服务能打开的文件和连接快用完了，很快会连不上，请检查 LimitNOFILE 或重启服务"
    yield Part("handles_short", AlertLevel.URGENT, text, "已恢复", is_short)

    async def is_full() -> bool:
        return is_memory_short()

    text = "内存快用完了，服务可能随时被系统结束，请查看是什么占用了内存"
    yield Part("memory_short", AlertLevel.URGENT, text, "已恢复", is_full)


def _disk(folder: Path, *, holds_records: bool) -> "Part":
    """The records may lie on it: once it is full, people are called without them."""
    from assistant.jobs.disk import is_disk_short
    from assistant.live.watching import Part

    async def is_short() -> bool:
        return await asyncio.to_thread(is_disk_short, folder)

    text = "数据盘剩余空间不足 1 GB，很快会存不下提问和答复，请尽快清理"
    level, back = AlertLevel.URGENT, "磁盘空间已恢复"
    return Part("disk_short", level, text, back, is_short, holds_records=holds_records)


def _model(assistant: Assistant) -> "Iterator[Part]":
    from assistant.live.watching import Part

    chat = assistant.chat
    if chat is None:
        return

    async def is_left_alone() -> bool:
        return chat.breaker.failed >= chat.breaker.failures

    text = "聊天模型没有应答，已改按原文答复，请检查模型服务"
    yield Part("model_degraded", AlertLevel.WARNING, text, "模型已恢复", is_left_alone)


def _stores(
    probe: "Probe | None", chroma: str | None, http: "httpx.AsyncClient"
) -> "Iterator[Part]":
    from assistant.live.watching import Answering, Part

    if probe:
        away, text = Answering(probe.ask), "数据库没有应答，新的提问和答复暂时存不下来"
        level, back = AlertLevel.URGENT, "数据库已恢复"
        yield Part("database_away", level, text, back, away.is_away, holds_records=True)
    if chroma:

        async def beats() -> None:
            at = urlsplit(chroma)
            url = f"{at.scheme}://{at.netloc}/api/v2/heartbeat"
            (await http.get(url, timeout=None)).raise_for_status()

        away, text = Answering(beats), "向量库没有应答，检索改为逐条比对，可能变慢"
        yield Part("index_away", AlertLevel.WARNING, text, "向量库已恢复", away.is_away)
