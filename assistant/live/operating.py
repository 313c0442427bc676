"""What people may tell an open room: stop, go on, say this, approve, look at it again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.domain.answer import Citation
from assistant.domain.live import (
    Cue,
    CueKind,
    QuestionState,
    RoomState,
)
from assistant.domain.review import Resolution
from assistant.errors import BadInput, Conflict, NotFound
from assistant.live import lines, orders
from assistant.live.alerter import Alerter
from assistant.live.broadcast.directing import Directing
from assistant.live.core import Core
from assistant.live.decided import approved, helped
from assistant.live.memory import Known
from assistant.live.person import Persons
from assistant.live.speech import Speech
from assistant.live.states import Move, after
from assistant.live.steps import Step
from assistant.live.switching import Switch, Switching

if TYPE_CHECKING:
    from assistant.live.orders import Order

LONGEST_SAID = 500
"""Characters of a person's own words in one cue."""


class Operating:
    """Carries out the orders of people."""

    def __init__(self, core: Core, speech: Speech, alerter: Alerter, directing: Directing) -> None:
        self._core = core
        self._speech = speech
        self._alerter = alerter
        self._directing = directing
        self._persons = Persons(core)
        self._switching = Switching(core, speech)

    async def __call__(self, order: "Order", actor: str) -> None:
        """Carry out one order. Raises Conflict, NotFound or BadInput; then nothing changed."""
        await self._carry_out(order, actor)
        if not isinstance(order, orders.Beat | orders.Present | orders.NeedPerson):
            await self._switching.seen(actor)

    async def _carry_out(self, order: "Order", actor: str) -> None:
        match order:
            case orders.Change(move):
                await self._move(move)
            case orders.Skip():
                if not await self._directing.skip():
                    await self._speech.stop()
            case orders.Say() | orders.PickLine() | orders.Approve() | orders.Settled():
                await self._settle_words(order, actor)
            case orders.Withdraw(cue_id):
                await self._withdraw(cue_id)
            case orders.PutToReview(question_id):
                await self._put_to_review(question_id)
            case orders.NeedPerson():
                await self._persons.need(order)
            case orders.Acknowledge(alert_id):
                await self._alerter.acknowledge(alert_id, actor)
            case _:
                await self._set(order, actor)

    async def _set(self, order: "Order", actor: str) -> None:
        """The topic, or a switch."""
        if isinstance(order, orders.SetTopic):
            topic = self._topic(order.topic)
            await self._core.put_room(replace(self._core.room, topic=topic))
        elif isinstance(order, Switch):
            await self._switching(order, actor)
        else:
            raise BadInput("直播间不认识这个操作")

    async def _settle_words(
        self, order: orders.Say | orders.PickLine | orders.Approve | orders.Settled, actor: str
    ) -> None:
        match order:
            case orders.Say(text):
                await self._say(text, actor)
            case orders.PickLine(name):
                await self._pick(name, actor)
            case orders.Approve():
                await self._approve(order, actor)
            case orders.Settled():
                await self._settled(order, actor)

    async def _move(self, move: Move) -> None:
        if move in (Move.OPEN, Move.CLOSED):
            raise Conflict("开播和结束由直播台执行")
        await self._core.put_room(
            replace(self._core.room, state=after(self._core.room.state, move))
        )
        if move is Move.TAKE_OVER or (move is Move.PAUSE and self._directing.is_on):
            await self._speech.stop()

    async def _say(self, text: str, actor: str) -> None:
        """A person's words; they pass mask and screen like everything else."""
        cue = self._said(self._checked(text), actor)
        await self._queue(cue, None, Step(self._core))

    async def _pick(self, name: str, actor: str) -> None:
        """A fixed line, at once."""
        if (words := lines.PICKED.get(name)) is None:
            raise NotFound("没有这句固定用语")
        cue = replace(self._said(words, actor), kind=CueKind.FIXED_LINE)
        await self._queue(cue, None, Step(self._core))

    async def _approve(self, order: orders.Approve, actor: str) -> None:
        """A person has settled the question: it is voiced, and everybody who awaits it is told."""
        known, text = self._known(order.question_id), order.text.strip()
        if known.question.state is not QuestionState.IN_REVIEW and not known.has_case:
            raise Conflict("这个问题已经处理")
        drafted, own = known.question, bool(text)
        words = self._checked(text or drafted.answer, () if own else drafted.citations)
        cue = self._said(words, actor)
        if not own:
            cue = replace(
                cue, kind=CueKind.ANSWER, spoken=drafted.spoken, citations=drafted.citations
            )
        step = Step(self._core)
        cue = replace(cue, question_id=drafted.id, asked_by=known.asked_by)
        said = (words, cue.spoken, cue.citations)
        self._record(approved(self._core, known, order, said, actor), step)
        given = replace(drafted, state=QuestionState.ANSWERED, answer=words, spoken=cue.spoken)
        given = replace(given, citations=cue.citations, answered_at=self._core.now)
        step.change(known, given)
        self._settle(known, step, "said" if order.aloud else "sent")
        for comment in self._core.memory.told(known):
            step.reply(comment, words)
        if order.aloud:
            await self._queue(cue, known, step)
        else:
            await self._core.commit(step.commit())

    async def _settled(self, order: orders.Settled, actor: str) -> None:
        """Close the case of a question that has its answer."""
        known = self._known(order.question_id)
        if known.is_pending or not known.has_case:
            raise Conflict("这个问题还没有答复，或已经处理")
        step = Step(self._core)
        self._record(helped(self._core, known, order, actor), step)
        self._core.memory.told(known)
        self._settle(known, step, "done")
        await self._core.commit(step.commit())

    async def _withdraw(self, cue_id: str) -> None:
        if not await self._speech.withdraw(cue_id):
            raise Conflict("这一条已经开始播出，或已不在队列")

    async def _put_to_review(self, question_id: str) -> None:
        """Take an answer off the queue; a person looks at the question."""
        known = self._known(question_id)
        if known.cue_id:
            if self._speech.current and self._speech.current.id == known.cue_id:
                await self._speech.stop()
            else:
                await self._speech.withdraw(known.cue_id)
        await self._to_person(known, "operator", "工作人员转入复核")

    async def _to_person(self, known: Known, code: str, reason: str) -> None:
        step = Step(self._core)
        step.change(known, replace(known.question, state=QuestionState.IN_REVIEW))
        step.case(known, code, reason, known.question.urgency)
        await self._core.commit(step.commit())

    def _record(self, made: Resolution, step: Step) -> None:
        """Who decided, for the ledger and the statistics of the desk."""
        if made.case_ids:
            step.resolutions.append(made)

    def _settle(self, known: Known, step: Step, how: str) -> None:
        if known.case is not None:
            known.case = replace(known.case, settled_at=self._core.now, settled_how=how)
            step.cases[known.case.id] = known.case

    def _topic(self, topic: str) -> str:
        """The stage shows it, so it passes like everything else."""
        return self._checked(topic) if topic.strip() else ""

    def _known(self, question_id: str) -> Known:
        known = self._core.memory.get(question_id)
        if known is None:
            raise NotFound("没有这个问题，或它已不在本场")
        return known

    def _checked(self, text: str, cited: Sequence[Citation] = ()) -> str:
        words = text.strip()
        if not words or len(words) > LONGEST_SAID:
            raise BadInput(f"请输入1到{LONGEST_SAID}个字")
        if why := self._core.unfit(words, words, cited):
            raise BadInput(f"不能播出：{why}")
        return words

    def _said(self, words: str, actor: str) -> Cue:
        return Cue(
            id=self._core.on.new_id(),
            room_id=self._core.room.id,
            session_id=self._core.session_id,
            kind=CueKind.OPERATOR_SAID,
            text=words,
            spoken=words,
            made_at=self._core.now,
            actor=actor,
        )

    async def _queue(self, cue: Cue, known: Known | None, step: Step) -> None:
        if self._core.room.state is RoomState.CLOSING:
            raise Conflict("直播正在结束")
        step.cues[cue.id] = cue
        if known is not None:
            known.cue_id = cue.id
        await self._core.commit(step.commit())
        self._speech.add(cue, known)
