"""Small values of the live room for tests."""

from datetime import UTC, datetime
from typing import Any

from assistant.domain.live import (
    Comment,
    Cue,
    CueKind,
    Decision,
    LiveQuestion,
    OutcomeKind,
    Reply,
    ReviewCase,
)

NOON = datetime(2026, 3, 2, 4, 0, 0, 123456, tzinfo=UTC)


def comment(number: int = 1, **changes: Any) -> Comment:
    values: dict[str, Any] = {
        "id": f"c{number:04d}",
        "room_id": "hall",
        "session_id": "s1",
        "platform": "page",
        "event_id": f"e{number}",
        "received_at": NOON,
        "viewer": "v1",
        "text": f"第{number}条",
    }
    return Comment(**values | changes)


def decision(number: int = 1, kind: OutcomeKind = OutcomeKind.REPLIED, **more: Any) -> Decision:
    values: dict[str, Any] = {"code": "answered", "reason": "已答复", "decided_at": NOON}
    return Decision(f"c{number:04d}", kind, **values | more)


def question(number: int = 1, **changes: Any) -> LiveQuestion:
    return LiveQuestion(f"q{number}", "hall", "s1", "要带什么", NOON, **changes)


def cue(number: int = 1, **changes: Any) -> Cue:
    return Cue(f"u{number}", "hall", "s1", CueKind.ANSWER, "答", "答", NOON, **changes)


def reply(number: int = 1, **changes: Any) -> Reply:
    values: dict[str, Any] = {"comment_id": f"c{number:04d}", "text": "答", "made_at": NOON}
    own = {"platform": "page", "viewer": "v1"}
    return Reply(f"r{number}", "hall", "s1", **values | own | changes)


def case(number: int = 1, **changes: Any) -> ReviewCase:
    values: dict[str, Any] = {"code": "no_source", "reason": "资料未载明", "made_at": NOON}
    return ReviewCase(f"k{number}", "hall", "s1", f"q{number}", **values | changes)
