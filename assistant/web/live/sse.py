"""Server-sent events: one JSON object an event, a comment line now and then to keep them open."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

QUIET = 15.0
"""Seconds after which an empty line goes out, so that no proxy closes the stream."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Event = tuple[str, Mapping[str, Any]]
"""The event's name and its data."""


async def always() -> bool:
    """Stands in where a stream needs no permission."""
    return True


def event_stream(
    request: Request,
    events: AsyncIterator[Event],
    may_go_on: Callable[[], Awaitable[bool]] = always,
) -> StreamingResponse:
    """The events as a response; it ends with them, or when `may_go_on` says no in a pause.

    It also ends when the process is about to: browsers come back by themselves.
    """
    leaving: asyncio.Event = request.app.state.running.leaving
    lines = _lines(events, may_go_on, leaving)
    return StreamingResponse(lines, media_type="text/event-stream", headers=_HEADERS)


async def _lines(
    events: AsyncIterator[Event], may_go_on: Callable[[], Awaitable[bool]], leaving: asyncio.Event
) -> AsyncIterator[str]:
    yield ": begin\n\n"
    coming = asyncio.ensure_future(_next(events))
    ending = asyncio.ensure_future(leaving.wait())
    first = asyncio.FIRST_COMPLETED
    try:
        while True:
            await asyncio.wait({coming, ending}, timeout=QUIET, return_when=first)
            if not coming.done() and ending.done():
                return
            if not coming.done():
                if not await may_go_on():
                    return
                yield ": quiet\n\n"
                continue
            event = coming.result()
            if event is None:
                return
            coming = asyncio.ensure_future(_next(events))
            yield f"event: {event[0]}\ndata: {json.dumps(event[1], ensure_ascii=False)}\n\n"
    finally:
        ending.cancel()
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming


async def _next(events: AsyncIterator[Event]) -> Event | None:
    return await anext(events, None)
