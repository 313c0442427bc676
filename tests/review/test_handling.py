"""Handlers do each event at least once, in order; one that fails holds up nobody else."""

import pytest

from assistant.records.database import Database
from assistant.records.events import Event, EventRecords
from assistant.review.handling import Handler, handling

pytestmark = pytest.mark.contract


@pytest.fixture
def events(database: Database) -> EventRecords:
    return EventRecords(database, "office")


async def tell(database: Database, events: EventRecords, clock, *subjects: str) -> None:
    for subject in subjects:
        async with database.write() as connection:
            await events.append(connection, subject[0], subject, {}, clock())


class Doing:
    """A handler of kind `a` that fails at one event until it is let go."""

    def __init__(self, fails_at: str = "") -> None:
        self.fails_at = fails_at
        self.done: list[str] = []

    async def __call__(self, event: Event) -> None:
        if event.subject == self.fails_at:
            raise RuntimeError("not now")
        self.done.append(event.subject)


async def test_each_event_once_and_only_of_its_kinds(database, events, clock) -> None:
    doing = Doing()
    chore = handling(events, Handler("one", frozenset({"a"}), doing))
    await tell(database, events, clock, "a1", "b1", "a2", "b2")
    assert await chore.run()
    assert not await chore.run()
    assert doing.done == ["a1", "a2"]
    assert await events.after("one") == []
    await tell(database, events, clock, "a3")
    again = handling(events, Handler("one", frozenset({"a"}), doing))  # as after a restart
    await again.run()
    assert doing.done == ["a1", "a2", "a3"]


async def test_what_fails_is_tried_again_and_never_skipped(database, events, clock) -> None:
    doing, other = Doing(fails_at="a2"), Doing()
    chore = handling(events, Handler("one", frozenset({"a"}), doing))
    await tell(database, events, clock, "a1", "a2", "a3")
    for _ in range(2):
        with pytest.raises(RuntimeError, match="not now"):
            await chore.run()
    assert doing.done == ["a1"]
    await handling(events, Handler("two", frozenset({"a"}), other)).run()
    assert other.done == ["a1", "a2", "a3"]
    doing.fails_at = ""
    await chore.run()
    assert doing.done == ["a1", "a2", "a3"]
