"""From a reviewer's order to the resolution that is stored: what is said, and what it rests on."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assistant.access.accounts import Account
from assistant.answering.lines import fixed_line
from assistant.answering.spoken import shorten
from assistant.domain.answer import NO_DRAFT, Citation, Route
from assistant.domain.clock import Clock, NewId
from assistant.domain.review import SAID, LearnedAnswer, Resolution, ResolutionKind
from assistant.domain.verdict import Action
from assistant.errors import BadInput
from assistant.records.codec import to_json
from assistant.records.outcomes import RecordedOutcome
from assistant.review.evidence import EvidenceDesk, Rest, still_resting
from assistant.review.orders import HandOver, Settle
from assistant.review.safe_texts import SafeTexts
from assistant.review.views import EvidenceView

UNDO_WINDOW = timedelta(seconds=10)
MOST_PHRASES = 50
MORE = "详见屏幕。"
Kind = ResolutionKind


@dataclass(frozen=True, slots=True)
class Before:
    """What the reviewer had before them: the outcome of the question, its evidence today."""

    recorded: RecordedOutcome | None
    evidence: tuple[EvidenceView, ...]
    day: date
    learned: LearnedAnswer | None = None
    """The learnt answer that the case is about: it stands in for the draft."""

    @property
    def draft(self) -> str:
        """The drafted answer; "" where there is none."""
        if self.learned is not None:
            return self.learned.answer
        return self.recorded.outcome.draft.text if self.recorded else ""

    @property
    def asks_back(self) -> bool:
        """Whether the draft is a question back: approving it answers nothing."""
        drafted = self.recorded.outcome.draft if self.recorded else NO_DRAFT
        return self.learned is None and drafted.route is Route.CLARIFY


@dataclass(frozen=True, slots=True)
class Said:
    """What goes out."""

    text: str
    spoken: str
    rest: Rest


class Settling:
    """Makes resolutions; stores nothing."""

    def __init__(
        self,
        evidence: EvidenceDesk,
        texts: SafeTexts,
        clock: Clock,
        new_id: NewId,
        undo_window: timedelta = UNDO_WINDOW,
    ) -> None:
        self._evidence = evidence
        self._texts = texts
        self._clock = clock
        self._new_id = new_id
        self._undo_window = undo_window

    async def resolution(self, account: Account, order: Settle, before: Before) -> Resolution:
        """The resolution of an order. Raises BadInput that says what cannot stand."""
        if order.kind is Kind.APPROVE and before.asks_back:
            order = replace(order, kind=Kind.ASK_BACK, text=before.draft)
        said = await self._said(order, before)
        self._check(order, said)
        learnt = order.kind in SAID and order.learn and not order.personal
        now = self._clock()
        return Resolution(
            id=self._new_id(),
            kind=order.kind,
            case_ids=(),
            text=said.text,
            spoken=said.spoken,
            actor=account.id,
            actor_name=account.display_name,
            made_at=now,
            sends_at=now if order.at_once else now + self._undo_window,
            citations=said.rest.citations,
            basis=said.rest.basis,
            note=order.note,
            aloud=order.aloud and order.kind in SAID,
            learn=learnt,
            personal=order.personal,
            similar=order.similar,
            negatives=order.negatives,
            seen=seen(before, now),
            took_ms=max(0.0, order.took_ms),
        )

    def handed(self, account: Account, order: HandOver, before: Before) -> Resolution:
        """The resolution by which a department gets a case. Raises BadInput."""
        unit, now = order.unit.strip(), self._clock()
        if not unit:
            raise BadInput("部门：没有填写")
        if order.due_at <= now:
            raise BadInput("办理期限：已经过去")
        line = order.line.strip() or f"您的问题已转交{unit}办理，办结后答复。"
        self._texts.check([("部门", unit), ("备注", order.note), ("给提问人的话", line)])
        return Resolution(
            id=self._new_id(),
            kind=Kind.HAND_OVER,
            case_ids=(),
            text=line,
            spoken=shorten(line, tail=MORE),
            actor=account.id,
            actor_name=account.display_name,
            made_at=now,
            sends_at=now + self._undo_window,
            note=order.note,
            aloud=False,
            learn=False,
            seen=seen(before, now),
        )

    async def _said(self, order: Settle, before: Before) -> Said:
        text = order.text.strip()
        match order.kind:
            case Kind.APPROVE:
                return self._approved(before)
            case Kind.CONFIRM:
                return Said("", "", still_resting(before.evidence))
            case Kind.EDIT | Kind.ANSWER:
                return _voiced(_needed(text), await self._rest(order, before))
            case Kind.ASK_BACK:
                return _voiced(_needed(text), Rest())
            case Kind.REJECT:
                return _voiced(text or fixed_line(Action.REFUSE), Rest())
            case Kind.HAND_OVER:
                raise BadInput("转办要写明部门和期限")

    def _approved(self, before: Before) -> Said:
        """The draft as it stands; not where one of its sources holds no longer."""
        if not before.draft:
            raise BadInput("没有草拟的答复，不能直接通过", hint="请写答复")
        for one in before.evidence:
            if one.validity is None or not one.validity.in_force:
                title, why = one.citation.title, one.validity.why if one.validity else ""
                hint = "请修改答复或另选依据"
                raise BadInput(f"依据《{title}》{why}，不能原样通过", hint=hint)
        rest = still_resting(before.evidence)
        if before.learned is not None or before.recorded is None:
            return _voiced(before.draft, rest)
        return Said(before.draft, before.recorded.outcome.draft.spoken, rest)

    async def _rest(self, order: Settle, before: Before) -> Rest:
        """The sources that are named; an edited draft keeps its own where none is."""
        if order.sources:
            return await self._evidence.named(order.sources, before.day)
        return still_resting(before.evidence) if order.kind is Kind.EDIT else Rest()

    def _check(self, order: Settle, said: Said) -> None:
        for name, phrases in (("相似问法", order.similar), ("反例问法", order.negatives)):
            if len(phrases) > MOST_PHRASES:
                raise BadInput(f"{name}：最多 {MOST_PHRASES} 条")
        self._texts.check([("答复", said.text), ("口播", said.spoken)], said.rest.citations)
        self._texts.check([("备注", order.note)])
        self._texts.check(("相似问法", one) for one in order.similar)
        self._texts.check(("反例问法", one) for one in order.negatives)


def seen(before: Before, at: datetime) -> str:
    """What the reviewer saw, as JSON: a label for calibration."""
    recorded = before.recorded
    outcome = recorded.outcome if recorded else None
    told = {
        "outcome": recorded.id if recorded else None,
        "action": outcome.verdict.action if outcome else None,
        "draft": before.draft,
        "confidence": outcome.verdict.confidence if outcome else None,
        "reasons": outcome.verdict.reasons if outcome else (),
        "citations": _plain(tuple(one.citation for one in before.evidence)),
        "validity": [
            {"source": one.validity.source_id, "version": one.validity.version,
             "in_force": one.validity.in_force, "why": one.validity.why}
            for one in before.evidence if one.validity
        ],
        "at": at.isoformat(),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _plain(citations: tuple[Citation, ...]) -> object:
    return json.loads(to_json(citations, tuple[Citation, ...]))


def _needed(text: str) -> str:
    if not text:
        raise BadInput("答复：没有填写")
    return text


def _voiced(text: str, rest: Rest) -> Said:
    return Said(text, shorten(text, tail=MORE), rest)
