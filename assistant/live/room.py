"""A room on air, in steps: take comments, answer, advance the time, obey people.

Whoever holds it drives it: the service with the machine's time, a replay with the recording's.
See decisions/0017.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.domain.broadcast import Broadcast
from assistant.domain.live import Alert, AlertLevel, Comment, Room, RoomState, StageEvent
from assistant.domain.live_commit import Commit
from assistant.live import night
from assistant.live.alerter import Alerter
from assistant.live.answered import Settling
from assistant.live.asking import Asking
from assistant.live.broadcast.broadcasting import Broadcasting
from assistant.live.broadcast.directing import Directing
from assistant.live.broadcast.shown import shown
from assistant.live.checking import Checking
from assistant.live.core import Core
from assistant.live.delivery import Delivery
from assistant.live.duty_watch import DutyWatch
from assistant.live.first_step import FirstStep
from assistant.live.hub import Hub, Subscription
from assistant.live.labelling import Labelling
from assistant.live.limits import Limits
from assistant.live.memory import Known
from assistant.live.operating import Operating
from assistant.live.orders import Begin, Hold, Jump, Resolve, StopBroadcast, Take, TakeBack
from assistant.live.recovery import recover
from assistant.live.resolving import Resolving
from assistant.live.services import RoomServices
from assistant.live.snapshot import Recent, Snapshot, snapshot
from assistant.live.sorting import Sorter
from assistant.live.speech import Speech
from assistant.live.states import Move, after
from assistant.live.steps import Step
from assistant.live.taking_back import TakingBack

if TYPE_CHECKING:
    from assistant.live.orders import Order

BATCH = 256
"""Comments of one step; more would hold up the answers of others."""
SWEEP = 5.0
"""Seconds between two looks for questions that are too old to merge with."""
_NOTHING: Mapping[str, str] = {}


class LiveRoom:
    """The engine of one room for one session (场次)."""

    def __init__(self, on: RoomServices, room: Room, session_id: str, token: int) -> None:
        self._hub = Hub()
        self._core = Core(on, room, session_id, token, self._hub)
        self._entering = asyncio.Lock()
        self._lock = asyncio.Lock()
        self._sorter = Sorter(on.screen, on.floods(), on.triage, on.merger(), room.region, on.judge)
        self._broadcasting = Broadcasting(self._core)
        self._speech = Speech(self._core, self._broadcasting)
        self._directing = Directing(self._core, self._broadcasting, self._speech)
        self._settling = Settling(self._core, self._speech, self._lock)
        self._asking = Asking(self._core, self._settling)
        self._delivery = Delivery(self._core)
        self._alerter = Alerter(self._core)
        self._operating = Operating(self._core, self._speech, self._alerter, self._directing)
        self._duty = DutyWatch(self._core, self._alerter)
        self._limits = Limits(self._core)
        self._resolving = Resolving(self._core, self._speech)
        self._taking_back = TakingBack(self._core, self._speech, self._delivery, self._settling)
        self._checking = Checking(self._core, self._speech, self._limits)
        self._labelling = Labelling(core=self._core, speech=self._speech, limits=self._limits)
        self._recent = Recent()
        self._swept = on.clock.now()
        for listener in (
            self._delivery.committed,
            self._alerter.committed,
            self._recent.committed,
            self._labelling.committed,
        ):
            self._core.listen(listener)

    @property
    def room(self) -> Room:
        """The room as it is now."""
        return self._core.room

    @property
    def session_id(self) -> str:
        """The session that runs."""
        return self._core.session_id

    async def start(self) -> None:
        """Take up what an earlier process of this session left unfinished."""
        core = self._core
        core.airtime.tick(core.now, runs=core.may_speak)
        self._delivery.start()
        backlog = await core.on.records.backlog(core.session_id)
        self._alerter.restore(backlog.alerts)
        await self._broadcasting.restore(backlog.broadcasts, backlog.cues)
        asked, unseen = await recover(core, self._sorter, self._speech, backlog)
        await self._settling.restore()
        cues = await core.on.records.cues(core.session_id)
        self._checking.restore(cues)
        self._labelling.restore(cues)
        self._ask(asked)
        if unseen:
            await self.take(unseen)

    async def take(
        self, comments: Sequence[Comment], addresses: Mapping[str, str] = _NOTHING
    ) -> None:
        """Decide, or begin to answer, each comment; when this returns, that is stored.

        `addresses` are sealed, by comment id; they are kept where a reply may follow.
        Raises LostLease where another process holds the room.
        """
        began = time.perf_counter()
        with self._core.taking():
            for start in range(0, len(comments), BATCH):
                await self._take(comments[start : start + BATCH], addresses, began)

    async def settle(self) -> None:
        """Wait until every question is answered and every reply and alert was tried."""
        await self._asking.idle()
        await self._delivery.idle()
        await self._alerter.idle()

    async def advance(self) -> None:
        """Let the time that has passed do its work: speech, alerts, heartbeat."""
        await self._broadcasting.look()
        await self._speech.advance()
        await self._alerter.advance()
        await self._duty.look()
        await self._labelling.look()
        await self._checking.look()

    async def staged(self, event: StageEvent) -> None:
        """The stage acknowledges the start or the end of a cue."""
        await self._speech.staged(event)
        await self._speech.advance()

    async def command(self, order: "Order", actor: str) -> None:
        """Carry out a person's order. Raises Conflict, NotFound or BadInput."""
        async with self._lock:
            await self._obey(order, actor)
        await self._speech.advance()

    async def _obey(self, order: "Order", actor: str) -> None:
        match order:
            case Resolve():
                await self._resolving(order)
            case TakeBack():
                await self._taking_back(order)
            case Begin() | Jump() | Hold() | Take() | StopBroadcast():
                await self._directing(order)
            case _:
                await self._operating(order, actor)

    def remembers(self, question_id: str) -> bool:
        """Whether the room has a question in mind, with those who await its answer."""
        return self._core.memory.get(question_id) is not None

    @property
    def checking(self) -> int:
        """How many of its questions wait for a person."""
        return self._checking.waiting

    @property
    def refusing(self) -> set[str]:
        """The platforms that take no replies now."""
        return self._delivery.refusing

    @property
    def held_line(self) -> str:
        """What the stage shows while no answer is given by itself; "" where answers are."""
        return night.held(self._core)

    async def alarm(self, code: str, level: AlertLevel, text: str) -> None:
        """Raise an alert from outside: a silent platform, a platform's warning."""
        await self._core.commit(Commit(alerts=(self.alert(code, level, text),)))

    def alert(self, code: str, level: AlertLevel, text: str) -> Alert:
        """An alert of the room, not stored."""
        step = Step(self._core)
        step.alert(code, level, text)
        return step.alerts[0]

    async def over(self, code: str, how: str) -> None:
        """Nobody is called any more for the open alerts of a code: it ended by itself."""
        await self._alerter.end(code, how)

    async def call(self, alert: Alert) -> Alert:
        """Tell who is on duty without the records, where that is due; the alert as it is then."""
        return await self._alerter.call(alert)

    async def keep(self, alert: Alert, how: str) -> None:
        """Store an alert that was called out, over now."""
        await self._alerter.keep(alert, how)

    async def last_words(self) -> None:
        """Say what a stream may not end without, before it is closed, while its stage is heard."""
        await self._labelling.last()

    async def finish_speaking(self, limit: float) -> None:
        """Say nothing new; what is being said may end, for so many seconds at most."""
        await self._speech.finish(limit)

    async def close(self) -> None:
        """End the session: answer what is open, leave the rest as text, free what is held."""
        core = self._core
        if core.room.state is not RoomState.CLOSING:
            await core.put_room(replace(core.room, state=after(core.room.state, Move.CLOSE)))
        await self._asking.idle()
        if self._broadcasting.running:
            await self._directing.stop()
        await self._speech.end()
        await self._delivery.idle()
        await core.on.records.close_session(core.session_id, core.now)
        closed = after(core.room.state, Move.CLOSED)
        await core.put_room(replace(core.room, state=closed, session_id=None))
        await self.stop()

    async def stop(self) -> None:
        """Let go of everything at once, as a crash would; the records know what is left."""
        await self._asking.stop()
        await self._delivery.stop()
        await self._alerter.stop()
        self._hub.end()

    def subscribe(self) -> Subscription:
        """What the room does from now on; read a snapshot after this."""
        return self._hub.subscribe()

    def unsubscribe(self, subscription: Subscription) -> None:
        """Tell a subscriber no more."""
        self._hub.unsubscribe(subscription)

    def snapshot(self) -> Snapshot:
        """The room as it is now, for a page that opens."""
        now = snapshot(self._core, self._speech, self._alerter, self._recent)
        return replace(now, broadcast=shown(self._broadcasting))

    @property
    def broadcast(self) -> Broadcast | None:
        """The script that is on air."""
        return self._broadcasting.running

    async def _take(
        self, comments: Sequence[Comment], addresses: Mapping[str, str], began: float
    ) -> None:
        """One batch after the other is placed; while one is stored, the next is judged."""
        async with self._entering:
            await asyncio.to_thread(self._sorter.judge, comments)
            async with self._lock:
                sorted_ = await asyncio.to_thread(self._sorter.sort, comments, self._stale())
                first = FirstStep(self._core, self._limits, len(self._asking), began)
                for one in sorted_:
                    first.place(one, addresses)
                stored = self._core.on_its_way(first.step.commit())
        await stored
        self._ask(first.asked)

    def _ask(self, asked: Iterable[Known]) -> None:
        for known in asked:
            self._asking.put(known)

    def _stale(self) -> list[str]:
        now = self._core.now
        if (now - self._swept).total_seconds() < SWEEP:
            return []
        self._swept = now
        return self._core.memory.forget(now)
