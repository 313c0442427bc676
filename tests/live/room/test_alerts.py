"""A named person is told at once, then the next one, until somebody says that they have seen it."""

import pytest

from assistant.domain.live import AlertLevel
from assistant.errors import NotFound
from assistant.live.orders import Acknowledge
from tests.live.fakes import World

pytestmark = pytest.mark.integration


async def test_it_escalates_until_it_is_acknowledged(world: World) -> None:
    await world.ask("有人晕倒了", "a")
    assert world.notify.told == [("甲", "emergency")]
    await world.pass_(61)
    await world.pass_(61)
    assert [who for who, _ in world.notify.told] == ["甲", "乙", "甲"]

    (alert,) = world.live.snapshot().alerts
    assert alert.level is AlertLevel.EMERGENCY
    await world.live.command(Acknowledge(alert.id), "乙")
    await world.pass_(300, step=10)
    assert len(world.notify.told) == 3
    assert await world.reads.open_alerts() == []
    with pytest.raises(NotFound):
        await world.live.command(Acknowledge(alert.id), "乙")


async def test_who_cannot_be_reached_is_passed_over_at_once(world: World) -> None:
    world.notify.away = {"甲"}
    await world.ask("有人晕倒了", "a")
    await world.pass_(2)
    assert world.notify.told == [("乙", "emergency")]


async def test_a_warning_is_told_once(world: World) -> None:
    await world.ask("毒舌", "a")
    await world.pass_(300, step=10)
    assert world.notify.told == [("甲", "abuse")]


async def test_open_alerts_go_on_after_a_restart(world: World) -> None:
    await world.ask("有人晕倒了", "a")
    await world.live.stop()
    await world.open()
    await world.pass_(61)
    assert [who for who, _ in world.notify.told] == ["甲", "乙"]


async def test_many_emergencies_of_one_viewer_are_one_alert(world: World) -> None:
    for _ in range(5):
        await world.ask("有人晕倒了", "a")
    assert len(world.notify.told) == 1
    await world.ask("有人晕倒了", "b")
    assert len(world.notify.told) == 2
