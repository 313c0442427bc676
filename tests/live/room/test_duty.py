"""A room at night: its hours, the duty heartbeat, honest words, and alerts by the rota."""

from datetime import UTC, datetime, time

import pytest

from assistant.domain.duty import EVERY, DutyBook, DutyPlan, Hold, Officer, Shift
from assistant.domain.live import CueState, Room, RoomState
from assistant.domain.workdays import CHINA, OfficeHours
from assistant.live import lines, night
from assistant.live.clocks import VirtualClock
from assistant.live.notices import line_of
from assistant.live.orders import (
    Acknowledge,
    Automatic,
    Beat,
    Cover,
    Mute,
    PickLine,
    Present,
    Sound,
)
from assistant.live.services import RoomConfig
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.duty import DutyRecords
from assistant.review.calendar import combined
from tests.live.fakes import ROOM, SESSION, World

pytestmark = pytest.mark.integration

CALENDAR = combined(())
OFFICE = OfficeHours(CALENDAR)
DAYTIME = (Shift((EVERY,), time(8), time(22)),)
ALL_NIGHT = (Shift(("every",), time(0), time(0)),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def plan(**changed: object) -> DutyPlan:
    officers = (Officer("甲"), Officer("乙", shifts=(Shift(("every",), time(18), time(0)),)))
    values: dict[str, object] = {"officers": officers, "hours": DAYTIME, "quiet_minutes": 2}
    return DutyPlan(ROOM, **(values | changed))  # type: ignore[arg-type]


async def opened(
    database: Database, now: str, made: DutyPlan | None = None, **room: object
) -> World:
    """A room in automatic mode, somebody at its page."""
    world = World(
        database,
        Room(ROOM, "一号", state=RoomState.OPEN, officers=("旧",), **room),  # type: ignore[arg-type]
        clock=VirtualClock(at(now)),
        config=RoomConfig(),
    )
    book = DutyBook({ROOM: made or plan()}, OFFICE)
    await world.open(duty=lambda: book)
    await world.live.command(Automatic(on=True), "甲")
    return world


async def audited(world: World) -> list[tuple[str, str]]:
    records = AuditRecords(world.database, "org", world.clock.now)
    return [(entry.action, payload.body) for entry, payload in await records.recent(50) if payload]


async def test_within_a_minute_of_the_last_beat_nothing_new_is_voiced(
    database: Database,
) -> None:
    world = await opened(database, "2026-03-06T10:00", plan(quiet_minutes=0))
    await world.live.command(Beat(), "甲")
    first = await world.ask("社保怎么办", "a")
    await world.pass_(46)
    assert world.live.room.held is Hold.DUTY
    second = await world.ask("医保怎么办", "b")
    await world.pass_(30)
    decided = await world.decided()
    assert decided[first.id] == "spoken/answered"
    assert decided[second.id] == "queued_for_review/no_officer"
    assert world.stage.played == [cue.id for cue in await world.records.cues(SESSION)]
    assert world.notify.told == [("甲", "heartbeat")]
    assert ("room.held", '{"reason": "duty"}') in await audited(world)
    await world.live.stop()


async def test_what_waited_when_the_heartbeat_lapsed_is_told_as_text(database: Database) -> None:
    world = await opened(database, "2026-03-06T10:00", plan(quiet_minutes=0))
    world.answers.words = lambda text: f"答：{text}" + "很长的答复" * 60
    asked = [await world.ask(f"怎么办{n}", f"v{n}") for n in range(3)]
    await world.pass_(60)
    cues = {one.question_id: one.state for one in await world.records.cues(SESSION)}
    assert sorted(state for state in cues.values()) == [
        CueState.SKIPPED,
        CueState.SKIPPED,
        CueState.STARTED,
    ]
    decided = await world.decided()
    assert sorted(decided[one.id] for one in asked) == [
        "replied/no_time",
        "replied/no_time",
        "spoken/answered",
    ]
    await world.live.stop()


async def test_approved_words_go_on_while_answers_are_held(database: Database) -> None:
    world = await opened(database, "2026-03-06T23:00")
    await world.pass_(2)
    await world.live.command(PickLine("wait"), "甲")
    await world.pass_(20)
    assert world.live.room.held is Hold.HOURS
    (cue,) = await world.records.cues(SESSION)
    assert cue.state is CueState.DONE
    await world.live.stop()


async def test_it_comes_back_by_itself_and_the_alarm_ends(database: Database) -> None:
    world = await opened(database, "2026-03-06T10:00", plan(quiet_minutes=0))
    await world.pass_(50)
    assert world.live.room.held is Hold.DUTY
    assert len(world.live.snapshot().alerts) == 1
    await world.live.command(Beat(), "乙")
    await world.pass_(1)
    assert world.live.room.held is Hold.NONE
    assert world.live.room.held_since is None
    assert world.live.snapshot().alerts == ()
    assert [action for action, _ in await audited(world)][:2] == ["room.freed", "room.held"]
    third = await world.ask("公积金怎么办", "c")
    assert (await world.decided())[third.id] == "spoken/answered"
    await world.live.stop()


async def test_a_page_that_nobody_confirms_counts_no_more(database: Database) -> None:
    world = await opened(database, "2026-03-06T10:00", plan(confirm_minutes=5))
    for _ in range(15):
        await world.live.command(Beat(), "甲")
        await world.pass_(20, step=10)
    assert world.live.room.held is Hold.NONE
    await world.live.command(Beat(), "甲")
    await world.pass_(10, step=5)
    assert world.live.room.held is Hold.DUTY
    await world.live.command(Present(), "甲")
    await world.pass_(1)
    assert world.live.room.held is Hold.NONE
    assert world.live.room.present_by == "甲"
    await world.live.stop()


async def test_who_said_so_is_there_for_the_quiet_period_without_a_page(
    database: Database,
) -> None:
    world = await opened(database, "2026-03-06T10:00")
    await world.live.command(Present(), "甲")
    await world.pass_(119)
    assert world.live.room.held is Hold.NONE
    await world.pass_(3)
    assert world.live.room.held is Hold.DUTY
    await world.live.stop()


async def test_outside_its_hours_a_room_queues_and_says_until_when(database: Database) -> None:
    world = await opened(database, "2026-03-06T21:59:50")
    first = await world.ask("社保怎么办", "a")
    await world.pass_(20)
    assert world.live.room.held is Hold.HOURS
    second = await world.ask("医保怎么办", "b")
    decided = await world.decided()
    assert decided[first.id] == "spoken/answered"
    assert decided[second.id] == "queued_for_review/off_hours"
    assert world.replier.texts("to-b") == [
        "这个问题已记下，3月9日星期一上午九点上班后由工作人员答复。"
    ]
    assert world.notify.told == []
    shown = line_of(world.live.room, world.live.checking, world.live.held_line)
    assert "3月9日星期一上午九点上班后" in shown
    await world.live.stop()


async def test_at_night_what_needs_a_person_says_until_when_on_the_stage_too(
    database: Database,
) -> None:
    world = await opened(database, "2026-03-05T23:00", plan(hours=ALL_NIGHT, quiet_minutes=30))
    await world.live.command(Present(), "甲")
    asked = await world.ask("补贴怎么领", "a")
    assert (await world.decided())[asked.id] == "queued_for_review/no_support"
    assert world.replier.texts("to-a") == [lines.holding_until("明天上午九点")]
    await world.pass_(30)
    said = [cue.text for cue in await world.records.cues(SESSION)]
    assert said == [lines.checking_until("明天上午九点")]
    await world.live.stop()


async def test_the_words_change_at_midnight(database: Database) -> None:
    world = await opened(database, "2026-03-05T23:59:50")
    await world.pass_(1)
    assert "明天上午九点" in world.live.held_line
    events = world.live.subscribe()
    await world.pass_(15)
    assert "今天上午九点" in world.live.held_line
    assert any(event.room is not None for event in events.ready())
    await world.live.stop()


async def test_a_person_at_the_desk_answers_at_any_hour(database: Database) -> None:
    world = await opened(database, "2026-03-05T23:00")
    await world.live.command(Automatic(on=False), "甲")
    await world.ask("社保怎么办", "a")
    assert world.replier.texts("to-a") == [lines.MANUAL]
    await world.pass_(1)
    assert world.live.room.held is Hold.NONE
    await world.live.stop()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-03-05T17:30", "明天上午九点"),
        ("2026-03-05T23:59:59", "明天上午九点"),
        ("2026-03-06T00:00", "今天上午九点"),
        ("2026-03-06T18:00", "3月9日星期一上午九点"),
        ("2026-03-07T18:00", "后天上午九点"),
        ("2026-09-30T18:00", "10月8日星期四上午九点"),
        ("2026-12-31T18:00", "下一个工作日上午九点"),
    ],
)
def test_when_people_are_back(now: str, said: str) -> None:
    moment = at(now)
    assert night.when_said(moment, OFFICE.next_opening(moment), CALENDAR) == said


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (time(8, 30), "明天上午八点半"),
        (time(14), "明天下午两点"),
        (time(12, 5), "明天下午十二点零五分"),
        (time(10, 45), "明天上午十点四十五分"),
    ],
)
def test_an_office_opens_at_its_own_time(start: time, said: str) -> None:
    moment = at("2026-03-05T20:00")
    opening = OfficeHours(CALENDAR, time(17, 30), start).next_opening(moment)
    assert night.when_said(moment, opening, CALENDAR) == said


async def test_an_alert_goes_round_the_rota_three_minutes_each(database: Database) -> None:
    world = await opened(database, "2026-03-05T20:00", plan(quiet_minutes=30))
    await world.ask("急怎么办", "a")
    assert world.notify.told == [("甲", "urgent")]
    await world.pass_(178, step=2)
    assert len(world.notify.told) == 1
    await world.pass_(4, step=2)
    assert [who for who, _ in world.notify.told] == ["甲", "乙"]
    for _ in range(8):
        await world.live.command(Present(), "甲")
        await world.pass_(182, step=2)
    told = [who for who, code in world.notify.told if code == "urgent"]
    assert told == ["甲", "乙", "甲", "乙", "甲", "乙"]

    records = DutyRecords(
        database, "org", world.clock.now, AuditRecords(database, "org", world.clock.now)
    )
    (alert,) = [one for one in await records.alerts(ROOM) if one.code == "urgent"]
    tellings = (await records.tellings([alert.id]))[alert.id]
    assert [(one.step, one.officer, one.worked) for one in tellings] == [
        (step, who, True) for step, who in enumerate("甲乙甲乙甲乙", 1)
    ]
    await world.live.command(Acknowledge(alert.id), "乙")
    (seen,) = [one for one in await records.alerts(ROOM) if one.code == "urgent"]
    assert seen.acknowledged_by == "乙"
    await world.live.stop()


async def test_after_a_change_of_shift_the_new_rota_is_told(database: Database) -> None:
    world = await opened(database, "2026-03-05T23:56", plan(quiet_minutes=30, hours=ALL_NIGHT))
    await world.ask("急怎么办", "a")
    await world.pass_(182, step=2)
    assert [who for who, _ in world.notify.told] == ["甲", "乙"]
    await world.pass_(182, step=2)  # midnight: 乙 has gone home
    assert [who for who, _ in world.notify.told] == ["甲", "乙", "甲"]
    await world.live.stop()


async def test_sound_and_card_are_set_once_and_kept(database: Database) -> None:
    world = await opened(database, "2026-03-05T10:00", plan(quiet_minutes=30))
    for _ in range(2):
        await world.live.command(Sound(on=False), "甲")
    await world.ask("社保怎么办", "a")
    await world.pass_(20)
    assert world.live.room.silent
    assert [cue.state for cue in await world.records.cues(SESSION)] == [CueState.DONE]
    await world.live.command(Cover(on=True), "甲")
    await world.ask("医保怎么办", "b")
    await world.pass_(20)
    assert CueState.DONE not in [one.state for one in await world.records.cues(SESSION)][1:]
    await world.live.command(Cover(on=False), "甲")
    await world.pass_(20)
    assert [one.state for one in await world.records.cues(SESSION)] == [CueState.DONE] * 2
    stored = await world.records.room(ROOM)
    assert stored is not None
    assert (stored.silent, stored.carded) == (True, False)
    await world.live.command(Mute(on=True), "甲")
    assert world.live.room.muted
    await world.live.stop()
