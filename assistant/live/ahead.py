"""What the stage is told of before it is called: it shows what is next, and has it voiced."""

from datetime import timedelta
from itertools import islice

from assistant.live.asking_shown import asking_of
from assistant.live.broadcast.broadcasting import Broadcasting
from assistant.live.core import Core
from assistant.live.said_as import as_said, has_grown
from assistant.live.speech_queue import SpeechQueue, Waiting

NEXT = 2
"""Cues that the stage is told of before they are called."""
TOLD_EVERY = timedelta(seconds=0.5)


class Ahead:
    """Tells when something changed, and seldom: ordering a long queue takes a while."""

    def __init__(self, core: Core, queue: SpeechQueue, script: Broadcasting) -> None:
        self._core = core
        self._queue = queue
        self._script = script
        self._told = (0, "")
        self._at = core.now - TOLD_EVERY
        self._ahead: list[Waiting] = []

    def tell(self, *, is_on: bool) -> None:
        """The next ones of the queue, and behind them the script; `is_on`: a part is being said."""
        if self._core.now - self._at < TOLD_EVERY:
            return
        script = self._script.planned(is_on=is_on)
        news = (self._queue.changes, script.spoken if script else "")
        if self._told == news and not any(map(has_grown, self._ahead)):
            return
        self._told, self._at = news, self._core.now
        self._ahead = list(islice(self._queue, NEXT))
        for one in self._ahead:
            one.voiced_for = one.asked_by
        ahead = [(as_said(self._core, one), asking_of(self._core, one)) for one in self._ahead]
        self._core.on.stage.ahead(ahead, script)
