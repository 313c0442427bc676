"""Douyin's live open data: tasks that make the platform push, and the door for what it pushes.

Reading only: the platform has no way to answer a viewer. It pushes at most 100 times a second,
repeats what was not acknowledged within two seconds, and stops for a while after ten failures;
what it lost cannot be fetched again.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace

import httpx

from assistant.errors import Forbidden, Unavailable
from assistant.live.platforms.door import Door, Receipt
from assistant.live.platforms.douyin_api import DouyinApi, DouyinConfig, TaskState
from assistant.live.platforms.douyin_push import parse, verify
from assistant.live.platforms.supervise import JITTER, Jitter, LinkFailed, Patience, Supervisor
from assistant.live.platforms.tasks import first_of
from assistant.live.seams import LiveClock, PlatformState, Receive

_FAREWELL = 3.0
"""Seconds that stopping the tasks may take when the room is closed."""
_NEEDED = "live_comment"
"""Without this one there is nothing to do; the others may lack permission."""


class Douyin:
    """The connector of one room."""

    name = "douyin"

    def __init__(
        self,
        config: DouyinConfig,
        clock: LiveClock,
        http: httpx.AsyncClient,
        patience: Patience | None = None,
        jitter: Jitter = JITTER,
    ) -> None:
        self._config = config
        self._clock = clock
        self._api = DouyinApi(config, clock, http)
        patience = patience or Patience()
        # A quiet room is no broken connection: what is pushed does not come by this one.
        silent_after, patience = patience.silent_after, replace(patience, silent_after=None)
        self._tasks = Supervisor(self.name, clock, patience, jitter)
        self._door = Door(self.name, clock, silent_after=silent_after)
        self._storing: set[asyncio.Task[Receipt]] = set()

    @property
    def state(self) -> PlatformState:
        """`connected` means: the platform runs the push task of comments."""
        door = self._door.state
        return replace(
            self._tasks.state,
            last_event_at=door.last_event_at,
            last_error=self._tasks.state.last_error or door.last_error,
            is_silent=door.is_silent,
        )

    async def run(self, receive: Receive) -> None:
        """Keep the tasks running and take pushes, until cancelled; then the tasks are stopped."""
        try:
            await first_of(
                self._door.stand_open(receive), self._tasks.run(self._keep_tasks, receive)
            )
        finally:
            await self._stop()

    async def accept(self, headers: Mapping[str, str], body: bytes) -> Receipt:
        """Take a push; when this returns its events are on disk.

        Raises:
            Forbidden: signature, time or room do not hold.
            FormatError, BadInput: it is no push.
            Unavailable: storing takes too long, or the room is not open; answer with an error, so
                that the platform repeats it.
        """
        now, config = self._clock.now(), self._config
        given = verify(headers, body, config.push_secrets, now.timestamp(), config.window)
        if given.get("x-roomid") != config.room_id:
            raise Forbidden("x-roomid 不是本直播间", hint="请检查配置的 room_id")
        events, rejected = parse(given.get("x-msg-type", ""), body, now)
        if rejected:
            self._door.note(f"一次推送中有 {len(rejected)} 条无法识别，已跳过")
        storing = asyncio.create_task(self._door.hand(events, rejected))
        self._storing.add(storing)
        storing.add_done_callback(self._stored)
        done, _ = await asyncio.wait({storing}, timeout=config.acknowledge_within)
        if not done:
            self._door.note("存储太慢，已请平台重发")
            raise Unavailable("暂时来不及存储，请重发")
        return storing.result()

    def _stored(self, task: "asyncio.Task[Receipt]") -> None:
        self._storing.discard(task)
        if not task.cancelled():
            task.exception()  # who waits has seen it; who no longer waits was told to repeat

    async def _keep_tasks(self) -> None:
        """Begin the tasks and look after them; ends with LinkFailed when comments cannot run."""
        while True:
            for kind in self._config.kinds:
                await self._keep_task(kind)
            if not self._tasks.state.connected:
                self._tasks.connected()
            self._tasks.beat()
            await self._clock.sleep(self._config.check_every)

    async def _keep_task(self, kind: str) -> None:
        try:
            if await self._api.task(kind) is not TaskState.RUNNING:
                await self._api.start(kind)
        except LinkFailed as error:
            if kind == _NEEDED:
                raise
            self._door.note(str(error))

    async def _stop(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                for kind in self._config.kinds:
                    with contextlib.suppress(LinkFailed):
                        await self._api.stop(kind)
        for task in list(self._storing):
            task.cancel()
        await asyncio.gather(*self._storing, return_exceptions=True)
