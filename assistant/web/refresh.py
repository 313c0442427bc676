"""Follows the index outbox, so that what another process ingested answers within two seconds."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog

from assistant.web.metrics import Metrics
from assistant.web.services import Index

log = structlog.get_logger()


@dataclass(slots=True)
class RefreshState:
    """How the last look went; `error` is None when it went well."""

    applied: int = 0
    failures: int = 0
    error: str | None = None


async def follow(index: Index, state: RefreshState, metrics: Metrics, pause: float) -> None:
    """Look for changes for ever. A failure is logged once per streak and shown in `/health`."""
    while True:
        await asyncio.sleep(pause)
        try:
            state.applied += await index.refresh()
        except Exception as error:  # noqa: BLE001 - the loop outlives any defect, and tells of it
            _failed(state, error)
            metrics.refresh_failed()
        else:
            state.error = None


def _failed(state: RefreshState, error: Exception) -> None:
    kind = type(error).__name__
    if state.error != kind:
        log.error("index_refresh_failed", kind=kind, exc_info=error)
    state.error = kind
    state.failures += 1


@contextlib.asynccontextmanager
async def following(
    index: Index, state: RefreshState, metrics: Metrics, pause: float
) -> AsyncIterator[None]:
    """Follow while the block runs."""
    task = asyncio.create_task(follow(index, state, metrics, pause), name="index-refresh")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
