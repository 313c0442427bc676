"""The voice says aloud that AI made it, once a stream begins or when an exchange has ended.

标识办法 art. 4 wants a spoken label at the start or the end of an interaction; the label that is
seen stands all the time. Every sound of a stage is synthesised, a person's typed words too.
"""

from collections.abc import Collection
from datetime import datetime

from assistant.domain.live import Cue, CueState
from assistant.domain.live_commit import Commit
from assistant.live.core import Core
from assistant.live.limits import Limits
from assistant.live.speech import Speech
from assistant.live.steps import Step
from assistant.voice.exporting import SPOKEN_LABEL

LIMIT = "audible_label"
QUIET = 2.0
"""Seconds of silence after which an exchange has ended."""
LAST_WORDS = 8.0
"""Seconds for which the end of a stream waits until the label was heard."""


class Labelling:
    """Owes the label from the first thing that is heard, until the label was."""

    def __init__(self, core: Core, speech: Speech, limits: Limits) -> None:
        self._core = core
        self._speech = speech
        self._limits = limits
        self._told = False
        self._owed = False
        self._heard_at: datetime | None = None

    def restore(self, cues: Collection[Cue]) -> None:
        """What this session said before a restart."""
        if self._where != "off":
            self.committed(Commit(cues=tuple(sorted(cues, key=lambda one: one.id))))
            self._limits.restore({self._text: LIMIT}, cues)

    def committed(self, step: Commit) -> None:
        """Follow what is heard."""
        for cue in step.cues:
            if cue.text == self._text:
                self._told, self._owed = True, False
            elif cue.state in (CueState.STARTED, CueState.DONE):
                self._owed = True
            self._heard_at = cue.ended_at or self._heard_at

    async def look(self) -> None:
        """Say it where it is time to."""
        if not self._core.may_speak:
            return
        if self._where == "start":
            due = not self._told and self._speech.current is None
        else:
            due = self._where == "end" and self._owed and self._is_quiet() and self._is_time()
        if due:
            self._speech.add(await self._stored())

    async def last(self) -> None:
        """The stream ends: nothing that was heard stays without its label."""
        if self._where == "end" and self._owed and self._core.may_speak:
            await self._speech.last_words(await self._stored(), LAST_WORDS)

    @property
    def _where(self) -> str:
        return self._core.on.config.audible_label

    @property
    def _text(self) -> str:
        return SPOKEN_LABEL.get(self._where, "")

    def _is_quiet(self) -> bool:
        since = self._heard_at
        silent = since is not None and (self._core.now - since).total_seconds() >= QUIET
        return silent and self._speech.is_idle

    def _is_time(self) -> bool:
        return self._limits.may(LIMIT, self._core.on.config.label_every)

    async def _stored(self) -> Cue:
        step = Step(self._core)
        cue = step.fixed_line(self._text)
        await self._core.commit(step.commit())
        return cue
