"""While questions wait for a person the stage says so: seldom, once a question, when silent."""

from dataclasses import replace

import pytest

from assistant.domain.live import CueKind
from assistant.live import lines
from assistant.live.notices import line_of
from assistant.live.orders import Approve, Automatic
from tests.live.fakes import SESSION, World

pytestmark = pytest.mark.integration


async def said(world: World) -> list[str]:
    return [one.text for one in await world.records.cues(SESSION) if one.kind is CueKind.FIXED_LINE]


async def test_it_is_said_after_a_while_and_once_a_question(world: World) -> None:
    await world.ask("补贴多少")
    await world.pass_(5)
    assert await said(world) == []
    await world.pass_(10)
    assert await said(world) == [lines.CHECKING]
    assert world.live.checking == 1
    await world.pass_(300)
    assert len(await said(world)) == 1


async def test_it_is_said_seldom_however_many_wait(world: World) -> None:
    await world.ask("补贴多少")
    await world.pass_(20)
    await world.ask("补贴怎么领")
    await world.pass_(60)
    assert len(await said(world)) == 1
    await world.pass_(60)
    assert len(await said(world)) == 2
    assert world.live.snapshot().checking == 2


async def test_nobody_is_held_up_by_it_and_nothing_settled_is_told_of(world: World) -> None:
    first = await world.ask("补贴多少")
    await world.live.command(Approve(first.id, "三百元", aloud=False), "甲")
    await world.pass_(30)
    assert await said(world) == []
    await world.live.command(Automatic(False), "甲")
    await world.ask("补贴怎么领")
    await world.pass_(30)
    assert await said(world) == []


async def test_after_a_restart_it_is_not_said_again(world: World) -> None:
    await world.ask("补贴多少")
    await world.pass_(20)
    await world.live.stop()
    await world.open()
    await world.pass_(200)
    assert len(await said(world)) == 1


async def test_a_room_that_wants_none_has_none(world: World) -> None:
    await world.live.stop()
    await world.open(config=replace(world.config, checking_every=None))
    await world.ask("补贴多少")
    await world.pass_(60)
    assert await said(world) == []


def test_the_stage_shows_how_many_wait(world: World) -> None:
    assert "2个问题正在请工作人员核实" in line_of(world.room, 2)
    assert "核实" not in line_of(world.room)
