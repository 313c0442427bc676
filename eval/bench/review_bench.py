"""The review desk with 10,000 open cases: `python -m eval.bench.review_bench [--out FILE.json]`.

Times whole calls of `ReviewDesk` over SQLite in a temporary folder, in ms: the first page, a page
in the middle, a filter, a search, one region only; taking, settling, taking back, the next case;
and how long after the end of the undo window an approval is final. The baseline answers the same
without the queue's query: it reads the open cases and groups and sorts them in Python.
"""

import argparse
import asyncio
import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select

from assistant.access.accounts import Account, Role
from assistant.bootstrap import new_ulid
from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.clock import system_clock
from assistant.domain.live import LiveQuestion, LiveSession, QuestionState, Room, Urgency
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.region import Region, RegionTree
from assistant.domain.review import CaseState, DeskCase, ResolutionKind, key_of
from assistant.domain.source import NATIONAL, PolicyDocument
from assistant.domain.verdict import Action, Verdict
from assistant.records.accounts_schema import accounts
from assistant.records.database import Database
from assistant.records.live import LiveRepository
from assistant.records.live_rows import QUESTIONS
from assistant.records.outcomes import OutcomeRepository
from assistant.records.review_groups import CASES
from assistant.records.schema_live import live_questions, review_cases
from assistant.records.sources import SourceRepository
from assistant.retrieval.sections import policy_passages
from assistant.review.building import Review, ReviewParts, build_review
from assistant.review.chores import keeping
from assistant.review.orders import Settle
from eval.bench.bench_table import Figures, percentile, report

OFFICE, ROOMS, REGION_COUNT = "office", 10, 12
QUOTE = "缴存职工连续足额缴存住房公积金六个月以上的，可以申请住房公积金贷款。"
REGIONS = RegionTree(
    [Region(NATIONAL, "全国", None)]
    + [Region(f"9901{n:02d}", f"县{n}", NATIONAL) for n in range(REGION_COUNT)]
)
SUN = Account("r1", OFFICE, "sun", "孙立", frozenset({Role.REVIEWER}))
LOCAL = Account("r2", OFFICE, "li", "李明", frozenset({Role.REVIEWER}), ("990103",))


async def filled(database: Database, count: int) -> tuple[Review, LiveRepository]:
    """An office with so many open cases: a third of them in groups of two to eight."""
    live = LiveRepository(database, OFFICE, system_clock)
    sources = SourceRepository(database, OFFICE, system_clock)
    outcomes = OutcomeRepository(database, OFFICE, system_clock, new_ulid)
    document = PolicyDocument("loan", "住房公积金贷款办法（示例）", f"第一条　{QUOTE}")
    await sources.put(document, policy_passages(document), digest="1", origin=None)
    now = datetime.now(UTC)
    for n in range(ROOMS):
        await live.put_room(Room(f"room{n}", f"{n}号直播间", f"9901{n:02d}"))
        await live.open_session(LiveSession(f"s{n}", f"room{n}", now))
    outcome_id = await outcomes.record(_outcome())
    await _people(database, now)
    await _cases(database, count, outcome_id, now)
    parts = ReviewParts(
        database, OFFICE, system_clock, new_ulid, REGIONS, sources, outcomes, lambda _: ""
    )
    return build_review(parts), live


def _outcome() -> Outcome:
    cited = Citation("loan", "第一条", QUOTE, "住房公积金贷款办法（示例）")
    draft = Draft(Route.POLICY, (Statement("满六个月可以申请。", "满六个月可以申请。", (cited,)),))
    question = Question("公积金贷款要缴多久", date.today(), None)  # noqa: DTZ011 - any day will do
    return Outcome(question, draft, Verdict(Action.REVIEW, 0.6, ("把握不足",)), "", "")


async def _people(database: Database, now: datetime) -> None:
    rows = [
        {"id": one.id, "organization_id": OFFICE, "name": one.name, "password_hash": "",
         "display_name": one.display_name, "roles": "[]", "regions": "[]",
         "is_outsourced": False, "created_at": now, "password_at": now}
        for one in (SUN, LOCAL)
    ]  # fmt: skip
    async with database.write() as connection:
        await connection.execute(insert(accounts), rows)


async def _cases(database: Database, count: int, outcome_id: str, now: datetime) -> None:
    chance = random.Random(1)
    questions, cases, lead, left = [], [], "", 0
    for number in range(count):
        room = chance.randrange(ROOMS)
        question = LiveQuestion(
            new_ulid(), f"room{room}", f"s{room}", f"第{number}问：公积金贷款要缴多久", now,
            QuestionState.IN_REVIEW, asked_by=chance.randint(1, 9), outcome_id=outcome_id,
        )  # fmt: skip
        case = DeskCase(
            new_ulid(), f"room{room}", f"s{room}", question.id, chance.choice(CODES), "把握不足",
            now,
            urgency=chance.choices(list(Urgency), (95, 4, 1))[0],
            region=f"9901{chance.randrange(REGION_COUNT):02d}",
            group_id=lead if left else None,
            due_at=now + timedelta(minutes=chance.randint(-60, 6000)),
        )  # fmt: skip
        if left:
            left -= 1
        else:
            lead, left = case.id, chance.choice((0, 0, 0, 0, 0, 1, 3, 7))
        questions.append(QUESTIONS.values(OFFICE, question))
        cases.append(CASES.values(OFFICE, case))
    async with database.write() as connection:
        await connection.execute(insert(live_questions), questions)
        await connection.execute(insert(review_cases), cases)


CODES = ("no_source", "manual", "low_confidence", "conflict")


async def by_hand(database: Database, limit: int = 50) -> list[str]:
    """The baseline: every open case is read; Python groups and sorts them."""
    async with database.read() as connection:
        query = select(*CASES.columns).where(review_cases.c.state == CaseState.WAITING)
        found = [CASES.value(row) for row in await connection.execute(query)]
    groups: dict[str, list[DeskCase]] = {}
    for one in found:
        groups.setdefault(key_of(one), []).append(one)
    ranks = list(reversed(list(Urgency)))

    def place(cases: Sequence[DeskCase]) -> tuple[int, datetime]:
        return (
            min(ranks.index(one.urgency) for one in cases),
            min(one.due_at or datetime.max.replace(tzinfo=UTC) for one in cases),
        )

    return sorted(groups, key=lambda key: (*place(groups[key]), key))[:limit]


async def timed(times: int, work: Callable[[], Awaitable[Any]]) -> Figures:
    """How long one piece of work takes, in ms."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return _figures(took)


def _figures(took: Sequence[float]) -> Figures:
    return {
        "median ms": round(statistics.median(took), 2),
        "P95 ms": round(percentile(took, 0.95), 2),
        "longest ms": round(max(took), 2),
        "n": str(len(took)),
    }


async def measure(count: int, times: int, database: Database) -> dict[str, Figures]:
    """All figures over one office."""
    review, _ = await filled(database, count)
    desk = review.desk
    middle: str | None = None
    for _ in range(20):
        middle = (await desk.queue(SUN, cursor=middle)).cursor or middle
    rows = {
        "queue, first page": await timed(times, lambda: desk.queue(SUN)),
        "queue, page 21": await timed(times, lambda: desk.queue(SUN, cursor=middle)),
        "queue, one room": await timed(times, lambda: desk.queue(SUN, room_id="room1")),
        "queue, one region": await timed(times, lambda: desk.queue(LOCAL)),
        "queue, search": await timed(times, lambda: desk.queue(SUN, text="第77")),
        "queue in Python (baseline)": await timed(max(5, times // 10), lambda: by_hand(database)),
    }
    return rows | await _settling(review, times)


async def _settling(review: Review, times: int) -> dict[str, Figures]:
    """One case after the other, as a reviewer works; the chores run beside it."""
    desk = review.desk
    took: dict[str, list[float]] = {name: [] for name in ("take", "renew", "settle", "undo")}

    async def clocked(name: str, work: Awaitable[Any]) -> Any:
        began = time.perf_counter()
        done = await work
        took[name].append((time.perf_counter() - began) * 1000)
        return done

    async with keeping(review.chores):
        case_id = await desk.next_case(SUN)
        for number in range(times):
            assert case_id is not None
            view = await clocked("take", desk.take(SUN, case_id))
            await clocked("renew", desk.renew(SUN, view.row.case_id, view.token))
            order = Settle(view.row.case_id, view.token, ResolutionKind.APPROVE)
            settled = await clocked("settle", desk.settle(SUN, order))
            if number % 4 == 0:
                await clocked("undo", desk.undo(SUN, settled.resolution_id))
            case_id = settled.next_case_id
    return {name: _figures(values) for name, values in took.items()}


async def finality(database: Database, times: int) -> dict[str, Figures]:
    """How long after the undo window's end a resolution is final, several of them spread out."""
    sources = SourceRepository(database, OFFICE, system_clock)
    outcomes = OutcomeRepository(database, OFFICE, system_clock, new_ulid)
    parts = ReviewParts(
        database, OFFICE, system_clock, new_ulid, REGIONS, sources, outcomes, lambda _: "",
        undo_window=timedelta(seconds=1.3),
    )  # fmt: skip
    review, made = build_review(parts), []
    async with keeping(review.chores):
        for _ in range(times):
            case_id = await review.desk.next_case(SUN)
            assert case_id is not None
            view = await review.desk.take(SUN, case_id)
            order = Settle(view.row.case_id, view.token, ResolutionKind.APPROVE)
            made.append((await review.desk.settle(SUN, order)).resolution_id)
            await asyncio.sleep(0.37)
        await asyncio.sleep(2.0)
    late = [await _lateness(review, one) for one in made]
    return {"final after the window's end": _figures(late)}


async def _lateness(review: Review, resolution_id: str) -> float:
    found = await review.desk.resolution(SUN, resolution_id)
    assert found.sent_at is not None
    return (found.sent_at - found.sends_at).total_seconds() * 1000


async def run(count: int, times: int) -> dict[str, Figures]:
    """Measure over a fresh database."""
    with TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite+aiosqlite:///{Path(folder) / 'a.sqlite3'}")
        try:
            return await measure(count, times, database) | await finality(database, 40)
        finally:
            await database.close()


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    rows = asyncio.run(run(given.cases, given.times))
    report(f"Review desk, {given.cases:,} open cases", rows, given.out)


if __name__ == "__main__":
    main()
