"""The room as the console's script reads it: plain JSON, the same for a snapshot and a change."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from assistant.domain.duty import Hold
from assistant.domain.live import (
    Alert,
    Comment,
    Cue,
    Decision,
    LiveQuestion,
    Reply,
    ReplyState,
    ReviewCase,
    Room,
)
from assistant.domain.live_commit import Commit, Entry
from assistant.live.broadcast.shown import Shown
from assistant.live.hub import RoomEvent
from assistant.live.seams import PlatformState
from assistant.live.snapshot import Snapshot
from assistant.live.states import state_name
from assistant.stage.hub import StageHub

Json = dict[str, Any]
HELD_NAMES: Mapping[Hold, str] = {
    Hold.DUTY: "值班人员不在岗：自动答复已停，新问题排队，只播审核过的内容",
    Hold.HOURS: "不在自动答复时段：新问题排队，只播审核过的内容",
}


def snapshot_view(now: Snapshot) -> Json:
    """Everything a console begins with."""
    return {
        "number": now.number,
        "room": room_view(now.room),
        "entries": [_entry(one) for one in now.entries],
        "questions": [_question(one) for one in now.questions],
        "cases": [_case(one) for one in now.cases],
        "alerts": [_alert(one) for one in now.alerts],
        "uncertain": [_reply(one) for one in now.uncertain],
        **speech_view(now),
    }


def speech_view(now: Snapshot) -> Json:
    """What is said, what waits, and the counts."""
    return {
        "now": _time(now.at),
        "current": _cue(now.current) if now.current else None,
        "waiting": [_cue(one) for one in now.waiting],
        "counts": now.counts,
        "broadcast": broadcast_view(now.broadcast) if now.broadcast else None,
    }


def broadcast_view(one: Shown) -> Json:
    """The script on air: where it is, its parts, what fell and why."""
    now = one.broadcast
    return {
        "id": now.id,
        "stream_id": now.stream_id,
        "title": now.title,
        "state": now.state,
        "actor": now.actor,
        "taking": now.taking,
        "part": now.position.part,
        "sentence": now.position.sentence,
        "paused": now.position.paused,
        "resumes_at": _time(now.resumes_at),
        "parts": [
            {"title": part.title, "sentences": part.sentences, "fell": part.fell}
            for part in one.parts
        ],
    }


def changes_view(events: Iterable[RoomEvent], now: Snapshot) -> Json:
    """What some steps changed, oldest first; each row replaces what the page has of it."""
    merged: Json = {"entries": {}, "decisions": {}, "questions": {}, "cases": {}, "alerts": {}}
    merged["uncertain"] = {}
    number, room = 0, None
    for event in events:
        number, room = event.number, event.room or room
        _merge(merged, event.changed)
    changed: Json = {name: list(rows.values()) for name, rows in merged.items()}
    return changed | {
        "number": number,
        "room": room_view(room) if room else None,
        **speech_view(now),
    }


def _merge(merged: Mapping[str, Json], step: Commit) -> None:
    decided = {one.comment_id: one for one in step.decisions}
    for comment in step.comments:
        merged["entries"][comment.id] = _entry(Entry(comment, decided.get(comment.id)))
    for decision in step.decisions:
        merged["decisions"][decision.comment_id] = _decision(decision)
    merged["questions"].update({one.id: _question(one) for one in step.questions})
    merged["cases"].update({one.id: _case(one) for one in step.cases})
    merged["alerts"].update({one.id: _alert(one) for one in step.alerts})
    unsure = (one for one in step.replies if one.state is ReplyState.UNCERTAIN)
    merged["uncertain"].update({one.id: _reply(one) for one in unsure})


def room_view(room: Room) -> Json:
    """The room's own row."""
    return {
        "id": room.id,
        "name": room.name,
        "state": room.state,
        "state_name": state_name(room.state),
        "automatic": room.automatic,
        "automatic_by": room.automatic_by,
        "muted": room.muted,
        "topic": room.topic,
        "session_id": room.session_id,
        "heartbeat_at": _time(room.heartbeat_at),
        "held": held_name(room.held) if room.automatic else "",
        "present_at": _time(room.present_at),
        "present_by": room.present_by,
        "silent": room.silent,
        "carded": room.carded,
    }


def held_name(hold: Hold) -> str:
    """Why no answer is given by itself, as staff read it; "" where answers are."""
    return HELD_NAMES.get(hold, "")


def platform_view(one: PlatformState) -> Json:
    """How a connector is doing."""
    return {
        "name": one.name,
        "connected": one.connected,
        "last_event_at": _time(one.last_event_at),
        "last_error": one.last_error,
        "reconnects": one.reconnects,
        "can_reply": one.can_reply,
        "is_silent": one.is_silent,
    }


def stage_view(hub: StageHub) -> Json | None:
    """How the page that speaks is doing; None where none is open."""
    speaker = hub.lines.speaker
    if speaker is None:
        return None
    status = speaker.status
    return {
        "role": speaker.role,
        "audio": status.audio,
        "figure": status.figure,
        "fps": status.fps,
        "offset": status.offset,
        "age": round(time.monotonic() - status.seen, 1) if status.seen else None,
    }


def _entry(one: Entry) -> Json:
    comment: Comment = one.comment
    return {
        "id": comment.id,
        "at": _time(comment.received_at),
        "platform": comment.platform,
        "name": comment.viewer_name or f"网友{comment.viewer[:4]}",
        "text": comment.text,
        "decision": _decision(one.decision) if one.decision else None,
    }


def _decision(one: Decision) -> Json:
    return {
        "comment_id": one.comment_id,
        "kind": one.kind,
        "code": one.code,
        "reason": one.reason,
        "question_id": one.question_id,
        "ms": round(one.decision_ms),
    }


def _question(one: LiveQuestion) -> Json:
    return {
        "id": one.id,
        "text": one.text,
        "state": one.state,
        "urgency": one.urgency,
        "asked_by": one.asked_by,
        "first_at": _time(one.first_at),
        "answer": one.answer,
        "basis": [_basis(cited.title, cited.locator, cited.quote) for cited in one.citations[:3]],
    }


def _basis(title: str, locator: str, quote: str) -> Json:
    return {"where": f"{title} {locator}".strip(), "quote": quote}


def _case(one: ReviewCase) -> Json:
    return {
        "id": one.id,
        "question_id": one.question_id,
        "code": one.code,
        "reason": one.reason,
        "urgency": one.urgency,
        "at": _time(one.made_at),
        "settled": one.settled_at is not None,
    }


def _cue(one: Cue) -> Json:
    return {
        "id": one.id,
        "kind": one.kind,
        "text": one.text,
        "state": one.state,
        "asked_by": one.asked_by,
        "question_id": one.question_id,
        "actor": one.actor,
        "seconds": one.seconds or len(one.spoken) / 4,
        "started_at": _time(one.started_at),
    }


def _alert(one: Alert) -> Json:
    return {
        "id": one.id,
        "level": one.level,
        "text": one.text,
        "at": _time(one.raised_at),
        "assignee": one.assignee,
        "comment_id": one.comment_id,
        "told": one.told_at is not None,
        "acknowledged": one.acknowledged_at is not None,
    }


def _reply(one: Reply) -> Json:
    return {"id": one.id, "platform": one.platform, "text": one.text, "at": _time(one.made_at)}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
