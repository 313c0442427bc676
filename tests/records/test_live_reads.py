"""What the console and the 复盘 read is what was committed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from assistant.domain.live import (
    Alert,
    AlertLevel,
    CueState,
    LiveSession,
    OutcomeKind,
    Room,
)
from assistant.domain.live_commit import Commit, Entry
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.records.live_reads import Count, LiveReads, Wait
from tests.records.test_backup import bring_back, empty_url, make, second_postgres_url
from tests.support.live_values import NOON, case, comment, cue, decision, question, reply

__all__ = ["empty_url", "second_postgres_url"]

pytestmark = pytest.mark.contract

COMMENTS = [comment(number) for number in range(1, 8)]
DECISIONS = [
    decision(1, OutcomeKind.SPOKEN, is_question=True, question_id="q1"),
    decision(2, OutcomeKind.MERGED, code="same", is_question=True, question_id="q1"),
    decision(3, OutcomeKind.SET_ASIDE, code="chatter"),
    decision(4, OutcomeKind.SET_ASIDE, code="chatter"),
    decision(5, OutcomeKind.REPLIED, is_question=True, question_id="q2"),
    decision(6, OutcomeKind.QUEUED_FOR_REVIEW, code="no_source", is_question=True),
]
ALERT = Alert("a1", "hall", "silent", AlertLevel.WARNING, "没有动静", NOON)
STEP = Commit(
    comments=COMMENTS,
    decisions=DECISIONS,
    questions=[
        question(1, asked_by=2, answered_at=NOON + timedelta(seconds=1)),
        question(2, asked_by=1, answered_at=NOON + timedelta(seconds=4)),
        question(3, asked_by=9),
    ],
    cues=[
        cue(1, question_id="q1", state=CueState.DONE, started_at=NOON + timedelta(seconds=2.5)),
        cue(2, question_id="q1", state=CueState.WAITING),
    ],
    replies=[reply()],
    addresses={"c0005": "sealed"},
    cases=[case()],
    alerts=[ALERT],
)
ENTRIES = [
    Entry(one, next((d for d in DECISIONS if d.comment_id == one.id), None)) for one in COMMENTS
]


@pytest.fixture
async def live(database: Database, clock) -> LiveRepository:
    """A 场次 in the middle, and another office's."""
    repository = LiveRepository(database, "office", clock)
    await repository.put_room(Room("hall", "一号厅"))
    for number in ("s0", "s1"):
        await repository.open_session(LiveSession(number, "hall", NOON))
    token = await repository.lease("hall", "first", 10)
    elsewhere = [comment(n, id=f"x{n}", event_id=f"x{n}", session_id="s0") for n in range(3)]
    await repository.commit("hall", token, Commit(comments=elsewhere))
    await repository.commit("hall", token, STEP)
    return repository


@pytest.fixture
def reads(live: LiveRepository, database: Database) -> LiveReads:
    return LiveReads(database, "office")


async def test_the_stream_in_order_and_in_pages(live: LiveRepository, reads: LiveReads) -> None:
    assert await live.entries("s1") == ENTRIES
    assert await live.entries("s1", after="c0005") == ENTRIES[5:]
    assert await live.entries("s1", after="c0005", limit=1) == ENTRIES[5:6]
    first = await reads.newest("s1", limit=4)
    rest = await reads.newest("s1", limit=4, cursor=first.cursor)
    assert [*first.rows, *rest.rows] == ENTRIES[::-1]
    assert rest.cursor is None
    assert (await reads.newest("s1", limit=7)).cursor is None


async def test_questions_with_who_asked(reads: LiveReads) -> None:
    assert [(q.id, q.asked_by) for q in await reads.questions("s1")] == [
        ("q3", 9),
        ("q1", 2),
        ("q2", 1),
    ]
    assert await reads.of_question("q1") == ENTRIES[:2]
    assert await reads.of_question("q9") == []


async def test_a_comment_by_its_event_and_its_replies(reads: LiveReads) -> None:
    assert await reads.comment_of("hall", "page", "e4") == ENTRIES[3]
    assert await reads.comment_of("hall", "webhook", "e4") is None
    assert await reads.comment_of("lobby", "page", "e4") is None
    assert await reads.replies_to("hall", "page", ["e1", "e2"]) == [("e1", reply())]
    assert await reads.replies_to("lobby", "page", ["e1"]) == []


async def test_who_asked_is_found_without_reading_the_session(sqlite_database: Database) -> None:
    """A room that starts again asks this for every open question."""
    ran: list[tuple[str, Any]] = []
    engine = sqlite_database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *a: ran.append((a[2], a[3])))
    await LiveReads(sqlite_database, "office").of_question("q1")
    ((statement, values),) = [each for each in ran if each[0].startswith("SELECT")]
    async with sqlite_database.read() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        assert any("decisions_of_question" in row[3] for row in plan)


async def test_counts_and_waits(reads: LiveReads) -> None:
    assert await reads.received("s1") == 7
    assert await reads.counts("s1") == [
        Count(OutcomeKind.MERGED, "same", 1, 1),
        Count(OutcomeKind.QUEUED_FOR_REVIEW, "no_source", 1, 1),
        Count(OutcomeKind.REPLIED, "answered", 1, 1),
        Count(OutcomeKind.SET_ASIDE, "chatter", 2, 0),
        Count(OutcomeKind.SPOKEN, "answered", 1, 1),
    ]
    assert await reads.waits("s1") == [Wait("q1", 2.5, True), Wait("q2", 4.0, False)]


async def test_what_is_open_until_somebody_settles_it(
    live: LiveRepository, reads: LiveReads
) -> None:
    assert await reads.open_cases() == await reads.open_cases("hall") == [case()]
    assert await reads.open_alerts("hall") == [ALERT]
    assert await reads.open_cases("other") == await reads.open_alerts("other") == []
    backlog = await live.backlog("s1")
    assert (backlog.alerts, backlog.cases) == ([ALERT], [case()])

    token = await live.lease("hall", "first", 10)
    seen = replace(ALERT, acknowledged_by="王芳", acknowledged_at=NOON)
    settled = Commit(cases=[case(settled_at=NOON)], alerts=[seen])
    await live.commit("hall", token, settled)
    await live.commit("hall", token, STEP)  # a process that had not heard of it
    assert await reads.open_cases() == []
    assert await reads.open_alerts() == []


async def test_what_was_spoken_may_become_text_and_nothing_else(live: LiveRepository) -> None:
    token = await live.lease("hall", "first", 10)
    late = replace(DECISIONS[0], kind=OutcomeKind.REPLIED, code="no_time", reason="来不及播报")
    others = [replace(each, kind=OutcomeKind.SPOKEN) for each in DECISIONS[1:4]]
    away = replace(DECISIONS[4], kind=OutcomeKind.SET_ASIDE)
    await live.commit("hall", token, Commit(decisions=[late, *others, away]))
    assert [each.decision for each in await live.entries("s1")][:6] == [late, *DECISIONS[1:]]


async def test_sessions_newest_first(reads: LiveReads) -> None:
    assert [each.id for each in await reads.sessions("hall")] == ["s1", "s0"]
    assert await reads.session("s1") == LiveSession("s1", "hall", NOON)
    assert await reads.session("s9") is None
    assert await reads.replies("s1") == [reply()]


async def test_another_office_sees_nothing(live: LiveRepository, database: Database, clock) -> None:
    other = LiveReads(database, "neighbour")
    assert (await other.newest("s1")).rows == ()
    assert await LiveRepository(database, "neighbour", clock).entries("s1") == []
    for nothing in (
        other.sessions("hall"),
        other.of_question("q1"),
        other.questions("s1"),
        other.replies("s1"),
        other.open_cases(),
        other.open_alerts(),
        other.counts("s1"),
        other.waits("s1"),
    ):
        assert await nothing == []
    assert await other.received("s1") == 0


async def test_a_backup_holds_the_live_rooms(
    live: LiveRepository,
    database_url: str,
    empty_url: str,
    data_dir: Path,
    tmp_path: Path,
    clock,
) -> None:
    await make(database_url, data_dir, tmp_path / "copy.tar.gz", clock)
    await bring_back(empty_url, tmp_path / "restored", tmp_path / "copy.tar.gz")
    restored = await Database.open(empty_url)
    there = LiveRepository(restored, "office", clock)
    assert await there.rooms() == await live.rooms()
    assert await there.entries("s1") == ENTRIES
    assert await there.backlog("s1") == await live.backlog("s1")
    assert await there.address("c0005") == "sealed"
    assert await there.lease("hall", "second", 10) is None  # the lease too
    await restored.close()
