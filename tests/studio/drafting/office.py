"""A drafter over the bundled knowledge, made once in a run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.bootstrap import Assistant, Settings, drafter_of, open_assistant
from assistant.bundled import bundled
from assistant.studio.drafting.drafter import Drafter
from tests.support.templates import copied

TODAY = date(2026, 11, 30)


def clock() -> datetime:
    return datetime(2026, 11, 30, 2, tzinfo=UTC)


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[Assistant, Drafter]]:
    """The assistant with all bundled sources, and what drafts from them."""
    await copied("bundled knowledge", folder, _fill)
    async with open_assistant(_settings(folder), clock=clock) as assistant:
        yield assistant, await drafter_of(assistant)


async def _fill(folder: Path) -> None:
    async with open_assistant(_settings(folder), clock=clock) as assistant:
        await assistant.ingest([bundled("knowledge") / n for n in ("guides", "policies", "faqs")])


def _settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, chat_model=None)
