"""What the review desk has settled comes into the room: said once, told to all who await it.

Cue, replies, the questions' states and `settled_at` of the cases are one commit, so whoever brings
a resolution a second time finds nothing to bring.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.live import (
    AlertLevel,
    Comment,
    Cue,
    LiveQuestion,
    QuestionState,
    RoomState,
)
from assistant.domain.review import SAID, WITHDRAWN, Resolution, ResolutionKind
from assistant.errors import Conflict
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.orders import Resolve
from assistant.live.reaching import by_viewer, tell
from assistant.live.settled_words import (
    Asked,
    cited,
    intro,
    is_voiced,
    kind_of,
    line_for,
    room_case,
    state_after,
)
from assistant.live.speech import Speech
from assistant.live.steps import Step

HELD_BACK = "unsafe_answer"
"""The code of a case whose approved words did not pass just before they went out."""


class Resolving:
    """Carries out `Resolve`."""

    def __init__(self, core: Core, speech: Speech) -> None:
        self._core = core
        self._speech = speech

    async def __call__(self, order: Resolve) -> None:
        """Say it. Raises Conflict where the session is ending: the next one says it."""
        if self._core.room.state is RoomState.CLOSING:
            raise Conflict("直播正在结束")
        step, asked = Step(self._core), self._asked(order)
        if why := self._unfit(order, asked):
            await self._hold_back(order, asked, why)
            return
        cue = self._cue(order, asked)
        questions = {one.case.id: self._after(one, order) for one in asked}
        self._tell(order, asked, step)
        self._settle(order, step, "said" if cue else "sent" if step.replies else "done")
        step.questions.update({one.id: one for one in questions.values()})
        if cue is not None:
            step.cues[cue.id] = cue
        await self._core.commit(step.commit())
        for one in asked:
            self._remember(one, questions[one.case.id], order)
        if cue is not None:
            lead = _lead(asked).known
            if lead is not None:
                lead.cue_id = cue.id
            self._speech.add(cue, lead)

    def _asked(self, order: Resolve) -> list[Asked]:
        """The cases whose questions there are; others are only settled."""
        found = []
        for case in order.cases:
            known = self._core.memory.get(case.question_id)
            stored = order.stored.get(case.question_id)
            if known is not None:
                everybody = stored.comments if stored and order.incidents else ()
                ids = {one.id for one in known.awaiting}
                more = tuple(one for one in everybody if one.id not in ids)
                found.append(Asked(case, known.question, known, (*known.awaiting, *more)))
            elif stored is not None:
                found.append(Asked(case, stored.question, None, stored.comments))
        return found

    def _unfit(self, order: Resolve, asked: Sequence[Asked]) -> str:
        """Why the words may not go out, looked at just before they do."""
        made = order.resolution
        if made.kind is not ResolutionKind.CONFIRM:
            return self._core.unfit(made.text, made.spoken, cited(made))
        texts = ((one.question.answer, one.question.citations) for one in asked)
        whys = (self._core.unfit(text, text, sources) for text, sources in texts)
        return next(filter(None, whys), "")

    def _cue(self, order: Resolve, asked: Sequence[Asked]) -> Cue | None:
        made, core = order.resolution, self._core
        if not asked or not is_voiced(made):
            return None
        lead, count = _lead(asked), sum(one.asked_by for one in asked)
        corrects = bool(order.incidents)
        before = intro(lead, count, core.now, corrects=corrects, names=True)
        if core.unsafe(before):
            before = intro(lead, count, core.now, corrects=corrects, names=False)
        return Cue(
            id=core.on.new_id(),
            room_id=core.room.id,
            session_id=core.session_id,
            kind=kind_of(made, corrects=corrects),
            text=before + made.text,
            spoken=before + (made.spoken or made.text),
            made_at=core.now,
            question_id=lead.question.id,
            citations=cited(made),
            asked_by=count,
            actor=made.actor_name,
        )

    def _after(self, one: Asked, order: Resolve) -> LiveQuestion:
        """The question with what is said to it now."""
        made, state = order.resolution, state_after(one, order.resolution)
        question = replace(one.question, state=state)
        if _becomes_the_answer(one, made):
            spoken = made.spoken or made.text
            question = replace(question, answer=made.text, spoken=spoken, citations=cited(made))
        elif state is one.question.state or state is not QuestionState.ANSWERED:
            return question
        return replace(question, answered_at=self._core.now)

    def _tell(self, order: Resolve, asked: Sequence[Asked], step: Step) -> None:
        """Each viewer who is told, by the address of the comment that asked."""
        corrects, unreached = bool(order.incidents), 0
        for one in asked:
            line = line_for(one, order.resolution, corrects=corrects)
            stored = self._reachable(one, order)
            if not corrects:
                for comment in one.telling:
                    tell(self._core, step, comment, line, stored)
                continue
            for comments in by_viewer(one.telling, stored):
                told = any(tell(self._core, step, each, line, stored) for each in comments)
                unreached += not told
        self._corrected(order, step, unreached)

    def _reachable(self, one: Asked, order: Resolve) -> set[str]:
        """Comments whose viewers may be reached by a stored address."""
        stored = order.stored.get(one.question.id)
        awaiting = {comment.id for comment in one.known.awaiting} if one.known else set()
        return awaiting | (stored.reachable if stored else set())

    def _corrected(self, order: Resolve, step: Step, unreached: int) -> None:
        if order.resolution.kind is ResolutionKind.HAND_OVER:
            return
        for incident in order.incidents:
            step.incidents.append(
                replace(
                    incident,
                    applied_at=incident.applied_at or self._core.now,
                    corrected_at=self._core.now,
                    unreached=unreached,
                )
            )

    def _settle(self, order: Resolve, step: Step, how: str) -> None:
        for case in order.cases:
            step.cases[case.id] = room_case(case, self._core.now, how)

    def _remember(self, one: Asked, question: LiveQuestion, order: Resolve) -> None:
        """What is stored, in mind as well; who waits for a department awaits it still."""
        known = one.known
        if known is None:
            return
        known.question = question
        if known.case is None or known.case.id == one.case.id:
            known.case = room_case(one.case, self._core.now, "said")
        if order.resolution.kind is not ResolutionKind.HAND_OVER:
            self._core.memory.told(known)

    async def _hold_back(self, order: Resolve, asked: Sequence[Asked], why: str) -> None:
        """A resolution is final: its cases are settled as withheld, new ones take their place."""
        step = Step(self._core)
        self._settle(order, step, "withheld")
        text = f"一条已批准的答复没有播出和发送（{why}），请重新处理"
        step.alert("approved_unsafe", AlertLevel.URGENT, text, _first_comment(asked))
        for one in asked:
            self._open_again(one, step, why)
        await self._core.commit(step.commit())

    def _open_again(self, one: Asked, step: Step, why: str) -> None:
        known = one.known or Known(one.question, self._core.now)
        if known.case is not None and known.case.id == one.case.id:
            known.case = None
        code = one.case.code if one.case.code == WITHDRAWN else HELD_BACK
        step.case(known, code, f"批准的答复{why}", one.case.urgency)


def _lead(asked: Sequence[Asked]) -> Asked:
    """The question that is named: one that the room remembers, else the one asked most."""
    return min(asked, key=lambda one: (one.is_late, -one.asked_by, one.question.id))


def _becomes_the_answer(one: Asked, made: Resolution) -> bool:
    """Whether the words are what everybody is told from now on who asks the same."""
    if made.kind in SAID:
        return not made.personal
    return made.kind is ResolutionKind.ASK_BACK and one.is_pending


def _first_comment(asked: Sequence[Asked]) -> str | None:
    comments: list[Comment] = [comment for one in asked for comment in one.telling]
    return comments[0].id if comments else None
