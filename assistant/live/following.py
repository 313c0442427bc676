"""The live rooms follow the knowledge base: its public numbers, addresses and words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import structlog

from assistant.live.building import LiveParts
from assistant.records.sources import SourceRepository

log = structlog.get_logger()
PAUSE = 10.0
"""Seconds between two looks; a new guide answers at once, its phone is public soon after."""


class Index(Protocol):
    """What says that the knowledge has changed."""

    @property
    def generation(self) -> int:
        """Grows with every change."""
        ...


@asynccontextmanager
async def following_knowledge(
    parts: LiveParts, index: Index, sources: SourceRepository, pause: float = PAUSE
) -> AsyncIterator[None]:
    """Take up changes of the knowledge base while the block runs."""
    task = asyncio.create_task(_follow(parts, index, sources, pause))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(parts: LiveParts, index: Index, sources: SourceRepository, pause: float) -> None:
    seen = index.generation
    while True:
        await asyncio.sleep(pause)
        if index.generation == seen:
            continue
        now = index.generation
        try:
            await parts.follow(sources)
            seen = now
        except Exception as error:
            log.exception("knowledge_not_followed", kind=type(error).__name__)
