"""A recorded stream (FORMATS §5), read strictly: `assistant live replay FILE`."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from assistant.domain.live import LiveEvent
from assistant.errors import FormatError
from assistant.live.platforms.event_rows import EventRow, complaint

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 3_000_000_000.0
"""Seconds; beyond this no date can be made, and no stream lasts 95 years."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event of a recording: `seconds` since its beginning, the same moment as `event.at`.

    `room_id` is what the line carries; a replay puts all events into the room it was told.
    """

    seconds: float
    room_id: str
    event: LiveEvent


def read_recording(path: Path, start: datetime = EPOCH) -> Iterator[RecordedEvent]:
    """The events of a file (`.jsonl`, also `.jsonl.gz`), in its order, repeats included.

    `start` is the moment that second 0 stands for. A viewer's id is the address for replies.

    Raises:
        FormatError: no such file, not UTF-8, or a line that is no event; names file and line.
    """
    lines = 0
    for number, line in _lines(path):
        lines += 1
        yield parse_recorded(line, f"{path}:{number}", start)
    if not lines:
        raise FormatError("没有事件", where=str(path), hint="每行应为一个 JSON 对象")


def parse_recorded(line: str, where: str, start: datetime = EPOCH) -> RecordedEvent:
    """One line as an event. Raises FormatError that begins with `where`."""
    try:
        row = EventRow.model_validate_json(line)
    except ValidationError as error:
        hint = "格式见 FORMATS §5"
        raise FormatError(complaint(error), where=where, hint=hint) from None
    if row.at > _LONGEST:
        raise FormatError("键 at：应为录制开始后的秒数", where=where)
    moment = start + timedelta(seconds=row.at)
    address = row.user.id if row.user else ""
    return RecordedEvent(row.at, row.room_id, row.event(moment, reply_to=address))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with _open(path) as file:
            for number, line in enumerate(file, start=1):
                text = line.removeprefix("\ufeff") if number == 1 else line
                if text.strip():
                    yield number, text
    except UnicodeDecodeError as error:
        raise FormatError("不是 UTF-8 文本", where=str(path)) from error
    except (OSError, EOFError) as error:
        raise FormatError("文件无法读取", where=str(path), hint="请检查路径和权限") from error


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")
