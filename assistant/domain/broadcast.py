"""An approved script on air in a room: where it is, what fell, how questions are taken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.studio_flow import Approval


class Taking(StrEnum):
    """When viewers' questions are answered: between two parts, or at once."""

    BETWEEN = "between"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a broadcast is. `sentence` is the one to go on at after an answer came between."""

    part: int = 0
    sentence: int = 0
    paused: bool = False
    over: bool = False

    def ended(self, length: int) -> "Position":
        """A part was said to its end."""
        following = self.part + 1
        return Position(min(following, length), 0, self.paused, following >= length)

    def interrupted(self, sentence: int) -> "Position":
        """An answer came between; half a sentence is said again, a whole one never."""
        return Position(self.part, max(sentence, self.sentence), self.paused, self.over)

    def jumped(self, part: int, length: int) -> "Position":
        """The operator goes to another part. Raises IndexError."""
        if not 0 <= part < length:
            raise IndexError(part)
        return Position(part, 0, self.paused)

    def held(self, *, paused: bool) -> "Position":
        """The operator pauses, or goes on at the same sentence."""
        return Position(self.part, self.sentence, paused, self.over)


def may_answer(taking: Taking, position: Position) -> bool:
    """Whether a viewer's answer may be said now: at once, or where a part begins."""
    return taking is Taking.AT_ONCE or position.sentence == 0 or position.paused or position.over


class BroadcastState(StrEnum):
    """RUNNING until its last part was said (DONE), or somebody ended it before (STOPPED)."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class FallenPart:
    """A part in whose place an approved line was said, and why."""

    part: int
    why: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A script on air. `approval` names the only words that may be said in it.

    `position.sentence` counts written sentences of the part that were heard whole; `cue_id` is what
    the stage was given last; the next part does not begin before `resumes_at`.
    """

    id: str
    room_id: str
    session_id: str
    stream_id: str
    title: str
    approval: Approval
    actor: str
    begun_at: datetime
    taking: Taking = Taking.AT_ONCE
    position: Position = Position()
    state: BroadcastState = BroadcastState.RUNNING
    cue_id: str = ""
    resumes_at: datetime | None = None
    fallen: tuple[FallenPart, ...] = ()
    ended_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is said any more."""
        return self.state is not BroadcastState.RUNNING
