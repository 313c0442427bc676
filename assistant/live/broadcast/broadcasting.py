"""Drives an approved script through a room: each part is checked, stored, then said.

The stage is given one cue at a time: what is left of the part at which the broadcast is. However
that cue ends, the position is stored in the same step, and the next cue is made of it.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from assistant.domain.broadcast import (
    Broadcast,
    BroadcastState,
    FallenPart,
    Position,
    Taking,
    may_answer,
)
from assistant.domain.live import AlertLevel, Cue, CueKind, Urgency
from assistant.errors import AssistantError
from assistant.live.broadcast.cues import behind, heard_of, part_cue
from assistant.live.broadcast.scripts import Script
from assistant.live.broadcast.turns import Turns
from assistant.live.core import Core
from assistant.live.speech_queue import Waiting
from assistant.live.steps import Step
from assistant.studio.rundown import INSTEAD, Part

log = structlog.get_logger()
AHEAD = "ahead"
"""The id of a cue that is only voiced ahead."""


class Broadcasting:
    """The script of a room, if one is on air."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._now: Broadcast | None = None
        self._script: Script | None = None
        self._cue: Cue | None = None
        self._turns = Turns()

    @property
    def latest(self) -> Broadcast | None:
        """The one that runs, or the last one that did in this process."""
        return self._now

    @property
    def running(self) -> Broadcast | None:
        """The one that runs."""
        return None if self._now is None or self._now.is_over else self._now

    @property
    def script(self) -> Script | None:
        """The words of `latest`."""
        return self._script

    @property
    def waits(self) -> float:
        """Seconds that an answer may wait for the end of a part."""
        now = self.running
        return self._script.longest if now and self._script and _between(now) else 0.0

    async def restore(self, found: Iterable[Broadcast], cues: Iterable[Cue]) -> None:
        """Go on with what was on air before a restart."""
        for one in found:
            try:
                await self.load(one)
            except AssistantError as error:
                await self._give_up(one, error.message)
            self._cue = next((cue for cue in cues if cue.id == one.cue_id), None)

    async def load(self, one: Broadcast) -> None:
        """Take a broadcast with its words. Raises NotFound, BadInput."""
        scripts = self._core.on.scripts
        if scripts is None:
            raise AssistantError("这里没有开通直播工作室")
        self._script = await scripts.load(one.stream_id, one.approval)
        self._now = one

    def put(self, one: Broadcast, step: Step) -> None:
        """The broadcast as it is from this step on."""
        self._now = one
        step.broadcasts[one.id] = one

    def is_its(self, cue: Cue | None) -> bool:
        """Whether a cue is the one that the broadcast has on the stage."""
        now = self.running
        return now is not None and cue is not None and cue.id == now.cue_id

    def yields(self, cue: Cue, following: Waiting) -> bool:
        """Whether its cue on the stage is interrupted for what waits."""
        now = self.running
        if now is None or not self.is_its(cue) or cue.kind is CueKind.FIXED_LINE:
            return False
        at_once = now.taking is Taking.AT_ONCE and not self._turns.is_owed(self._core.now)
        return at_once or _presses(following)

    def yields_at_once(self, cue: Cue) -> bool:
        """Whether an answer would not wait for the end of a cue."""
        now = self.running
        return now is not None and self.is_its(cue) and now.taking is Taking.AT_ONCE

    def goes_before(self, following: Waiting | None) -> bool:
        """Whether the script is said now, and what waits for viewers afterwards."""
        now = self.running
        if now is None:
            return False
        if following is None:
            return True
        waits = not may_answer(now.taking, now.position) or self._turns.is_due(self._core.now)
        return waits and not _presses(following)

    async def following(self) -> tuple[Cue, Step] | None:
        """What is said now, checked, with the step that it is stored in; None where nothing is."""
        while (now := self._ready()) and self._script:
            part, why = await self._checked(now, self._script)
            if now is not self._now:
                return None  # an order came between
            step = Step(self._core)
            now = self._fell(now, why, step) if why else now
            cue = None if why and _was_told(now) else self._cue_of(now, part)
            if cue is not None:
                self._cue = cue
                self._turns.begins(self._core.now)
                self.put(replace(now, cue_id=cue.id, resumes_at=None), step)
                return cue, step
            self._move(now, now.position.ended(len(self._script)), step)
            await self._core.commit(step.commit())
        return None

    def ended(self, cue: Cue, step: Step) -> None:
        """A cue has ended, however that was; where it was its own, the broadcast has come on."""
        now, script = self.running, self._script
        if now is None or script is None or not self.is_its(cue):
            return
        at = behind(now.position, script.planned(now.position.part), cue, len(script))
        self._turns.ends(self._core.now)
        self._move(now, at, step)

    def planned(self, *, is_on: bool) -> Cue | None:
        """What comes behind the part that is on, or comes now, to be voiced ahead."""
        now, script = self.running, self._script
        if now is None or script is None:
            return None
        at = now.position.ended(len(script)) if is_on else now.position
        if at.over:
            return None
        planned = replace(now, position=at)
        return part_cue(planned, script.planned(at.part), (), AHEAD, now.begun_at)

    async def look(self) -> None:
        """Store which sentences were heard: a restart goes on behind them."""
        now, cue, script = self.running, self._cue, self._script
        if now is None or cue is None or script is None or not self.is_its(cue):
            return
        said = self._core.on.stage.progress(cue.id)
        if said is None or cue.kind is CueKind.FIXED_LINE:
            return
        heard = heard_of(script.planned(now.position.part), cue, said)
        if heard > now.position.sentence:
            step = Step(self._core)
            self.put(replace(now, position=now.position.interrupted(heard)), step)
            await self._core.commit(step.commit())

    def _ready(self) -> Broadcast | None:
        """The one that runs, where it may say something at this moment."""
        now = self.running
        return None if now is None or now.position.paused or self._rests(now) else now

    def _cue_of(self, now: Broadcast, part: Part) -> Cue | None:
        cited = self._script.cited(now.position.part) if self._script else ()
        return part_cue(now, part, cited, self._core.on.new_id(), self._core.now)

    async def _checked(self, now: Broadcast, script: Script) -> tuple[Part, str]:
        """A part as it may be said at this moment, and why it may not."""
        core, number = self._core, now.position.part
        part = await script.part(number, core.on.today(core.now))
        if part.fallen:
            return part, part.fallen
        text = "".join(part.sentences)
        why = await asyncio.to_thread(core.unfit, text, text, script.cited(number))
        if why:
            part = Part(part.segment, part.title, (INSTEAD,), fallen=why)
        return part, why

    def _fell(self, now: Broadcast, why: str, step: Step) -> Broadcast:
        """A part may not be said: somebody is told, once for each reason; the broadcast goes on."""
        number = now.position.part
        if any(one.part == number for one in now.fallen):
            return now
        if all(one.why != why for one in now.fallen):
            title = self._script.titles[number] if self._script else ""
            text = f"直播稿《{now.title}》的“{title}”没有播出，已用固定用语代替并退回审核：{why}"
            step.alert("part_fell", AlertLevel.URGENT, text)
        return replace(now, fallen=(*now.fallen, FallenPart(number, why)))

    def _move(self, now: Broadcast, at: Position, step: Step) -> None:
        """On to a position; behind a part that leaves time for questions the next one waits."""
        rests = None
        if at.part != now.position.part and self._script and not at.over:
            rests = self._open_until(now)
        over = BroadcastState.DONE if at.over else now.state
        ended_at = self._core.now if at.over else None
        moved = replace(now, position=at, cue_id="", resumes_at=rests, state=over)
        self.put(replace(moved, ended_at=ended_at), step)

    def _open_until(self, now: Broadcast) -> datetime | None:
        if self._script is None or any(one.part == now.position.part for one in now.fallen):
            return None
        seconds = self._script.planned(now.position.part).open_seconds
        return self._core.now + timedelta(seconds=seconds) if seconds else None

    def _rests(self, now: Broadcast) -> bool:
        return now.resumes_at is not None and self._core.now < now.resumes_at

    async def _give_up(self, one: Broadcast, why: str) -> None:
        """What was on air cannot be said any more."""
        step = Step(self._core)
        ended = replace(one, state=BroadcastState.STOPPED, ended_at=self._core.now)
        self.put(ended, step)
        step.alert("broadcast_stopped", AlertLevel.URGENT, f"直播稿《{one.title}》不能继续：{why}")
        await self._core.commit(step.commit())


def _was_told(now: Broadcast) -> bool:
    """Whether the line was said in place of the part before: it is not said twice in a row."""
    before = now.position.part - 1
    return now.position.sentence == 0 and any(one.part == before for one in now.fallen)


def _between(now: Broadcast) -> bool:
    return now.taking is Taking.BETWEEN


def _presses(one: Waiting) -> bool:
    """What does not wait for the end of a part: a person's words, and what is urgent."""
    return one.is_personal or one.urgency is not Urgency.NORMAL
