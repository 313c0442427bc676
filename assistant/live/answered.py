"""Settles an answered question: stores the outcome, rules, and tells everybody who asked."""

import asyncio
import time
from collections.abc import Collection, Coroutine
from dataclasses import dataclass, replace

import structlog

from assistant.domain.live import Comment, Cue, CueKind, OutcomeKind, QuestionState
from assistant.domain.outcome import Outcome
from assistant.domain.verdict import Action
from assistant.live import lines, night
from assistant.live.core import Core
from assistant.live.first_step import FAILED
from assistant.live.flow import Conditions, rule, state_of
from assistant.live.memory import Known
from assistant.live.same import SameAnswers
from assistant.live.speech import Speech
from assistant.live.steps import Ruling, Step

log = structlog.get_logger()
SETTLED = frozenset({QuestionState.ANSWERED, QuestionState.CLARIFIED, QuestionState.REFUSED})
OVERTAKEN = Ruling(OutcomeKind.REPLIED, "by_person", "工作人员已先行答复", Action.ANSWER)
PUT_TO_REVIEW = Ruling(OutcomeKind.QUEUED_FOR_REVIEW, "operator", "工作人员转入复核", Action.REVIEW)
"""What a person did while the answer was still looked for."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """An outcome that is stored, or why there is none."""

    outcome: Outcome | None = None
    outcome_id: str | None = None


class Settling:
    """Takes the desk's results one by one; `lock` is the room's, so no batch comes between."""

    def __init__(self, core: Core, speech: Speech, lock: asyncio.Lock) -> None:
        self._core = core
        self._speech = speech
        self._lock = lock
        self._same = SameAnswers(core)

    async def place(self, known: Known, drafted: Drafted) -> Coroutine[None, None, None]:
        """Rule what becomes of it. What is given must be awaited: it is stored, then acted on."""
        async with self._lock:
            step, cue = self._step(known, drafted)
            if cue is not None:
                self._speech.announce(cue, known)
            return self._acted(self._core.on_its_way(step.commit()), cue, known)

    async def _acted(
        self, stored: Coroutine[None, None, None], cue: Cue | None, known: Known
    ) -> None:
        try:
            await stored
        except BaseException:
            if cue is not None:
                self._speech.renounce(cue)
            raise
        if cue is not None:
            self._speech.add(cue, known)

    async def restore(self) -> None:
        """Know again which answers were given before a restart."""
        await self._same.restore()

    def forget(self, question_ids: Collection[str]) -> None:
        """Their answers were taken back: no other question is told that it has the same."""
        self._same.forget(question_ids)

    async def recorded(self, outcome: Outcome | None) -> Drafted:
        """Store what the desk says, with its evidence."""
        if outcome is None:
            return Drafted()
        try:
            return Drafted(outcome, await self._core.on.outcomes.record(outcome))
        except Exception as error:
            log.exception("outcome_not_stored", kind=type(error).__name__)
            return Drafted()

    def _step(self, known: Known, drafted: Drafted) -> tuple[Step, Cue | None]:
        step = Step(self._core)
        outcome, state = drafted.outcome, known.question.state
        if state in SETTLED:
            self._decide(known, OVERTAKEN, step)
            return step, None
        if outcome is None:
            ruling, cue = FAILED, None
        elif state is QuestionState.IN_REVIEW:
            ruling, cue = PUT_TO_REVIEW, None
        else:
            ruling = self._ruling(known, outcome)
            cue = self._cue(known, outcome) if ruling.kind is OutcomeKind.SPOKEN else None
        self._keep(known, drafted, ruling, step)
        if cue is not None:
            step.cues[cue.id] = cue
            known.cue_id = cue.id
        if ruling.kind is OutcomeKind.QUEUED_FOR_REVIEW:
            step.case(known, ruling.code, ruling.reason, known.question.urgency)
        self._tell(known, ruling, step)
        self._decide(known, ruling, step)
        return step, cue

    def _ruling(self, known: Known, outcome: Outcome) -> Ruling:
        core, room, cited = self._core, self._core.room, outcome.draft.citations
        said = outcome.verdict.action in (Action.ANSWER, Action.CLARIFY)
        same = self._same.find(known, outcome) if outcome.verdict.action is Action.ANSWER else None
        conditions = Conditions(
            automatic=room.automatic,
            hold=core.hold,
            wait=self._speech.wait_for(known) if core.may_speak else 0.0,
            patience=self._speech.patience,
            unsafe=core.unfit(outcome.text, outcome.spoken, cited) if said else "",
            same=same,
        )
        return rule(outcome.verdict.action, outcome.verdict.reasons, conditions)

    def _keep(self, known: Known, drafted: Drafted, ruling: Ruling, step: Step) -> None:
        outcome, now = drafted.outcome, self._core.now
        question = replace(known.question, state=state_of(ruling), action=ruling.action)
        if outcome is not None:
            drafts = outcome.verdict.action is Action.REVIEW and outcome.draft.statements
            question = replace(
                question,
                outcome_id=drafted.outcome_id,
                answer=outcome.draft.text if drafts else outcome.text,
                spoken=outcome.draft.spoken if drafts else outcome.spoken,
                citations=outcome.draft.citations,
                answered_at=now,
            )
        step.change(known, question)
        if outcome is not None and ruling.kind in (OutcomeKind.SPOKEN, OutcomeKind.REPLIED):
            self._same.add(known, outcome)

    def _cue(self, known: Known, outcome: Outcome) -> Cue:
        question = known.question
        return Cue(
            id=self._core.on.new_id(),
            room_id=question.room_id,
            session_id=question.session_id,
            kind=CueKind.ANSWER,
            text=outcome.text,
            spoken=outcome.spoken,
            made_at=self._core.now,
            question_id=question.id,
            citations=outcome.draft.citations,
            asked_by=question.asked_by,
        )

    def _tell(self, known: Known, ruling: Ruling, step: Step) -> None:
        """Each viewer who asked gets the outcome, by the comment's own address."""
        line = self._line(known, ruling)
        review = ruling.kind is OutcomeKind.QUEUED_FOR_REVIEW
        waiting = list(known.awaiting) if review else self._core.memory.told(known)
        for comment in waiting:
            step.reply(comment, line)

    def _line(self, known: Known, ruling: Ruling) -> str:
        answer = known.question.answer
        match ruling.kind:
            case OutcomeKind.SPOKEN:
                return lines.spoken_soon(self._speech.wait_for(known)) + answer
            case OutcomeKind.SET_ASIDE:
                return lines.REFUSED
            case OutcomeKind.QUEUED_FOR_REVIEW:
                says = night.manual if ruling.code == "manual" else night.holding
                return says(self._core)
            case OutcomeKind.REPLIED | OutcomeKind.MERGED:
                return lines.TEXT_INSTEAD + answer if ruling.code == "no_time" else answer

    def _decide(self, known: Known, ruling: Ruling, step: Step) -> None:
        first: Comment | None = known.first
        if first is None or known.decision is not None:
            return
        known.decision = step.decide(
            first,
            ruling,
            ms=(time.perf_counter() - known.began) * 1000,
            question_id=known.question.id,
            is_question=True,
        )
