"""What is too old goes, what is still open stays, and no more than a batch at a time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, insert, literal_column, select, text, update
from sqlalchemy.dialects import sqlite

from assistant.access.audit import Audit
from assistant.domain.live import (
    Alert,
    AlertLevel,
    CueState,
    LiveSession,
    QuestionState,
    ReplyState,
    Room,
    Telling,
)
from assistant.domain.live_commit import Commit
from assistant.errors import ConfigurationError
from assistant.records import retention, schema, schema_duty, schema_live, schema_review
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.records.retention import RetentionRecords
from assistant.records.retention_limits import LEAST_CONTENT, LEAST_LOGS, Limits, Retention
from assistant.review.retention import Purging
from eval.bench.ledger_records import Maker, write
from tests.support.live_values import NOON, case, comment, cue, decision, question, reply

pytestmark = pytest.mark.contract
LIMITS = Retention(180, 200)
LATER = NOON + timedelta(days=190)
"""When what came at noon is too old as content, and not yet as a log."""


async def commit(database: Database, clock, step: Commit, organization: str = "office") -> None:
    live = LiveRepository(database, organization, clock)
    await live.put_room(Room("hall", "一号厅"))
    await live.open_session(LiveSession("s1", "hall", NOON))
    token = await live.lease("hall", "x", 10)
    await live.commit("hall", token, step)
    done = schema_live.review_cases.c.settled_at.is_not(None)
    async with database.write() as connection:
        settled = update(schema_live.review_cases).where(done).values(state="resolved")
        await connection.execute(settled)


async def counted(database: Database, *tables) -> list[int]:
    found = []
    async with database.read() as connection:
        for table in tables:
            query = select(func.count()).select_from(table)
            found.append((await connection.execute(query)).scalar_one())
    return found


async def texts(database: Database, column) -> set[str]:
    async with database.read() as connection:
        return {row[0] for row in await connection.execute(select(column))}


def purging(database: Database, clock, files=lambda before, dry: 0) -> Purging:
    audit = Audit(AuditRecords(database, "office", clock))
    return Purging(
        RetentionRecords(database, "office"), {"journal_files": files}, audit, LIMITS, clock
    )


ANSWERED = replace(question(1), state=QuestionState.ANSWERED, outcome_id=None)


def one_of_each(**of_question) -> Commit:
    return Commit(
        comments=[comment(1)],
        decisions=[decision(1, question_id="q1", is_question=True)],
        questions=[replace(ANSWERED, **of_question)],
        cues=[cue(1, question_id="q1", state=CueState.DONE)],
        replies=[reply(1, state=ReplyState.SENT)],
        cases=[case(1, settled_at=NOON)],
    )


TABLES = (
    schema_live.comments,
    schema_live.decisions,
    schema_live.live_questions,
    schema_live.cues,
    schema_live.replies,
    schema_live.review_cases,
)


async def test_what_is_done_and_too_old_goes_whole(database: Database, clock) -> None:
    await commit(database, clock, one_of_each())
    clock.now = NOON + timedelta(days=180) - timedelta(seconds=1)
    assert not any((await purging(database, clock).purge("")).values())
    clock.advance(seconds=2)
    gone = await purging(database, clock).purge("boss")
    assert await counted(database, *TABLES) == [0] * 6
    assert gone["comments"] == gone["live_questions"] == gone["review_cases"] == gone["cues"] == 1
    assert await counted(database, schema_live.rooms, schema_live.live_sessions) == [1, 1]


@pytest.mark.parametrize(
    "why",
    [
        "open question", "waits", "sending", "handed", "not yet said", "undelivered",
        "not corrected", "undecided",
    ],
)  # fmt: skip
async def test_what_is_still_open_stays_whole(database: Database, clock, why: str) -> None:
    step = one_of_each()
    if why == "open question":
        step = one_of_each(state=QuestionState.OPEN)
    if why == "undelivered":
        step = replace(step, replies=[reply(1)])
    if why == "undecided":
        step = replace(step, decisions=())
    if why in ("waits", "not yet said", "sending", "handed"):
        step = replace(step, cases=[case(1)])
    await commit(database, clock, step)
    state = {"waits": "waiting", "not yet said": "resolved"}.get(why, why)
    if why in ("sending", "handed", "not yet said"):
        async with database.write() as connection:
            await connection.execute(update(schema_live.review_cases).values(state=state))
    if why == "not corrected":
        async with database.write() as connection:
            await connection.execute(insert(schema_review.incidents).values(INCIDENT))
    before = await counted(database, *TABLES)
    clock.now = LATER
    await purging(database, clock).purge("")
    after = await counted(database, *TABLES)
    kept = {"undelivered": (0, 1, 2, 4), "undecided": (0,)}.get(why, range(6))
    assert [after[place] for place in kept] == [before[place] for place in kept]


INCIDENT = {
    "id": "i1", "organization_id": "office", "room_id": "hall", "session_id": "s1",
    "question_id": "q1", "outcome_id": None, "fingerprint": "f", "answer": "错", "source_ids": "[]",
    "approver": "", "reason": "错", "actor": "sun", "made_at": NOON, "audience": 1,
    "unreached": 0, "faq_ids": "[]",
}  # fmt: skip


async def test_a_dry_run_counts_and_deletes_nothing(database: Database, clock) -> None:
    await commit(database, clock, one_of_each())
    clock.now = LATER
    counts = await purging(database, clock, lambda before, dry: 3 if dry else 9).count()
    assert (counts["comments"], counts["journal_files"]) == (1, 3)
    assert await counted(database, *TABLES) == [1] * 6


async def test_other_offices_keep_their_own(database: Database, clock) -> None:
    await commit(database, clock, one_of_each(), "elsewhere")
    clock.now = LATER
    assert not any((await purging(database, clock).purge("")).values())


async def test_outcomes_go_when_no_question_rests_on_them(
    database: Database, clock, outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.records.test_replay import cited

    clock.now = NOON
    kept = await outcomes.record(cited("带身份证。", 0), "key-1")
    alone = await outcomes.record(cited("带身份证。", 0), "key-2")
    await commit(database, clock, one_of_each(outcome_id=kept, state=QuestionState.OPEN))
    clock.now = LATER
    gone = await purging(database, clock).purge("")
    assert gone["questions"] == 1
    assert await outcomes.get(kept)
    assert await outcomes.get(alone) is None
    assert await counted(database, schema.question_keys) == [1]


async def test_resolutions_lose_their_words_and_learnt_answers_keep_theirs(
    database: Database, clock
) -> None:
    made = Maker(NOON, seed=5, of_session=100).make(80)
    learned = {
        "organization_id": "office", "faq_id": "faq-1", "resolution_id": "z1", "state": "active",
        "question": "问", "answer": "答", "region": "000000", "basis": "[]", "changed_at": NOON,
        "why": "",
    }  # fmt: skip
    pending = made.rows[schema_review.review_resolutions][0]["id"]
    await write(database, made)
    async with database.write() as connection:
        rows = [learned, learned | {"faq_id": "p", "resolution_id": pending, "state": "pending"}]
        await connection.execute(insert(schema_review.learned_answers), rows)
        every = update(schema_live.review_cases).values(state="resolved", settled_at=NOON)
        await connection.execute(every)
    clock.now = NOON + timedelta(days=400)
    before = await counted(database, schema_review.review_resolutions)
    await purging(database, clock).purge("")
    assert await counted(database, schema_review.review_resolutions) == before
    words = await texts(database, schema_review.review_resolutions.c.text)
    assert len(words) == 2  # those of the pending one, and none
    assert await texts(database, schema_review.learned_answers.c.answer) == {"答"}
    assert await counted(database, schema_live.comments, schema.questions) == [0, 0]
    assert not any((await purging(database, clock).purge("")).values())


async def test_logs_have_a_limit_of_their_own(database: Database, clock) -> None:
    seen = Alert("a1", "hall", "x", AlertLevel.WARNING, "没有动静", NOON, acknowledged_at=NOON)
    waits = replace(seen, id="a2", acknowledged_at=None)
    told = [Telling(one, 1, "甲", NOON, True) for one in ("a1", "a2")]
    await commit(database, clock, Commit(alerts=[seen, waits], tellings=told))
    row = {"organization_id": "office", "kind": "k", "subject": "s", "body": "{}", "at": NOON}
    async with database.write() as connection:
        await connection.execute(insert(schema_review.events), [row, row])
        first = (
            await connection.execute(select(func.min(schema_review.events.c.seq)))
        ).scalar_one()
        seen_so_far = {"organization_id": "office", "handler": "h", "seq": first}
        await connection.execute(insert(schema_review.event_offsets), [seen_so_far])
    clock.now = LATER
    assert (await purging(database, clock).purge(""))["alerts"] == 0
    clock.now = NOON + timedelta(days=201)
    gone = await purging(database, clock).purge("")
    assert (gone["alerts"], gone["events"]) == (1, 1)
    assert await texts(database, schema_live.alerts.c.id) == {"a2"}
    assert await texts(database, schema_duty.alert_tellings.c.alert_id) == {"a2"}


async def test_a_purge_is_in_the_chain_with_counts_and_limits(database: Database, clock) -> None:
    await commit(database, clock, one_of_each())
    clock.now = LATER
    desk = purging(database, clock)
    await desk.purge("boss")
    await desk.purge("boss")
    entries = await AuditRecords(database, "office", clock).recent(9)
    assert [(entry.action, entry.actor) for entry, _ in entries] == [("records.purge", "boss")]
    body = entries[0][1].body
    assert '"comments": 1' in body
    assert (LATER - timedelta(days=180)).isoformat() in body


async def test_the_chore_looks_once_a_day(database: Database, clock) -> None:
    await commit(database, clock, one_of_each())
    desk = purging(database, clock)
    clock.now = NOON
    await desk.chore.run()
    clock.now = LATER
    await desk.chore.run()
    assert await counted(database, schema_live.comments) == [0]


async def test_no_transaction_holds_more_than_a_batch(
    sqlite_database: Database, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 20)
    monkeypatch.setattr(retention, "PAUSE", 0)
    await write(sqlite_database, Maker(NOON, seed=2, of_session=100).make(60))
    sizes: list[int] = []

    def look(conn, cursor, statement, parameters, context, executemany) -> None:
        if statement.startswith(("DELETE", "UPDATE")):
            sizes.append(cursor.rowcount)

    engine = sqlite_database._one_thread._engine
    event.listen(engine, "after_cursor_execute", look)
    clock.now = NOON + timedelta(days=400)
    gone = await purging(sqlite_database, clock).purge("")
    assert gone["comments"] > 60
    assert 0 < max(sizes) <= 40  # a comment has a reply or two


@pytest.mark.parametrize(
    ("days", "told"),
    [((LEAST_CONTENT - 1, 200), "CONTENT_DAYS"), ((180, LEAST_LOGS - 1), "LOG_DAYS")],
)
def test_less_than_the_law_asks_for_is_refused(days: tuple[int, int], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Retention(*days)


def test_the_least_is_allowed() -> None:
    now = datetime.fromisoformat("2026-07-01T00:00:00+00:00")
    limits = Retention(LEAST_CONTENT, LEAST_LOGS).at(now)
    assert (now - limits.content_before, now - limits.logs_before) == (
        timedelta(days=60),
        timedelta(days=183),
    )


async def test_what_goes_next_is_found_on_from_the_last_without_sorting_all(
    sqlite_database: Database, clock
) -> None:
    """100,000 rows took two hours where each hundred was looked for among all of them."""
    records = RetentionRecords(sqlite_database, "office")
    for kind in records._kinds(Limits(clock(), clock())):
        query = (
            select(kind.key)
            .where(*kind.may_go, kind.key > literal_column("'k'"))
            .order_by(kind.key)
            .limit(9)
        )
        sql = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        async with sqlite_database.read() as connection:
            plan = await connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))
            steps = [row[3] for row in plan]
        assert not any("ORDER BY" in step for step in steps), (kind.name, steps)
