"""Carries what the review desk settled, or took back, into the rooms that are on air here.

The two meet in the database: a case that is final and not settled is due, and the room's own commit
settles it. So a repeat, a crash in between or another process does no harm. See decisions/0021.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from assistant.answering.withheld import Withheld
from assistant.domain.clock import Clock
from assistant.domain.live import Comment, LiveQuestion, Room, RoomState
from assistant.domain.review import ROOMLESS, WITHDRAWN, DeskCase, Incident, ResolutionKind
from assistant.errors import Conflict, NotFound
from assistant.live.desk import ADDRESSES, LiveDesk
from assistant.live.orders import Resolve, StoredQuestion, TakeBack
from assistant.live.states import ON_AIR
from assistant.records.carrying import Due, Stranded
from assistant.records.incidents import IncidentRecords
from assistant.review.chores import Chore

log = structlog.get_logger()
PAUSE = 0.3
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds until what failed is tried again: doubled each time."""
SWEEP = timedelta(minutes=1)
DESK = "审核台"
"""Who gives the orders that no one person gave."""
SILENT = ROOMLESS
"""Cases about what was learnt or given long ago: the room has nothing to say to them."""


class Carrying(Protocol):
    """What is on its way (records.carrying)."""

    async def due(self, room_ids: Collection[str]) -> list[Due]:
        """What is final and not said in some rooms."""
        ...

    async def confirmed(self) -> list[Due]:
        """Withdrawn answers that were right after all."""
        ...

    async def stranded(self, silent: Collection[str], before: datetime) -> list[Stranded]:
        """What no room will ever say."""
        ...

    async def to_stop(self) -> list[DeskCase]:
        """Cases of withdrawn answers whose questions still count as answered."""
        ...

    async def questions(self, ids: Collection[str]) -> Mapping[str, LiveQuestion]:
        """Questions by id."""
        ...

    async def askers(self, question_id: str) -> list[tuple[Comment, bool]]:
        """The comments that asked a question; whether their address is there."""
        ...

    async def give_up(self, case_ids: Collection[str], how: str, at: datetime) -> None:
        """There is nobody left to say it, or to say it to."""
        ...

    async def wait_again(self, question_ids: Collection[str]) -> None:
        """Questions of a session that is over wait for the correction."""
        ...


@dataclass(frozen=True, slots=True)
class CarrierParts:
    """What the carrier works with. `withheld` is the one that the question desk asks."""

    desk: LiveDesk
    records: Carrying
    incidents: IncidentRecords
    withheld: Withheld
    clock: Clock


@dataclass(frozen=True, slots=True)
class Round:
    """One look at all of it."""

    stopping: Sequence[DeskCase]
    confirmed: Sequence[Due]
    incidents: Sequence[Incident]
    rooms: Mapping[str, Room]
    questions: Mapping[str, LiveQuestion]

    def incident_of(self, case: DeskCase) -> Incident | None:
        """The incident that a case corrects."""
        question = self.questions.get(case.question_id)
        for one in self.incidents:
            here = (one.room_id, one.session_id) == (case.room_id, case.session_id)
            if here and (one.case_id == case.id or (question and question.answer == one.answer)):
                return one
        return None


class Carrier:
    """The chore; `chore.wake()` when something became final or was withdrawn in this process."""

    def __init__(self, on: CarrierParts) -> None:
        self._on = on
        self._again: dict[str, tuple[float, datetime]] = {}
        self._swept: datetime | None = None
        self.chore = Chore("live.carrier", self.run, PAUSE)

    async def run(self) -> bool:
        """Stop what was withdrawn, then say what was settled; nothing is left for at once."""
        await self._sweep()
        on = self._on
        stopping, due = await on.records.to_stop(), await on.records.due(list(on.desk.open_rooms))
        incidents = await on.incidents.uncorrected()
        confirmed = await on.records.confirmed() if incidents else []
        if not stopping and not due and not confirmed:
            self._again.clear()
            return False
        now = await self._round(stopping, due, incidents, confirmed)
        await self._restore(now)
        await on.withheld.refresh()
        for incident, cases in self._to_stop(now):
            await self._tried(incident.id, partial(self._stop, incident, cases, now))
        left = {case.id for case in await on.records.to_stop()} if stopping else set()
        for one in due:
            if left.isdisjoint(case.id for case in one.cases):
                key = f"{one.resolution.id}/{one.room_id}"
                await self._tried(key, partial(self._carry, one, now))
        return False

    async def _sweep(self) -> None:
        """Settle, once a minute, what no room will say."""
        now = self._on.clock()
        if self._swept is not None and now - self._swept < SWEEP:
            return
        self._swept = now
        found: defaultdict[str, list[str]] = defaultdict(list)
        for one in await self._on.records.stranded(SILENT, now - ADDRESSES):
            found[one.how].append(one.case_id)
        for how, ids in found.items():
            log.info("cases_not_said", how=how, cases=ids)
            await self._on.records.give_up(ids, how, now)

    async def _round(
        self,
        stopping: Sequence[DeskCase],
        due: Sequence[Due],
        incidents: Sequence[Incident],
        confirmed: Sequence[Due],
    ) -> Round:
        every = [*stopping, *(case for one in (*due, *confirmed) for case in one.cases)]
        rooms = {room.id: room for room in await self._on.desk.rooms()}
        questions = await self._on.records.questions({case.question_id for case in every})
        return Round(stopping, confirmed, incidents, rooms, questions)

    async def _restore(self, now: Round) -> None:
        """Answers that a person confirmed after all may be given again."""
        for one in now.confirmed:
            await self._on.incidents.lift(_incidents(one, now), one.resolution.actor)

    def _to_stop(self, now: Round) -> list[tuple[Incident, list[DeskCase]]]:
        found: defaultdict[str, list[DeskCase]] = defaultdict(list)
        known = {one.id: one for one in now.incidents}
        for case in now.stopping:
            incident = now.incident_of(case)
            if incident is not None:
                found[incident.id].append(case)
        return [(known[id_], cases) for id_, cases in found.items()]

    async def _stop(self, incident: Incident, cases: Sequence[DeskCase], now: Round) -> None:
        ids = [case.question_id for case in cases]
        if incident.room_id in self._on.desk.open_rooms:
            stored = {id_: await self._stored(id_, now) for id_ in ids if id_ in now.questions}
            order = TakeBack(incident, tuple(cases), stored)
            await self._on.desk.command(incident.room_id, order, DESK)
        elif not _is_on_air(incident.room_id, now):
            await self._on.records.wait_again(ids)
            await self._on.incidents.applied(incident.id)

    async def _carry(self, due: Due, now: Round) -> None:
        """Say it; what a session that ends cannot say any more is the next one's."""
        live = self._on.desk.live(due.room_id)
        silent = [case.id for case in due.cases if not _is_said(case, now)]
        if silent:
            await self._on.records.give_up(silent, "done", self._on.clock())
        cases = [case for case in due.cases if case.id not in silent]
        if cases and live.room.state is not RoomState.CLOSING:
            order = await self._order(due, cases, now)
            await self._on.desk.command(due.room_id, order, due.resolution.actor_name)

    async def _order(self, due: Due, cases: Sequence[DeskCase], now: Round) -> Resolve:
        live = self._on.desk.live(due.room_id)
        incidents = _incidents(due, now)
        stored = {}
        for case in cases:
            id_ = case.question_id
            asks = bool(incidents) or not live.remembers(id_)
            stored[id_] = (
                await self._stored(id_, now) if asks else StoredQuestion(now.questions[id_])
            )
        confirms = due.resolution.kind is ResolutionKind.CONFIRM
        return Resolve(due.resolution, tuple(cases), stored, () if confirms else tuple(incidents))

    async def _stored(self, question_id: str, now: Round) -> StoredQuestion:
        asked = await self._on.records.askers(question_id)
        reachable = frozenset(comment.id for comment, has_address in asked if has_address)
        comments = tuple(comment for comment, _ in asked)
        return StoredQuestion(now.questions[question_id], comments, reachable)

    async def _tried(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        """What fails holds up nothing else, and is tried again, ever more rarely."""
        pause, at = self._again.get(key, (FIRST_PAUSE, self._on.clock()))
        if at > self._on.clock():
            return
        try:
            await work()
        except (Conflict, NotFound) as error:
            log.warning("not_carried", key=key, why=type(error).__name__)
        except Exception as error:
            log.exception("not_carried", key=key, kind=type(error).__name__)
        else:
            self._again.pop(key, None)
            return
        later = self._on.clock() + timedelta(seconds=pause)
        self._again[key] = (min(LONGEST_PAUSE, pause * 2), later)


def _incidents(due: Due, now: Round) -> list[Incident]:
    """What the cases of a resolution correct, each once."""
    cases = [case for case in due.cases if case.code == WITHDRAWN]
    found = [one for case in cases if (one := now.incident_of(case)) is not None]
    return list({one.id: one for one in found}.values())


def _is_said(case: DeskCase, now: Round) -> bool:
    """Whether the room has anything to say to it."""
    return case.code not in SILENT and case.question_id in now.questions


def _is_on_air(room_id: str, now: Round) -> bool:
    room = now.rooms.get(room_id)
    return room is not None and room.state in ON_AIR
