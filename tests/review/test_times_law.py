"""The law of deadlines over random sequences: streams, days off, settling, undoing, two processes.

After every step each waiting case has the deadline that a recount gives, by a calendar that is not
ours, and its people were told as often as is due: no step is skipped and none is told twice.
"""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import chinese_calendar
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

from assistant.domain.live import Urgency
from assistant.domain.review import CaseState, DeskCase, ResolutionKind
from assistant.domain.workdays import CalendarDay
from assistant.errors import Conflict
from assistant.records.database import Database
from assistant.review.deadlines import read_deadlines
from assistant.review.orders import Settle
from tests.conftest import StoppedClock
from tests.review.test_random_sequences import emptied
from tests.support.review_office import SESSION, SUN, open_office
from tests.support.review_times import Times

pytestmark = pytest.mark.contract

STARTS = [datetime(2026, 2, 12, 8, tzinfo=UTC), datetime(2026, 9, 24, 9, 25, tzinfo=UTC)]
STARTS += [datetime(2026, 4, 30, 1, tzinfo=UTC), datetime(2026, 9, 30, 9, 29, 20, tzinfo=UTC)]
"""Before the holidays of 2026, near the end of an office day."""
WORKDAYS = {"complaint": 5, "no_source": 2, "withdrawn": 1}
STEPS = {"stream": (), "emergency": (0, 30, 60), "night": (1800, 3600, 7200)}
WAITS = [20.0, 60.0, 900.0, 7 * 3600.0, 24 * 3600.0, 4 * 24 * 3600.0]
MINUTE, FIRST = timedelta(seconds=60), timedelta(seconds=30)


class TimesMachine(RuleBasedStateMachine):
    """One example: cases of one room, on air and off."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database: Any = None
        self.off: set[date] = set()
        self.ended: dict[str, bool] = {SESSION: False}
        self.opened: dict[str, str] = {}
        self.left: dict[str, bool] = {}
        """Whether a stream left the case while the office was closed."""
        self.resolutions: list[str] = []

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: datetime) -> None:
        self.clock = StoppedClock(start)
        self.run(self._begin())

    async def _begin(self) -> None:
        self.database = await Database.open(self.url)
        await emptied(self.database)
        numbers = iter(range(1, 10**6))
        self.office = await open_office(self.database, self.clock, lambda: f"{next(numbers):026d}")
        self.both = (
            Times(self.office, read_deadlines()),
            Times(self.office, read_deadlines()),
        )

    @property
    def session(self) -> str:
        return list(self.ended)[-1]

    @rule(code=st.sampled_from(sorted(WORKDAYS)), urgency=st.sampled_from(Urgency))
    def ask(self, code: str, urgency: Urgency) -> None:
        number = len(self.opened) + 1
        more = {"code": code, "urgency": urgency, "session": self.session}
        case_id = self.run(self.both[0].open(number, **more))
        self.opened[case_id] = self.session
        on_air = not self.ended[self.session]
        self.left[case_id] = on_air and urgency is Urgency.NORMAL and not self.is_open()

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    @rule()
    def the_stream_ends_or_begins(self) -> None:
        if not self.ended[self.session]:
            self.ended[self.session] = True
            self.run(self.office.live.close_session(f"s{len(self.ended)}", self.clock()))
        else:
            self.ended[f"s{len(self.ended) + 1}"] = False
            self.run(self.both[0].on_air(self.session))

    @rule(days=st.integers(0, 12))
    def a_day_is_off_or_no_more(self, days: int) -> None:
        day = (self.clock() + timedelta(hours=8)).date() + timedelta(days=days)
        if day in self.off:
            self.off.remove(day)
            self.run(self.both[1].calendar.clear_day("王芳", day))
        else:
            self.off.add(day)
            self.run(self.both[1].calendar.set_day("王芳", CalendarDay(day, False, "停电")))

    @rule(number=st.integers(1, 5))
    def settle(self, number: int) -> None:
        self.run(self._settle(f"k{number:05d}"))

    async def _settle(self, case_id: str) -> None:
        if case_id not in self.opened:
            return
        try:
            view = await self.office.desk.take(SUN, case_id, over=True)
        except Conflict:
            return
        order = Settle(case_id, view.token, ResolutionKind.ANSWER, "带身份证。")
        self.resolutions.append((await self.office.desk.settle(SUN, order)).resolution_id)

    @rule()
    def undo(self) -> None:
        if self.resolutions:
            try:
                self.run(self.office.desk.undo(SUN, self.resolutions.pop()))
            except Conflict:
                return

    @invariant()
    def every_deadline_is_that_of_a_recount(self) -> None:
        self.run(self._chores())
        for case_id, session in self.opened.items():
            case = self.run(self.office.case(case_id))
            if case.state is CaseState.WAITING:
                self.check(case, on_air=not self.ended[session])

    async def _chores(self) -> None:
        for _ in range(2):
            await asyncio.gather(*(times.receive() for times in self.both))
            await asyncio.gather(*(times.reception.move() for times in self.both))
            await asyncio.gather(*(_escalated(times) for times in self.both))
        await self.office.finish()

    def check(self, case: DeskCase, *, on_air: bool) -> None:
        now, name = self.clock(), self.later(case)
        assert case.due_at is not None
        streaming = case.due_class == "stream"
        assert not streaming or (on_air and now < case.made_at + MINUTE)
        if streaming:
            assert case.due_at == case.made_at + MINUTE
        elif case.step == 0:
            assert case.due_at == self.recount(case)
        else:  # people were told of it: it stays
            assert case.due_at <= now
        if not streaming:
            assert case.due_class == name
        ladder = STEPS.get(case.due_class, (0, 900, 1800) if name == "urgent" else (0, 1800, 3600))
        late = [seconds for seconds in ladder if now >= case.due_at + timedelta(seconds=seconds)]
        assert case.step == len(late)
        self.told_once(case)

    def told_once(self, case: DeskCase) -> None:
        told = [one for times in self.both for one in times.told if case.id in one.case_ids]
        counts = Counter(one.step for one in told)
        reminders = counts.pop("remind", 0)
        assert reminders - (case.step > 0) in (0, 1)  # one more for the minute on air
        assert counts == Counter(["other", "head"][: max(0, case.step - 1)])

    def later(self, case: DeskCase) -> str:
        if case.urgency is not Urgency.NORMAL:
            return case.urgency.value
        if self.left[case.id]:
            return "night"
        return {"complaint": "help", "withdrawn": "recheck"}.get(case.code, "consult")

    def recount(self, case: DeskCase) -> datetime:
        if case.urgency is Urgency.EMERGENCY:
            return case.made_at + FIRST
        if self.left[case.id]:
            return self.opening(case.made_at + timedelta(hours=8))
        left = 0 if case.urgency is Urgency.URGENT else WORKDAYS[case.code]
        here = case.made_at + timedelta(hours=8)
        day = here.date()
        if left == 0 and (here.time() >= time(17, 30) or not self.works(day)):
            left = 1
        while left:
            day += timedelta(days=1)
            left -= self.works(day)
        return datetime.combine(day, time(9, 30), UTC)

    def opening(self, here: datetime) -> datetime:
        """Nine o'clock of the next office day."""
        day = here.date() + timedelta(days=here.time() >= time(9))
        while not self.works(day):
            day += timedelta(days=1)
        return datetime.combine(day, time(1), UTC)

    def is_open(self) -> bool:
        here = self.clock() + timedelta(hours=8)
        return self.works(here.date()) and time(9) <= here.time() < time(17, 30)

    def works(self, day: date) -> bool:
        return day not in self.off and chinese_calendar.is_workday(day)

    def teardown(self) -> None:
        if self.database is not None:
            self.run(self.database.close())
        self.loop.close()


async def _escalated(times: Times) -> None:
    while await times.escalation.run():
        pass


def test_the_law_of_deadlines(database_url: str) -> None:
    machine = type("Machine", (TimesMachine,), {"url": database_url})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=checks,
            print_blob=True,
        ),
    )  # fmt: skip
