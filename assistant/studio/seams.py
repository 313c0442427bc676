"""What the studio's desk needs of others; each real one is put in by the entry point."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Protocol

from assistant.domain.studio import Brief, Segment, StreamDraft
from assistant.domain.studio_flow import Stream
from assistant.domain.workdays import Calendar


class Drafting(Protocol):
    """Drafts from the knowledge of this moment (`drafting.drafter.Drafter`)."""

    async def brief(self, text: str, today: date, region: str | None = None) -> Brief:
        """What is understood of a brief, with what has to be asked back. Raises BadInput."""
        ...

    async def draft(self, brief: Brief, today: date) -> StreamDraft:
        """The whole draft by templates. Raises BadInput where it could rest on nothing."""
        ...


OpenDrafting = Callable[[], Awaitable[Drafting]]
Workdays = Callable[[], Awaitable[Calendar]]
WriteSegment = Callable[[StreamDraft, Segment, str], Awaitable[Segment]]
"""A segment of a draft worded anew, with a wish ("" for none); in doubt as it was."""
AudioKeys = Callable[[StreamDraft], Awaitable[Mapping[str, str]]]
"""Places of sentences that lie synthesised in the cache, with their keys."""
Tell = Callable[[Stream, str], Awaitable[None]]
"""Raises an alarm about a stream, in words."""


async def as_drafted(draft: StreamDraft, segment: Segment, wish: str) -> Segment:
    """Where no model writes: the template's own words."""
    del draft, wish
    return segment


async def silent(draft: StreamDraft) -> Mapping[str, str]:
    """Where there is no voice."""
    del draft
    return {}


async def untold(stream: Stream, words: str) -> None:
    """Where nobody is told."""
    del stream, words
