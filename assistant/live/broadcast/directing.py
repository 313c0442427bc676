"""What people tell a broadcast: begin, jump, pause, stop. Stored first, then done."""

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.domain.broadcast import Broadcast, BroadcastState
from assistant.errors import BadInput, Conflict
from assistant.live import orders
from assistant.live.broadcast.broadcasting import Broadcasting
from assistant.live.core import Core
from assistant.live.speech import Speech
from assistant.live.steps import Step

if TYPE_CHECKING:
    from assistant.live.orders import BroadcastOrder


class Directing:
    """Carries out the orders that are about the script."""

    def __init__(self, core: Core, broadcasting: Broadcasting, speech: Speech) -> None:
        self._core = core
        self._broadcasting = broadcasting
        self._speech = speech

    async def __call__(self, order: "BroadcastOrder") -> None:
        """Carry out one order. Raises Conflict, NotFound, BadInput; then nothing changed."""
        match order:
            case orders.Begin(broadcast):
                await self._begin(broadcast)
            case orders.Jump(part):
                await self._jump(part)
            case orders.Hold(on):
                await self._hold(on=on)
            case orders.Take(taking):
                await self._put(replace(self._running(), taking=taking))
            case orders.StopBroadcast():
                await self.stop()

    @property
    def is_on(self) -> bool:
        """Whether a part is being said."""
        return self._broadcasting.is_its(self._speech.current)

    async def skip(self) -> bool:
        """Leave out the rest of the part that is being said; False where none is."""
        now = self._broadcasting.running
        if now is None or not self.is_on:
            return False
        script = self._broadcasting.script
        if script is None or now.position.part + 1 >= len(script):
            await self.stop()
        else:
            await self._jump(now.position.part + 1)
        return True

    async def stop(self) -> None:
        """End it before its end. Raises Conflict where none is on air."""
        now = self._running()
        over = replace(now, state=BroadcastState.STOPPED, ended_at=self._core.now, cue_id="")
        await self._put(over)
        await self._silence(now.cue_id)

    async def _begin(self, one: Broadcast) -> None:
        if (now := self._broadcasting.running) is not None:
            raise Conflict(f"正在播《{now.title}》", hint="先结束它，再播另一场")
        await self._broadcasting.load(one)
        await self._put(one)

    async def _jump(self, part: int) -> None:
        now, script = self._running(), self._broadcasting.script
        try:
            at = now.position.jumped(part, len(script) if script else 0)
        except IndexError:
            raise BadInput("没有这一段") from None
        await self._put(replace(now, position=at, cue_id="", resumes_at=None))
        await self._silence(now.cue_id)

    async def _hold(self, *, on: bool) -> None:
        """Pause at the sentence, or go on there; questions are answered meanwhile."""
        now = self._running()
        await self._put(replace(now, position=now.position.held(paused=on)))
        if on:
            await self._silence(now.cue_id)

    async def _silence(self, cue_id: str) -> None:
        if cue_id:
            await self._speech.drop(cue_id)

    async def _put(self, one: Broadcast) -> None:
        step = Step(self._core)
        self._broadcasting.put(one, step)
        await self._core.commit(step.commit())

    def _running(self) -> Broadcast:
        now = self._broadcasting.running
        if now is None:
            raise Conflict("现在没有在播直播稿")
        return now
