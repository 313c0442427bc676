"""Questions whose answers turned out to be the same: voiced once within the window."""

from collections import OrderedDict, deque
from datetime import timedelta

from assistant.domain.outcome import Outcome
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.merging_answers import same_answer

SOURCES = 500
"""Sources (or sets of them) whose latest answers are kept."""
EACH = 12
"""Answers kept of each."""

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

    def _is_recent(self, known: Known, question_id: str) -> bool:
        earlier = self._core.memory.get(question_id)
        if earlier is None or earlier is known or earlier.question.answered_at is None:
            return False
        window = timedelta(seconds=self._core.on.config.merge_window)
        return self._core.now - earlier.question.answered_at <= window


def _key(outcome: Outcome) -> Key:
    return frozenset(citation.source_id for citation in outcome.draft.citations)
