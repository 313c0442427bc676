"""The body of a webhook push: one event, an array of them, or JSON Lines; every one is read."""

import json
from collections.abc import Collection
from datetime import UTC, datetime

from pydantic import ValidationError

from assistant.domain.live import LiveEvent
from assistant.errors import BadInput, FormatError
from assistant.live.platforms.door import Rejected
from assistant.live.platforms.event_rows import EventRow, complaint

_FIRST_UNIX = 1e9
_LAST_UNIX = 1e11


def parse(
    body: bytes, now: datetime, accepts: Collection[str], limit: int, can_reply: bool
) -> tuple[list[LiveEvent], list[Rejected]]:
    """The events of a body and what is wrong with the others, by their index.

    Raises FormatError where the body as a whole is not JSON, BadInput for more than `limit`.
    """
    rows = _rows(body)
    if len(rows) > limit:
        raise BadInput(f"一次最多 {limit} 条事件", hint="请分批发送")
    events: list[LiveEvent] = []
    rejected: list[Rejected] = []
    for index, row in enumerate(rows):
        try:
            events.append(_event(row, now, accepts, can_reply))
        except FormatError as error:
            rejected.append(Rejected(index, error.message))
    return events, rejected


def _rows(body: bytes) -> list[str]:
    """The events as JSON texts."""
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise FormatError("请求体不是 UTF-8 文本") from None
    if not text.startswith("["):
        return [text] if _is_json(text) else [line for line in text.split("\n") if line.strip()]
    try:
        return [json.dumps(each) for each in json.loads(text)]
    except (ValueError, RecursionError):
        raise FormatError("请求体不是有效的 JSON 数组") from None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _event(row: str, now: datetime, accepts: Collection[str], can_reply: bool) -> LiveEvent:
    try:
        read = EventRow.model_validate_json(row)
    except ValidationError as error:
        raise FormatError(complaint(error)) from None
    if read.platform not in accepts:
        raise FormatError(f"键 platform：本房间的 webhook 只接收 {'、'.join(accepts)}")
    address = f"{read.platform} {read.user.id}" if read.user and can_reply else ""
    return read.event(_moment(read.at, now), reply_to=address)


def _moment(at: float, now: datetime) -> datetime:
    """When it happened; never later than now."""
    if at < _FIRST_UNIX:
        return now
    if at >= _LAST_UNIX:
        raise FormatError("键 at：应为 Unix 秒（不是毫秒）")
    return min(datetime.fromtimestamp(at, UTC), now)
