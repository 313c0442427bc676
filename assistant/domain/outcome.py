"""What came of a question: the draft, the verdict, and the ranking both rest on."""

from dataclasses import dataclass

from assistant.domain.answer import Draft
from assistant.domain.question import Question
from assistant.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of `answer(question)`.

    `text` and `spoken` are what would be shown and voiced: the draft's words where the verdict is
    answer or clarify, a fixed line otherwise.
    """

    question: Question
    draft: Draft
    verdict: Verdict
    text: str
    spoken: str
    ranked_ids: tuple[str, ...] = ()
    latency_ms: float = 0.0
