"""What becomes of an answered question. Pure: the rules of going on air, in one place."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.duty import Hold
from assistant.domain.live import OutcomeKind, QuestionState
from assistant.domain.verdict import Action
from assistant.live.steps import Ruling

_K = OutcomeKind
HELD: Mapping[Hold, tuple[str, str]] = {
    Hold.DUTY: ("no_officer", "值班人员不在岗，留待工作人员确认"),
    Hold.HOURS: ("off_hours", "不在自动答复的时段，留待工作人员确认"),
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the room stands when an answer is there.

    `hold` says why automatic mode stands still, if it does. `wait` is the predicted time until it
    would be voiced, `patience` the longest that is allowed (both in seconds on air). `unsafe` says
    why the text may not go out. `same` is an earlier question with the same answer.
    """

    automatic: bool
    hold: Hold
    wait: float
    patience: float
    unsafe: str = ""
    same: str | None = None


def rule(action: Action, reasons: tuple[str, ...], on: Conditions) -> Ruling:
    """The end of the comment that asked first. Whatever is in doubt goes to a person."""
    why = "；".join(reasons)
    if action is Action.REFUSE:
        return Ruling(_K.SET_ASIDE, "refused", why or "不宜在直播间答复", action)
    return _kept(action, why, on) or _given(action, why, on)


def _kept(action: Action, why: str, on: Conditions) -> Ruling | None:
    """Why a person must look first, if one must."""
    if action is Action.REVIEW:
        return Ruling(_K.QUEUED_FOR_REVIEW, "no_support", why or "依据不足，需人工核实", action)
    if on.unsafe:
        return Ruling(_K.QUEUED_FOR_REVIEW, "unsafe_answer", f"答复{on.unsafe}", Action.REVIEW)
    if not on.automatic:
        return Ruling(_K.QUEUED_FOR_REVIEW, "manual", "未开自动模式，等待工作人员确认", action)
    return Ruling(_K.QUEUED_FOR_REVIEW, *HELD[on.hold], action) if on.hold else None


def _given(action: Action, why: str, on: Conditions) -> Ruling:
    """By which way the answer reaches people."""
    if action is Action.CLARIFY:
        return Ruling(_K.REPLIED, "clarify", why or "几个事项都符合，请提问者选择", action)
    if on.same is not None:
        return Ruling(_K.MERGED, "same_answer", "与刚答复过的问题答案相同，已合并", action)
    if on.wait > on.patience:
        return Ruling(_K.REPLIED, "no_time", "口播排队过长，以文字答复", action)
    return Ruling(_K.SPOKEN, "answered", why or "依据充分", action)


STATES = {
    _K.SPOKEN: QuestionState.ANSWERED,
    _K.REPLIED: QuestionState.ANSWERED,
    _K.MERGED: QuestionState.ANSWERED,
    _K.QUEUED_FOR_REVIEW: QuestionState.IN_REVIEW,
    _K.SET_ASIDE: QuestionState.REFUSED,
}


def state_of(ruling: Ruling) -> QuestionState:
    """How far the question has come."""
    if ruling.code == "clarify":
        return QuestionState.CLARIFIED
    return STATES[ruling.kind]
