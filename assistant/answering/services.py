"""What the flow needs: its seams, owned here, built by bootstrap, faked in tests."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answering.decide import VerdictPolicy
from assistant.answering.understand import Understanding
from assistant.answering.vetoes import Vetted, Vetting
from assistant.domain.answer import Draft
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question, Scope


class Search(Protocol):
    """Ranked passages for a text."""

    async def __call__(self, text: str, scope: Scope, limit: int = 50) -> Ranking:
        """The best passages of the scope, best first."""


class Guides(Protocol):
    """Exact answers from service guides."""

    def understand(self, question: Question) -> Understanding:
        """What the question asks."""

    def going_on(self, question: Question) -> Understanding | None:
        """The question read as going on from the one before it; None where it names an item."""

    def draft(self, question: Question, reading: Understanding, ranking: Ranking) -> Draft:
        """What the guides say to it."""


class Drafter(Protocol):
    """Anything that drafts an answer from ranked passages."""

    def draft(self, question: Question, ranking: Ranking) -> Draft:
        """What this part says; NO_DRAFT where it has nothing."""


class Linking(Protocol):
    """What an everyday question most likely means."""

    def __call__(
        self, question: Question, reading: Understanding, ranking: Ranking
    ) -> tuple[Draft, tuple[str, ...]]:
        """A draft, and the ids of the guides that may be meant, the likeliest first."""
        ...


class Improver(Protocol):
    """A chat model that may rephrase what was found; checked by code."""

    async def improve(self, question: Question, draft: Draft) -> Draft:
        """The draft in better words, or as it was."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the flow needs; built by bootstrap, faked in tests.

    `drafters` are one or more, the slowest last. `linking` is asked where none of them, nor the
    guides, drafts what can be said, and so is `nearest`; `proposing` gives official terms for such
    a question.
    `refuse` gives the reason why a question is not answered on air, or None.
    """

    refuse: Callable[[str], str | None]
    guides: Guides
    drafters: Sequence[Drafter]
    search: Search
    policy: VerdictPolicy
    improver: Improver | None = None
    vetting: Callable[[Question, Draft, Ranking], Vetted] = field(default_factory=Vetting)
    linking: Linking | None = None
    nearest: Drafter | None = None
    proposing: Callable[[str], Awaitable[str]] | None = None
