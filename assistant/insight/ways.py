"""How a question of the ledger ended, as an office counts it: each row in exactly one way."""

from collections.abc import Mapping
from enum import StrEnum

from assistant.domain.ledger import LedgerCase, LedgerRow
from assistant.domain.live import OutcomeKind, QuestionState
from assistant.domain.review import ResolutionKind


class Way(StrEnum):
    """The ends of a question, in the order in which they are told."""

    AUTOMATIC = "automatic"
    CLARIFIED = "clarified"
    PERSON = "person"
    QUEUED = "queued"
    REFUSED = "refused"
    SET_ASIDE = "set_aside"


WAY_NAMES: Mapping[Way, str] = {
    Way.AUTOMATIC: "自动答复",
    Way.CLARIFIED: "追问",
    Way.PERSON: "人工答复",
    Way.QUEUED: "待人工",
    Way.REFUSED: "不予答复",
    Way.SET_ASIDE: "未作答",
}
ANSWERED = (Way.AUTOMATIC, Way.CLARIFIED, Way.PERSON)
"""The viewer got something."""
_BY_PERSON = frozenset(
    {
        ResolutionKind.APPROVE,
        ResolutionKind.EDIT,
        ResolutionKind.ANSWER,
        ResolutionKind.ASK_BACK,
    }
)
_BY_STATE: Mapping[QuestionState, Way] = {
    QuestionState.OPEN: Way.QUEUED,
    QuestionState.ANSWERED: Way.AUTOMATIC,
    QuestionState.CLARIFIED: Way.CLARIFIED,
    QuestionState.IN_REVIEW: Way.QUEUED,
    QuestionState.REFUSED: Way.REFUSED,
}
_BY_OUTCOME: Mapping[OutcomeKind, Way] = {
    OutcomeKind.SPOKEN: Way.AUTOMATIC,
    OutcomeKind.REPLIED: Way.AUTOMATIC,
    OutcomeKind.QUEUED_FOR_REVIEW: Way.QUEUED,
    OutcomeKind.MERGED: Way.SET_ASIDE,
    OutcomeKind.SET_ASIDE: Way.SET_ASIDE,
}


def way_of(row: LedgerRow) -> Way:
    """How it ended, as far as it has come now. What a person settled counts before the rest."""
    if (settled := _settled(row.case)) is not None:
        return settled
    if row.state is None:
        return _BY_OUTCOME[row.outcome]
    if row.state is QuestionState.ANSWERED and row.approver:
        return Way.PERSON
    return _BY_STATE[row.state]


def _settled(case: LedgerCase | None) -> Way | None:
    """What the desk made of it; None where that changed nothing for the viewer."""
    if case is None or case.sent_at is None or case.kind is None:
        return None
    if case.kind is ResolutionKind.REJECT:
        return Way.REFUSED
    return Way.PERSON if case.kind in _BY_PERSON else None
