"""Every event of a room comes through here: known again, masked, journaled, handed on in batches.

Two halves that do not wait for each other. `receive` needs the disk and nothing else, so a platform
is acknowledged even while the database is busy. `next` asks the records which comments they know
already and gives the rest to the engine; what the engine has committed it confirms.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, Self

import structlog

from assistant.domain.live import Comment, EventType, LiveEvent
from assistant.errors import Unavailable
from assistant.live.incoming import Incoming, key_of
from assistant.live.journal import Journal, Record
from assistant.live.key_memory import KeyMemory
from assistant.live.seams import Batch

log = structlog.get_logger()

Key = tuple[str, str]

TELLING = frozenset({EventType.STREAM_START, EventType.STREAM_END, EventType.PLATFORM_WARNING})
"""Events that say something of the stream; the others (likes, gifts …) are counted when crowded."""


class Seen(Protocol):
    """Which events the records know (LiveRecords)."""

    async def seen(self, room_id: str, keys: Collection[Key]) -> set[Key]:
        """Those of the keys that the room has comments of."""
        ...


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """How much is held, and how long a batch gathers (seconds).

    `waiting` is how many comments may wait for the engine; then platforms wait too. `remembered`
    is how many confirmed ids are known without asking the records. Preparing more than `at_once`
    comments is done in a thread. `retry_after` is how soon the records are asked again that failed.
    """

    batch: int = 256
    gather: float = 0.02
    waiting: int = 10_000
    remembered: int = 20_000
    at_once: int = 32
    retry_after: float = 0.5


@dataclass(slots=True)
class Counts:
    """What came since the intake was opened."""

    comments: int = 0
    repeats: int = 0
    others: Counter[EventType] = field(default_factory=Counter)


class Intake:
    """The way into one room: a `Receive` for platforms, a `Feed` for the engine.

    Made by `open`, given back by `close`. One reader calls `next`, any number may `receive`.
    """

    def __init__(
        self,
        room: tuple[str, str],
        incoming: Incoming,
        journal: Journal,
        records: Seen,
        rules: IntakeRules,
    ) -> None:
        self._room_id, self._session_id = room
        self._incoming = incoming
        self._journal = journal
        self._records = records
        self._rules = rules
        self.counts = Counts()
        self._waiting: deque[Record] = deque()
        self._events: deque[LiveEvent] = deque()
        self._coming: dict[Key, asyncio.Task[None]] = {}
        self._open: set[Key] = set()
        self._done: KeyMemory[Key] = KeyMemory(rules.remembered)
        self._passed: KeyMemory[Key] = KeyMemory(rules.remembered)
        self._has_some, self._has_many, self._has_room = (asyncio.Event() for _ in range(3))
        self._is_closed = False

    @classmethod
    async def open(
        cls,
        room_id: str,
        session_id: str,
        *,
        incoming: Incoming,
        journal: Journal,
        records: Seen,
        rules: IntakeRules | None = None,
    ) -> Self:
        """Open the way into a room. What the journal holds unconfirmed comes out of it first.

        The intake closes the journal.
        """
        intake = cls((room_id, session_id), incoming, journal, records, rules or IntakeRules())
        again = journal.unconfirmed()
        if again:
            log.info("comments_delivered_again", room=room_id, comments=len(again))
        for record in again:
            intake._put(record)
        intake._signal()
        return intake

    # ---- platforms ---------------------------------------------------------------------------

    async def receive(self, events: Sequence[LiveEvent]) -> None:
        """Take every event of a batch; when it returns, each comment is on disk.

        Waits while too many comments wait for the engine. An event that came before is not taken
        again. Raises Unavailable where the disk fails or the room is closed: not to be
        acknowledged, the platform should repeat the batch.
        """
        await self._has_room.wait()
        if self._is_closed:
            raise Unavailable("直播间没有打开，暂不接收评论")
        new: dict[Key, LiveEvent] = {}
        stored: set[asyncio.Task[None]] = set()
        for event in events:
            key = key_of(event)
            if key in new or self._is_known(key):
                self.counts.repeats += 1
            elif coming := self._coming.get(key):
                self.counts.repeats += 1
                stored.add(coming)
            elif event.type is EventType.COMMENT:
                new[key] = event
            else:
                self._pass_on(event, key)
        if new:
            stored.add(self._store_soon(new))
        for task in stored:
            await asyncio.shield(task)

    def _is_known(self, key: Key) -> bool:
        return key in self._open or key in self._done or key in self._passed

    def _pass_on(self, event: LiveEvent, key: Key) -> None:
        self._passed.add([key])
        self.counts.others[event.type] += 1
        if event.type in TELLING or len(self._events) < self._rules.batch:
            self._events.append(event)
            self._has_some.set()

    def _store_soon(self, new: dict[Key, LiveEvent]) -> asyncio.Task[None]:
        """In a task of its own: a caller that gives up leaves nothing half done."""
        task = asyncio.create_task(self._store(list(new.values())))
        self._coming.update(dict.fromkeys(new, task))

        def stored(done: asyncio.Task[None]) -> None:
            for key in new:
                del self._coming[key]
            if not done.cancelled():
                done.exception()  # is told to who waits; a caller that gave up need not know

        task.add_done_callback(stored)
        return task

    async def _store(self, events: Sequence[LiveEvent]) -> None:
        make = self._incoming.records
        if len(events) > self._rules.at_once:
            records = await asyncio.to_thread(make, self._room_id, self._session_id, events)
        else:
            records = make(self._room_id, self._session_id, events)
        await self._journal.append(records)
        for record in records:
            self._put(record)
        self.counts.comments += len(records)
        self._signal()

    # ---- the engine --------------------------------------------------------------------------

    async def next(self) -> Batch:
        """The next micro-batch that the records do not know; waits for one.

        Nothing is lost where the waiting is cancelled.
        """
        while True:
            await self._has_some.wait()
            if not self._has_many.is_set():
                await self._gather()
            taken = list(islice(self._waiting, self._rules.batch))
            seen = await self._seen([_key(record.comment) for record in taken])
            for _ in taken:
                self._waiting.popleft()
            events, self._events = tuple(self._events), deque()
            self._signal()
            new = [record for record in taken if _key(record.comment) not in seen]
            if seen:
                self.confirm([r.comment for r in taken if _key(r.comment) in seen])
            if new or events:
                return _batch(new, events)

    async def _gather(self) -> None:
        try:
            async with asyncio.timeout(self._rules.gather):
                await self._has_many.wait()
        except TimeoutError:
            return

    async def _seen(self, keys: Sequence[Key]) -> set[Key]:
        """Asked until the records answer: to guess would be to lose or to double."""
        while keys:
            try:
                return await self._records.seen(self._room_id, keys)
            except Exception as error:
                log.exception("records_not_asked", room=self._room_id, kind=type(error).__name__)
                await asyncio.sleep(self._rules.retry_after)
        return set()

    def confirm(self, comments: Collection[Comment]) -> None:
        """These are committed to the records: the journal need not bring them again."""
        self._journal.confirm([comment.id for comment in comments])
        keys = [_key(comment) for comment in comments]
        self._open.difference_update(keys)
        self._done.add(keys)

    async def close(self) -> None:
        """Take no more events, write out what is held; the rest is on disk for the next time."""
        self._is_closed = True
        self._has_room.set()
        await asyncio.gather(*self._coming.values(), return_exceptions=True)
        await self._journal.close()

    def _put(self, record: Record) -> None:
        """Let a record wait for the engine. One event is one comment, whatever the journal has."""
        if _key(record.comment) in self._open:
            self._journal.confirm([record.comment.id])
            return
        self._open.add(_key(record.comment))
        self._waiting.append(record)

    def _signal(self) -> None:
        waiting = len(self._waiting)
        _set(self._has_some, waiting > 0 or len(self._events) > 0)
        _set(self._has_many, waiting >= self._rules.batch)
        _set(self._has_room, waiting < self._rules.waiting or self._is_closed)


def _key(comment: Comment) -> Key:
    """By what a comment's event is known again."""
    return comment.platform, comment.event_id


def _set(event: asyncio.Event, on: bool) -> None:
    if on:
        event.set()
    else:
        event.clear()


def _batch(records: Sequence[Record], events: Sequence[LiveEvent]) -> Batch:
    addresses = {record.comment.id: record.sealed for record in records if record.sealed}
    return Batch([record.comment for record in records], addresses, events)
