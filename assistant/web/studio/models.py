"""What the studio's API says of a stream without its words."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from assistant.domain.studio import StreamKind
from assistant.domain.studio_flow import (
    STATE_NAMES,
    Stream,
    StreamState,
)

Names = Mapping[str, str]


class Out(BaseModel):
    """Read from the studio's own values."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class StreamOut(Out):
    """A stream without its words."""

    id: str
    title: str
    kind: StreamKind
    state: StreamState
    state_name: str
    region: str | None
    day: date | None
    version: int
    changed_at: datetime
    starts_at: datetime | None
    room_id: str | None
    made_by: str
    alarm: str
    asked: str
    marks: int
    approved_by: str = ""
    approved_at: datetime | None = None
    digest: str = ""

    @classmethod
    def of(cls, one: Stream, names: Names) -> "StreamOut":
        """With names for people."""
        approval = one.approval
        return cls(
            id=one.id,
            title=one.title,
            kind=one.kind,
            state=one.state,
            state_name=STATE_NAMES[one.state],
            region=one.region,
            day=one.day,
            version=one.version,
            changed_at=one.changed_at,
            starts_at=one.starts_at,
            room_id=one.room_id,
            made_by=names.get(one.made_by, one.made_by),
            alarm=one.alarm,
            asked=one.asked,
            marks=len(one.marks),
            approved_by=names.get(approval.by, approval.by) if approval else "",
            approved_at=approval.at if approval else None,
            digest=approval.digest if approval else "",
        )


class StreamsOut(BaseModel):
    """The last changed first."""

    streams: tuple[StreamOut, ...]
