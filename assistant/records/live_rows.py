"""The live room's values as rows and back. Their fields are the tables' columns, by name."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import ColumnElement, Table

from assistant.domain.broadcast import Broadcast
from assistant.domain.live import (
    Alert,
    Comment,
    Cue,
    Decision,
    LiveQuestion,
    LiveSession,
    Reply,
    ReviewCase,
    Room,
    Telling,
)
from assistant.domain.review import Incident, Resolution
from assistant.records import schema_duty, schema_review
from assistant.records import schema_live as tables
from assistant.records.codec import from_json, to_json

T = TypeVar("T")

Values = dict[str, Any]
Coder = Callable[[Any], Any]


class Rows(Generic[T]):
    """One kind of value and its table."""

    def __init__(self, kind: type[T], table: Table) -> None:
        self.kind = kind
        self.table = table
        self.names = tuple(field.name for field in fields(kind))  # type: ignore[arg-type]  # all are dataclasses
        hints = get_type_hints(kind)
        self._encode = {name: _encoder(hints[name]) for name in self.names if _is_text(hints[name])}
        self._decode = [_decoder(hints[name]) for name in self.names]

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """What to select, in the order that `value` reads."""
        return [self.table.c[name] for name in self.names]

    def values(self, organization: str, value: T) -> Values:
        """The row of a value."""
        row = {name: getattr(value, name) for name in self.names}
        for name, encode in self._encode.items():
            row[name] = encode(row[name])
        row["organization_id"] = organization
        return row

    def value(self, row: Sequence[Any]) -> T:
        """The value of a row of `columns`."""
        return self.kind(
            *(
                column if decode is None or column is None else decode(column)
                for decode, column in zip(self._decode, row, strict=True)
            )
        )


def _is_tuple(hint: Any) -> bool:
    return get_origin(hint) is tuple


def _is_text(hint: Any) -> bool:
    """Whether it is stored as JSON."""
    return _is_tuple(hint) or is_dataclass(hint)


def _encoder(hint: Any) -> Coder:
    return lambda value: to_json(value, hint) if value else "[]"


def _decoder(hint: Any) -> Coder | None:
    """What makes the stored column a field again; None where it is one already."""
    if _is_tuple(hint):
        return lambda text: () if text == "[]" else from_json(hint, text)
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda text: from_json(hint, text)
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    only = kinds[0] if len(kinds) == 1 else None
    return only if isinstance(only, type) and issubclass(only, StrEnum) else None


ROOMS = Rows(Room, tables.rooms)
SESSIONS = Rows(LiveSession, tables.live_sessions)
COMMENTS = Rows(Comment, tables.comments)
DECISIONS = Rows(Decision, tables.decisions)
QUESTIONS = Rows(LiveQuestion, tables.live_questions)
CUES = Rows(Cue, tables.cues)
REPLIES = Rows(Reply, tables.replies)
CASES = Rows(ReviewCase, tables.review_cases)
ALERTS = Rows(Alert, tables.alerts)
TELLINGS = Rows(Telling, schema_duty.alert_tellings)
RESOLUTIONS = Rows(Resolution, schema_review.review_resolutions)
INCIDENTS = Rows(Incident, schema_review.incidents)
BROADCASTS = Rows(Broadcast, tables.broadcasts)
