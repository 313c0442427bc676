"""While questions wait for a person the stage says so: approved words, seldom, when silent."""

from assistant.domain.live import QuestionState
from assistant.live import lines
from assistant.live.core import Core
from assistant.live.limits import Limits
from assistant.live.memory import Known
from assistant.live.speech import Speech
from assistant.live.steps import Step


class Checking:
    """Says the line at most once for a question, and never more often than the room allows.

    It is said by itself, so only where answers are: in automatic mode, with somebody on duty.
    """

    def __init__(self, core: Core, speech: Speech, limits: Limits) -> None:
        self._core = core
        self._speech = speech
        self._limits = limits
        self._told: set[str] = set()

    def restore(self) -> None:
        """What waited before a restart was told of."""
        self._told.update(one.case.id for one in self._waiting() if one.case)

    @property
    def waiting(self) -> int:
        """How many questions a person must look at."""
        return len(self._waiting())

    async def look(self) -> None:
        """Say the line where it is time to."""
        every = self._core.on.config.checking_every
        if every is None or not self._may_speak():
            return
        waiting = self._waiting()
        new = [one for one in waiting if one.case and one.case.id not in self._told]
        if any(map(self._is_old_enough, new)) and self._limits.may("checking", every):
            self._told = {one.case.id for one in waiting if one.case}
            await self._say()

    def _waiting(self) -> list[Known]:
        in_review = QuestionState.IN_REVIEW
        return [
            one for one in self._core.memory if one.has_case and one.question.state is in_review
        ]

    def _may_speak(self) -> bool:
        core = self._core
        by_itself = core.room.automatic and core.officer_is_there
        return core.may_speak and by_itself and self._speech.is_idle

    def _is_old_enough(self, known: Known) -> bool:
        made = known.case.made_at if known.case else self._core.now
        return (self._core.now - made).total_seconds() >= self._core.on.config.checking_after

    async def _say(self) -> None:
        step = Step(self._core)
        cue = step.fixed_line(lines.CHECKING)
        await self._core.commit(step.commit())
        self._speech.add(cue)
