"""Handlers of events, each a chore of its own: at least once, in order, none left out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from assistant.records.events import Event
from assistant.review.chores import Chore

BATCH = 50
"""Events read at a time."""


class Events(Protocol):
    """The events of one organisation (`EventRecords`)."""

    async def after(self, handler: str, limit: int = ...) -> list[Event]:
        """The oldest events that a handler has not done yet."""
        ...

    async def done(self, handler: str, seq: int) -> None:
        """A handler has done its work up to an event."""
        ...


@dataclass(frozen=True, slots=True)
class Handler:
    """What some kinds of event lead to. `handle` is idempotent: an event may come twice.

    `name` is remembered with how far it is: it never changes.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[Event], Awaitable[None]]


def handling(events: Events, handler: Handler) -> Chore:
    """The chore of one handler.

    An event that fails is tried again until it succeeds, and holds up what comes after it for this
    handler alone. How far the handler is is written after each event that it works on.
    """

    async def run() -> bool:
        batch = await events.after(handler.name, BATCH)
        for event in batch:
            if event.kind in handler.kinds:
                await handler.handle(event)
            if event.kind in handler.kinds or event is batch[-1]:
                await events.done(handler.name, event.seq)
        return bool(batch)

    return Chore(f"events_{handler.name}", run)
