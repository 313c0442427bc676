"""Has a cue read and voiced, the first sentence first; what waits is voiced ahead of time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import structlog

from assistant.domain.live import Cue
from assistant.domain.speech import Speech, SpokenText
from assistant.stage.timing import captions, plain
from assistant.voice.seams import Reading, Voicing

SYLLABLES_A_SECOND = 4.6
"""Of a voice at its usual pace; eval/bench/stage_bench.py compares it with what is played."""
SENTENCE_END = 0.45
"""Seconds of silence after a sentence, its own commas included."""
log = structlog.get_logger()
READ = 512
"""Readings that are kept: each text is read for its length, ahead of time, and to be said."""


@dataclass(frozen=True)
class StageVoice:
    """How a stage reads and speaks. Without `voicing` there are captions alone."""

    reading: Reading = plain
    voicing: Voicing | None = None

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
        sounds = sum(sum(map(bool, one.pinyin)) for one in sentences)
        return sounds / SYLLABLES_A_SECOND + len(sentences) * SENTENCE_END

    async def say(
        self, sentences: Sequence[SpokenText], sources: tuple[str, ...]
    ) -> AsyncIterator[Speech]:
        """Their speech, one after the other."""
        for one in sentences:
            yield await self.voicing(one, sources) if self.voicing else captions(one)

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
