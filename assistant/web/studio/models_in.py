"""What clients send to the studio's API, and what it says of briefs and jobs."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from assistant.domain.source import SourceHeader, SourceKind, in_force
from assistant.domain.studio import Brief, StreamKind
from assistant.domain.studio_flow import CommentState, DraftJob, JobState
from assistant.web.links import source_url

Place = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=5000)]
Ids = Annotated[tuple[Annotated[str, Field(max_length=500)], ...], Field(max_length=20)]


class In(BaseModel):
    """Unknown fields are a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskIn(In):
    """A brief of one line."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    region: Annotated[str | None, Field(max_length=12)] = None


class BriefIn(In):
    """A brief as the editor wants it: `items` and `policies` are ids of sources."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    kind: StreamKind
    title: Annotated[str, Field(min_length=1, max_length=100)]
    day: date | None = None
    minutes: Annotated[int | None, Field(ge=1, le=240)] = None
    audience: Annotated[str, Field(max_length=60)] = ""
    region: Annotated[str | None, Field(max_length=12)] = None
    items: Ids = ()
    policies: Ids = ()
    emphasis: Annotated[tuple[str, ...], Field(max_length=12)] = ()
    begins: time | None = None
    platform: Annotated[str, Field(max_length=60)] = ""
    frequency: Annotated[str, Field(max_length=60)] = ""

    def brief(self) -> Brief:
        """As drafting takes it."""
        return Brief(**self.model_dump())


class RestsOut(BaseModel):
    """A source that a draft would rest on; `why` it cannot on that day, "" where it can."""

    id: str
    title: str
    kind: SourceKind
    url: str
    why: str


class BriefOut(BaseModel):
    """What was understood: `missing` is asked back, `assumed` names each default."""

    text: str
    kind: StreamKind
    title: str
    day: date | None
    minutes: int | None
    audience: str
    region: str | None
    emphasis: tuple[str, ...]
    begins: time | None
    platform: str
    frequency: str
    missing: tuple[str, ...]
    assumed: tuple[str, ...]
    sources: tuple[RestsOut, ...]

    @classmethod
    def of(cls, one: Brief, headers: Mapping[str, SourceHeader], today: date) -> "BriefOut":
        """With the sources by name."""
        day = one.day or today
        found = [headers[i] for i in (*one.items, *one.policies) if i in headers]
        return cls(
            **{name: getattr(one, name) for name in cls.model_fields if name != "sources"},
            sources=tuple(_source(header, day) for header in found),
        )


def _source(header: SourceHeader, day: date) -> RestsOut:
    return RestsOut(
        id=header.id,
        title=header.title,
        kind=header.kind,
        url=source_url(header.id),
        why="" if in_force(header, day) else "播出那天不是现行有效",
    )


class JobOut(BaseModel):
    """How far a draft is; `stream_id` when it is there."""

    id: str
    state: JobState
    done: int
    total: int
    says: str
    title: str
    stream_id: str | None
    made_at: datetime

    @classmethod
    def of(cls, one: DraftJob) -> "JobOut":
        """A job as pages show it."""
        return cls(
            id=one.id,
            state=one.state,
            done=one.done,
            total=one.total,
            says=one.says,
            title=one.brief.title,
            stream_id=one.stream_id,
            made_at=one.made_at,
        )


class JobsOut(BaseModel):
    """One's own jobs that are not over."""

    jobs: tuple[JobOut, ...]


class WordsIn(In):
    """Another text at a place. `was`: what stood there when the writer began."""

    place: Place
    text: Text
    was: Text


class SentenceIn(In):
    """A new sentence behind another one."""

    after: Place
    text: Text


class CheckedIn(In):
    """Places that were looked at; none means all."""

    places: Annotated[tuple[Place, ...], Field(max_length=500)] = ()


class RedoIn(In):
    """A segment (`s3`) or slide (`slide ID`), and how it is wished to be."""

    place: Place
    wish: Annotated[str, Field(max_length=100)] = ""


class CommentIn(In):
    """A remark; with `suggestion` the sentence as it should be."""

    place: Annotated[str, Field(max_length=200)] = ""
    text: Text = ""
    suggestion: Text = ""


class SettleIn(In):
    """How a comment is dealt with."""

    state: Literal[CommentState.DONE, CommentState.ACCEPTED, CommentState.REFUSED]


class SeenIn(In):
    """The version that was looked at."""

    version: Annotated[int, Field(ge=1)]


class AskedIn(SeenIn):
    """What is to be changed."""

    text: Text


class ScheduleIn(In):
    """When it begins, and where."""

    starts_at: AwareDatetime
    room_id: Annotated[str | None, Field(max_length=100)] = None
