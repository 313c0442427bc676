"""What the studio's API says of versions: who changed what, and what differs."""

from datetime import datetime

from pydantic import BaseModel

from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import (
    VersionNote,
)
from assistant.studio.differing import Difference, Op
from assistant.studio.naming import place_name
from assistant.web.studio.models import Names, Out


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
