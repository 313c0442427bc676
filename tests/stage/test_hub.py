"""The stage: one page speaks, others mirror, and without a page time is simulated."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.domain.live import Cue, CueKind, StageEvent, StageEventKind
from assistant.stage.hub import AWAITED, LONGEST, StageHub, StageLine
from assistant.stage.keys import is_stage_key, stage_key

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Simulation:
    """Plays what it is told and ends it when told."""

    def __init__(self) -> None:
        self.played: list[str] = []
        self.stops = 0
        self._events: asyncio.Queue[StageEvent] = asyncio.Queue()

    async def play(self, cue: Cue) -> None:
        self.played.append(cue.id)
        self._events.put_nowait(StageEvent(cue.id, StageEventKind.STARTED, NOW))

    async def stop(self) -> None:
        self.stops += 1

    def end(self, cue_id: str) -> None:
        self._events.put_nowait(StageEvent(cue_id, StageEventKind.ENDED, NOW))

    async def events(self) -> AsyncIterator[StageEvent]:
        while True:
            yield await self._events.get()


def cue(cue_id: str = "c1") -> Cue:
    return Cue(cue_id, "r", "s", CueKind.ANSWER, "在政务大厅办理。", "在政务大厅办理。", NOW)


async def messages(line: StageLine, count: int) -> list[dict[str, Any]]:
    found = []
    async for message in line:
        found.append(dict(message))
        if len(found) == count:
            break
    return found


def hub_and_simulation() -> tuple[StageHub, Simulation]:
    simulation = Simulation()
    return StageHub(simulation, lambda: NOW), simulation


async def test_without_a_page_the_simulation_speaks() -> None:
    hub, simulation = hub_and_simulation()
    events = hub.events()

    await hub.play(cue())
    simulation.end("c1")

    assert [(await anext(events)).kind for _ in range(2)] == ["started", "ended"]
    assert simulation.played == ["c1"]
    await events.aclose()


async def test_the_speaking_page_is_heard_and_a_mirror_is_not() -> None:
    hub, simulation = hub_and_simulation()
    mirror, speaker = hub.join(may_speak=False), hub.join(may_speak=True)
    events = hub.events()

    await hub.play(cue())
    hub.heard(mirror, {"type": "ended", "cue_id": "c1"})
    hub.heard(speaker, {"type": "started", "cue_id": "c1"})

    assert (await anext(events)).kind is StageEventKind.STARTED
    assert simulation.played == []
    assert [m["type"] for m in await messages(mirror, 2)] == ["notice", "cue"]
    await events.aclose()


async def test_a_page_that_has_gone_is_waited_for_before_time_is_simulated() -> None:
    simulation = Simulation()
    now = [NOW]
    hub = StageHub(simulation, lambda: now[0])
    hub.leave(hub.join(may_speak=True))

    await hub.play(cue())
    waited = list(simulation.played)
    now[0] += AWAITED
    await hub.play(cue())

    assert waited == []
    assert simulation.played == ["c1"]


async def test_when_the_speaker_goes_the_next_page_speaks() -> None:
    hub, _ = hub_and_simulation()
    first, second = hub.join(may_speak=True), hub.join(may_speak=True)
    hub.leave(first)
    events = hub.events()

    await hub.play(cue())
    hub.heard(first, {"type": "ended", "cue_id": "c1"})
    hub.heard(second, {"type": "started", "cue_id": "c1"})

    assert (await anext(events)).kind is StageEventKind.STARTED
    await events.aclose()


async def test_a_page_that_joins_late_is_given_the_cue_that_has_not_begun() -> None:
    hub, _ = hub_and_simulation()
    await hub.play(cue())

    joined = hub.join(may_speak=True)

    assert (await messages(joined, 2))[1]["id"] == "c1"


async def test_a_page_that_joins_late_does_not_begin_what_was_begun() -> None:
    hub, _ = hub_and_simulation()
    events = hub.events()
    await hub.play(cue())
    await anext(events)

    joined = hub.join(may_speak=True)
    hub.notice("paused", "稍后继续")

    assert [m["type"] for m in await messages(joined, 2)] == ["notice", "notice"]
    await events.aclose()


async def test_a_mirror_learns_that_the_simulation_has_ended_a_cue() -> None:
    hub, simulation = hub_and_simulation()
    mirror = hub.join(may_speak=False)
    events = hub.events()
    await hub.play(cue())
    simulation.end("c1")
    for _ in range(2):
        await anext(events)

    assert (await messages(mirror, 3))[2] == {"type": "ended", "cue_id": "c1"}
    await events.aclose()


async def test_stop_reaches_pages_and_simulation() -> None:
    hub, simulation = hub_and_simulation()
    page = hub.join(may_speak=True)
    await hub.play(cue())

    await hub.stop()

    assert [m["type"] for m in await messages(page, 3)] == ["notice", "cue", "stop"]
    assert simulation.stops == 1


async def test_a_page_that_does_not_read_is_dropped() -> None:
    hub, _ = hub_and_simulation()
    hub.join(may_speak=True)

    for number in range(LONGEST + 1):
        await hub.play(cue(f"c{number}"))

    assert hub.pages == 0


@pytest.mark.parametrize(
    "said",
    [{}, {"type": "started"}, {"type": "sung", "cue_id": "c1"}, {"type": "ended", "cue_id": 7}],
)
async def test_what_is_no_acknowledgement_changes_nothing(said: dict[str, Any]) -> None:
    hub, _ = hub_and_simulation()
    speaker = hub.join(may_speak=True)
    await hub.play(cue())
    hub.heard(speaker, said)
    hub.heard(speaker, {"type": "started", "cue_id": "c1"})
    events = hub.events()

    assert (await anext(events)) == StageEvent("c1", StageEventKind.STARTED, NOW)
    await events.aclose()


def test_only_the_rooms_own_key_opens_its_stage() -> None:
    key = stage_key(b"secret", "r1")

    assert is_stage_key(b"secret", "r1", key)
    assert not is_stage_key(b"secret", "r2", key)
    assert not is_stage_key(b"other", "r1", key)
    assert not is_stage_key(b"secret", "r1", "")
