"""What the studio's API says of clips: those being made, and those on the shelf."""

from datetime import datetime

from pydantic import BaseModel

from assistant.domain.clips import ClipStanding, FilmJob, FilmState
from assistant.domain.studio_flow import JobState
from assistant.studio.clips.looking import Looked
from assistant.web.links import source_url
from assistant.web.studio.models import Names, Out

STANDING_NAMES = {
    ClipStanding.SHOWN: "已上架",
    ClipStanding.CHANGED: "依据已变",
    ClipStanding.DOUBTED: "待核对",
    ClipStanding.LOST: "文件缺失",
    ClipStanding.WITHDRAWN: "已下架",
}


class FilmedOut(Out):
    """What became of one clip; `shelf_id` is its id on the shelf, `why` why it is not shown."""

    clip_id: str
    title: str
    state: FilmState
    why: str
    shelf_id: str
    seconds: float


class FilmJobOut(Out):
    """The clips of an approved stream that are being made, one after the other."""

    id: str
    stream_id: str
    title: str
    version: int
    digest: str
    state: JobState
    done: int
    total: int
    says: str
    clips: tuple[FilmedOut, ...]

    @classmethod
    def of(cls, job: FilmJob) -> "FilmJobOut":
        """As it is now."""
        return cls.model_validate(job)


class ClipOut(BaseModel):
    """A clip of the shelf as it stands now. `doubts`: why answers of the same basis were withdrawn.

    `stream_id` and `approval` (its digest) name the stream that it was approved with.
    """

    id: str
    title: str
    question: str
    sentences: tuple[str, ...]
    seconds: float
    region: str | None
    standing: ClipStanding
    standing_name: str
    why: str
    doubts: tuple[str, ...]
    source_id: str
    source_title: str
    source_url: str
    by: str
    at: datetime
    stream_id: str
    approval: str
    files: dict[str, str]

    @classmethod
    def of(cls, one: Looked, names: Names) -> "ClipOut":
        """With names of people, and addresses of files."""
        clip, card = one.clip, one.clip.card
        return cls(
            id=clip.id,
            title=card.clip.title,
            question=card.clip.question,
            sentences=tuple(each.text for each in card.clip.sentences),
            seconds=card.seconds,
            region=card.region,
            standing=one.standing,
            standing_name=STANDING_NAMES[one.standing],
            why=one.why,
            doubts=tuple(each.reason for each in one.doubts),
            source_id=card.clip.source_id,
            source_title=one.source_title,
            source_url=source_url(card.clip.source_id),
            by=names.get(clip.by, clip.by),
            at=clip.at,
            stream_id=clip.stream_id,
            approval=clip.approval,
            files={name: file_url(clip.id, name) for name in card.sha256},
        )


class ClipsOut(BaseModel):
    """The newest first."""

    clips: tuple[ClipOut, ...]


def file_url(clip_id: str, name: str) -> str:
    """Where staff find a file of a clip, whatever its state."""
    return f"/api/v1/studio/clips/{clip_id}/files/{name}"
