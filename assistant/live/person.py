"""A viewer was not helped: 没解决 and 找人工 both reach a person's queue, for that viewer alone."""

from collections import OrderedDict, deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from assistant.domain.live import Comment, LiveQuestion, QuestionState
from assistant.errors import Conflict, NotFound
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.orders import NeedPerson
from assistant.live.steps import Step

K = TypeVar("K")
V = TypeVar("V")
MOST = 5
"""Times that one viewer may call for a person within `WINDOW`."""
WINDOW = timedelta(minutes=10)
REMEMBERED = 5000
"""Viewers, and pairs of viewer and question, that are kept."""


class Persons:
    """Opens cases for viewers. What everybody else was told of a question does not change."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._calls: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._called: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def need(self, order: NeedPerson) -> None:
        """Open a case, once a viewer and question; the viewer awaits what a person says.

        Raises NotFound for a comment of another session, Conflict for a viewer who calls again
        and again.
        """
        comment = order.comment
        if comment.session_id != self._core.session_id:
            raise NotFound("这条提问不在本场", hint="请重新提问")
        known = self._of(order)
        about = known.question.id if known else comment.id
        if (comment.viewer, about) in self._called:
            return
        self._allow(comment)
        step = Step(self._core)
        known = known or self._new(comment, step)
        self._open(known, order, step)
        await self._core.commit(step.commit())
        _keep(self._called, (comment.viewer, about), None)

    def _of(self, order: NeedPerson) -> Known | None:
        """The question, where the room still has it in mind; else the comment becomes one."""
        memory = self._core.memory
        return memory.get(order.question_id or "") or memory.get(order.comment.id)

    def _open(self, known: Known, order: NeedPerson, step: Step) -> None:
        unsolved = order.unsolved
        code, reason = ("unsolved", "网友反馈没解决") if unsolved else ("person", "网友要求人工")
        if known.question.state is QuestionState.REFUSED:
            known.question = replace(known.question, state=QuestionState.IN_REVIEW)
        step.change(known)
        step.case(known, code, reason, known.question.urgency)
        if order.address:
            step.addresses[order.comment.id] = self._core.on.vault.seal(order.address)
        if all(one.id != order.comment.id for one in known.awaiting):
            self._core.memory.await_answer(known, order.comment)

    def _new(self, comment: Comment, step: Step) -> Known:
        question = LiveQuestion(
            id=comment.id,
            room_id=comment.room_id,
            session_id=comment.session_id,
            text=comment.text,
            first_at=comment.received_at,
            state=QuestionState.IN_REVIEW,
            region=self._core.room.region,
        )
        known = Known(question, comment.received_at, first=comment)
        self._core.memory.add(known)
        self._core.memory.ask(known, comment)
        step.change(known)
        return known

    def _allow(self, comment: Comment) -> None:
        now = self._core.now
        calls = self._calls.get(comment.viewer, deque(maxlen=MOST))
        recent = [at for at in calls if now - at < WINDOW]
        if len(recent) >= MOST:
            raise Conflict("已多次转交人工，请等待工作人员答复", hint="也可以拨打12345")
        _keep(self._calls, comment.viewer, deque([*recent, now], MOST))


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)
