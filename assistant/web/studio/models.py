"""What the studio's API says of streams."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from assistant.domain.studio import Segment, Slide, StreamDraft, StreamKind
from assistant.domain.studio_flow import (
    STATE_NAMES,
    Comment,
    CommentState,
    Problem,
    Step,
    Stream,
    StreamState,
    VersionNote,
)
from assistant.studio.anchors import Anchor, Anchored
from assistant.studio.differing import Difference, Op
from assistant.studio.drafting.files import PLAN_NAMES
from assistant.studio.naming import place_name
from assistant.studio.places import part_of, spots
from assistant.studio.standing import Ground
from assistant.studio.views import StreamView
from assistant.web.links import source_url

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


class FactOut(BaseModel):
    """What a sentence rests on."""

    id: str
    text: str
    source: str
    locator: str
    url: str | None


class TextOut(BaseModel):
    """What stands at a place. `mark`: why it should be looked at again."""

    place: str
    text: str
    facts: tuple[str, ...] = ()
    mark: str = ""
    problems: tuple[str, ...] = ()


class SegmentOut(BaseModel):
    """A segment: when, what is shown, said, captioned, and what viewers are asked."""

    id: str
    name: str
    title: str
    kind: str
    starts: float
    seconds: float
    open_seconds: float
    slides: tuple[str, ...]
    sentences: tuple[TextOut, ...]
    caption: TextOut
    interaction: TextOut
    made_by: str
    fallback: str


class SlideOut(BaseModel):
    """A slide with its texts in order."""

    id: str
    name: str
    title: str
    part: str
    texts: tuple[TextOut, ...]
    mark: str = ""


class ClipOut(BaseModel):
    """A guide clip. `film_seconds`: how long its film will be, with label and pauses."""

    id: str
    title: str
    question: str
    seconds: float
    film_seconds: float
    sentences: tuple[TextOut, ...]


class PlanOut(BaseModel):
    """A field of the plan."""

    place: str
    name: str
    text: str
    problems: tuple[str, ...] = ()


class ProblemOut(Out):
    """What stands against an approval, with its place in words."""

    place: str
    name: str
    words: str
    reason: str
    suggestion: str
    blocks: bool
    code: str


class GroundOut(BaseModel):
    """A source on the day of broadcast."""

    source_id: str
    title: str
    url: str
    why: str
    changed: int


class CommentOut(BaseModel):
    """A remark with where it belongs now."""

    id: str
    place: str
    how: Anchored
    name: str
    quote: str
    text: str
    suggestion: str
    author: str
    at: datetime
    state: CommentState
    settled_by: str


class ViewOut(BaseModel):
    """Everything that the editor's page shows."""

    stream: StreamOut
    facts: dict[str, FactOut]
    segments: tuple[SegmentOut, ...]
    slides: tuple[SlideOut, ...]
    clips: tuple[ClipOut, ...]
    announcement: tuple[TextOut, TextOut]
    plan: tuple[PlanOut, ...]
    problems: tuple[ProblemOut, ...]
    grounds: tuple[GroundOut, ...]
    comments: tuple[CommentOut, ...]
    near: str
    near_url: str
    steps: tuple[Step, ...]
    writes: bool
    comments_on: bool
    wrote: bool
    blocked: bool
    minutes: float
    wanted_minutes: int | None
    fallbacks: tuple[str, ...]

    @classmethod
    def of(cls, view: StreamView, names: Names) -> "ViewOut":
        """With names of people and places."""
        draft, texts = view.draft, _Texts(view)
        seconds = sum(one.seconds for one in draft.segments)
        near = view.near
        return cls(
            stream=StreamOut.of(view.stream, names),
            facts=_facts(view),
            segments=tuple(texts.segment(n, s) for n, s in enumerate(draft.segments, 1)),
            slides=tuple(texts.slide(one) for one in draft.deck.slides),
            clips=tuple(
                ClipOut(
                    id=one.id,
                    title=one.title,
                    question=one.question,
                    seconds=one.seconds,
                    film_seconds=round(view.clip_seconds[one.id], 1),
                    sentences=texts.said(one.id, len(one.sentences)),
                )
                for one in draft.clips
            ),
            announcement=(texts.at("announcement.title"), texts.at("announcement")),
            plan=tuple(texts.plan(name) for name in PLAN_NAMES),
            problems=tuple(_problem(one, draft) for one in view.problems),
            grounds=tuple(map(_ground, view.grounds)),
            comments=tuple(_comment(*one, draft, names) for one in view.comments),
            near=f"与《{near.title}》有 {near.share:.0%} 相同" if near else "",
            near_url=f"/console/studio/streams/{near.stream_id}" if near else "",
            steps=view.steps,
            writes=view.writes,
            comments_on=view.comments_on,
            wrote=view.wrote,
            blocked=view.blocked,
            minutes=round(seconds / 60, 1),
            wanted_minutes=draft.brief.minutes,
            fallbacks=draft.fallbacks,
        )


class _Texts:
    """The texts of a view by place, with marks and problems."""

    def __init__(self, view: StreamView) -> None:
        self._draft = view.draft
        self._spots = {one.place: one for one in spots(view.draft)}
        self._marks = {one.place: one.why for one in view.stream.marks}
        self._problems: dict[str, list[str]] = {}
        for one in view.problems:
            if one.code != "stale":
                self._problems.setdefault(one.place, []).append(one.reason)

    def at(self, place: str) -> TextOut:
        one = self._spots[place]
        found = tuple(self._problems.get(place, ()))
        return TextOut(
            place=place,
            text=one.text,
            facts=one.facts,
            mark=self._marks.get(place, ""),
            problems=found,
        )

    def said(self, owner: str, count: int) -> tuple[TextOut, ...]:
        return tuple(self.at(f"{owner}.{number}") for number in range(1, count + 1))

    def segment(self, number: int, one: Segment) -> SegmentOut:
        return SegmentOut(
            id=one.id,
            name=f"第{number}段",
            title=one.title,
            kind=one.kind.value,
            starts=one.starts,
            seconds=one.seconds,
            open_seconds=one.open_seconds,
            slides=self._shown(one),
            sentences=self.said(one.id, len(one.sentences)),
            caption=self.at(f"{one.id}.caption"),
            interaction=self.at(f"{one.id}.interaction"),
            made_by=one.made_by.value,
            fallback=one.fallback,
        )

    def _shown(self, one: Segment) -> tuple[str, ...]:
        """The slides of a segment with those that they were divided into."""
        ids = [slide.id for slide in self._draft.deck.slides]
        return tuple(i for i in ids if i in one.slides or i.rpartition("~")[0] in one.slides)

    def slide(self, one: Slide) -> SlideOut:
        own = f"slide {one.id}"
        return SlideOut(
            id=one.id,
            name=place_name(own, self._draft),
            title=one.title,
            part=one.part,
            texts=tuple(self.at(place) for place in self._spots if part_of(place) == own),
            mark=self._marks.get(own, ""),
        )

    def plan(self, name: str) -> PlanOut:
        place = f"plan.{name}"
        text = self.at(place)
        return PlanOut(place=place, name=PLAN_NAMES[name], text=text.text, problems=text.problems)


def _facts(view: StreamView) -> dict[str, FactOut]:
    titles = {one.source_id: one.title for one in view.grounds}
    return {
        one.id: FactOut(
            id=one.id,
            text=one.text,
            source=titles.get(one.source_id, "需求"),
            locator=one.locator,
            url=source_url(one.source_id) if one.source_id in titles else None,
        )
        for one in view.draft.facts
    }


def _problem(one: Problem, draft: StreamDraft) -> ProblemOut:
    return ProblemOut(
        place=one.place,
        name=place_name(one.place, draft),
        words=one.words,
        reason=one.reason,
        suggestion=one.suggestion,
        blocks=one.blocks,
        code=one.code,
    )


def _ground(one: Ground) -> GroundOut:
    return GroundOut(
        source_id=one.source_id,
        title=one.title,
        url=source_url(one.source_id),
        why=one.why,
        changed=len(one.changed),
    )


def _comment(one: Comment, at: Anchor, draft: StreamDraft, names: Names) -> CommentOut:
    return CommentOut(
        id=one.id,
        place=at.place,
        how=at.how,
        name=place_name(at.place or one.place, draft) if at.place or one.place else "整份稿子",
        quote=one.quote,
        text=one.text,
        suggestion=one.suggestion,
        author=names.get(one.author, one.author),
        at=one.at,
        state=one.state,
        settled_by=names.get(one.settled_by, one.settled_by),
    )


class NoteOut(BaseModel):
    """Who changed what."""

    number: int
    actor: str
    at: datetime
    what: str

    @classmethod
    def of(cls, one: VersionNote, names: Names) -> "NoteOut":
        """With the name."""
        return cls(
            number=one.number, actor=names.get(one.actor, one.actor), at=one.at, what=one.what
        )


class PieceOut(Out):
    """A run of text: the same, put in or taken out."""

    op: Op
    text: str


class DifferenceOut(BaseModel):
    """One place that differs."""

    place: str
    name: str
    pieces: tuple[PieceOut, ...]

    @classmethod
    def of(cls, one: Difference, draft: StreamDraft) -> "DifferenceOut":
        """With the place in words."""
        pieces = tuple(PieceOut.model_validate(piece) for piece in one.pieces)
        return cls(place=one.place, name=place_name(one.place, draft), pieces=pieces)


class ChangesOut(BaseModel):
    """What differs between two versions."""

    old: int
    new: int
    differences: tuple[DifferenceOut, ...]
