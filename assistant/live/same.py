"""Questions whose answers turned out to be the same: voiced once within the window."""

from collections import OrderedDict, deque
from collections.abc import Collection
from datetime import datetime, timedelta

from assistant.domain.live import QuestionState
from assistant.domain.outcome import Outcome
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.merging_answers import same_answer

SOURCES = 500
"""Sources (or sets of them) whose latest answers are kept."""
EACH = 12
"""Answers kept of each."""
RESTORED = 500
"""Answers that a room takes up at most when it starts again."""

Key = frozenset[str]


class SameAnswers:
    """Remembers what was lately answered, by the sources that it cites."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._given: OrderedDict[Key, deque[tuple[str, Outcome]]] = OrderedDict()

    def find(self, known: Known, outcome: Outcome) -> str | None:
        """The question that had this very answer within the merge window."""
        for question_id, given in self._given.get(_key(outcome), ()):
            if self._is_recent(known, question_id) and same_answer(given, outcome):
                return question_id
        return None

    def add(self, known: Known, outcome: Outcome) -> None:
        """An answer that was given."""
        key = _key(outcome)
        self._given.setdefault(key, deque(maxlen=EACH)).append((known.question.id, outcome))
        self._given.move_to_end(key)
        if len(self._given) > SOURCES:
            self._given.popitem(last=False)

    def forget(self, question_ids: Collection[str]) -> None:
        """Answers that were taken back."""
        for key, given in self._given.items():
            kept = (one for one in given if one[0] not in question_ids)
            self._given[key] = deque(kept, maxlen=EACH)

    async def restore(self) -> None:
        """Take up what was given before a restart: it is not voiced anew."""
        answered = [one for one in self._core.memory if one.question.outcome_id]
        lately = sorted((one for one in answered if self._in_window(one)), key=_answered_at)
        for known in lately[-RESTORED:]:
            stored = await self._core.on.outcomes.get(str(known.question.outcome_id))
            if stored is not None and stored.outcome.text == known.question.answer:
                self.add(known, stored.outcome)

    def _is_recent(self, known: Known, question_id: str) -> bool:
        earlier = self._core.memory.get(question_id)
        return earlier is not None and earlier is not known and self._in_window(earlier)

    def _in_window(self, known: Known) -> bool:
        """Whether it was answered, and not too long ago."""
        at = known.question.answered_at
        if at is None or known.question.state is not QuestionState.ANSWERED:
            return False
        return self._core.now - at <= timedelta(seconds=self._core.on.config.merge_window)


def _answered_at(known: Known) -> datetime:
    return known.question.answered_at or known.last_at


def _key(outcome: Outcome) -> Key:
    return frozenset(citation.source_id for citation in outcome.draft.citations)
