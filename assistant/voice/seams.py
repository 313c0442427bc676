"""What the voice needs of its engines, and what a stage needs of the voice."""

from pathlib import Path
from typing import Protocol

from assistant.domain.speech import Sound, Speech, SpokenText, Voice


class VoiceEngine(Protocol):
    """Reads one sentence aloud. A chain of engines is itself an engine."""

    @property
    def name(self) -> str:
        """A word for records and the console: `edge`, `offline`, `openai`, `local`."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different; part of the cache's key."""
        ...

    async def say(self, text: SpokenText, voice: Voice) -> Sound:
        """The sound of a sentence, complete. Raises VoiceFailed, which says whether to retry."""
        ...


class Reading(Protocol):
    """Written text → the sentences that are said, in order. Pure; a few milliseconds."""

    def __call__(self, text: str, region: str | None = None) -> tuple[SpokenText, ...]:
        """The sentences. Their display texts joined are the text, save white space at their ends.

        `region` picks the readings of place names.
        """
        ...


class Voicing(Protocol):
    """Sentence → speech: from the cache, from the engines, or captions only. Never raises."""

    async def __call__(self, text: SpokenText, sources: tuple[str, ...] = ()) -> Speech:
        """The speech. `sources` are the ids that it rests on: when one expires, so does this."""
        ...

    def file(self, audio: str) -> Path | None:
        """The stored file of a speech's `audio`; None where there is none (any more)."""
        ...
