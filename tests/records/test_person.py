"""What is stored of one viewer is found whole, and erased whole; the rest stays as it was."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from assistant.access.audit import Audit
from assistant.domain.live import (
    Alert,
    AlertLevel,
    LiveSession,
    OutcomeKind,
    QuestionState,
    ReplyState,
    Room,
)
from assistant.domain.live_commit import Commit
from assistant.errors import Conflict, NotFound
from assistant.records import schema, schema_live
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.ledger import LedgerReads
from assistant.records.live import LiveRepository
from assistant.records.outcomes import OutcomeRepository
from assistant.records.person import PersonRecords
from assistant.review.person import PersonDesk, PersonParts
from tests.records.test_replay import cited
from tests.support.live_values import NOON, case, comment, decision, question, reply

pytestmark = pytest.mark.contract
ME, OTHER = "v" + "1" * 24, "v" + "2" * 24
WORDS = "我家在清溪镇，孩子叫小满，怎么落户"


@pytest.fixture
async def audit(database: Database, clock) -> Audit:
    return Audit(AuditRecords(database, "office", clock))


@pytest.fixture
async def desk(database: Database, clock, new_id, outcomes: OutcomeRepository, audit) -> PersonDesk:
    """q1 was asked by me and another, q2 by me alone, q3 by the other."""
    clock.now = NOON
    outcome = await outcomes.record(
        replace(
            cited("带身份证。", 0),
            question=replace(cited("", 0).question, text=WORDS, history=("我是小满爸爸",)),
        )
    )
    live = LiveRepository(database, "office", clock)
    await live.put_room(Room("hall", "一号厅"))
    await live.open_session(LiveSession("s1", "hall", NOON))
    token = await live.lease("hall", "x", 10)
    asked = {"is_question": True}
    step = Commit(
        comments=[
            comment(1, viewer=ME, text="落户要什么材料呢", viewer_name="小满爸爸"),
            comment(2, viewer=OTHER, text="落户带什么", viewer_name="路人"),
            comment(3, viewer=ME, text=WORDS, viewer_name="小满爸爸", hidden=("name",)),
            comment(4, viewer=OTHER, text="几点下班"),
            comment(5, viewer=ME, text="好"),
        ],
        decisions=[
            decision(1, question_id="q1", **asked),
            decision(2, OutcomeKind.MERGED, question_id="q1", **asked),
            decision(3, OutcomeKind.QUEUED_FOR_REVIEW, question_id="q2", **asked),
            decision(4, question_id="q3", **asked),
            decision(5, OutcomeKind.SET_ASIDE, code="chatter"),
        ],
        questions=[
            replace(question(1), text="落户要什么材料呢", asked_by=2, state=QuestionState.ANSWERED),
            replace(question(2), text=WORDS, outcome_id=outcome, state=QuestionState.IN_REVIEW),
            replace(question(3), text="几点下班"),
        ],
        replies=[
            reply(1, viewer=ME, text="带身份证", state=ReplyState.SENT),
            reply(2, viewer=OTHER, comment_id="c0002"),
            reply(3, viewer=ME, comment_id="c0003", text="请稍候"),
        ],
        addresses={"c0003": "sealed", "c0002": "sealed"},
        cases=[case(2)],
        alerts=[Alert("a1", "hall", "x", AlertLevel.WARNING, WORDS, NOON, comment_id="c0003")],
    )
    await live.commit("hall", token, step)
    await live.close_session("s1", NOON + timedelta(hours=1))
    await audit.record("wang", "room.approve", "q2", {"text": f"回复：{WORDS}"})
    await audit.record("wang", "room.say", "hall", {"text": "好，我们开始"})
    return PersonDesk(
        PersonParts(PersonRecords(database, "office"), audit, new_id, lambda: 0, lambda p, u: ME)
    )


async def rows(database: Database, table, *columns: str) -> dict[str, tuple]:
    key = next(iter(table.primary_key.columns))
    query = select(key, *(table.c[name] for name in columns))
    async with database.read() as connection:
        return {row[0]: tuple(row[1:]) for row in await connection.execute(query)}


async def test_everything_of_a_viewer_is_handed_out(desk: PersonDesk, audit: Audit) -> None:
    found = await desk.export(ME, "boss")
    assert [one["comment"]["id"] for one in found["entries"]] == ["c0001", "c0003", "c0005"]
    assert {one["id"] for one in found["questions"]} == {"q1", "q2"}
    assert {one["id"] for one in found["replies"]} == {"r1", "r3"}
    assert ([one["id"] for one in found["alerts"]], found["addresses"]) == (["a1"], 1)
    assert len(found["audit"]) == 1
    assert "sealed" not in json.dumps(found)
    entry, payload = (await audit.recent(1))[0]
    assert (entry.action, entry.actor, ME in entry.subject) == ("person.export", "boss", False)
    assert '"comments": 3' in payload.body


async def test_erasing_leaves_no_word_of_theirs_anywhere(
    desk: PersonDesk, database: Database, audit: Audit
) -> None:
    await desk.export(ME, "boss")
    await desk.erase(ME, "boss")
    left = []
    async with database.read() as connection:
        for table in schema.metadata.sorted_tables:
            left += [str(tuple(row)) for row in await connection.execute(select(table))]
    for word in (ME, WORDS, "小满", "落户要什么材料呢", "请稍候"):
        assert not [row for row in left if word in row], word
    with pytest.raises(NotFound):
        await desk.find(ME)
    assert (await audit.verify()).holds
    assert (await audit.recent(1))[0][0].action == "person.erase"


async def test_erasing_keeps_counts_outcomes_and_what_is_of_others(
    desk: PersonDesk, database: Database, clock
) -> None:
    from assistant.domain.ledger import LedgerFilter

    reads = LedgerReads(database, "office", clock)
    before = await reads.counts(LedgerFilter())
    decided = await rows(database, schema_live.decisions, "kind", "question_id", "code")
    others = await rows(database, schema_live.comments, "viewer", "text", "viewer_name")
    await desk.erase(ME, "boss")
    assert await reads.counts(LedgerFilter()) == before
    assert await rows(database, schema_live.decisions, "kind", "question_id", "code") == decided
    now = await rows(database, schema_live.comments, "viewer", "text", "viewer_name")
    assert {key: now[key] for key in ("c0002", "c0004")} == {
        key: others[key] for key in ("c0002", "c0004")
    }
    assert len({now[key][0] for key in ("c0001", "c0003", "c0005")}) == 1
    texts = await rows(database, schema_live.live_questions, "text", "asked_by")
    assert texts == {"q1": ("落户带什么", 2), "q2": ("", 1), "q3": ("几点下班", 1)}
    said = await rows(database, schema_live.replies, "text", "state")
    assert said == {"r1": ("", "sent"), "r2": ("答", "pending"), "r3": ("", "failed")}
    assert set(await rows(database, schema_live.reply_addresses)) == {"c0002"}
    outcome = await rows(database, schema.questions, "text", "history", "confidence")
    assert list(outcome.values()) == [("", "[]", 0.9)]
    assert "好，我们开始" in str(
        [payload for _, payload in await Audit(AuditRecords(database, "office", clock)).recent()]
    )


async def test_nothing_is_erased_while_the_stream_runs(
    desk: PersonDesk, database: Database
) -> None:
    async with database.write() as connection:
        await connection.execute(update(schema_live.live_sessions).values(closed_at=None))
    with pytest.raises(Conflict, match="还没结束"):
        await desk.erase(ME, "boss")
    assert (await desk.find(ME)).counts["comments"] == 3


async def test_who_is_not_known_and_who_is_elsewhere(desk: PersonDesk, database: Database) -> None:
    with pytest.raises(NotFound):
        await desk.export("v" + "9" * 24, "boss")
    assert (await PersonRecords(database, "elsewhere").find(ME)).entries == []
