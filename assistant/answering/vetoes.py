"""What forbids a draft whatever its support.

No citation, figures without a quote, a source that no longer holds, sources that disagree, a
premise of the question that its source does not share.

Sensitive subjects are refused before anything is drafted (`guard`); a question without a region is
asked back by the guides, and held back here where documents of two places differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.answering.audiences import other_people
from assistant.answering.disagreement import Places, disagreement
from assistant.answering.policy_support import Places as NamedPlaces
from assistant.answering.premises import checked
from assistant.answering.torn import TORN
from assistant.answering.verify import unsupported
from assistant.domain.answer import Draft, Route
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question


class Stands(Protocol):
    """Whether a source may answer on a day."""

    def __call__(self, source_id: str, as_of: date) -> bool:
        """False for what is unknown, retired, not yet or no longer in force."""
        ...


@dataclass(frozen=True, slots=True)
class Vetted:
    """A draft with what forbids it; corrected where a premise of the question is wrong."""

    draft: Draft
    vetoes: tuple[str, ...]


class Vetting:
    """Looks at drafts that are sure enough to be said."""

    def __init__(self, stands: Stands | None = None, places: Places | None = None) -> None:
        self._stands = stands
        self._places = places or NamedPlaces()

    def __call__(self, question: Question, draft: Draft, ranking: Ranking) -> Vetted:
        """The draft, and why it may not be said."""
        against = (
            *self._of_sources(question, draft),
            *self._of_words(draft),
            *_of_people(question, draft),
        )
        differing = disagreement(question.text, draft, ranking, self._places)
        premise = checked(question.text, draft, ranking)
        told = (differing,) if differing else ()
        return Vetted(premise.draft, (*against, *told, *premise.vetoes))

    def _of_sources(self, question: Question, draft: Draft) -> Iterator[str]:
        if not draft.citations:
            yield "没有可以引用的依据"
        cited = dict.fromkeys(citation.source_id for citation in draft.citations)
        if self._stands and not all(self._stands(one, question.as_of) for one in cited):
            yield "依据已失效或尚未生效"

    def _of_words(self, draft: Draft) -> Iterator[str]:
        if draft.support.features.get(TORN):
            yield "两条常见问题的答复不同"
        if draft.route is Route.CLARIFY:
            return
        quotes = [f"{one.title}\n{one.quote}" for one in draft.citations]
        missing = unsupported(_without_sources(draft.text), quotes)
        if missing:
            yield f"依据中没有“{missing[0]}”"


def _of_people(question: Question, draft: Draft) -> Iterator[str]:
    quotes = [citation.quote for citation in draft.citations]
    if draft.route is Route.POLICY and other_people(question.text, quotes):
        yield "依据讲的是另一类人"


def _without_sources(text: str) -> str:
    """Without the lines that name a source (`quotes.source_line`): those come from its header."""
    return "\n".join(line for line in text.split("\n") if not line.startswith("——《"))
