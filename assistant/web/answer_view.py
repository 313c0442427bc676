"""An outcome as the page shows it: plain words for the verdict, numbered sources, follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.answer import Citation
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action
from assistant.web.asking import Asked
from assistant.web.links import Placed, web_address
from assistant.web.replies import ai_label

HISTORY_KEPT = 5
LONG_QUOTE = 80
_BADGES = {
    Action.ANSWER: ("已答复", "答复依据上面列出的原文"),
    Action.CLARIFY: ("请您选择", "有几个事项都符合，请选择您要办的一项"),
    Action.REVIEW: ("已转人工", "知识库里没有足够的依据，已转给工作人员核实"),
    Action.REFUSE: ("不便答复", "这个问题不在答复范围内"),
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation with its number and addresses."""

    number: int
    citation: Citation
    url: str
    original: str | None

    @property
    def long(self) -> bool:
        """Whether its words stand folded: the answer mostly repeats them already."""
        return len(self.citation.quote) > LONG_QUOTE


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the numbers of the quotes that carry it."""

    lines: tuple[str, ...]
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A choice that asks again with the full name of the item."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """All that the answer's template needs."""

    id: str
    question: Question
    action: Action
    badge: str
    explanation: str
    said: tuple[Said, ...]
    quotes: tuple[Quoted, ...]
    options: tuple[FollowUp, ...]
    ai_label: str | None
    approved: bool
    reasons: tuple[str, ...]
    confidence: int

    @property
    def history(self) -> tuple[str, ...]:
        """What the next question of the same visitor is asked after."""
        return (*self.question.history, self.question.text)[-HISTORY_KEPT:]


def answer_view(asked: Asked, shown: Sequence[Placed]) -> AnswerView:
    """The view of an outcome; `shown` are the shown citations, in order."""
    outcome = asked.outcome
    action = outcome.verdict.action
    badge, explanation = _BADGES[action]
    speaks = action in {Action.ANSWER, Action.CLARIFY}
    quotes = _quotes(shown)
    label = ai_label(outcome)
    return AnswerView(
        id=asked.id,
        question=outcome.question,
        action=action,
        badge=badge,
        explanation=explanation,
        said=_said(outcome, quotes),
        quotes=quotes,
        options=_options(outcome),
        ai_label=label,
        approved=speaks and label is None,
        reasons=outcome.verdict.reasons,
        confidence=round(outcome.verdict.confidence * 100),
    )


def _quotes(shown: Sequence[Placed]) -> tuple[Quoted, ...]:
    return tuple(
        Quoted(number, each.citation, each.url, web_address(each.citation.source_url))
        for number, each in enumerate(shown, start=1)
    )


def _said(outcome: Outcome, quotes: tuple[Quoted, ...]) -> tuple[Said, ...]:
    """Statement by statement while the text is the draft's; whole where it was replaced."""
    if outcome.text != outcome.draft.text or len(quotes) != len(outcome.draft.citations):
        return (Said(_lines(outcome.text), ()),)
    numbered = dict(zip(outcome.draft.citations, quotes, strict=True))
    return tuple(
        Said(_lines(statement.text), tuple(dict.fromkeys(numbered[c] for c in statement.citations)))
        for statement in outcome.draft.statements
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line.strip())


def _options(outcome: Outcome) -> tuple[FollowUp, ...]:
    if outcome.verdict.action is not Action.CLARIFY:
        return ()
    text = outcome.question.text
    return tuple(FollowUp(name, f"{name}：{text}"[:500]) for name in outcome.draft.options)
