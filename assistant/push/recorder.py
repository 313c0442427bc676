"""Keeps what goes out: segments that play even when the machine was switched off in one.

Each segment is a fragmented MP4 file with the AI label in its metadata (GB 45438-2025), written by
an ffmpeg of its own, which only copies. A disk that is full stops the recording, not the stream.
"""

import asyncio
import shutil
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

import structlog

from assistant.domain.live import AlertLevel
from assistant.errors import Unavailable
from assistant.printing.aigc import KEY, AigcLabel
from assistant.push.director import Tell
from assistant.push.encoder import ffmpeg
from assistant.push.flv import HEADER, Kind, Tag
from assistant.push.processes import Started, started
from assistant.push.seams import Now

log = structlog.get_logger()
SEGMENT = 600.0
"""Seconds of a segment."""
AGAIN = (2.0, 10.0, 60.0)
"""Seconds after which a recording that stopped is tried again: once, twice, from then on."""
STEADY = 60.0
"""Seconds of recording after which what stopped it is over."""
LEAST_FREE = 2 * 2**30
"""Bytes that stay free on the disk: the database and the logs come first."""
_MOST_WAITING = 16 * 2**20
_STUCK = 20.0
_ENDING = ".mp4"
_CHINA = timezone(timedelta(hours=8))
_FLAGS = "+frag_keyframe+empty_moov+default_base_moof+use_metadata_tags"


class RecorderState(StrEnum):
    """Whether it records."""

    RECORDING = "recording"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class RecorderReading:
    """`bytes` are those of all segments that are kept."""

    state: RecorderState
    file: str
    bytes: int
    why: str


@dataclass(frozen=True, slots=True)
class RecorderParts:
    """`folder` holds one room's segments; `producer` is the provider's code of the label."""

    folder: Path
    producer: str
    days: int
    most_bytes: int
    now: Now
    clock: Callable[[], datetime]
    tell: Tell
    headers: Callable[[], list[Tag]]
    free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free


class Recorder:
    """`take` is the relay's sink; `run` goes on until it is cancelled."""

    def __init__(self, parts: RecorderParts) -> None:
        self._parts = parts
        self._queue: deque[Tag] = deque()
        self._waiting = 0
        self._came = asyncio.Event()
        self._writer: Started | None = None
        self._file = ""
        self._began = 0.0
        self._base = 0
        self._setup: dict[Kind, bytes] = {}
        self._stopped_until = 0.0
        self._failures = 0
        self._why = self._told = ""

    def take(self, tag: Tag) -> None:
        """A tag to keep; a disk that does not follow loses some."""
        if self._waiting > _MOST_WAITING:
            return
        self._queue.append(tag)
        self._waiting += len(tag.body)
        self._came.set()

    def reading(self) -> RecorderReading:
        """How it goes."""
        state = RecorderState.RECORDING if self._writer else RecorderState.STOPPED
        kept = sum(size for _, size in segments(self._parts.folder))
        return RecorderReading(state, self._file, kept, self._why)

    async def run(self) -> None:
        """Keep what comes."""
        try:
            while True:
                await self._came.wait()
                self._came.clear()
                while self._queue:
                    tag = self._queue.popleft()
                    self._waiting -= len(tag.body)
                    await self._keep(tag)
        finally:
            await self._close()

    async def _keep(self, tag: Tag) -> None:
        if tag.is_header:
            if self._setup.get(tag.kind) not in {None, tag.body}:
                await self._close()  # a player cannot change its decoder within a file
            self._setup[tag.kind] = tag.body
            return
        now = self._parts.now()
        if tag.is_keyframe and self._writer and now - self._began >= SEGMENT:
            await self._close()
        try:
            if self._writer is None and tag.is_keyframe and now >= self._stopped_until:
                await self._open(tag)
            if self._writer is not None:
                await self._write(tag.at(max(0, tag.time - self._base)).written())
                self._steady(now)
        except (OSError, TimeoutError, Unavailable) as error:
            await self._fail(error)

    async def _open(self, first: Tag) -> None:
        parts = self._parts
        await asyncio.to_thread(parts.folder.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(make_room, parts)
        if await asyncio.to_thread(parts.free, parts.folder) < LEAST_FREE:
            raise Unavailable("磁盘空间不足")
        stamp = parts.clock().astimezone(_CHINA).strftime("%Y%m%d-%H%M%S")
        file = parts.folder / f"{stamp}{_ENDING}"
        label = AigcLabel.first(parts.producer, f"live-{stamp}")
        command = [ffmpeg(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-f", "flv"]
        command += ["-i", "pipe:0", "-c", "copy", "-map_metadata", "-1"]
        command += ["-metadata", f"{KEY}={label.text()}", "-movflags", _FLAGS]
        command += ["-flush_packets", "1", "-f", "mp4", str(file)]
        self._writer = await started("recorder", command, writes=True)
        if self._failures and parts.now() - self._began > SEGMENT:
            self._failures = 0
        self._file, self._began, self._base, self._why = file.name, parts.now(), first.time, ""
        headers = [one.at(0).written() for one in parts.headers()]
        await self._write(HEADER + b"".join(headers))

    async def _write(self, data: bytes) -> None:
        assert self._writer is not None
        pipe = self._writer.process.stdin
        assert pipe is not None
        if self._writer.has_ended:
            raise Unavailable(self._writer.told[-1] if self._writer.told else "写入中断")
        pipe.write(data)
        async with asyncio.timeout(_STUCK):
            await pipe.drain()

    async def _close(self) -> None:
        """The segment's end is written by its ffmpeg, once nothing more comes."""
        writer, self._writer = self._writer, None
        if writer is None or writer.process.stdin is None:
            return
        writer.process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(writer.process.wait(), _STUCK)
        await writer.stop()

    async def _fail(self, error: Exception) -> None:
        told = self._writer.told[-1] if self._writer and self._writer.told else ""
        self._why = told or str(error) or type(error).__name__
        wait = AGAIN[min(self._failures, len(AGAIN) - 1)]
        self._failures += 1
        self._stopped_until = self._parts.now() + wait
        await self._close()
        log.warning("push_recording_stopped", why=self._why)
        if self._why != self._told:  # once for as long as it is so, not at each try
            text = f"录像停止：{self._why}。推流不受影响。"
            self._parts.tell("recording_stopped", text, AlertLevel.URGENT)
        self._told = self._why

    def _steady(self, now: float) -> None:
        if self._told and now - self._began >= STEADY:
            self._told = ""
            self._parts.tell("recording_back", "录像已恢复", None)


def segments(folder: Path) -> list[tuple[Path, int]]:
    """The segments with their sizes in bytes, the oldest first."""
    found = []
    for file in sorted(folder.glob(f"*{_ENDING}")) if folder.is_dir() else []:
        with suppress(OSError):
            found.append((file, file.stat().st_size))
    return found


def make_room(parts: RecorderParts) -> list[Path]:
    """Remove what is too old, and the oldest where there is too much; gives what went."""
    kept = segments(parts.folder)
    oldest = (parts.clock() - timedelta(days=parts.days)).timestamp()
    gone = [file for file, _ in kept if file.stat().st_mtime < oldest]
    left = [(file, size) for file, size in kept if file not in gone]
    total = sum(size for _, size in left)
    for file, size in left:
        if total <= parts.most_bytes and parts.free(parts.folder) >= LEAST_FREE:
            break
        gone.append(file)
        file.unlink(missing_ok=True)
        total -= size
    for file in gone:
        file.unlink(missing_ok=True)
    return gone
