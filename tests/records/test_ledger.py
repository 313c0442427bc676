"""The ledger's rows and counts are what a recount of the records gives, on both databases."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from assistant.domain.answer import Route
from assistant.domain.ledger import LedgerFilter, LedgerRow
from assistant.domain.live import OutcomeKind, QuestionState
from assistant.domain.verdict import Action
from assistant.records import schema, schema_live, schema_review
from assistant.records.database import Database
from assistant.records.ledger import LedgerReads
from eval.bench.ledger_records import Maker, Records, write

pytestmark = pytest.mark.contract

Raw = dict[str, Any]


class Recount:
    """The ledger counted from the raw rows by plain loops: knows nothing of the code it checks."""

    def __init__(self, made: Records, now: datetime) -> None:
        rows = made.rows
        self.comments = {row["id"]: row for row in rows[schema_live.comments]}
        self.questions = {row["id"]: row for row in rows[schema_live.live_questions]}
        self.sessions = {row["id"]: row for row in rows[schema_live.live_sessions]}
        self.rooms = {row["id"]: row for row in rows[schema_live.rooms]}
        self.routes = {row["id"]: row["route"] for row in rows[schema.questions]}
        self.settled = {row["id"]: row for row in rows[schema_review.review_resolutions]}
        self.cases = {row["question_id"]: row for row in rows[schema_live.review_cases]}
        self.decisions = rows[schema_live.decisions]
        self.now = now

    def all(self) -> Iterator[Raw]:
        for decision in self.decisions:
            if decision["is_question"] or decision["kind"] == "queued_for_review":
                yield self.joined(decision)

    def joined(self, decision: Raw) -> Raw:
        comment = self.comments[decision["comment_id"]]
        question = self.questions.get(decision["question_id"], {})
        case = self.cases.get(decision["question_id"])
        room = self.rooms[comment["room_id"]]
        given = question.get("state") in ("answered", "clarified")
        settled = self.settled.get(case["resolution_id"]) if case else None
        late = case and {"waiting": case["due_at"], "handed": case["unit_due_at"]}.get(
            case["state"]
        )
        return {
            "id": comment["id"],
            "room": room["id"],
            "session": comment["session_id"],
            "platform": comment["platform"],
            "at": comment["received_at"],
            "kind": decision["kind"],
            "action": question.get("action"),
            "route": self.routes.get(question.get("outcome_id")),
            "state": question.get("state"),
            "region": question.get("region") or room["region"],
            "handed": bool(case and case["unit"]),
            "waiting": bool(case and case["state"] == "waiting"),
            "overdue": bool(late and late < self.now),
            "answer": settled["text"] if settled else question["answer"] if given else "",
            "texts": [
                comment["text"],
                question.get("text", ""),
                question["answer"] if given else "",
                question["citations"].split('"document_number":"')[1].split('"')[0]
                if given
                else "",
                settled["text"] if settled else "",
            ],
        }


def has(*words: str) -> Callable[[Raw], bool]:
    return lambda row: all(any(w.lower() in t.lower() for t in row["texts"]) for w in words)


BEGAN = datetime.fromisoformat("2026-02-01T00:00:00+00:00")
SINCE, UNTIL = BEGAN + timedelta(hours=30), BEGAN + timedelta(hours=44)
FILTERS: dict[str, tuple[LedgerFilter, Callable[[Raw], bool]]] = {
    "all": (LedgerFilter(), lambda row: True),
    "rooms": (LedgerFilter(rooms=("town",)), lambda row: row["room"] == "town"),
    "no room": (LedgerFilter(rooms=()), lambda row: False),
    "room": (LedgerFilter(room_id="hall"), lambda row: row["room"] == "hall"),
    "outcome": (LedgerFilter(outcome=OutcomeKind.MERGED), lambda row: row["kind"] == "merged"),
    "action": (LedgerFilter(action=Action.REVIEW), lambda row: row["action"] == "review"),
    "route": (LedgerFilter(route=Route.POLICY), lambda row: row["route"] == "policy"),
    "state": (
        LedgerFilter(state=QuestionState.IN_REVIEW),
        lambda row: row["state"] == "in_review",
    ),
    "platform": (LedgerFilter(platform="page"), lambda row: row["platform"] == "page"),
    "region": (LedgerFilter(regions=("990199",)), lambda row: row["region"] == "990199"),
    "days": (LedgerFilter(since=SINCE, until=UNTIL), lambda row: SINCE <= row["at"] < UNTIL),
    "handed": (LedgerFilter(handed=True), lambda row: row["handed"]),
    "not handed": (LedgerFilter(handed=False), lambda row: not row["handed"]),
    "overdue": (LedgerFilter(overdue=True), lambda row: row["overdue"]),
    "not overdue": (LedgerFilter(overdue=False), lambda row: not row["overdue"]),
    "word": (LedgerFilter(words=("公积金",)), has("公积金")),
    "one sign": (LedgerFilter(words=("费",)), has("费")),
    "words": (LedgerFilter(words=("社会保障卡", "几天")), has("社会保障卡", "几天")),
    "number": (LedgerFilter(words=("〔2019〕",)), has("〔2019〕")),
    "by a person": (LedgerFilter(words=("户口簿", "二楼")), has("户口簿", "二楼")),
    "key of the JSON": (LedgerFilter(words=("document_number",)), has("document_number")),
    "wildcard": (LedgerFilter(words=("社_保",)), has("社_保")),
    "per cent": (LedgerFilter(words=("%",)), has("%")),
    "nothing": (LedgerFilter(words=("绝无此词",)), has("绝无此词")),
    "several": (
        LedgerFilter(room_id="town", outcome=OutcomeKind.QUEUED_FOR_REVIEW, words=("身份证",)),
        lambda row: (
            row["room"] == "town" and row["kind"] == "queued_for_review" and has("身份证")(row)
        ),
    ),
}


@pytest.fixture(scope="module")
def made() -> Records:
    return Maker(BEGAN, seed=7, of_session=70).make(210)


@pytest.fixture
async def reads(database: Database, clock, made: Records) -> LedgerReads:
    clock.now = BEGAN + timedelta(days=6)
    await write(database, made)
    return LedgerReads(database, "office", clock)


@pytest.fixture
def recount(made: Records, clock) -> Recount:
    return Recount(made, BEGAN + timedelta(days=6))


async def rows_of(reads: LedgerReads, which: LedgerFilter, limit: int = 17) -> list[LedgerRow]:
    found: list[LedgerRow] = []
    cursor = None
    while True:
        page = await reads.page(which, limit, cursor)
        found += page.rows
        if page.cursor is None:
            return found
        cursor = page.cursor


async def test_every_filter_gives_the_rows_and_counts_of_a_recount(
    reads: LedgerReads, recount: Recount
) -> None:
    for name, (which, keeps) in FILTERS.items():
        expected = [row for row in recount.all() if keeps(row)]
        found = await rows_of(reads, which)
        assert (name, [row.id for row in found]) == (
            name,
            sorted((row["id"] for row in expected), reverse=True),
        )
        counts, kinds = await reads.counts(which), Counter(row["kind"] for row in expected)
        assert (name, counts.rows, counts.questions) == (name, len(expected), len(expected))
        assert [counts.spoken, counts.replied, counts.to_person, counts.merged] == [
            kinds[kind] for kind in ("spoken", "replied", "queued_for_review", "merged")
        ]
        assert counts.set_aside == kinds["set_aside"]
        for column in ("handed", "overdue", "waiting"):
            assert getattr(counts, column) == sum(row[column] for row in expected), (name, column)
    assert sum(bool(list(filter(keeps, recount.all()))) for _, keeps in FILTERS.values()) > 18


async def test_each_row_tells_what_was_answered_by_whom_and_how_often(
    reads: LedgerReads, recount: Recount
) -> None:
    asked = Counter(row["question_id"] for row in recount.decisions)
    for row in await rows_of(reads, LedgerFilter()):
        raw = recount.joined(next(d for d in recount.decisions if d["comment_id"] == row.id))
        shown = (row.room_id, row.region, row.answer, row.route, row.action, row.received_at)
        told = [raw[name] for name in ("room", "region", "answer", "route", "action", "at")]
        assert list(shown) == told
        assert row.repeats == asked[row.question_id]
        assert bool(row.said_at) == bool(row.said_at and row.said_at >= row.received_at)
        case = recount.cases.get(row.question_id)
        assert (row.case is None) == (case is None)
        if row.case and row.case.kind:
            assert (row.approver, row.case.unit) == ("孙立", case["unit"])
            assert row.case.is_overdue(recount.now) == raw["overdue"]
        assert row.is_question


async def test_an_answer_that_was_said_before_a_repeat_came_is_not_said_for_it(
    reads: LedgerReads,
) -> None:
    rows = await rows_of(reads, LedgerFilter(outcome=OutcomeKind.SPOKEN))
    assert all(row.said_at == row.received_at + timedelta(seconds=3) for row in rows)
    merged = await rows_of(reads, LedgerFilter(outcome=OutcomeKind.MERGED))
    assert merged
    assert all(row.said_at is None for row in merged)


async def test_batches_are_all_rows_once(reads: LedgerReads, monkeypatch) -> None:
    monkeypatch.setattr("assistant.records.ledger.BATCH", 50)
    found = [row async for rows in reads.batches(LedgerFilter()) for row in rows]
    assert found == await rows_of(reads, LedgerFilter())


async def test_another_organisation_sees_nothing(database: Database, reads, clock) -> None:
    other = LedgerReads(database, "elsewhere", clock)
    assert (await other.page(LedgerFilter())).rows == []
    assert await other.counts(LedgerFilter()) == replace(await other.counts(LedgerFilter()), rows=0)


async def test_the_rows_of_one_question_come_oldest_first(reads: LedgerReads) -> None:
    often = max(await rows_of(reads, LedgerFilter()), key=lambda row: row.repeats)
    rows = await reads.of_question(often.question_id)
    assert len(rows) == often.repeats > 1
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert rows[0].outcome is not OutcomeKind.MERGED
