"""A journal's files: numbered segments, a checkpoint, a lock. All blocking; call from a thread."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from assistant.errors import Conflict, UnreadableFile
from assistant.live.journal_frames import Frame, Scan, scan

log = structlog.get_logger()

SUFFIX = ".journal"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the journal: everything before it, in this and in earlier segments."""

    segment: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of the journal; its name says its number and when it was begun."""

    path: Path

    @classmethod
    def named(cls, folder: Path, number: int, begun: datetime) -> "Segment":
        """The segment of a number."""
        return cls(folder / f"{number:08d}-{begun.astimezone(UTC).strftime(STAMP)}{SUFFIX}")

    @property
    def number(self) -> int:
        """Its place among the others, from 1."""
        return int(self.path.name.partition("-")[0])

    @property
    def begun(self) -> datetime:
        """When it was begun, to the second, UTC."""
        stamp = self.path.name.partition("-")[2].removesuffix(SUFFIX)
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def segments(folder: Path) -> list[Segment]:
    """All segments, oldest first."""
    return sorted((Segment(path) for path in folder.glob(f"*{SUFFIX}")), key=lambda s: s.number)


def lock(folder: Path) -> int:
    """Make the folder if need be and hold it; gives what to close. Raises Conflict."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(held)
        raise Conflict(f"评论日志已由另一个进程打开：{folder}") from error
    return held


def read_checkpoint(folder: Path) -> Position:
    """Up to where everything was confirmed; the very beginning where that is not known."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        stored = json.loads((folder / "checkpoint.json").read_text("utf-8"))
        return Position(int(stored["segment"]), int(stored["offset"]))
    return Position()


def write_checkpoint(folder: Path, position: Position) -> None:
    """Replace the checkpoint at once. It may be lost: then more is delivered again."""
    value = json.dumps({"segment": position.segment, "offset": position.offset})
    new = folder / "checkpoint.new"
    _write_new(new, value.encode())
    new.replace(folder / "checkpoint.json")


def unconfirmed(
    folder: Path, since: Position, *, salvage: bool = False
) -> Iterator[tuple[int, Frame]]:
    """(segment, frame) after a position, in order; cuts off what a crash tore.

    Raises UnreadableFile, before it yields anything of the file, where a part is damaged that
    stands before readable ones; `salvage` keeps a copy of the file beside it, drops the damaged
    parts and goes on.
    """
    files = segments(folder)
    for segment in files:
        if segment.number >= since.segment:
            start = since.offset if segment.number == since.segment else 0
            found = _read(segment, start, last=segment is files[-1], salvage=salvage)
            yield from ((segment.number, each) for each in found.frames)


def _read(segment: Segment, start: int, *, last: bool, salvage: bool) -> Scan:
    data = segment.path.read_bytes()
    found = scan(data, min(start, len(data)))
    torn = found.end < len(data)
    if torn and not last:  # it was whole when the next one was begun
        found.damaged.append((found.end, len(data)))
    if not found.damaged:
        if torn:
            _cut(segment, found.end, len(data))
        return found
    places = "、".join(f"{begin}–{end}" for begin, end in found.damaged)
    if not salvage:
        message = f"评论日志已损坏：{segment.path}，字节 {places}"
        hint = f"另有 {len(found.frames)} 组可读；以抢救方式打开会保留原文件并跳过损坏处"
        raise UnreadableFile(message, code="journal_damaged", hint=hint)
    log.error("journal_salvaged", file=str(segment.path), damaged=places)
    _write_new(segment.path.with_suffix(".damaged"), data)
    kept = data[:start] + b"".join(data[each.start : each.end] for each in found.frames)
    _write_new(segment.path.with_suffix(".new"), kept)
    segment.path.with_suffix(".new").replace(segment.path)
    return scan(kept, start)


def _write_new(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _cut(segment: Segment, end: int, length: int) -> None:
    log.warning("journal_torn_end_cut", file=str(segment.path), offset=end, bytes=length - end)
    with segment.path.open("r+b") as file:
        file.truncate(end)
        os.fsync(file.fileno())


class Writing:
    """The segment that is being written."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._fd = os.open(segment.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self.size = os.fstat(self._fd).st_size
        sync_folder(segment.path.parent)

    def append(self, data: bytes) -> Position:
        """Write and sync; gives the position after it. Raises OSError: then nothing was added."""
        try:
            _cut_back(self._fd, self.size)  # what an earlier failure may have left
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._fd, rest) :]
            os.fdatasync(self._fd)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._fd, self.size)
            raise
        self.size += len(data)
        return Position(self.segment.number, self.size)

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


def _cut_back(fd: int, size: int) -> None:
    if os.fstat(fd).st_size > size:
        os.ftruncate(fd, size)


def sync_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
