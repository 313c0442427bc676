"""The law of the desk over random sequences of two reviewers, the room, and time.

After every step, as the rows tell: no state is skipped; who settles held the newest lease; every
case is in exactly one place (queue, undo window, settled, department); nothing that was taken back
is final; at most one resolution a case is final, hand-overs that came back apart.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from assistant.domain.review import (
    CaseState,
    DeskCase,
    Resolution,
    ResolutionKind,
    grouped,
    key_of,
    may_follow,
)
from assistant.errors import BadInput, Conflict
from assistant.records.database import Database
from assistant.records.review_groups import CASES
from assistant.records.review_resolutions import RESOLUTIONS
from assistant.records.schema import metadata
from assistant.review.orders import HandOver, Mark, Merge, Settle, Split
from tests.conftest import StoppedClock
from tests.support.review_office import LI, SUN, ReviewOffice, open_office

pytestmark = pytest.mark.contract
COUNT = 8
START = datetime(2026, 3, 2, tzinfo=UTC)
case_numbers = st.integers(1, COUNT)
recent = st.integers(0, 3)
people = st.sampled_from([SUN, LI])
KINDS = [ResolutionKind.APPROVE, ResolutionKind.ANSWER, ResolutionKind.CONFIRM]
KINDS += [ResolutionKind.REJECT]


class DeskMachine(RuleBasedStateMachine):
    """One example: eight cases, three of them grouped by reception."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock: Any = None
        self.before: dict[str, DeskCase] = {}
        self.granted: dict[str, tuple[str, int]] = {}
        """Who holds the newest token of a case, as the desk told them."""
        self.views: list[tuple[Any, str, int]] = []
        """(account, case, token) as somebody was given it, however old."""
        self.made: list[str] = []
        self.undone: set[str] = set()
        self.final: set[str] = set()

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def attempt(self, work: Any) -> Any:
        """None where the desk refuses; anything but a refusal is a fault."""
        try:
            return self.run(work)
        except (Conflict, BadInput):
            return None

    @initialize()
    def open(self) -> None:
        self.clock = StoppedClock(START)
        self.database = self.run(Database.open(self.url))
        self.run(emptied(self.database))
        number = iter(range(1, 10**6))
        new_id = lambda: f"{next(number):026d}"  # noqa: E731
        self.office: ReviewOffice = self.run(open_office(self.database, self.clock, new_id))
        ids = [self.run(self.office.ask(n)) for n in range(1, COUNT + 1)]
        self.run(self.office.group(ids[0], ids[1], ids[2]))
        self.before = self.rows()

    def teardown(self) -> None:
        if self.clock is not None:
            self.run(self.database.close())
        self.loop.close()

    @rule(who=people, number=case_numbers, over=st.booleans())
    def take(self, who: Any, number: int, over: bool) -> None:
        view = self.attempt(self.office.desk.take(who, name(number), over=over))
        if view is None:
            self.views.append((who, name(number), 0))
            return
        held = self.before[view.row.case_id]
        live = held.held_until is not None and held.held_until > self.clock()
        assert over or not live or held.holder == who.id, "taken from under its holder"
        self.granted[view.row.case_id] = (who.id, view.token)
        self.views.append((who, view.row.case_id, view.token))

    @rule(ago=recent, kind=st.sampled_from(KINDS), now=st.booleans(), left=case_numbers)
    def settle(self, ago: int, kind: Any, now: bool, left: int) -> None:
        """By a view that somebody has had for a while."""
        if view := self.chosen(self.views, ago):
            self.settle_by(view, kind, name(left), now=now)

    @rule(number=case_numbers, first=people, over=st.booleans())
    def contend(self, number: int, first: Any, over: bool) -> None:
        """One takes it, the other tries too, and the first settles what they may have lost."""
        second = LI if first is SUN else SUN
        self.take(first, number, over=True)
        view, self.before = self.views[-1], self.rows()
        self.take(second, int(view[1][1:]), over=over)
        self.before = self.rows()
        self.settle_by(view, ResolutionKind.ANSWER, "nothing", now=False)

    @rule(who=people, number=case_numbers, kind=st.sampled_from(KINDS), now=st.booleans())
    def take_and_settle(self, who: Any, number: int, kind: Any, now: bool) -> None:
        if not (number := self.one_in(CaseState.WAITING, number)):
            return
        self.take(who, number, over=True)
        self.before = self.rows()
        self.settle_by(self.views[-1], kind, "nothing", now=now)

    def settle_by(self, view: Any, kind: Any, left: str, *, now: bool) -> None:
        who, case_id, token = view
        order = Settle(case_id, token, kind, "可以。", without=(left,), at_once=now)
        self.settled(self.office.desk.settle(who, order), who, case_id, token)

    @rule(ago=recent)
    def hand_over(self, ago: int) -> None:
        if view := self.chosen(self.views, ago):
            who, case_id, token = view
            order = HandOver(case_id, token, "公积金中心", self.clock().replace(year=2030))
            self.settled(self.office.desk.hand_over(who, order), who, case_id, token)

    def settled(self, work: Any, who: Any, case_id: str, token: int) -> None:
        lead = self.lead_of(case_id)
        done = self.attempt(work)
        if done is not None:
            assert self.granted.get(lead) == (who.id, token), "settled without the newest lease"
            self.made.append(done.resolution_id)

    @rule(who=people, ago=recent)
    def undo(self, who: Any, ago: int) -> None:
        resolution = self.chosen(self.made, ago)
        lead = self.attempt(self.office.desk.undo(who, resolution)) if resolution else None
        if lead is not None:
            assert resolution not in self.final | self.undone
            self.undone.add(resolution)
            self.granted[lead] = (who.id, self.rows()[lead].token)

    @rule(who=people, ago=recent)
    def send_now(self, who: Any, ago: int) -> None:
        if resolution := self.chosen(self.made, ago):
            self.attempt(self.office.desk.send_now(who, resolution))

    def one_in(self, state: CaseState, number: int) -> int:
        """One of the cases of a state; 0 where there is none."""
        there = [int(one.id[1:]) for one in self.before.values() if one.state is state]
        return there[number % len(there)] if there else 0

    def chosen(self, among: list[Any], ago: int) -> Any:
        return among[-1 - ago % len(among)] if among else None

    @rule(seconds=st.sampled_from([5, 9.9, 100]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    @rule(seconds=st.sampled_from([0, 10]))
    def finish(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        self.run(self.office.finish())

    @rule(who=people, number=case_numbers, into=case_numbers)
    def merge(self, who: Any, number: int, into: int) -> None:
        self.attempt(self.office.desk.merge(who, Merge(name(number), name(into))))

    @rule(who=people, number=case_numbers)
    def split(self, who: Any, number: int) -> None:
        self.attempt(self.office.desk.split(who, Split(name(number))))

    @rule(who=people, number=case_numbers, urgent=st.booleans())
    def mark(self, who: Any, number: int, urgent: bool) -> None:
        self.attempt(self.office.desk.mark(who, Mark(name(number), urgent)))

    @rule(who=people, number=case_numbers)
    def returned(self, who: Any, number: int) -> None:
        number = self.one_in(CaseState.HANDED, number) or number
        self.attempt(self.office.desk.returned(who, name(number)))

    @rule(number=case_numbers)
    def the_room_settles_it(self, number: int) -> None:
        self.run(self.office.room_settles(name(number)))

    @invariant()
    def the_law_holds(self) -> None:
        if self.clock is None:
            return
        after, resolutions = self.rows(), self.resolutions()
        assert after.keys() == {name(n) for n in range(1, COUNT + 1)}
        for case_id, case in after.items():
            was = self.before[case_id].state
            assert case.state is was or may_follow(was, case.state), (was, case.state)
        self.before = after
        final = {one.id for one in resolutions if one.sent_at}
        assert not final & self.undone
        assert not final & {one.id for one in resolutions if one.undone_at}
        assert final >= self.final, "a final resolution is final"
        self.final = final
        self.everything_is_in_one_place(after, resolutions)
        self.one_final_resolution(resolutions)

    def everything_is_in_one_place(
        self, after: dict[str, DeskCase], resolutions: list[Resolution]
    ) -> None:
        by_id = {one.id: one for one in resolutions}
        waiting = [one for one in after.values() if one.state is CaseState.WAITING]
        rows = self.run(self.office.desk.queue(SUN)).rows
        assert sum(row.cases for row in rows) == len(waiting)
        assert len(rows) == len({key_of(one) for one in waiting})
        for case in after.values():
            made = by_id.get(case.resolution_id or "")
            match case.state:
                case CaseState.WAITING:
                    assert made is None
                case CaseState.SENDING:
                    assert made is not None
                    assert made.sent_at is None
                    assert made.undone_at is None
                    assert case.id in made.case_ids
                case CaseState.RESOLVED:
                    assert case.settled_at or (made is not None and made.sent_at is not None)
                case CaseState.HANDED:
                    assert made is not None
                    assert made.kind is ResolutionKind.HAND_OVER

    def one_final_resolution(self, resolutions: list[Resolution]) -> None:
        answered = [
            one for one in resolutions if one.sent_at and one.kind is not ResolutionKind.HAND_OVER
        ]
        counts = Counter(case_id for one in answered for case_id in one.case_ids)
        assert max(counts.values(), default=1) == 1
        told = self.run(self.office.events.after("anybody", 1000))
        assert sorted(one.subject for one in told) == sorted(self.final)

    def lead_of(self, case_id: str) -> str:
        rows = self.rows()
        own = rows[case_id]
        same = [
            one for one in rows.values() if key_of(one) == key_of(own) and one.state is own.state
        ]
        return grouped(same).lead.id

    def rows(self) -> dict[str, DeskCase]:
        return {one.id: one for one in self.run(every(self.database, CASES))}

    def resolutions(self) -> list[Resolution]:
        found: list[Resolution] = self.run(every(self.database, RESOLUTIONS))
        return found


def name(number: int) -> str:
    return f"k{number:05d}"


async def every(database: Database, kind: Any) -> list[Any]:
    async with database.read() as connection:
        return [kind.value(row) for row in await connection.execute(select(*kind.columns))]


async def emptied(database: Database) -> None:
    """For the next example. The audit chain only grows."""
    kept = {"audit", "audit_payloads", "audit_heads"}
    async with database.write() as connection:
        for table in reversed([one for one in metadata.sorted_tables if one.name not in kept]):
            await connection.execute(delete(table))


def test_the_law_of_the_desk(database_url: str) -> None:
    machine = type("Machine", (DeskMachine,), {"url": database_url})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=checks,
            print_blob=True,
        ),
    )  # fmt: skip
