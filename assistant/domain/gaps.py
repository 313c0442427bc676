"""What viewers asked and nobody could answer, gathered by topic: what the knowledge base lacks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain.live import LiveQuestion, QuestionState, Urgency
from assistant.domain.verdict import Action

NEAR = 0.3
"""So much of two questions' character pairs must be common to be one topic."""


@dataclass(slots=True)
class Gap:
    """One topic: its questions, the most asked first, and how many viewers asked them."""

    topic: str
    asked_by: int = 0
    questions: list[str] = field(default_factory=list)


def is_gap(question: LiveQuestion) -> bool:
    """Whether the knowledge lacks an answer; one that waits for an approval is no gap."""
    unanswered = question.state is QuestionState.IN_REVIEW and question.action is Action.REVIEW
    return unanswered and question.urgency is not Urgency.EMERGENCY


def gaps(questions: Sequence[LiveQuestion], most: int = 20) -> list[Gap]:
    """The topics that most viewers asked for in vain."""
    found: list[tuple[set[str], Gap]] = []
    for question in sorted(questions, key=lambda one: (-one.asked_by, one.first_at, one.id)):
        pairs = _pairs(question.text)
        gap = next((gap for known, gap in found if _near(known, pairs)), None)
        if gap is None:
            gap = Gap(question.text)
            found.append((pairs, gap))
        else:
            gap.topic = _common(gap.topic, question.text) or gap.topic
        gap.asked_by += question.asked_by
        gap.questions.append(question.text)
    ranked = sorted((gap for _, gap in found), key=lambda gap: -gap.asked_by)
    return ranked[:most]


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _near(one: set[str], other: set[str]) -> bool:
    both = len(one | other)
    return bool(both) and len(one & other) / both >= NEAR


def _common(one: str, other: str) -> str:
    """The longest run of characters that both have; "" below three."""
    best = ""
    for start in range(len(one)):
        while one[start : start + len(best) + 1] in other and start + len(best) < len(one):
            best = one[start : start + len(best) + 1]
    return best.strip("，。？?！!、 ") if len(best) >= 3 else ""
