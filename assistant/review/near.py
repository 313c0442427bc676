"""FAQs near a question: shown beside a case, and before an answer is saved as one."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from rapidfuzz.distance import Indel

from assistant.answering.faq_answer import Alike
from assistant.answering.faq_match import form_of
from assistant.answering.figures import figures
from assistant.domain.region import RegionTree
from assistant.review.views import LikeFaq

NEAR = 0.45
"""From this likeness on it is worth a look."""
MOST = 5
SAME_WORDS = 0.85
"""Answers that are less alike than this say something else."""


class Faqs(Protocol):
    """The FAQs in use (`FaqAnswerer`)."""

    def alike(self, text: str) -> list[Alike]:
        """FAQs near a question, what is meant first."""
        ...


class NearFaqs:
    """Looks among all FAQs in use, those of files and guides too.

    `faqs` gives them as they are now.
    """

    def __init__(self, faqs: Callable[[], Awaitable[Faqs]], regions: RegionTree) -> None:
        self._faqs = faqs
        self._regions = regions

    async def __call__(
        self, question: str, region: str | None, answer: str = ""
    ) -> tuple[LikeFaq, ...]:
        """The most alike first, at most five. Without an answer nothing is in conflict with it."""
        found = (await self._faqs()).alike(question)
        near = [self._seen(one, region, answer) for one in found]
        return tuple(one for one in near if one.kind != "near" or one.likeness >= NEAR)[:MOST]

    def _seen(self, one: Alike, region: str | None, answer: str) -> LikeFaq:
        kind = "near"
        if one.is_meant and self._overlap(region, one.faq.region):
            kind = "conflict" if answer and differ(answer, one.faq.answer) else "same"
        likeness = round(min(1.0, one.likeness), 3)
        return LikeFaq(one.faq.id, one.wording, one.faq.answer, likeness, kind)

    def _overlap(self, one: str | None, other: str) -> bool:
        """Whether some viewer sees both regions."""
        return one is None or self._regions.sees(one, other) or self._regions.sees(other, one)


def differ(one: str, other: str) -> bool:
    """Whether two answers to one question say different things: other figures, or other words."""
    if {f.value for f in figures(one)} != {f.value for f in figures(other)}:
        return True
    words = form_of(one).text, form_of(other).text  # figures in one notation
    return Indel.normalized_similarity(*words) < SAME_WORDS
