"""A named person is told at once, then the next one, until somebody says that they have seen it."""

from datetime import timedelta
from itertools import count

import pytest

from assistant.domain.live import AlertLevel
from assistant.errors import NotFound
from assistant.live.alerter import AGAIN_AT_MOST
from assistant.live.orders import Acknowledge
from assistant.records.live_rows import ALERTS
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


@pytest.mark.parametrize("comment", ["有人晕倒了", "毒舌"])
async def test_where_nobody_can_be_reached_they_are_told_once_they_can(
    world: World, comment: str
) -> None:
    """As through a night whose network is cut for ten minutes."""
    world.notify.away = {"甲", "乙"}
    await world.ask(comment, "a")
    await world.pass_(600, step=1)
    assert world.notify.told == []
    assert world.notify.tried < 40
    world.notify.away = set()
    await world.pass_(AGAIN_AT_MOST, step=1)
    assert world.notify.told[0][0] in {"甲", "乙"}


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


async def test_who_is_on_duty_is_called_while_nothing_can_be_stored(world: World) -> None:
    alert = world.live.alert("database_away", AlertLevel.URGENT, "数据库没有应答")
    for _ in range(20):
        alert = await world.live.call(alert)
        await world.pass_(20)
    assert {code for _, code in world.notify.told} == {"database_away"}
    assert [who for who, _ in world.notify.told] == ["甲", "乙", "甲"]
    assert await world.reads.open_alerts() == []

    await world.live.keep(alert, "数据库已恢复")
    await world.pass_(300, step=10)
    assert len(world.notify.told) == 3
    assert await world.reads.open_alerts() == []
    async with world.database.read() as connection:
        (stored,) = await connection.execute(ALERTS.table.select())
    assert (stored.code, stored.acknowledged_by) == ("database_away", "数据库已恢复")


async def test_the_first_call_tells_though_the_clock_goes_on_from_look_to_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, looks = world.clock.now(), count()
    monkeypatch.setattr(world.clock, "now", lambda: begun + timedelta(microseconds=next(looks)))
    await world.live.call(world.live.alert("database_away", AlertLevel.URGENT, "数据库没有应答"))
    assert world.notify.told == [("甲", "database_away")]


async def test_an_alarm_of_what_ended_by_itself_calls_nobody_any_more(world: World) -> None:
    await world.live.alarm("handles_short", AlertLevel.URGENT, "句柄不够")
    await world.live.alarm("stalled", AlertLevel.URGENT, "没有反应")
    await world.live.over("handles_short", "已恢复")
    assert [one.code for one in world.live.snapshot().alerts] == ["stalled"]


async def test_many_emergencies_of_one_viewer_are_one_alert(world: World) -> None:
    for _ in range(5):
        await world.ask("有人晕倒了", "a")
    assert len(world.notify.told) == 1
    await world.ask("有人晕倒了", "b")
    assert len(world.notify.told) == 2
