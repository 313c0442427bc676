"""A request sent twice is done once, whichever process of the office it reaches."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pydantic import BaseModel

from assistant.errors import Conflict
from assistant.records.database import Database
from assistant.records.request_replies import RequestReplies
from assistant.web.review import repeats
from assistant.web.review.repeats import Repeats

pytestmark = pytest.mark.contract


class Done(BaseModel):
    number: int


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> Done:
        self.times += 1
        await self.may_end.wait()
        return Done(number=self.times)


@pytest.fixture
async def process(database_url: str, clock) -> AsyncIterator[Callable[[], Awaitable[Repeats]]]:
    """Starts another process of the office."""
    databases: list[Database] = []

    async def start() -> Repeats:
        databases.append(await Database.open(database_url))
        return Repeats(RequestReplies(databases[-1], "office", clock))

    yield start
    for one in databases:
        await one.close()


async def test_another_process_gives_the_same_reply(process) -> None:
    one, other, work = await process(), await process(), Work()
    first = await one.once("sun", "k", ("case", 1), work, Done)
    again = await other.once("sun", "k", ("case", 1), work, Done)
    assert (first, again, work.times) == (Done(number=1), Done(number=1), 1)
    with pytest.raises(Conflict):
        await other.once("sun", "k", ("case", 2), work, Done)
    assert (await other.once("li", "k", ("case", 1), work, Done)).number == 2
    assert (await other.once("sun", None, ("case", 1), work, Done)).number == 3


async def test_both_at_once_do_it_once(process) -> None:
    one, other, work = await process(), await process(), Work()
    work.may_end.clear()
    both = [asyncio.create_task(each.once("sun", "k", 1, work, Done)) for each in (one, one, other)]
    await asyncio.sleep(0.3)
    work.may_end.set()
    assert await asyncio.gather(*both) == [Done(number=1)] * 3
    assert work.times == 1


async def test_what_failed_is_done_again(process) -> None:
    one, work = await process(), Work()

    async def fails() -> Done:
        raise Conflict("x")

    with pytest.raises(Conflict, match="x"):
        await one.once("sun", "k", 1, fails, Done)
    assert (await one.once("sun", "k", 1, work, Done)).number == 1


async def test_who_goes_away_leaves_the_work_to_be_finished(process) -> None:
    one, work = await process(), Work()
    work.may_end.clear()
    gone = asyncio.create_task(one.once("sun", "k", 1, work, Done))
    await asyncio.sleep(0.1)
    gone.cancel()
    work.may_end.set()
    assert (await one.once("sun", "k", 1, work, Done), work.times) == (Done(number=1), 1)


async def test_work_that_died_with_its_process_is_taken_up(
    process, database: Database, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, work = await process(), Work()
    died = RequestReplies(database, "office", clock)
    assert await died.claim("sun", "k", repeats.digest_of(1)) is None
    monkeypatch.setattr(repeats, "PATIENCE", 0.2)
    with pytest.raises(Conflict):
        await one.once("sun", "k", 1, work, Done)
    clock.advance(minutes=2)
    assert (await one.once("sun", "k", 1, work, Done)).number == 1


async def test_replies_are_kept_for_a_day(process, clock) -> None:
    one, work = await process(), Work()
    await one.once("sun", "k", 1, work, Done)
    clock.advance(hours=23)
    assert (await one.once("sun", "k", 1, work, Done)).number == 1
    clock.advance(hours=2)
    assert (await one.once("sun", "k", 1, work, Done)).number == 2
