"""The morning's numbers are those of a recount by plain loops over the raw rows."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from assistant.domain.ledger import LedgerFilter
from assistant.domain.live import Alert, AlertLevel, LiveSession, Room
from assistant.domain.live_commit import Commit
from assistant.domain.streaming import Happening
from assistant.domain.workdays import OfficeHours
from assistant.errors import BadInput
from assistant.insight.morning import Mornings
from assistant.live.outcome_lines import OutcomeLine
from assistant.records import schema_live, schema_review
from assistant.records.database import Database
from assistant.records.ledger import LedgerReads
from assistant.records.live import LiveRepository
from assistant.records.morning import MorningReads
from assistant.records.review_queue import ReviewQueue
from assistant.records.stream_happenings import StreamHappenings
from assistant.review.calendar import combined
from eval.bench.ledger_records import Maker, Records, write
from tests.live.room.test_replay import Player, recording

pytestmark = pytest.mark.contract
OFFICE = "office"
BEGAN = datetime(2026, 3, 1, 14, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HOURS = OfficeHours(combined(()), end=time(17, 30), begin=time(9))
Raw = dict[str, Any]


async def hours() -> OfficeHours:
    return HOURS


def mornings(database: Database, clock: Callable[[], datetime], office: str = OFFICE) -> Mornings:
    at = database, office
    ledger, queue = LedgerReads(*at, clock), ReviewQueue(*at)
    return Mornings(MorningReads(*at), ledger, queue, StreamHappenings(*at), hours, clock)


@pytest.fixture(scope="module")
def made() -> Records:
    """Streams whose comments lie before, within and after the night."""
    return Maker(BEGAN - timedelta(hours=66), seed=11, of_session=60).make(240)


class Recount:
    """Counts raw rows; knows nothing of the code it checks."""

    def __init__(self, made: Records, since: datetime, until: datetime) -> None:
        rows = made.rows
        self.comments = {r["id"]: r for r in rows[schema_live.comments]}
        self.questions = {r["id"]: r for r in rows[schema_live.live_questions]}
        self.settled = {r["id"]: r for r in rows[schema_review.review_resolutions]}
        self.cases = {r["question_id"]: r for r in rows[schema_live.review_cases]}
        self.cues = rows[schema_live.cues]
        self.decisions = rows[schema_live.decisions]
        self.sessions = rows[schema_live.live_sessions]
        self.since, self.until = since, until

    def within(self, at: datetime) -> bool:
        return self.since <= at < self.until

    def rows(self, rooms: tuple[str, ...]) -> Iterator[tuple[Raw, Raw]]:
        for decision in self.decisions:
            comment = self.comments[decision["comment_id"]]
            if comment["room_id"] in rooms and self.within(comment["received_at"]):
                yield comment, decision

    def way(self, decision: Raw) -> str:
        question = self.questions[decision["question_id"]]
        case = self.cases.get(question["id"])
        settled = self.settled.get(case["resolution_id"]) if case else None
        if settled and settled["kind"] == "edit":
            return "person"
        return {"answered": "automatic", "in_review": "queued", "refused": "refused"}[
            question["state"]
        ]

    def ways(self, rooms: tuple[str, ...]) -> Counter[str]:
        return Counter(self.way(d) for _, d in self.rows(rooms) if d["is_question"])

    def to_sound(self, rooms: tuple[str, ...]) -> list[float]:
        said = {cue["question_id"]: cue["started_at"] for cue in self.cues}
        return [
            (said[d["question_id"]] - d["decided_at"]).total_seconds()
            for _, d in self.rows(rooms)
            if d["kind"] == "spoken" and d["is_question"]
        ]

    def on_air(self, rooms: tuple[str, ...]) -> float:
        return sum(
            max(
                0.0,
                (min(s["closed_at"], self.until) - max(s["opened_at"], self.since)).total_seconds(),
            )
            for s in self.sessions
            if s["room_id"] in rooms
        )

    def lacking(self, rooms: tuple[str, ...]) -> list[str]:
        return [
            q["text"]
            for q in self.questions.values()
            if q["room_id"] in rooms
            and q["state"] == "in_review"
            and self.within(q["first_at"])
            and not self.cases[q["id"]]["resolution_id"]
        ]


ROOMS = [None, ("hall",), ("town",)]


@pytest.mark.parametrize("rooms", ROOMS, ids=["all", "hall", "town"])
async def test_every_number_is_that_of_a_recount(
    database: Database, clock, made: Records, rooms: tuple[str, ...] | None
) -> None:
    clock.now = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    await write(database, made)
    report = await mornings(database, clock).report(MONDAY, rooms)

    assert report.night.since == datetime(2026, 2, 28, 9, 30, tzinfo=UTC)  # 补班的周六下班
    assert report.night.until == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    recount, seen = Recount(made, report.night.since, report.night.until), rooms or ("hall", "town")
    rows = list(recount.rows(seen))
    assert report.received == len(rows) > 50
    assert report.ledger.rows == sum(d["is_question"] for _, d in rows) > 20
    assert {way.value: n for way, n in report.ways.items()} == dict(recount.ways(seen))
    assert sum(report.ways.values()) == report.ledger.rows
    assert report.answered == sum(recount.ways(seen)[way] for way in ("automatic", "person"))
    assert report.seconds_on_air == pytest.approx(recount.on_air(seen))
    sounds = recount.to_sound(seen)
    assert (report.to_sound.measured, report.to_sound.worst[0].seconds) == (
        len(sounds),
        max(sounds),
    )
    assert report.to_outcome.measured == report.ledger.rows
    assert {text for lack in report.lacks for text in lack.questions} == set(recount.lacking(seen))
    assert len(recount.lacking(seen)) >= 1


async def test_counts_are_the_ledgers_own(database: Database, clock, made: Records) -> None:
    clock.now = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    await write(database, made)
    report = await mornings(database, clock).report(MONDAY)
    which = LedgerFilter(since=report.night.since, until=report.night.until)
    assert report.ledger == await LedgerReads(database, OFFICE, clock).counts(which)
    waiting = sum(row["state"] == "waiting" for row in made.rows[schema_live.review_cases])
    assert report.waiting_cases == waiting
    assert len(report.waiting) == min(10, waiting) > 1


async def test_a_recorded_stream_is_counted_as_its_outcome_lines_are(
    sqlite_database: Database,
) -> None:
    player = Player(sqlite_database, datetime(2026, 3, 2, 14, tzinfo=UTC))
    lines = list((await player.play(recording())).values())
    began = player.ended.began
    day = date(2026, 3, 3)
    inside = HOURS.night_before(day)
    assert inside[0] <= began < inside[1], "the recording lies in the night"
    now = player.ended.ended + timedelta(minutes=1)
    report = await mornings(sqlite_database, lambda: now, "org").report(day)

    asked = [one for one in lines if one.is_question or one.outcome.value == "queued_for_review"]
    assert report.received == len(lines) == 36
    assert report.ledger.rows == len(asked)
    kinds = Counter(one.outcome.value for one in asked)
    counts = report.ledger
    assert [counts.spoken, counts.replied, counts.to_person, counts.merged, counts.set_aside] == [
        kinds[k] for k in ("spoken", "replied", "queued_for_review", "merged", "set_aside")
    ]
    by_hand = Counter(way_by_hand(one) for one in asked)
    assert Counter({way.value: n for way, n in report.ways.items()}) == by_hand
    spoken = [one for one in asked if one.outcome.value == "spoken"]
    slowest = max(one.speech_started_at - one.decided_at for one in spoken)
    assert report.to_sound.worst[0].seconds == pytest.approx(slowest, abs=0.002)
    assert report.seconds_on_air == pytest.approx(
        (player.ended.ended - began).total_seconds(), abs=1.0
    )


def way_by_hand(line: OutcomeLine) -> str:
    """What the desk of the tests answers (fakes.Answers); an emergency waits for a person."""
    if line.action is None:
        assert line.outcome.value in {"queued_for_review", "replied"}  # 120 is named at once
        return "queued"
    names = {"answer": "automatic", "clarify": "clarified", "review": "queued", "refuse": "refused"}
    return names[line.action.value]


async def test_alerts_withdrawals_and_overlaps(database: Database, clock) -> None:
    clock.now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    live = LiveRepository(database, OFFICE, clock)
    night = datetime(2026, 3, 1, 15, tzinfo=UTC)
    await live.put_room(Room("hall", "一号厅"))
    for number, (opened, closed) in enumerate([(0, 4), (3, 5), (-40, 1), (9, None)]):
        at = [None if h is None else night + timedelta(hours=h) for h in (opened, closed)]
        await live.open_session(LiveSession(f"s{number}", "hall", at[0]))
        if at[1]:
            await live.close_session(f"s{number}", at[1])
    token = await live.lease("hall", "x", 10)
    alerts = [
        Alert(f"a{n}", "hall", "silence", AlertLevel.WARNING, f"第{n}次",
              night + timedelta(hours=n), acknowledged_by="王芳" if n else None,
              acknowledged_at=night + timedelta(hours=n, minutes=2) if n else None)
        for n in (0, 1, 12)
    ]  # fmt: skip
    await live.commit("hall", token, Commit(alerts=tuple(alerts)))

    report = await mornings(database, clock).report()

    # From the close of work on Saturday (29.5 h before) to 5 h, and the last hour of the night.
    assert report.seconds_on_air == (29.5 + 5 + 1) * 3600
    assert report.airtime[0].streams == 4
    assert [(one.text, one.mended) for one in report.incidents] == [
        ("第0次", ""),
        ("第1次", "王芳 已确认"),
    ]


async def test_a_fault_of_the_stream_is_told_with_its_healing(database: Database, clock) -> None:
    clock.now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    await LiveRepository(database, OFFICE, clock).put_room(Room("hall", "一号厅"))
    at = datetime(2026, 3, 1, 18, tzinfo=UTC)
    told = [
        Happening("h1", at, "restart_frozen", "画面停住，重启推流", AlertLevel.WARNING),
        Happening("h2", at + timedelta(seconds=9), "safe", "改用应急画面", AlertLevel.URGENT),
        Happening("h3", at + timedelta(minutes=2), "back", "画面已恢复"),
        Happening("h4", at + timedelta(hours=1), "target_lost", "推流目标断开", AlertLevel.URGENT),
    ]
    await StreamHappenings(database, OFFICE).add("hall", told)

    report = await mornings(database, clock).report()

    back = told[2].at
    assert [(one.room, one.text, one.mended_at) for one in report.incidents] == [
        ("一号厅", "画面停住，重启推流", back),
        ("一号厅", "改用应急画面", back),
        ("一号厅", "推流目标断开", None),
    ]


def test_a_night_ends_with_the_beginning_of_work() -> None:
    friday, saturday, monday = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)
    nights = {day: HOURS.night_before(day) for day in (friday, saturday, monday)}
    assert nights[friday][1] - nights[friday][0] == timedelta(hours=15, minutes=30)
    assert nights[saturday][0] == nights[monday][0] == datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
    assert nights[monday][1] == datetime(2026, 3, 9, 1, tzinfo=UTC)


async def test_a_night_that_has_not_begun_is_refused(sqlite_database: Database, clock) -> None:
    clock.now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    with pytest.raises(BadInput):
        await mornings(sqlite_database, clock).report(date(2026, 3, 4))
    clock.now = datetime(2026, 3, 3, 9, 31, tzinfo=UTC)
    tonight = await mornings(sqlite_database, clock).report(date(2026, 3, 4))
    assert not tonight.night.over
    assert tonight.night.until == clock.now
