"""Everything that the editor's page shows."""

from datetime import datetime

from pydantic import BaseModel

from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import (
    Comment,
    CommentState,
    Problem,
    Step,
)
from assistant.studio.anchors import Anchor, Anchored
from assistant.studio.drafting.files import PLAN_NAMES
from assistant.studio.naming import place_name
from assistant.studio.standing import Ground
from assistant.studio.views import StreamView
from assistant.web.links import source_url
from assistant.web.studio.models import Names, Out, StreamOut
from assistant.web.studio.models_texts import (
    ClipOut,
    FactOut,
    PlanOut,
    SegmentOut,
    SlideOut,
    TextOut,
    Texts,
    facts_of,
)


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
        draft, texts = view.draft, Texts(view)
        seconds = sum(one.seconds for one in draft.segments)
        near = view.near
        return cls(
            stream=StreamOut.of(view.stream, names),
            facts=facts_of(view),
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
