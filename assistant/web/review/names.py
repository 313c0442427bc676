"""Chinese names of what the desk keeps as codes."""

from collections.abc import Mapping

from assistant.domain.answer import Route
from assistant.domain.review import ROOMLESS, WITHDRAWN, CaseState, LearnedState, ResolutionKind
from assistant.domain.source import Status
from assistant.review.views import CaseView, Validity

ROUTE_NAMES: Mapping[Route, str] = {
    Route.GUIDE: "按办事指南",
    Route.LINKED: "按俗称对应的指南",
    Route.POLICY: "按政策条文",
    Route.FAQ: "按常见问答",
    Route.CLARIFY: "追问",
    Route.MODEL: "模型改写",
    Route.NONE: "",
}
STATE_NAMES: Mapping[CaseState, str] = {
    CaseState.WAITING: "待复核",
    CaseState.SENDING: "等待发出",
    CaseState.RESOLVED: "已处理",
    CaseState.HANDED: "部门办理中",
}
LEARNED_NAMES: Mapping[LearnedState, str] = {
    LearnedState.PENDING: "等第二个人同意",
    LearnedState.ACTIVE: "正在用来答复",
    LearnedState.SUSPENDED: "依据变了，已停用",
    LearnedState.WITHDRAWN: "已撤回",
}
KIND_NAMES: Mapping[ResolutionKind, str] = {
    ResolutionKind.APPROVE: "原样批准",
    ResolutionKind.EDIT: "修改后批准",
    ResolutionKind.ANSWER: "自己答复",
    ResolutionKind.ASK_BACK: "追问",
    ResolutionKind.REJECT: "不作答",
    ResolutionKind.HAND_OVER: "转部门",
    ResolutionKind.CONFIRM: "确认无误",
}
CONFIRMING = ROOMLESS | {WITHDRAWN}
"""Codes of cases about an answer that stands: what is approved is that it was right."""


def confirms(view: CaseView) -> bool:
    """Whether approving this case means that an answer is right as it stands."""
    return view.row.code in CONFIRMING and bool(view.given or view.learned)


def validity_label(one: Validity) -> tuple[str, str]:
    """(words, tone) of a cited source as it is today; tones as `web.validity`."""
    if one.in_force:
        partly = one.status is Status.PARTLY_REPEALED
        return ("部分失效", "soon") if partly else ("现行有效", "good")
    if one.status is Status.REPEALED:
        return "已废止", "bad"
    return one.why or "已失效", "bad"
