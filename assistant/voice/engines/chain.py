"""A chain of engines, itself an engine: the next one speaks where one fails."""

import time
from collections.abc import Sequence
from typing import Any

import structlog

from assistant.domain.speech import Sound, SpokenText, Voice
from assistant.errors import VoiceFailed
from assistant.voice.engines.guarded import Guarded

log = structlog.get_logger()
SECONDS = 3.5
"""For a sentence, through the whole chain: a viewer waits four seconds at most (issue 5)."""
RESERVED = 0.8
"""Seconds that each later engine is left."""

FALLEN = 2
"""Sentences in a row, each tried twice, after which an engine counts as fallen."""


class Chain:
    """Its engines in order of preference, sentence by sentence."""

    name = "chain"

    def __init__(self, members: Sequence[Guarded], seconds: float = SECONDS) -> None:
        self.members = tuple(members)
        self._seconds = seconds

    @property
    def version(self) -> str:
        """Those of its engines."""
        return "+".join(f"{one.name} {one.version}" for one in self.members)

    async def say(self, text: SpokenText, voice: Voice) -> Sound:
        """The first complete sound. Raises VoiceFailed where there is none."""
        until = time.monotonic() + self._seconds
        for number, member in enumerate(self.members):
            later = len(self.members) - number - 1
            left = until - time.monotonic() - later * RESERVED
            try:
                return await member.say(text, voice, max(left, RESERVED))
            except VoiceFailed as error:
                following = self.members[number + 1].name if later else "captions"
                log.warning("voice_fell", engine=member.name, to=following, reason=error.message)
        raise VoiceFailed("没有可用的语音引擎")

    @property
    def is_fallen(self) -> bool:
        """Whether the first engine fails and another one speaks in its place."""
        return len(self.members) > 1 and self.members[0].breaker.failed >= FALLEN

    @property
    def is_mute(self) -> bool:
        """Whether every engine fails: there are captions alone."""
        return all(one.breaker.failed >= FALLEN for one in self.members)

    def states(self) -> list[dict[str, Any]]:
        """For /health."""
        return [member.state() for member in self.members]
