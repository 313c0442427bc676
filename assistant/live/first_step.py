"""From sorted comments to the step that answers or queues each of them: decided without a model."""

import time
from collections.abc import Mapping
from dataclasses import replace

import structlog

from assistant.domain.live import (
    AlertLevel,
    Comment,
    Decision,
    LiveQuestion,
    OutcomeKind,
    QuestionState,
    Urgency,
)
from assistant.domain.screening import Severity
from assistant.domain.verdict import Action
from assistant.live import lines, night
from assistant.live.core import HARMFUL, Core
from assistant.live.limits import Limits
from assistant.live.memory import Known
from assistant.live.repeats import repeat
from assistant.live.seams import CommentKind
from assistant.live.sorting import Sort, Sorted
from assistant.live.steps import Ruling, Step

log = structlog.get_logger()
_K = OutcomeKind
SHORT = 8
"""Characters up to which a question may lean on the viewer's earlier one."""
FLOOD = "flood"
"""The one code of the screen that speaks of how often, not of what: its text may be shown."""
NOISE = {
    CommentKind.GREETING: Ruling(_K.SET_ASIDE, "greeting", "问候"),
    CommentKind.PRAISE: Ruling(_K.SET_ASIDE, "praise", "称赞或感谢"),
    CommentKind.OFF_TOPIC: Ruling(_K.SET_ASIDE, "off_topic", "与政务服务无关"),
}
CHATTER = Ruling(_K.SET_ASIDE, "chatter", "闲聊，没有提问")
EMERGENCY = Ruling(_K.REPLIED, "emergency", "可能有生命危险，已告知报警或急救电话并通知值班人员")
COMPLAINT = Ruling(_K.QUEUED_FOR_REVIEW, "complaint", "投诉，已登记待处理", Action.REVIEW)
IDENTITY = Ruling(_K.REPLIED, "identity", "询问是否真人，已用固定说明答复", Action.ANSWER)
FAILED = Ruling(_K.QUEUED_FOR_REVIEW, "system_error", "系统处理出错，已转人工", Action.REVIEW)
CROWDED = Ruling(
    _K.QUEUED_FOR_REVIEW, "too_many", "同时提问过多，留待人工或直播后答复", Action.REVIEW
)


class FirstStep:
    """Places the comments of one batch; what is to be answered stands in `asked` afterwards."""

    def __init__(self, core: Core, limits: Limits, queued: int, began: float) -> None:
        self.step = Step(core)
        self.asked: list[Known] = []
        self._core = core
        self._limits = limits
        self._queued = queued
        self._began = began

    def place(self, one: Sorted, sealed: Mapping[str, str]) -> None:
        """Put one comment where it belongs. A failure puts it before a person."""
        self.step.comments.append(one.comment)
        replies = len(self.step.replies)
        self._try(one)
        id_ = one.comment.id
        told = len(self.step.replies) > replies or self._core.memory.awaits(id_)
        if told and id_ in sealed:
            self.step.addresses[id_] = sealed[id_]

    def _try(self, one: Sorted) -> None:
        try:
            self._place(one)
        except Exception as error:
            log.exception("comment_not_placed", comment=one.comment.id, kind=type(error).__name__)
            self.step.decisions.pop(one.comment.id, None)
            self._in_review(one, FAILED, night.holding(self._core), Urgency.NORMAL)

    def _place(self, one: Sorted) -> None:
        match one.sort:
            case Sort.EMERGENCY:
                self._emergency(one)
            case Sort.HARMFUL:
                self._harmful(one)
            case Sort.QUESTION:
                self._question(one)
            case Sort.REPEAT:
                self._repeat(one)
            case Sort.COMPLAINT:
                self._in_review(one, COMPLAINT, night.complaint(self._core), one.triaged.urgency)
            case Sort.IDENTITY:
                self._decide(one, IDENTITY)
                self.step.reply(one.comment, lines.IDENTITY)
            case Sort.NOISE:
                self._noise(one)
            case Sort.FAILED:
                self._in_review(one, FAILED, night.holding(self._core), Urgency.NORMAL)

    def _emergency(self, one: Sorted) -> None:
        """Whom to call, at once; a person is told, and keeps it in the queue."""
        line = lines.emergency(one.triaged.call)
        self._in_review(one, EMERGENCY, line, Urgency.EMERGENCY)
        if self._limits.may(f"emergency:{one.comment.viewer}", self._core.on.config.alert_every):
            text = "有网友的评论提到生命危险，请立即查看并联系"
            self.step.alert("emergency", AlertLevel.EMERGENCY, text, one.comment.id)

    def _harmful(self, one: Sorted) -> None:
        screened = one.screened
        code = screened.code if screened.code == FLOOD else f"{HARMFUL}{screened.code}"
        self._decide(one, Ruling(_K.SET_ASIDE, code, screened.reason or "不宜播出"))
        serious = screened.severity is Severity.SERIOUS
        if serious and self._limits.may(code, self._core.on.config.alert_every):
            text = f"出现严重不当评论（{screened.reason or screened.code}），已屏蔽"
            self.step.alert(screened.code, AlertLevel.WARNING, text, one.comment.id)

    def _question(self, one: Sorted) -> None:
        """Undecided until it is answered; the viewer's earlier question goes with it."""
        known = self._known(one, QuestionState.OPEN)
        known.history = self._core.memory.earlier(one.comment)
        self._core.memory.note(one.comment, known.question.id)
        self._urgent(one, known)
        ahead = self._queued + len(self.asked)
        if ahead >= self._core.on.config.longest_queue:
            self._to_person(known, one, CROWDED, night.holding(self._core))
            return
        self._core.memory.await_answer(known, one.comment)
        self.asked.append(known)
        if ahead >= self._core.on.config.receipt_from:
            self.step.reply(one.comment, lines.RECEIPT)

    def _repeat(self, one: Sorted) -> None:
        known = self._core.memory.get(one.question_id or "")
        if known is None or self._leans_on_another(one.comment, known):
            self._question(one)
            return
        self._core.memory.note(one.comment, known.question.id)
        ruling = repeat(known, one.comment, self.step)
        self._urgent(one, known)
        self.step.change(known)
        self._decide(one, ruling, known)

    def _leans_on_another(self, comment: Comment, known: Known) -> bool:
        """Whether the same words after another question may be another question.

        A short one may live on what the viewer asked before it (那要多少钱).
        """
        memory = self._core.memory
        if len(comment.text) > SHORT or memory.asked_last(comment.viewer) == known.question.id:
            return False
        return memory.earlier(comment) != known.history

    def _urgent(self, one: Sorted, known: Known) -> None:
        """A person first: a case and an alert, while the answer is looked for all the same."""
        if one.triaged.urgency is not Urgency.URGENT:
            return
        self.step.change(known, replace(known.question, urgency=Urgency.URGENT))
        self.step.case(known, "urgent", "紧急求助，请优先处理", Urgency.URGENT)
        self.step.reply(one.comment, lines.URGENT)
        key = f"urgent:{known.question.id}"
        if self._limits.may(key, self._core.on.config.alert_every):
            text = "有网友紧急求助，请优先处理"
            self.step.alert("urgent", AlertLevel.URGENT, text, one.comment.id)

    def _noise(self, one: Sorted) -> None:
        self._decide(one, NOISE.get(one.triaged.kind, CHATTER))
        config = self._core.on.config
        if one.triaged.kind is CommentKind.GREETING and self._limits.may(
            "greeting", config.greeting_every
        ):
            self.step.reply(one.comment, lines.GREETING)
        if one.triaged.kind is CommentKind.OFF_TOPIC and self._limits.may(
            "redirect", config.redirect_every
        ):
            self.step.reply(one.comment, lines.REDIRECT)

    def _in_review(self, one: Sorted, ruling: Ruling, line: str, urgency: Urgency) -> None:
        known = self._known(one, QuestionState.IN_REVIEW)
        known.question = replace(known.question, urgency=urgency)
        self._to_person(known, one, ruling, line)

    def _to_person(self, known: Known, one: Sorted, ruling: Ruling, line: str) -> None:
        question = replace(
            known.question, state=QuestionState.IN_REVIEW, action=ruling.action or Action.REVIEW
        )
        self.step.change(known, question)
        self.step.case(known, ruling.code, ruling.reason, question.urgency)
        self._core.memory.await_answer(known, one.comment)
        known.decision = self._decide(one, ruling, known)
        self.step.reply(one.comment, line)

    def _known(self, one: Sorted, state: QuestionState) -> Known:
        """A new question of the room; it has the id of the comment that asks it first."""
        comment = one.comment
        question = LiveQuestion(
            id=comment.id,
            room_id=comment.room_id,
            session_id=comment.session_id,
            text=comment.text,
            first_at=comment.received_at,
            state=state,
            region=self._core.room.region,
        )
        known = Known(question, comment.received_at, first=comment, began=self._began)
        self._core.memory.add(known)
        self._core.memory.ask(known, comment)
        self.step.change(known)
        return known

    def _decide(self, one: Sorted, ruling: Ruling, known: Known | None = None) -> Decision:
        return self.step.decide(
            one.comment,
            ruling,
            ms=(time.perf_counter() - self._began) * 1000,
            question_id=known.question.id if known else None,
            is_question=one.triaged.kind is CommentKind.QUESTION,
        )
