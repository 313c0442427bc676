"""The way in of a platform whose events are pushed to us: open while the room runs it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.domain.live import LiveEvent
from assistant.errors import Unavailable
from assistant.live.platforms.recent import Recent
from assistant.live.seams import LiveClock, PlatformState, Receive


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event of a batch that could not be read. `index` counts from 0."""

    index: int
    error: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the events of a push, as event ids in their order.

    `accepted` are on disk; `duplicate` came before (or twice in the same push).
    """

    accepted: tuple[str, ...] = ()
    duplicate: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


class Door:
    """Hands pushed events to the room. Several pushes may be under way at once."""

    def __init__(
        self,
        name: str,
        clock: LiveClock,
        *,
        can_reply: bool = False,
        silent_after: float | None = None,
    ) -> None:
        self._clock = clock
        self._silent_after = silent_after
        self._state = PlatformState(name, connected=False, can_reply=can_reply)
        self._recent = Recent()
        self._receive: Receive | None = None
        self._since: datetime | None = None

    @property
    def state(self) -> PlatformState:
        """`connected` means: events are taken."""
        return replace(self._state, is_silent=self._is_silent())

    @property
    def repeats(self) -> int:
        """Events that came again and were not handed over again."""
        return self._recent.repeats

    async def stand_open(self, receive: Receive) -> None:
        """Take events until cancelled."""
        self._receive, self._since = receive, self._clock.now()
        self._state = replace(self._state, connected=True)
        try:
            await asyncio.Event().wait()
        finally:
            if self._receive is receive:
                self._receive = self._since = None
                self._state = replace(self._state, connected=False)

    def knows(self, event: LiveEvent) -> bool:
        """Whether the event was handed over lately."""
        return not self._recent.fresh([event])

    async def hand(self, events: Sequence[LiveEvent], rejected: Sequence[Rejected] = ()) -> Receipt:
        """Give events to the room; when this returns they are on disk.

        Raises Unavailable where the room is not open, and whatever storing them raises: the sender
        then repeats.
        """
        receive = self._receive
        if receive is None:
            raise Unavailable("直播间没有打开，暂不接收评论", hint="打开直播间后请重发")
        fresh = self._recent.fresh(events)
        if fresh:
            await receive(fresh)
        self._recent.keep(fresh, len(events) - len(fresh))
        if events:
            self._state = replace(self._state, last_event_at=self._clock.now(), last_error="")
        return _receipt(events, fresh, rejected)

    def note(self, error: str) -> None:
        """Remember what went wrong. No secrets, no comments."""
        self._state = replace(self._state, last_error=error)

    def _is_silent(self) -> bool:
        if self._since is None or self._silent_after is None:
            return False
        last = max(self._state.last_event_at or self._since, self._since)
        return self._clock.now() - last >= timedelta(seconds=self._silent_after)


def _receipt(
    events: Sequence[LiveEvent], fresh: Sequence[LiveEvent], rejected: Sequence[Rejected]
) -> Receipt:
    taken = {id(event) for event in fresh}
    return Receipt(
        tuple(event.event_id for event in fresh),
        tuple(event.event_id for event in events if id(event) not in taken),
        tuple(rejected),
    )
