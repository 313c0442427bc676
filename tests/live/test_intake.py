"""Every event is taken once, masked, on disk before it is acknowledged, and handed on once."""

import asyncio
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.live import Comment, EventType, LiveEvent, LiveUser
from assistant.errors import Unavailable
from assistant.live.incoming import NOT_MASKED, Incoming
from assistant.live.intake import Intake, IntakeRules
from assistant.live.journal import Journal, JournalRules, Record
from assistant.live.journal_frames import records_of, scan
from assistant.live.seams import Masked
from tests.conftest import StoppedClock
from tests.support.live_values import NOON

pytestmark = pytest.mark.integration


def event(number: int | str, text: str = "要带什么", **changes) -> LiveEvent:
    values = {"user": LiveUser(f"u{number}", "张三"), "reply_to": f"to-{number}"}
    return LiveEvent(f"e{number}", "page", EventType.COMMENT, NOON, text=text, **values | changes)


class PlainVault:
    def seal(self, address: str) -> str:
        return f"sealed({address})"

    def open(self, sealed: str) -> str:
        return sealed[7:-1]


class Clock:
    def now(self):
        return NOON

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def mask(text: str) -> Masked:
    if text == "unmaskable":
        raise ValueError(text)
    return Masked(text.replace("13800138000", "*"), ("mobile",) if "138" in text else ())


def incoming(new_id) -> Incoming:
    return Incoming(
        mask=mask,
        pseudonyms=lambda platform, user_id: f"{platform}|{user_id}",
        shown_name=lambda name: name[:1] + "**",
        vault=PlainVault(),
        clock=Clock(),
        new_id=new_id,
    )


class Table:
    """The comments in SQL: without any rule that would hide a double."""

    def __init__(self) -> None:
        self.rows: list[Comment] = []
        self.is_down = False
        self.refused = asyncio.Event()

    async def seen(self, room_id: str, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        await asyncio.sleep(0)
        if self.is_down:
            self.refused.set()
            raise Unavailable("数据库停了")
        return {(row.platform, row.event_id) for row in self.rows} & set(keys)


class Service:
    """One life of the process after the other, over the same disk and database."""

    def __init__(self, folder: Path, rules: IntakeRules | None = None) -> None:
        self.folder = folder
        self.table = Table()
        self._rules = rules or IntakeRules(gather=0.001)
        numbers = count(1)
        self._incoming = incoming(lambda: f"c{next(numbers):06d}")
        self._clock = StoppedClock(NOON)

    async def start(self) -> Intake:
        rules = JournalRules(segment_bytes=2000, checkpoint_every=timedelta(0))
        self._journal = await Journal.open(self.folder, self._clock, rules)
        self.intake = await Intake.open(
            "hall",
            "s1",
            incoming=self._incoming,
            journal=self._journal,
            records=self.table,
            rules=self._rules,
        )
        return self.intake

    async def die(self, torn: bytes = b"") -> None:
        """As by `kill -9`: nothing is flushed; a write may have got half-way."""
        journal = self._journal
        if journal._writer is not None:
            journal._writer.cancel()
        for task in list(self.intake._coming.values()):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
        journal._thread.shutdown(wait=True)
        if journal._writing is not None:
            journal._writing.close()
        os.close(journal._lock)
        if torn and (paths := sorted(self.folder.glob("*.journal"))):
            with paths[-1].open("ab") as file:
                file.write(torn)

    async def commit(self) -> None:
        batch = await self.intake.next()
        self.table.rows += batch.comments
        self.intake.confirm(batch.comments)

    def on_disk(self) -> list[Record]:
        files = sorted(self.folder.glob("*.journal"))
        found = [scan(path.read_bytes()).frames for path in files]
        return [
            record for frames in found for each in frames for record in records_of(each.payload)
        ]


@pytest.fixture
async def service(tmp_path: Path):
    made = Service(tmp_path / "room")
    await made.start()
    yield made
    await made.intake.close()


async def test_a_comment_is_masked_before_it_reaches_the_disk(service: Service) -> None:
    await service.intake.receive([event(1, "我的电话13800138000")])
    (record,) = service.on_disk()
    assert record == Record(
        Comment(
            id="c000001",
            room_id="hall",
            session_id="s1",
            platform="page",
            event_id="e1",
            received_at=NOON,
            viewer="page|u1",
            text="我的电话*",
            viewer_name="张**",
            hidden=("mobile",),
        ),
        "sealed(to-1)",
    )
    batch = await service.intake.next()
    assert batch.comments == [record.comment]
    assert batch.addresses == {"c000001": "sealed(to-1)"}


async def test_when_it_returns_it_is_on_disk(service: Service) -> None:
    for number in range(5):
        await service.intake.receive([event(number)])
        assert len(service.on_disk()) == number + 1


async def test_every_event_of_a_batch_once(service: Service) -> None:
    await asyncio.gather(
        service.intake.receive([event(1), event(2), event(1), event(3)]),
        service.intake.receive([event(3), event(4)]),  # while the first is on its way
    )
    await service.intake.receive([event(1), event(4)])
    batch = await service.intake.next()
    assert [comment.event_id for comment in batch.comments] == ["e1", "e2", "e3", "e4"]
    assert service.intake.counts.comments == 4
    assert service.intake.counts.repeats == 4


async def test_the_same_id_of_another_platform_is_another_event(service: Service) -> None:
    await service.intake.receive([event(1), replace(event(1), platform="bilibili")])
    assert len((await service.intake.next()).comments) == 2


async def test_other_events_are_passed_on_and_not_kept(service: Service) -> None:
    like = LiveEvent("l1", "page", EventType.LIKE, NOON, count=3)
    warning = LiveEvent("w1", "page", EventType.PLATFORM_WARNING, NOON, text="整改")
    await service.intake.receive([like, event(1), warning, like])
    await service.intake.receive([warning])
    batch = await service.intake.next()
    assert batch.events == (like, warning)
    assert len(batch.comments) == 1
    assert len(service.on_disk()) == 1
    assert service.intake.counts.others == {EventType.LIKE: 1, EventType.PLATFORM_WARNING: 1}


async def test_a_flood_of_likes_hides_no_warning(service: Service) -> None:
    likes = [LiveEvent(f"l{n}", "page", EventType.LIKE, NOON) for n in range(5000)]
    await service.intake.receive(likes)
    await service.intake.receive([LiveEvent("end", "page", EventType.STREAM_END, NOON)])
    batch = await service.intake.next()
    assert batch.events[-1].type is EventType.STREAM_END
    assert len(batch.events) == 257
    assert service.intake.counts.others[EventType.LIKE] == 5000


async def test_what_the_records_know_is_not_handed_on(service: Service) -> None:
    await service.intake.receive([event(1), event(2)])
    await service.commit()
    await service.intake.close()
    (service.folder / "checkpoint.json").unlink()
    await service.start()  # both come again, as does a platform that reconnects
    await service.intake.receive([event(2), event(3)])
    batch = await service.intake.next()
    assert [comment.event_id for comment in batch.comments] == ["e3"]


async def test_known_by_the_records_alone(tmp_path: Path) -> None:
    """Long after: neither in memory nor in the journal."""
    service = Service(tmp_path / "room", IntakeRules(gather=0.001, remembered=1))
    await service.start()
    for number in (1, 2, 3):
        await service.intake.receive([event(number)])
        await service.commit()
    await service.intake.receive([event(1), event(4)])
    assert [each.event_id for each in (await service.intake.next()).comments] == ["e4"]
    await service.intake.close()


async def test_a_busy_database_delays_and_loses_nothing(tmp_path: Path) -> None:
    service = Service(tmp_path / "room", IntakeRules(gather=0.001, retry_after=0.001))
    await service.start()
    service.table.is_down = True
    await service.intake.receive([event(1)])  # acknowledged all the same
    waiting = asyncio.create_task(service.intake.next())
    await service.table.refused.wait()
    waiting.cancel()  # and the reader gives up
    service.table.is_down = False
    assert [each.event_id for each in (await service.intake.next()).comments] == ["e1"]
    await service.intake.close()


async def test_platforms_wait_while_too_much_waits(tmp_path: Path) -> None:
    service = Service(tmp_path / "room", IntakeRules(batch=2, gather=0.001, waiting=3))
    intake = await service.start()
    await intake.receive([event(n) for n in range(3)])
    more = [asyncio.create_task(intake.receive([event(f"more{n}")])) for n in range(5)]
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in more)
    assert len(service.on_disk()) == 3
    got = [comment for _ in range(2) for comment in (await intake.next()).comments]
    await asyncio.gather(*more)
    while len(got) < 8:
        got += (await intake.next()).comments
    assert len({comment.event_id for comment in got}) == 8
    await intake.close()


async def test_a_closed_room_takes_nothing(tmp_path: Path) -> None:
    service = Service(tmp_path / "room", IntakeRules(waiting=1))
    intake = await service.start()
    await intake.receive([event(1)])
    waiting = asyncio.create_task(intake.receive([event(2)]))
    await asyncio.sleep(0)
    await intake.close()
    for refused in (waiting, intake.receive([event(3)])):
        with pytest.raises(Unavailable):
            await refused
    assert len(service.on_disk()) == 1


async def test_a_failing_disk_is_told_and_the_repeat_is_taken(
    service: Service, monkeypatch
) -> None:
    append = Journal.append
    broken = True

    async def fail(self, records):
        await asyncio.sleep(0)
        if broken:
            raise Unavailable("磁盘已满")
        await append(self, records)

    monkeypatch.setattr(Journal, "append", fail)
    both = await asyncio.gather(
        service.intake.receive([event(1)]),
        service.intake.receive([event(1), event(2)]),
        return_exceptions=True,
    )
    assert [type(each) for each in both] == [Unavailable, Unavailable]
    broken = False
    await service.intake.receive([event(2), event(1)])
    assert len((await service.intake.next()).comments) == 2


async def test_a_caller_that_gives_up_leaves_nothing_half_done(service: Service) -> None:
    gone = asyncio.create_task(service.intake.receive([event(1)]))
    await asyncio.sleep(0)
    gone.cancel()
    await service.intake.receive([event(1)])  # the platform repeats it
    batch = await service.intake.next()
    assert [comment.event_id for comment in batch.comments] == ["e1"]
    assert len(service.on_disk()) == 1


async def test_what_no_database_keeps_is_dropped_and_what_is_too_long_cut(
    service: Service,
) -> None:
    strange = event(1, "a\0b\ud800c", user=LiveUser("", "\ud800李"), reply_to="")
    long_id = replace(event(2), event_id="长" * 1000)
    at_the_end = "字" * (2000 - 8) + "13800138000"
    await service.intake.receive([strange, long_id, event(3, at_the_end)])
    one, two, three = (await service.intake.next()).comments
    assert (one.text, one.viewer, one.viewer_name) == ("abc", "page|event:e1", "李**")
    assert two.event_id.startswith("sha256:")
    assert len(two.event_id) < 100
    assert "138" not in three.text
    assert len(three.text) < 2000


async def test_what_cannot_be_masked_is_not_kept_and_not_lost(service: Service) -> None:
    await service.intake.receive([event(1, "unmaskable"), event(2)])
    one, two = (await service.intake.next()).comments
    assert (one.text, one.hidden) == (NOT_MASKED, ("not_masked",))
    assert two.text == "要带什么"


async def test_large_batches_keep_their_order(service: Service) -> None:
    await service.intake.receive([event(n) for n in range(600)])
    got: list[str] = []
    while len(got) < 600:
        batch = await service.intake.next()
        assert len(batch.comments) <= 256
        got += [comment.event_id for comment in batch.comments]
        service.intake.confirm(batch.comments)
    assert got == [f"e{n}" for n in range(600)]


# ---- laws -------------------------------------------------------------------------------------

ids = st.lists(st.integers(0, 12), min_size=1, max_size=5)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), ids),
        st.tuples(st.just("send and wait"), ids),
        st.tuples(st.just("commit"), st.just(None)),
        st.tuples(st.just("take, do not confirm"), st.just(None)),
        st.tuples(st.just("take, do not commit"), st.just(None)),
        st.tuples(st.just("steps"), st.integers(1, 6)),
        st.tuples(st.just("kill"), st.binary(max_size=30)),
        st.tuples(st.just("restart"), st.just(None)),
    ),
    max_size=14,
)


class Story:
    """A platform that repeats until it is acknowledged, and a service that dies now and then."""

    def __init__(self, folder: Path) -> None:
        self.service = Service(folder, IntakeRules(batch=3, gather=0.0005, at_once=2))
        self.acknowledged: set[int] = set()
        self.sent: set[int] = set()
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self, operations: list[tuple[str, object]]) -> None:
        await self.service.start()
        for name, value in operations:
            await getattr(self, "_" + name.replace(",", "").replace(" ", "_"))(value)
        await self._restart()
        while missing := self.sent - self.acknowledged:
            await self._send_and_wait(sorted(missing))
        await self._drain()
        await self.service.intake.close()

    async def _send(self, numbers: list[int]) -> None:
        self.sent.update(numbers)
        await self.service.intake.receive([event(number) for number in numbers])
        self.acknowledged.update(numbers)

    async def _receive(self, numbers: list[int]) -> None:
        task = asyncio.create_task(self._send(numbers))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send_and_wait(self, numbers: list[int]) -> None:
        await self._send(numbers)

    async def _steps(self, number: int) -> None:
        for _ in range(number):
            await asyncio.sleep(0.0001)

    async def _next(self):
        with suppress(TimeoutError):
            async with asyncio.timeout(0.003):
                return await self.service.intake.next()

    async def _commit(self, _) -> None:
        if batch := await self._next():
            self.service.table.rows += batch.comments
            self.service.intake.confirm(batch.comments)

    async def _take_do_not_confirm(self, _) -> None:
        """Killed after the commit, before the journal hears of it."""
        if batch := await self._next():
            self.service.table.rows += batch.comments
        await self._kill(b"")

    async def _take_do_not_commit(self, _) -> None:
        await self._next()
        await self._kill(b"")

    async def _kill(self, torn: bytes) -> None:
        for task in list(self._sending):
            task.cancel()
        await self.service.die(torn)
        await asyncio.gather(*self._sending, return_exceptions=True)
        await self.service.start()

    async def _restart(self, _=None) -> None:
        await asyncio.gather(*self._sending, return_exceptions=True)
        await self.service.intake.close()
        await self.service.start()

    async def _drain(self) -> None:
        while self.service.intake._waiting:
            await self._commit(None)


@given(OPERATIONS)
@settings(deadline=None, max_examples=150)
def test_nothing_is_lost_and_nothing_doubled(operations: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as folder:
        story = Story(Path(folder) / "room")
        asyncio.run(story.run(operations))
        stored = [row.event_id for row in story.service.table.rows]
        assert sorted(stored) == sorted(f"e{number}" for number in story.sent)
        assert not list((Path(folder) / "room").glob("*.damaged"))
