"""Hands the events of a platform to the room, and lets none be lost on the way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from assistant.domain.live import LiveEvent
from assistant.live.platforms.recent import Recent
from assistant.live.platforms.tasks import described
from assistant.live.seams import Receive

_LARGEST = 1_000
"""Events in one call of `Receive`."""
_GRACE = 5.0
"""Seconds that the last handing over may take when the connector is stopped."""


class Courier:
    """A queue and the task that empties it. A platform cannot be asked again, so it never drops.

    Its queue is bounded: a connector that delivers faster than the room takes waits, and the
    platform's socket fills (back-pressure).
    """

    def __init__(
        self,
        pause: Callable[[int], Awaitable[None]],
        note: Callable[[str], None],
        size: int = 1_000,
    ) -> None:
        self.recent = Recent()
        self._pause = pause
        self._note = note
        self._queue: asyncio.Queue[Sequence[LiveEvent]] = asyncio.Queue(size)
        self._held: list[LiveEvent] = []

    @property
    def is_full(self) -> bool:
        """Whether `put` would wait."""
        return self._queue.full()

    async def put(self, events: Sequence[LiveEvent]) -> None:
        """Queue events."""
        await self._queue.put(events)

    async def run(self, receive: Receive) -> None:
        """Hand over until cancelled; what the room does not take is offered again."""
        while True:
            if not self._held:
                self._hold(await self._queue.get())
            await self._offer(receive)

    async def finish(self, receive: Receive) -> None:
        """Hand over what is left, once: the connector stops."""
        self._hold(())
        if self._held:
            try:
                async with asyncio.timeout(_GRACE):
                    await self._give(receive)
            except Exception as error:  # noqa: BLE001 - stopping goes on; the console shows it
                self._note(f"停止时有 {len(self._held)} 条事件没有存下：{described(error)}")

    async def _offer(self, receive: Receive) -> None:
        tries = 0
        while self._held:
            try:
                await self._give(receive)
            except Exception as error:  # noqa: BLE001 - whatever it is, the events must not be lost
                self._note(f"事件暂未存下，正在重试：{described(error)}")
                await self._pause(tries)
                tries += 1

    async def _give(self, receive: Receive) -> None:
        if fresh := self.recent.fresh(self._held):
            await receive(fresh)
        self.recent.keep(fresh, len(self._held) - len(fresh))
        self._held = []

    def _hold(self, events: Sequence[LiveEvent]) -> None:
        self._held.extend(events)
        while len(self._held) < _LARGEST and not self._queue.empty():
            self._held.extend(self._queue.get_nowait())
