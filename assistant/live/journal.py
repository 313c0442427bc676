"""What came in is on disk before it is acknowledged; what is not yet in SQL is found again.

Append-only, one folder a room. Appends that wait together are written and synced together, in a
thread of their own. What has been confirmed to be in SQL is not brought again; where that is not
known for sure it is brought twice, which is harmless, because every write to SQL is.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from os import close
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote

import structlog

from assistant.domain.clock import Clock
from assistant.errors import AssistantError, Unavailable, UnreadableFile
from assistant.live import journal_files as files
from assistant.live.journal_files import Position, Segment, Writing
from assistant.live.journal_frames import Record, frame, records_of

__all__ = ["Journal", "JournalRules", "Record", "folder_of"]

log = structlog.get_logger()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JournalRules:
    """When a new segment begins (by size; also every day, UTC), and how long old ones stay."""

    segment_bytes: int = 16 * 2**20
    keep: timedelta = timedelta(hours=1)
    checkpoint_every: timedelta = timedelta(seconds=1)


@dataclass(slots=True)
class _Group:
    """A frame on disk, and how many of its records are not confirmed."""

    end: Position
    open: int


@dataclass(slots=True)
class _Waiting:
    """Records to be written, and who waits for it."""

    records: Sequence[Record]
    done: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


def folder_of(journals: Path, room_id: str) -> Path:
    """The folder of a room's journal; any room id gives a safe name."""
    return journals / f"room-{quote(room_id, safe='')}"


class Journal:
    """A room's journal, held by one process. Made by `open`, given back by `close`."""

    def __init__(self, folder: Path, clock: Clock, rules: JournalRules) -> None:
        self._folder = folder
        self._clock = clock
        self._rules = rules
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._lock: int | None = None
        self._writing: Writing | None = None
        self._next = 1
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._groups: deque[_Group] = deque()
        self._group_of: dict[str, _Group] = {}
        self._confirmed = Position()
        self._stored = Position()
        self._tidied_at = clock()
        self._found: list[Record] = []

    @classmethod
    async def open(
        cls,
        folder: Path,
        clock: Clock,
        rules: JournalRules | None = None,
        *,
        salvage: bool = False,
    ) -> Self:
        """Open the journal of a room and read what was not confirmed.

        What a crash tore at the end is cut off. Raises Conflict where another process has it open,
        UnreadableFile where a part in the middle is damaged (`salvage` keeps a copy of the file
        and goes on with the rest), Unavailable where the disk does not let us.
        """
        journal = cls(folder, clock, rules or JournalRules())
        try:
            await journal._in_thread(journal._read, salvage)
        except BaseException:
            await journal.close()
            raise
        return journal

    def unconfirmed(self) -> list[Record]:
        """What opening found that is not known to be in SQL, in the order of receipt; once."""
        found, self._found = self._found, []
        return found

    async def append(self, records: Sequence[Record]) -> None:
        """Put records on disk; when this returns, they are there.

        Raises Unavailable where the disk is full or fails: then the platform must not be told that
        we have them.
        """
        if not records:
            return
        if self._lock is None:
            raise Unavailable("评论日志已关闭")
        waiting = _Waiting(records)
        self._waiting.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        await waiting.done

    def confirm(self, ids: Collection[str]) -> None:
        """The comments with these ids are in SQL."""
        for id_ in ids:
            if group := self._group_of.pop(id_, None):
                group.open -= 1
        while self._groups and self._groups[0].open == 0:
            self._confirmed = self._groups.popleft().end

    async def close(self) -> None:
        """Finish what is being written, note what is confirmed, and let go of the files."""
        if self._writer is not None:
            await self._writer
        with suppress(AssistantError):
            await self._in_thread(self._close)
        self._thread.shutdown(wait=False)

    async def _write_all(self) -> None:
        """Group commit: while one group is being synced, the next one gathers."""
        try:
            while self._waiting:
                await self._write_group()
        finally:  # whatever befell it, the next append begins anew
            self._writer = None

    async def _write_group(self) -> None:
        taken, self._waiting = self._waiting, []
        records = [record for waiting in taken for record in waiting.records]
        try:
            end = await self._in_thread(self._write, frame(records))
        except Exception as error:
            _end(taken, error)
            log.exception("journal_not_written", kind=type(error).__name__)
        else:
            self._follow(end, records)
            _end(taken, None)

    def _follow(self, end: Position, records: Sequence[Record]) -> None:
        group = _Group(end, len(records))
        self._groups.append(group)
        self._group_of.update((record.comment.id, group) for record in records)

    async def _in_thread(self, work: Callable[..., T], *args: object) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)
        except OSError as error:
            raise Unavailable(f"评论日志写不进磁盘：{error.strerror}") from error

    # ---- in the thread -----------------------------------------------------------------------

    def _read(self, salvage: bool) -> None:
        self._lock = files.lock(self._folder)
        self._confirmed = self._stored = files.read_checkpoint(self._folder)
        found = files.unconfirmed(self._folder, self._confirmed, salvage=salvage)
        for number, each in found:
            try:
                records = records_of(each.payload)
            except (ValueError, KeyError, TypeError) as error:
                where = f"{self._folder}，第 {number} 段，字节 {each.start}"
                hint = "可能由更新的程序写成"
                raise UnreadableFile(
                    f"评论日志的格式不认识：{where}", code="journal_format", hint=hint
                ) from error
            self._found += records
            self._follow(Position(number, each.end), records)
        there = [segment.number for segment in files.segments(self._folder)]
        self._next = max([self._confirmed.segment, *there]) + 1

    def _write(self, data: bytes) -> Position:
        writing = self._current()
        end = writing.append(data)
        if self._clock() - self._tidied_at >= self._rules.checkpoint_every:
            self._tidy()
        return end

    def _current(self) -> Writing:
        """The segment to write to: a new one where the last is full or of another day."""
        now = self._clock()
        writing = self._writing
        if writing and (
            writing.size >= self._rules.segment_bytes or writing.segment.begun.date() != now.date()
        ):
            writing.close()
            self._writing = writing = None
        if writing is None:
            number, self._next = self._next, self._next + 1
            self._writing = writing = Writing(Segment.named(self._folder, number, now))
        return writing

    def _tidy(self) -> None:
        """Note what is confirmed; drop segments that are, and were ended long enough ago.

        What fails here is done another time: it concerns nothing that is acknowledged.
        """
        try:
            if self._confirmed > self._stored:
                files.write_checkpoint(self._folder, self._confirmed)
                self._stored = self._confirmed
            there = files.segments(self._folder)
            limit = self._clock() - self._rules.keep
            for segment, following in pairwise(there):
                if segment.number < self._stored.segment and following.begun <= limit:
                    segment.path.unlink()
        except OSError as error:
            log.warning("journal_not_tidied", folder=str(self._folder), error=error.strerror)
        self._tidied_at = self._clock()

    def _close(self) -> None:
        if self._writing is not None:
            self._writing.close()
        if self._lock is not None:
            self._tidy()
            close(self._lock)
        self._lock = self._writing = None


def _end(taken: Sequence[_Waiting], error: Exception | None) -> None:
    for waiting in taken:
        if waiting.done.done():
            continue
        if error is None:
            waiting.done.set_result(None)
        else:
            waiting.done.set_exception(error)
