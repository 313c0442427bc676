"""What a viewer gets who asks what was asked before: the answer, or word that it will come."""

from dataclasses import replace

from assistant.domain.live import Comment, LiveQuestion, OutcomeKind, QuestionState
from assistant.live import lines, night
from assistant.live.memory import Known
from assistant.live.steps import Ruling, Step

SAME = "与其他网友的问题相同，已合并"
SAME_ANSWERED = "刚刚答复过，已把答复发给提问者"


def repeat(known: Known, comment: Comment, step: Step) -> Ruling:
    """Count the viewer in, and tell them what is known; what becomes of the comment."""
    memory = step.core.memory
    memory.ask(known, comment)
    known.question = replace(known.question, asked_by=known.asked_by)
    question = known.question
    match question.state:
        case QuestionState.OPEN:
            memory.await_answer(known, comment)
        case QuestionState.IN_REVIEW:
            memory.await_answer(known, comment)
            step.reply(comment, night.holding(step.core))
        case QuestionState.ANSWERED | QuestionState.CLARIFIED:
            step.reply(comment, pointer(question, step))
        case QuestionState.REFUSED:
            step.reply(comment, lines.REFUSED)
            return Ruling(OutcomeKind.SET_ASIDE, "refused", "不宜在直播间答复", question.action)
    done = question.state in (QuestionState.ANSWERED, QuestionState.CLARIFIED)
    reason = SAME_ANSWERED if done else SAME
    return Ruling(OutcomeKind.MERGED, "repeat", reason, question.action)


def pointer(question: LiveQuestion, step: Step) -> str:
    """The answer that was given, and how long ago."""
    given = question.answered_at or step.core.now
    return lines.answered_before(step.core.now - given) + question.answer
