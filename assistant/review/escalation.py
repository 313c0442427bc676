"""Who is told of a case that is overdue: its holder, another reviewer, the head; each once.

A step is written first and told then: with several processes it is told by the one that wrote it.
What could not be told is tried again by the same process for a while; that the step was taken
shows in the queue and in the audit chain all the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

import structlog

from assistant.access.accounts import Account, Permission, Role, may
from assistant.domain.clock import Clock
from assistant.domain.review import DeskCase
from assistant.records.escalations import EscalationRecords
from assistant.review.calendar import OfficeCalendar
from assistant.review.chores import Chore
from assistant.review.deadlines import EMERGENCY, STREAM, Deadlines
from assistant.review.reception import written
from assistant.review.rights import Rights

log = structlog.get_logger()
PAUSE = 1.0
LONGEST = 20.0
"""Seconds of wall time for telling one person or group."""
AGAIN = timedelta(seconds=15)
TRIED_FOR = timedelta(minutes=15)
"""How soon, and for how long, it is tried again to tell somebody."""


class Step(StrEnum):
    """What is done, in this order."""

    REMIND = "remind"
    OTHER = "other"
    HEAD = "head"


ORDER = (Step.REMIND, Step.OTHER, Step.HEAD)
_WORDS = {
    Step.REMIND: "请尽快处理",
    Step.OTHER: "原处理人未办结，请接手",
    Step.HEAD: "仍未处理，请督促",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told; never a viewer's words. A repeat has the same `id`."""

    id: str
    room_id: str
    case_ids: tuple[str, ...]
    step: Step
    is_emergency: bool
    to: tuple[str, ...]
    """Shown names; empty where the office has nobody to tell."""
    text: str
    at: datetime


class Tell(Protocol):
    """Tells people outside the page (bootstrap: `live.notify`)."""

    async def __call__(self, notice: Notice) -> None:
        """Tell them; raises where they surely or possibly were not told."""
        ...


class LogTell:
    """Writes it to the log."""

    async def __call__(self, notice: Notice) -> None:
        """Log it."""
        log.warning("review_overdue", id=notice.id, step=notice.step, cases=len(notice.case_ids))


Staff = Callable[[], Awaitable[Sequence[Account]]]
"""Everybody who works at the office."""


@dataclass(frozen=True, slots=True)
class Escalating:
    """What escalation works with."""

    records: EscalationRecords
    calendar: OfficeCalendar
    deadlines: Deadlines
    staff: Staff
    rights: Rights
    tell: Tell
    clock: Clock


@dataclass(slots=True)
class _Told:
    """Cases that go to the same people by the same notice."""

    step: Step
    people: tuple[Account, ...]
    cases: list[DeskCase] = field(default_factory=list)


class Escalation:
    """The chore that tells people of what is overdue."""

    def __init__(self, on: Escalating) -> None:
        self._on = on
        self._untold: dict[Notice, datetime] = {}
        self._ladders = {name: one.steps for name, one in on.deadlines.classes.items()}
        self.chore = Chore("review.escalation", self.run, PAUSE)

    async def run(self) -> bool:
        """Take the steps that are due; whether there were any."""
        now = self._on.clock()
        ripe = await self._on.records.ripe(now, self._ladders)
        if ripe:
            self._untold |= dict.fromkeys(await self._claimed(ripe, now), now)
        await self._tell_all(now)
        return bool(ripe)

    async def _claimed(self, ripe: Sequence[DeskCase], now: datetime) -> list[Notice]:
        """Write each step; what is to be told of those that this process wrote."""
        staff = await self._on.staff()
        told: dict[tuple[Step, bool, tuple[str, ...]], _Told] = {}
        for case in ripe:
            step = ORDER[case.step]
            people = await self._people(case, step, staff, now)
            if await self._claim(case, step, people):
                key = (step, case.due_class == EMERGENCY, tuple(one.id for one in people))
                told.setdefault(key, _Told(step, people)).cases.append(case)
        return [self._notice(one, now) for one in told.values()]

    async def _claim(self, case: DeskCase, step: Step, people: Sequence[Account]) -> bool:
        following = None
        if case.due_class == STREAM and case.step + 1 >= len(self._ladders[STREAM]):
            hours = self._on.deadlines.hours(await self._on.calendar.current())
            since = case.due_from or case.made_at
            following = written(self._on.deadlines.later(case, since, hours))
        told = {
            "step": step,
            "to": [one.id for one in people],
            "class": case.due_class,
            "due_at": case.due_at,
        }
        release = step is Step.OTHER
        return await self._on.records.claim(case, told, release=release, following=following)

    async def _people(
        self, case: DeskCase, step: Step, staff: Sequence[Account], now: datetime
    ) -> tuple[Account, ...]:
        """Who is told; the heads where there is no such person."""
        heads = tuple(one for one in staff if _is_head(one))
        if step is Step.HEAD:
            return heads
        lead = await self._on.records.lead(case)
        able = [one for one in staff if self._on.rights.may(one, case.region)]
        if step is Step.REMIND:
            held = lead.held_until is not None and lead.held_until > now
            holder = tuple(one for one in able if held and one.id == lead.holder)
            return holder or tuple(able) or heads
        others = [one for one in able if one.id != lead.holder]
        return (_drawn(others, case.id),) if others else heads

    def _notice(self, told: _Told, now: datetime) -> Notice:
        first, count = told.cases[0], len(told.cases)
        label = self._on.deadlines.classes[first.due_class].label
        kinds = f"（{label}）" if len({one.due_class for one in told.cases}) == 1 else ""
        return Notice(
            id=f"{first.id}-{first.due_class}-{told.step}",
            room_id=first.room_id,
            case_ids=tuple(one.id for one in told.cases),
            step=told.step,
            is_emergency=first.due_class == EMERGENCY,
            to=tuple(one.display_name for one in told.people),
            text=f"有{count}件待复核的问题已过期限{kinds}，{_WORDS[told.step]}",
            at=now,
        )

    async def _tell_all(self, now: datetime) -> None:
        """Tell what is not told yet; what fails is tried again later."""
        due = [one for one, at in self._untold.items() if at <= now]
        done = await asyncio.gather(*(self._told(one) for one in due))
        for notice, was_told in zip(due, done, strict=True):
            if was_told:
                del self._untold[notice]
            elif now - notice.at < TRIED_FOR:
                self._untold[notice] = now + AGAIN
            else:
                log.error("escalation_not_told", id=notice.id, step=notice.step)
                del self._untold[notice]

    async def _told(self, notice: Notice) -> bool:
        try:
            async with asyncio.timeout(LONGEST):
                await self._on.tell(notice)
        except Exception as error:
            log.exception("escalation_failed", id=notice.id, kind=type(error).__name__)
            return False
        return True


def _is_head(account: Account) -> bool:
    return Role.ADMINISTRATOR in account.roles and may(account, Permission.SEE_AUDIT)


def _drawn(others: Sequence[Account], case_id: str) -> Account:
    """Another reviewer: always the same for a case, and different ones for different cases."""
    ordered = sorted(others, key=lambda one: one.id)
    return ordered[int.from_bytes(sha256(case_id.encode()).digest()[:4]) % len(ordered)]
