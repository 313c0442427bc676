"""What is said now. Each thing is stored before it happens; an acknowledged cue never repeats.

Where the room broadcasts a script, it is said when nothing else is, and gives way to what waits.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from assistant.domain.live import (
    AlertLevel,
    Cue,
    CueKind,
    CueState,
    OutcomeKind,
    StageEvent,
    StageEventKind,
)
from assistant.domain.speech import Said
from assistant.errors import Unavailable
from assistant.live.ahead import Ahead
from assistant.live.asking_shown import asking_of
from assistant.live.broadcast.broadcasting import Broadcasting
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.said_as import as_said
from assistant.live.speech_queue import SpeechQueue, Waiting
from assistant.live.steps import Step

log = structlog.get_logger()
OFFER_AGAIN = timedelta(seconds=5)
"""A stage that has not begun a cue by then is offered it again; it knows cues by their ids."""
LATE = timedelta(seconds=30)
"""So long after its end, a cue without an acknowledged end is left as uncertain."""
PATIENCE = 2.0
"""A queued answer may be overtaken for so many times the room's patience."""
REJOINS = timedelta(seconds=25)
"""For so long a page may come back to what it was saying before a restart (stage.hub.AWAITED)."""
NO_TIME = "口播排队过长，以文字答复"
ENDED = "直播结束前未能口播，以文字答复"
WITHDRAWN = "工作人员撤下口播，以文字答复"
TAKEN_BACK = "答复已撤回，等待更正"
HELD = "值班人员不在岗或不在自动答复时段，以文字答复"
BY_ITSELF = frozenset({CueKind.ANSWER, CueKind.CLARIFY})
"""What may be said without a person's word; only where nobody's name stands at the cue."""


class Speech:
    """The cue that is on the stage, and the queue behind it."""

    def __init__(self, core: Core, script: Broadcasting) -> None:
        self._core = core
        self._script = script
        self._queue = SpeechQueue(core)
        self._now: Waiting | None = None
        self._offered: datetime | None = None
        self._ahead = Ahead(core, self._queue, script)
        self._rejoins_by: datetime | None = None
        self._over = asyncio.Event()
        self._says_more = True
        self._turning = False

    @property
    def current(self) -> Cue | None:
        """What the stage has now."""
        return self._now.cue if self._now else None

    @property
    def waiting(self) -> list[Cue]:
        """What will be said, in the order of this moment."""
        return [one.cue for one in self._queue]

    @property
    def is_idle(self) -> bool:
        """Nothing is said and nothing waits."""
        return self._now is None and not len(self._queue)

    def add(self, cue: Cue, known: Known | None = None) -> None:
        """Queue a stored cue."""
        self._queue.add(cue, known)

    def announce(self, cue: Cue, known: Known) -> None:
        """A cue is about to be stored: later answers wait behind it till `add` or `renounce`."""
        self._queue.add(cue, known, stored=False)

    def renounce(self, cue: Cue) -> None:
        """An announced cue could not be stored."""
        self._queue.take(cue.id)

    def wait_for(self, known: Known) -> float:
        """Seconds on air until a new answer to this question would be voiced."""
        return self._rest() + self._queue.ahead_of(known)

    @property
    def patience(self) -> float:
        """Seconds that an answer may wait to be voiced: in a script, for the end of a part too."""
        return self._core.on.config.patience + self._script.waits

    async def advance(self) -> None:
        """Look after the stage: offer again, time out, expire, send the next cue."""
        core = self._core
        core.airtime.tick(core.now, runs=core.may_speak)
        await self._look_after_current()
        if core.hold:
            await self._hold_answers()
        if not core.may_speak or not self._says_more:
            return
        for one in self._queue.overdue(self.patience * PATIENCE):
            await self._to_text(one, NO_TIME)
        if not self._turning:
            self._turning = True
            try:
                await self._turn()
            finally:
                self._turning = False
        self._ahead.tell(is_on=self._script.is_its(self.current))

    async def staged(self, event: StageEvent) -> None:
        """Store what the stage acknowledges."""
        if self._now is None or self._now.cue.id != event.cue_id:
            return
        if event.kind is StageEventKind.ENDED:
            await self._end(CueState.DONE, event.at, event.said)
            return
        self._rejoins_by = None
        if self._now.cue.state is CueState.SENT:
            began = replace(self._now.cue, state=CueState.STARTED, started_at=event.at)
            await self._change(self._now, began)

    async def stop(self) -> None:
        """End what is being said now; what has begun is not said again."""
        now = self._now
        said = await self._core.on.stage.stop()
        if now is not None and now is self._now and now.cue.state is CueState.STARTED:
            await self._end(CueState.SKIPPED, self._core.now, said)

    async def drop(self, cue_id: str) -> None:
        """End a cue that the stage has, begun or not; what waits comes next."""
        now = self._now
        if now is None or now.cue.id != cue_id:
            return
        said = await self._core.on.stage.stop()
        if now is self._now:
            await self._end(CueState.SKIPPED, self._core.now, said)

    async def withdraw(self, cue_id: str) -> bool:
        """Take a cue that still waits off the queue; False where it is too late."""
        one = next((each for each in self._queue if each.cue.id == cue_id), None)
        if one is not None:
            await self._to_text(one, WITHDRAWN)
        return one is not None

    async def _hold_answers(self) -> None:
        """Nothing new is said by itself: what waits was sent as text, what has begun ends."""
        now = self._now
        if now and now.cue.state is CueState.SENT and _is_by_itself(now.cue):
            await self._core.on.stage.stop()
            if now is self._now and now.cue.state is CueState.SENT:
                self._now = None
                await self._to_text(now, HELD)
        for one in [one for one in self._queue if _is_by_itself(one.cue)]:
            await self._to_text(one, HELD)

    async def recall(self, is_meant: Callable[[Cue], bool]) -> None:
        """Stop and drop every cue that is meant, also one that the stage has not begun."""
        if self._now is not None and is_meant(self._now.cue):
            said = await self._core.on.stage.stop()
            await self._end(CueState.SKIPPED, self._core.now, said)
        for one in [one for one in self._queue if is_meant(one.cue)]:
            await self._to_text(one, TAKEN_BACK)

    async def end(self) -> None:
        """The stream ends: what waits was answered by text."""
        await self.stop()
        for one in list(self._queue):
            await self._to_text(one, ENDED)

    async def last_words(self, cue: Cue, limit: float) -> None:
        """Say this instead of all else; returns when it was heard, or after `limit` seconds."""
        self._says_more = False
        await self.stop()
        await self._end(CueState.UNCERTAIN, self._core.now)
        self._over.clear()
        await self._send(Waiting(cue, None, 0.0, self._core.on.seconds(cue.spoken)))
        await self._until_over(limit)

    async def finish(self, limit: float) -> None:
        """Begin nothing more: returns when what is said was heard, or after `limit` seconds."""
        self._says_more = False
        self._over.clear()
        if self._core.may_speak:
            await self._until_over(limit)

    async def _until_over(self, limit: float) -> None:
        with suppress(TimeoutError):
            if self._now is not None:
                await asyncio.wait_for(self._over.wait(), limit)

    async def restore(self, cue: Cue, known: Known | None) -> None:
        """A cue from before a restart: one that was sent is offered again, by its id.

        A page may still say what had begun: it is given the rest, if it comes back in time.
        """
        one = Waiting(cue, known, 0.0, self._core.on.seconds(cue.spoken))
        if cue.state is CueState.WAITING or (self._now and cue.state is CueState.SENT):
            self.add(cue, known)
        elif self._now is not None or self._is_late(cue):
            await self._change(one, replace(cue, state=CueState.UNCERTAIN, ended_at=self._core.now))
        else:
            self._now = one
            if cue.state is CueState.STARTED:
                self._rejoins_by = self._core.now + REJOINS
                await self._core.on.stage.rejoin(cue, asking_of(self._core, one))

    async def _turn(self) -> None:
        """Whose turn it is: the script gives way to what waits, and is said where nothing does."""
        first = self._queue.first
        if self._now and first and self._script.yields(self._now.cue, first):
            await self.stop()
        if self._now is None and self._script.goes_before(self._queue.first):
            made = await self._script.following()
            if made and self._now is None:
                cue, step = made
                one = Waiting(cue, None, 0.0, self._core.on.seconds(cue.spoken))
                await self._say(one, step)
        if self._now is None and self._core.may_speak and (following := self._queue.next()):
            await self._send(following)

    def _is_late(self, cue: Cue) -> bool:
        """So long after its start that it must be over."""
        limit = timedelta(seconds=cue.seconds * 2) + LATE
        return cue.started_at is not None and self._core.now - cue.started_at > limit

    async def _send(self, one: Waiting) -> None:
        """Say it, if it still passes: rules may have changed while it waited."""
        if why := self._core.unfit(one.cue.text, one.cue.spoken, one.cue.citations):
            await self._hold_back(one, why)
            return
        await self._say(one, Step(self._core))

    async def _say(self, one: Waiting, step: Step) -> None:
        """Stored, then said."""
        self._now, self._offered = one, None
        await self._change(one, as_said(self._core, one), step)
        if self._core.may_speak:
            await self._offer(one)

    async def _offer(self, one: Waiting) -> None:
        self._offered = self._core.now
        try:
            await self._core.on.stage.play(one.cue, asking_of(self._core, one))
        except Unavailable as error:
            log.warning("stage_unavailable", cue=one.cue.id, kind=type(error).__name__)

    async def _look_after_current(self) -> None:
        if self._now is None:
            return
        cue, now = self._now.cue, self._core.now
        if cue.state is CueState.SENT:
            due = self._offered is None or now - self._offered >= OFFER_AGAIN
            if due and self._core.may_speak:
                await self._offer(self._now)
        elif self._is_late(cue) or (self._rejoins_by and now > self._rejoins_by):
            self._rejoins_by = None
            await self._end(CueState.UNCERTAIN, now)

    async def _to_text(self, one: Waiting, reason: str) -> None:
        """The viewers have the answer as text already; the decision says so."""
        self._queue.take(one.cue.id)
        step = Step(self._core)
        step.cues[one.cue.id] = replace(one.cue, state=CueState.SKIPPED)
        known = one.known
        if known and known.decision and known.decision.kind is OutcomeKind.SPOKEN:
            known.decision = replace(
                known.decision, kind=OutcomeKind.REPLIED, code="no_time", reason=reason
            )
            step.decisions[known.decision.comment_id] = known.decision
        await self._core.commit(step.commit())

    async def _hold_back(self, one: Waiting, why: str) -> None:
        step = Step(self._core)
        step.cues[one.cue.id] = replace(one.cue, state=CueState.SKIPPED)
        step.alert("not_voiced", AlertLevel.URGENT, f"一条待播内容没有播出：{why}", one.asker)
        await self._core.commit(step.commit())

    async def _end(self, state: CueState, at: datetime, said: Said | None = None) -> None:
        if self._now is not None:
            one, self._now = self._now, None
            cue = replace(one.cue, state=state, ended_at=at)
            if said is not None:
                cue = replace(cue, heard=said.heard, voiced=said.voiced)
            step = Step(self._core)
            self._script.ended(cue, step)
            await self._change(one, cue, step)
        self._over.set()

    async def _change(self, one: Waiting, cue: Cue, step: Step | None = None) -> None:
        one.cue = cue
        step = step or Step(self._core)
        step.cues[cue.id] = cue
        await self._core.commit(step.commit())

    def _rest(self) -> float:
        """Seconds that the stage still speaks."""
        if self._now is None:
            return 0.0
        cue = self._now.cue
        if self._script.yields_at_once(cue):
            return 0.0
        said = (self._core.now - cue.started_at).total_seconds() if cue.started_at else 0.0
        return max(0.0, self._now.seconds - said)


def _is_by_itself(cue: Cue) -> bool:
    return cue.kind in BY_ITSELF and cue.actor is None
