"""Answers that were taken back: they are not given again until a person lifts that.

An answer is known by its fingerprint: its words without spaces and punctuation, and what it cites.
Where a model worded it, what it cites is enough: the next wording would be another one.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace

from assistant.answering.lines import fixed_line
from assistant.domain.answer import Citation, Draft, Route
from assistant.domain.outcome import Outcome
from assistant.domain.verdict import Action, Verdict

REASON = "这条答复已撤回，等待更正"
_SAID = frozenset({Action.ANSWER, Action.CLARIFY})
_NOT_WORDS = re.compile(r"[\W_]+")

Read = Callable[[], Awaitable[Collection[str]]]
"""The fingerprints that are withheld now (records.incidents)."""


def fingerprint(text: str, cited: Iterable[Citation]) -> str:
    """What an answer is known by."""
    return _digest(_NOT_WORDS.sub("", text), cited)


def fingerprints(draft: Draft) -> tuple[str, ...]:
    """All that an answer is known by: of a model's wording, also what it cites."""
    whole = fingerprint(draft.text, draft.citations)
    modelled = draft.route is Route.MODEL and draft.citations
    return (whole, _digest("", draft.citations)) if modelled else (whole,)


def _digest(words: str, cited: Iterable[Citation]) -> str:
    facts = sorted({f"{one.source_id}\t{_NOT_WORDS.sub('', one.quote)}" for one in cited})
    return hashlib.sha256("\n".join([words, *facts]).encode()).hexdigest()


class Withheld:
    """The fingerprints that are withheld, in memory; `refresh` follows the records."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._prints: frozenset[str] = frozenset()

    async def refresh(self) -> bool:
        """Take up what was withdrawn or lifted since, here or in another process.

        A chore (`review.chores`); there is never more to do at once.
        """
        self._prints = frozenset(await self._read())
        return False

    def holds(self, text: str, cited: Iterable[Citation]) -> bool:
        """Whether an answer was taken back."""
        return bool(self._prints) and fingerprint(text, cited) in self._prints

    def checked(self, outcome: Outcome) -> Outcome:
        """The outcome; for a person to look at where its answer was taken back."""
        if not self._prints or outcome.verdict.action not in _SAID:
            return outcome
        if self._prints.isdisjoint(fingerprints(outcome.draft)):
            return outcome
        was = outcome.verdict
        verdict = Verdict(Action.REVIEW, was.confidence, (REASON, *was.reasons))
        line = fixed_line(Action.REVIEW)
        return replace(outcome, verdict=verdict, text=line, spoken=line)
