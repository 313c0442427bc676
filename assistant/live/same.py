"""Questions whose answers turned out to be the same: voiced once within the window."""

from datetime import timedelta

from assistant.domain.outcome import Outcome
from assistant.live.core import Core
from assistant.live.memory import Known

Key = tuple[tuple[str, ...], str]


class SameAnswers:
    """Remembers what was lately answered, by its sources and its words."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._given: dict[Key, str] = {}

    def find(self, known: Known, outcome: Outcome) -> str | None:
        """The question that had this very answer within the merge window."""
        earlier = self._core.memory.get(self._given.get(_key(outcome), ""))
        if earlier is None or earlier is known or earlier.question.answered_at is None:
            return None
        window = timedelta(seconds=self._core.on.config.merge_window)
        recent = self._core.now - earlier.question.answered_at <= window
        return earlier.question.id if recent else None

    def add(self, known: Known, outcome: Outcome) -> None:
        """An answer that was given."""
        if len(self._given) >= self._core.on.config.remembered:
            kept = self._core.memory
            self._given = {key: one for key, one in self._given.items() if kept.get(one)}
        self._given[_key(outcome)] = known.question.id


def _key(outcome: Outcome) -> Key:
    cited = dict.fromkeys(citation.source_id for citation in outcome.draft.citations)
    return tuple(cited), outcome.text
