"""An answer that was withdrawn stops in the room: nothing of it is said or sent any more."""

from dataclasses import replace

from assistant.domain.live import Comment, Cue, LiveQuestion, QuestionState, Urgency
from assistant.domain.review import WITHDRAWN, DeskCase
from assistant.live.answered import Settling
from assistant.live.core import Core
from assistant.live.delivery import Delivery
from assistant.live.memory import Known
from assistant.live.orders import TakeBack
from assistant.live.reaching import stand_by
from assistant.live.settled_words import room_case
from assistant.live.speech import Speech
from assistant.live.steps import Step

REASON = "答复已撤回，请批准更正"
_GIVEN = frozenset({QuestionState.ANSWERED, QuestionState.CLARIFIED})


class TakingBack:
    """Carries out `TakeBack`; doing it twice does no harm."""

    def __init__(self, core: Core, speech: Speech, delivery: Delivery, settling: Settling) -> None:
        self._core = core
        self._speech = speech
        self._delivery = delivery
        self._settling = settling

    async def __call__(self, order: TakeBack) -> None:
        """Stop it, put its questions before a person, and let those who ask again wait."""
        answer, memory = order.incident.answer, self._core.memory
        cases = {case.question_id: case for case in order.cases}
        known = [one for one in memory if self._is_meant(one, order, cases)]
        ids = {one.question.id for one in known} | cases.keys()
        self._delivery.recall(answer)
        self._settling.forget(ids)
        await self._speech.recall(lambda cue: _says(cue, ids, answer))
        step = Step(self._core)
        for one in known:
            self._wait(one, order, cases.get(one.question.id), step)
        for question in self._stored(order, {one.question.id for one in known}):
            step.questions[question.id] = replace(question, state=QuestionState.IN_REVIEW)
        applied = order.incident.applied_at or self._core.now
        step.incidents.append(replace(order.incident, applied_at=applied))
        await self._core.commit(step.commit())

    def _is_meant(self, known: Known, order: TakeBack, cases: dict[str, DeskCase]) -> bool:
        """It has a case of its own, or the same answer for all that anyone knows."""
        question = known.question
        if question.id in cases:
            return True
        same = question.state in _GIVEN and question.answer == order.incident.answer
        return same and self._core.on.withheld(question.answer, question.citations)

    def _wait(self, known: Known, order: TakeBack, case: DeskCase | None, step: Step) -> None:
        """Those who are there now are within reach when the correction comes."""
        step.change(known, replace(known.question, state=QuestionState.IN_REVIEW))
        if case is not None:
            known.case = room_case(case)
            step.cases[case.id] = known.case  # the same row: for the consoles to hear of it
        elif known.case is None or known.case.settled_at is not None:
            step.case(known, WITHDRAWN, REASON, Urgency.URGENT)
        stored = order.stored.get(known.question.id)
        awaiting = {one.id for one in known.awaiting}
        comments: tuple[Comment, ...] = stored.comments if stored else ()
        for comment in comments:
            if comment.id not in awaiting and stand_by(self._core, step, comment):
                self._core.memory.await_answer(known, comment)

    def _stored(self, order: TakeBack, known: set[str]) -> list[LiveQuestion]:
        """Questions that the room has no longer in mind."""
        wanted = (case.question_id for case in order.cases)
        found = (order.stored.get(id_) for id_ in wanted if id_ not in known)
        return [one.question for one in found if one is not None]


def _says(cue: Cue, question_ids: set[str], answer: str) -> bool:
    return cue.question_id in question_ids or cue.text == answer
