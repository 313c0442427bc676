"""What is asked most is voiced before it is asked, a sentence at a time, behind everything else."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

import structlog

from assistant.voice.seams import Reading, Voicing

log = structlog.get_logger()
SENTENCES = 300
"""New sentences in one round."""
PAUSE = 0.2
"""Seconds between two of them: what is on air comes first."""
FIRST, EVERY = 60.0, 1800.0
"""Seconds after the start until the first round, and between two."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that will be said, and what it rests on."""

    text: str
    sources: tuple[str, ...] = ()


def most_asked(said: Iterable[Wanted], limit: int) -> list[Wanted]:
    """What was said most often, most often first."""
    return [wanted for wanted, _ in Counter(said).most_common(limit)]


class Ahead:
    """Voices what is wanted and was not voiced before by this process."""

    def __init__(
        self,
        wanted: Callable[[], AsyncIterator[Wanted]],
        reading: Reading,
        voicing: Voicing,
        region: str | None = None,
    ) -> None:
        self._wanted = wanted
        self._reading = reading
        self._voicing = voicing
        self._region = region
        self._done: set[str] = set()
        self._due = time.monotonic() + FIRST

    async def follow(self) -> bool:
        """A round when it is time: a chore."""
        if time.monotonic() >= self._due:
            await self.run()
            self._due = time.monotonic() + EVERY
        return False

    async def run(self, pause: float = PAUSE, limit: int = SENTENCES) -> bool:
        """One round; never more to do at once. What a change made stale is voiced when needed."""
        made = 0
        async for one in self._wanted():
            if made >= limit:
                break
            await asyncio.sleep(pause)
            if one.text in self._done:
                continue
            made += await self._voiced(one, pause)
            self._done.add(one.text)
        if made:
            log.info("voiced_ahead", sentences=made)
        return False

    async def _voiced(self, one: Wanted, pause: float) -> int:
        sentences = await asyncio.to_thread(self._reading, one.text, self._region)
        for sentence in sentences:
            await self._voicing(sentence, one.sources)
            await asyncio.sleep(pause)
        return len(sentences)
