"""A part of a script as a cue, and what a cue's end says of where the broadcast is. Pure."""

from datetime import datetime

from assistant.domain.answer import Citation
from assistant.domain.broadcast import Broadcast, Position
from assistant.domain.live import Cue, CueKind, CueState
from assistant.domain.speech import Said
from assistant.stage.script import heard_whole, rest_of, scripted, written
from assistant.studio.rundown import Part


def part_cue(
    on: Broadcast, part: Part, cited: tuple[Citation, ...], cue_id: str, at: datetime
) -> Cue | None:
    """What is still to be said of the part at which a broadcast is; None where nothing is.

    A line that stands in a part's place is a fixed line and no part of what was approved.
    """
    text, slides = scripted(part.sentences, part.slides)
    cue = Cue(
        id=cue_id,
        room_id=on.room_id,
        session_id=on.session_id,
        kind=CueKind.FIXED_LINE if part.fallen else CueKind.SCRIPT,
        text=text,
        spoken=text,
        made_at=at,
        citations=() if part.fallen else cited,
        approval="" if part.fallen else on.approval.digest,
        slides=slides,
    )
    return cue if part.fallen else rest_of(cue, on.position.sentence)


def heard_of(part: Part, cue: Cue, said: Said | None) -> int:
    """How many written sentences of a part were heard whole, by what was heard of its last cue."""
    before = len(written("".join(part.sentences))) - len(written(cue.spoken))
    return before + heard_whole(cue.spoken, said)


def behind(at: Position, part: Part, cue: Cue, length: int) -> Position:
    """Where a broadcast goes on when a cue of it has ended, however that was."""
    said = None if cue.heard is None else Said(cue.heard, cue.voiced)
    if cue.kind is CueKind.FIXED_LINE:
        left = cue.state is CueState.SKIPPED and heard_whole(cue.spoken, said) == 0
        return at if left else at.ended(length)
    if cue.state is CueState.DONE:
        return at.ended(length)
    heard = max(at.sentence, heard_of(part, cue, said))
    whole = heard >= len(written("".join(part.sentences)))
    return at.ended(length) if whole else at.interrupted(heard)
