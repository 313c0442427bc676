"""While questions wait for a person the stage says so: approved words, seldom, when silent."""

from collections.abc import Iterable

from assistant.domain.live import Cue, QuestionState
from assistant.live import lines, night
from assistant.live.core import Core
from assistant.live.limits import Limits
from assistant.live.memory import Known
from assistant.live.speech import Speech
from assistant.live.steps import Step

LIMIT = "checking"


class Checking:
    """Says the line at most once for a question, and never more often than the room allows.

    It is said by itself, so only in automatic mode; while the office is closed it says until when.
    """

    def __init__(self, core: Core, speech: Speech, limits: Limits) -> None:
        self._core = core
        self._speech = speech
        self._limits = limits
        self._told: set[str] = set()

    def restore(self, cues: Iterable[Cue]) -> None:
        """What waited before a restart was told of, and when the line was said."""
        said = dict.fromkeys((lines.CHECKING, self._words() or lines.CHECKING), LIMIT)
        self._limits.restore(said, cues)
        self._told.update(one.case.id for one in self._waiting() if one.case)

    @property
    def waiting(self) -> int:
        """How many questions a person must look at."""
        return len(self._waiting())

    async def look(self) -> None:
        """Say the line where it is time to."""
        every = self._core.on.config.checking_every
        words = self._words()
        if every is None or not words or not self._may_speak():
            return
        waiting = self._waiting()
        new = [one for one in waiting if one.case and one.case.id not in self._told]
        if any(map(self._is_old_enough, new)) and self._limits.may(LIMIT, every):
            self._told = {one.case.id for one in waiting if one.case}
            await self._say(words)

    def _waiting(self) -> list[Known]:
        in_review = QuestionState.IN_REVIEW
        return [
            one for one in self._core.memory if one.has_case and one.question.state is in_review
        ]

    def _may_speak(self) -> bool:
        core = self._core
        return core.may_speak and core.room.automatic and self._speech.is_idle

    def _words(self) -> str:
        """When the answer comes; "" where nobody is there to give it, in office hours."""
        if when := night.back_at(self._core):
            return lines.checking_until(when)
        return "" if self._core.hold else lines.CHECKING

    def _is_old_enough(self, known: Known) -> bool:
        made = known.case.made_at if known.case else self._core.now
        return (self._core.now - made).total_seconds() >= self._core.on.config.checking_after

    async def _say(self, words: str) -> None:
        step = Step(self._core)
        cue = step.fixed_line(words)
        await self._core.commit(step.commit())
        self._speech.add(cue)
