"""Has a cue read and voiced, the first sentence first; what waits is voiced ahead of time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import structlog

from assistant.domain.live import Cue
from assistant.domain.speech import Speech, SpokenText
from assistant.stage.timing import captions, plain
from assistant.voice.reading.pace import estimate_seconds
from assistant.voice.seams import Reading, Voicing

log = structlog.get_logger()
READ = 512
"""Readings that are kept: each text is read for its length, ahead of time, and to be said."""


Keep = Callable[[str, str, Sequence[Speech]], object]
"""Keeps what a cue played: session, cue, its sentences in order. Blocking."""


@dataclass(frozen=True)
class StageVoice:
    """How a stage reads and speaks. Without `voicing` there are captions alone."""

    reading: Reading = plain
    voicing: Voicing | None = None
    keep: Keep | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", lru_cache(READ)(self._reading))

    def read(self, text: str, region: str | None) -> tuple[SpokenText, ...]:
        """The sentences of a text; never none for a text that has words."""
        found: tuple[SpokenText, ...] = self._read(text, region)  # type: ignore[attr-defined]
        return found

    def _reading(self, text: str, region: str | None) -> tuple[SpokenText, ...]:
        """A text that the reading refuses is still shown, as it is written."""
        try:
            return self.reading(text, region) or plain(text)
        except ValueError as error:
            log.warning("not_readable", kind=type(error).__name__, characters=len(text))
            return plain(text)

    def seconds(self, text: str, region: str | None) -> float:
        """About how long a text takes to say; without a voice as a caption stands."""
        sentences = self.read(text, region)
        if self.voicing is None:
            return sum(captions(one).seconds for one in sentences)
        return sum(map(estimate_seconds, sentences))

    async def say(
        self, sentences: Sequence[SpokenText], sources: tuple[str, ...]
    ) -> AsyncIterator[Speech]:
        """Their speech, one after the other."""
        for one in sentences:
            yield await self.voicing(one, sources) if self.voicing else captions(one)

    async def kept(self, cue: Cue, speeches: Sequence[Speech]) -> None:
        """What was played is kept for the ledger, whatever the cache forgets."""
        if self.keep is None or not any(one.audio for one in speeches):
            return
        try:
            await asyncio.to_thread(self.keep, cue.session_id, cue.id, speeches)
        except (OSError, ValueError) as error:
            log.warning("said_not_kept", cue=cue.id, kind=type(error).__name__)

    async def ahead(self, cues: Sequence[Cue], region: str | None) -> None:
        """Voice cues that wait, so that their sentences lie in the cache when they are called."""
        if self.voicing is None:
            return
        for cue in cues:
            for one in await asyncio.to_thread(self.read, cue.spoken, region):
                await self.voicing(one, sources_of(cue))


def sources_of(cue: Cue) -> tuple[str, ...]:
    """What a cue rests on."""
    return tuple(dict.fromkeys(one.source_id for one in cue.citations))
