"""What a stage does behind what is on air: voice what is next, keep what was played."""

import asyncio
from collections.abc import Sequence

from assistant.domain.live import Cue
from assistant.stage.playing import Playing
from assistant.stage.voicing import StageVoice


class Behind:
    """The tasks of one stage's voice."""

    def __init__(self, voice: StageVoice) -> None:
        self._voice = voice
        self._wanted: Sequence[Cue] = ()
        self._preparing: asyncio.Task[None] | None = None
        self._keeping: set[asyncio.Task[None]] = set()

    def ahead(
        self, cues: Sequence[Cue], region: str | None, first: asyncio.Task[None] | None
    ) -> None:
        """Voice these next, after `first`; what was wanted before is wanted no more."""
        self._wanted = cues
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.create_task(self._prepare(region, first))

    def keep(self, playing: Playing) -> None:
        """The sounds of what a page played, for the ledger."""
        task = asyncio.create_task(self._voice.kept(playing.cue, playing.played))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def _prepare(self, region: str | None, first: asyncio.Task[None] | None) -> None:
        if first is not None:
            await asyncio.wait([first])
        made: Sequence[Cue] = ()
        while made is not self._wanted:
            made = self._wanted
            for cue in made:
                if made is self._wanted:
                    await self._voice.ahead([cue], region)
