"""The journal's lines: length, CRC-32 (8 hexadecimal digits each) and payload, then a newline.

A frame holds all that was written and synced together, so that what a crash tears is always the
last frame, and nothing in it was acknowledged. Whatever stands before a readable frame and cannot
be read itself was damaged later.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zlib import crc32

from assistant.domain.live import Comment

HEAD = 18
"""Bytes before the payload."""


@dataclass(frozen=True, slots=True)
class Record:
    """A comment and the sealed address of its viewer ("" where there is none)."""

    comment: Comment
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A readable frame: its payload, and the bytes it takes from `start` to `end`."""

    start: int
    end: int
    payload: bytes


@dataclass(slots=True)
class Scan:
    """What a file holds. `damaged` are (start, end) of unreadable parts before readable ones.

    From `end` on there is nothing readable: the torn rest of a last write.
    """

    frames: list[Frame] = field(default_factory=list)
    damaged: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0


def frame(records: Sequence[Record]) -> bytes:
    """One frame of all these records."""
    rows = [_row(record) for record in records]
    payload = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return b"%08x %08x %b\n" % (len(payload), crc32(payload), payload)


def records_of(payload: bytes) -> list[Record]:
    """The records of a frame. Raises ValueError, KeyError or TypeError for another format."""
    return [_record(row) for row in json.loads(payload)]


def scan(data: bytes, start: int = 0) -> Scan:
    """Read every frame from a position on, past damaged parts."""
    found = Scan(end=start)
    for each in _frames(data, start):
        if each.start > found.end:
            found.damaged.append((found.end, each.start))
        found.frames.append(each)
        found.end = each.end
    return found


def _frames(data: bytes, at: int) -> Iterator[Frame]:
    while at < len(data):
        if each := _frame_at(data, at):
            yield each
            at = each.end
        elif line_end := data.find(b"\n", at) + 1:
            at = line_end
        else:
            return


def _frame_at(data: bytes, start: int) -> Frame | None:
    head = data[start : start + HEAD]
    try:
        length, check = int(head[:8], 16), int(head[9:17], 16)
    except ValueError:
        return None
    end = start + HEAD + length + 1
    payload = data[start + HEAD : end - 1]
    whole = head[8:9] == head[17:18] == b" " and data[end - 1 : end] == b"\n"
    return Frame(start, end, payload) if whole and crc32(payload) == check else None


def _row(record: Record) -> dict[str, Any]:
    comment = record.comment
    return {
        "id": comment.id,
        "room": comment.room_id,
        "session": comment.session_id,
        "platform": comment.platform,
        "event": comment.event_id,
        "at": comment.received_at.isoformat(),
        "viewer": comment.viewer,
        "name": comment.viewer_name,
        "text": comment.text,
        "hidden": comment.hidden,
        "sealed": record.sealed,
    }


def _record(row: dict[str, Any]) -> Record:
    comment = Comment(
        id=row["id"],
        room_id=row["room"],
        session_id=row["session"],
        platform=row["platform"],
        event_id=row["event"],
        received_at=datetime.fromisoformat(row["at"]),
        viewer=row["viewer"],
        viewer_name=row["name"],
        text=row["text"],
        hidden=tuple(row["hidden"]),
    )
    return Record(comment, row["sealed"])
