"""Where a comment's sentence is now: a comment is of words, and words move."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Comment
from assistant.studio.places import spots


class Anchored(StrEnum):
    """HERE: as it was. MOVED: the same words stand elsewhere. CHANGED: they are gone or edited."""

    HERE = "here"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Anchor:
    """`place` is where to look now: "" where nothing is left of it."""

    how: Anchored
    place: str


def anchor(comment: Comment, draft: StreamDraft) -> Anchor:
    """Where a comment belongs in a draft; one without a place is of the whole."""
    if not comment.place:
        return Anchor(Anchored.HERE, "")
    found = {one.place: one.text for one in spots(draft)}
    if found.get(comment.place) == comment.quote:
        return Anchor(Anchored.HERE, comment.place)
    same = [place for place, text in found.items() if text == comment.quote and text]
    if same:
        owner = comment.place.split(".")[0]
        near = [place for place in same if place.split(".")[0] == owner]
        return Anchor(Anchored.MOVED, (near or same)[0])
    return Anchor(Anchored.CHANGED, comment.place if comment.place in found else "")
