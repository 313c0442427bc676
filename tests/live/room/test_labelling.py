"""The voice says aloud that AI made it: at the start of a stream, or when an exchange has ended."""

import asyncio
from dataclasses import replace

import pytest

from assistant.domain.live import CueState
from assistant.live.orders import Mute
from assistant.voice.exporting import SPOKEN_LABEL
from tests.live.fakes import SESSION, World

pytestmark = pytest.mark.integration
START, END = SPOKEN_LABEL["start"], SPOKEN_LABEL["end"]


async def labelled(world: World, where: str) -> None:
    await world.live.stop()
    await world.open(config=replace(world.config, audible_label=where, checking_every=None))


async def heard(world: World) -> list[str]:
    """What was said, in order."""
    cues = [one for one in await world.records.cues(SESSION) if one.state is CueState.DONE]
    return [one.text for one in sorted(cues, key=lambda one: one.ended_at or one.made_at)]


async def stepping(world: World) -> None:
    """The stage goes on by itself, as in the service."""
    while True:
        await asyncio.sleep(0)
        await world.pass_(1)


async def test_a_stream_begins_with_it_once(world: World) -> None:
    await labelled(world, "start")
    await world.pass_(1)
    await world.ask("社保卡怎么补")
    await world.pass_(60)
    first, answer = await heard(world)
    assert first == START
    assert answer != START
    await labelled(world, "start")
    await world.pass_(60)
    assert (await heard(world)).count(START) == 1


async def test_an_exchange_ends_with_it_and_never_breaks_into_one(world: World) -> None:
    await labelled(world, "end")
    await world.pass_(30)
    assert await heard(world) == []
    await world.say(world.comment("社保卡怎么补"), world.comment("公积金怎么取", "v2"))
    await world.pass_(120)
    said = await heard(world)
    assert len(said) == 3
    assert said[-1] == END


async def test_it_is_not_said_after_every_answer(world: World) -> None:
    await labelled(world, "end")
    await world.ask("社保卡怎么补")
    await world.pass_(60)
    await world.ask("公积金怎么取", "v2")
    await world.pass_(300)
    assert (await heard(world)).count(END) == 1
    await world.pass_(400)
    assert (await heard(world))[-1] == END
    assert (await heard(world)).count(END) == 2


async def test_a_stream_does_not_end_without_it(world: World) -> None:
    await labelled(world, "end")
    await world.ask("社保卡怎么补")
    await world.pass_(3)
    time = asyncio.create_task(stepping(world))
    await world.live.last_words()
    time.cancel()
    await world.live.close()
    assert (await heard(world))[-1] == END


async def test_nobody_is_told_what_nobody_heard(world: World) -> None:
    await labelled(world, "end")
    await world.live.last_words()
    assert await world.records.cues(SESSION) == []


async def test_a_muted_room_ends_in_silence(world: World) -> None:
    await labelled(world, "end")
    await world.ask("社保卡怎么补")
    await world.pass_(3)
    await world.live.command(Mute(True), "甲")
    await world.live.last_words()
    assert END not in await heard(world)


async def test_a_room_that_wants_none_has_none(world: World) -> None:
    await world.ask("社保卡怎么补")
    await world.pass_(900)
    assert not {START, END} & set(await heard(world))
