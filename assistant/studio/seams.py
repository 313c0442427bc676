"""What the studio's desk needs of others; each real one is put in by the entry point."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Protocol

from assistant.domain.studio import Brief, Segment, Slide, StreamDraft
from assistant.domain.studio_flow import Stream
from assistant.domain.workdays import Calendar


class Keep(Protocol):
    """What a drafting job remembers over a restart, and hears of how far it is."""

    def known(self, key: str) -> str | None:
        """A model's reply from before."""
        ...

    async def put(self, key: str, reply: str) -> None:
        """Remember a reply. Raises Conflict where the job is not ours any more."""
        ...

    async def told(self, done: int, total: int) -> None:
        """So many segments are done. Raises as `put`."""
        ...


class Drafting(Protocol):
    """Drafts from the knowledge of this moment, by templates or with a model."""

    async def brief(self, text: str, today: date, region: str | None = None) -> Brief:
        """What is understood of a brief, with what has to be asked back. Raises BadInput."""
        ...

    async def draft(self, brief: Brief, today: date) -> StreamDraft:
        """The whole draft. Raises BadInput where it could rest on nothing."""
        ...

    async def revise(self, draft: StreamDraft, part: str, wish: str) -> Segment | Slide:
        """A segment (`s3`) or slide (`slide ID`) said otherwise. Raises NotFound, BadInput."""
        ...


OpenDrafting = Callable[[Keep | None], AbstractAsyncContextManager[Drafting]]
Workdays = Callable[[], Awaitable[Calendar]]
AudioKeys = Callable[[StreamDraft], Awaitable[Mapping[str, str]]]
"""Places of sentences that lie synthesised in the cache, with their keys."""
Tell = Callable[[Stream, str], Awaitable[None]]
"""Raises an alarm about a stream, in words."""


async def silent(draft: StreamDraft) -> Mapping[str, str]:
    """Where there is no voice."""
    del draft
    return {}


async def untold(stream: Stream, words: str) -> None:
    """Where nobody is told."""
    del stream, words
