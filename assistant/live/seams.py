"""What the live room needs of others, as small Protocols; bootstrap builds the real ones."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from assistant.domain.audit import AuditEvent
from assistant.domain.live import (
    NOBODY,
    Asking,
    Comment,
    Cue,
    LiveEvent,
    LiveSession,
    Room,
    StageEvent,
    Urgency,
)
from assistant.domain.live_commit import Backlog, Commit, Entry
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.screening import Screened
from assistant.domain.speech import Said
from assistant.safety.masked import Masked

# ---- time -----------------------------------------------------------------------------------


class LiveClock(Protocol):
    """The time of a room: the machine's, or that of a recording."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so long in the room's time."""
        ...


# ---- comment → masked, screened, triaged, merged ---------------------------------------------


class Mask(Protocol):
    """Takes personal data out of a text. Pure, well under 0.1 ms for a comment."""

    def __call__(self, text: str) -> Masked:
        """The masked text."""
        ...


class Pseudonyms(Protocol):
    """Keyed pseudonyms of viewers: the same viewer of a platform gives the same one."""

    def __call__(self, platform: str, user_id: str) -> str:
        """The pseudonym."""
        ...


class AddressVault(Protocol):
    """Addresses for late replies: encrypted, apart from the comments, erased after use."""

    def seal(self, address: str) -> str:
        """An address encrypted, for the journal and the vault's table."""
        ...

    def open(self, sealed: str) -> str:
        """The address; raises ValueError for a forged one or another key."""
        ...


class Screen(Protocol):
    """Rule packs and the learned part, over one masked text. Pure; about 0.2 ms."""

    def __call__(self, text: str) -> Screened:
        """What is wrong with it."""
        ...


class Floods(Protocol):
    """Spam that shows only in many comments: the same text, the same viewer, again and again."""

    def __call__(self, comment: Comment) -> Screened:
        """Count the comment and say whether it is part of a flood.

        Never a question's end: a repeated question is merged, not set aside.
        """
        ...


class CommentKind(StrEnum):
    """What a clean comment is."""

    QUESTION = "question"
    GREETING = "greeting"
    PRAISE = "praise"
    CHATTER = "chatter"
    OFF_TOPIC = "off_topic"
    COMPLAINT = "complaint"
    IDENTITY = "identity"
    """Asks whether it is a machine: answered with a fixed line."""


@dataclass(frozen=True, slots=True)
class Triaged:
    """What a comment is: `probability` that it is a question for us; whom to call, if anyone."""

    kind: CommentKind
    probability: float
    urgency: Urgency = Urgency.NORMAL
    call: str = ""


class Triage(Protocol):
    """Is it a question for us, and does a person have to know at once? Under 0.3 ms."""

    def __call__(self, text: str) -> Triaged:
        """What the comment is."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """A question that asks the same, and how surely (0..1)."""

    question_id: str
    score: float


class Merger(Protocol):
    """Finds the question that a comment repeats, in other words or not, among the room's."""

    def find(self, text: str, region: str | None = None) -> Match | None:
        """The same question, asked before; None for a new one."""
        ...

    def add(self, question_id: str, text: str, region: str | None = None) -> None:
        """Remember a question (also another wording of a known one)."""
        ...

    def forget(self, question_ids: Collection[str]) -> None:
        """Drop questions that are too old to be merged with."""
        ...


class Answers(Protocol):
    """The question desk."""

    async def __call__(self, question: Question) -> Outcome:
        """Answer one question; never raises."""
        ...


# ---- records ---------------------------------------------------------------------------------


class LiveRecords(Protocol):
    """The room's rows (records.live). Writes carry the lease's fencing token."""

    async def room(self, room_id: str) -> Room | None:
        """A room, or None."""
        ...

    async def put_room(self, room: Room) -> None:
        """Create or replace a room."""
        ...

    async def change_room(self, room: Room, token: int, event: AuditEvent | None = None) -> None:
        """Replace a room on air, with an entry in the audit chain. Raises LostLease."""
        ...

    async def rooms(self) -> list[Room]:
        """All rooms of the organisation."""
        ...

    async def open_session(self, session: LiveSession) -> None:
        """Begin a 场次 and make it the room's."""
        ...

    async def close_session(self, session_id: str, at: datetime) -> None:
        """End a 场次."""
        ...

    async def lease(self, room_id: str, holder: str, seconds: float) -> int | None:
        """Take or renew the room's lease; the fencing token, or None where another holds it."""
        ...

    async def holder(self, room_id: str) -> str:
        """Who took the room's lease and did not give it back, run out or not; "" for nobody."""
        ...

    async def release(self, room_id: str, token: int) -> None:
        """Give the lease back."""
        ...

    async def seen(self, room_id: str, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which (platform, event_id) the room has comments of."""
        ...

    async def commit(self, room_id: str, token: int, commit: Commit) -> None:
        """Write one step. Raises LostLease where the token is no longer the room's."""
        ...

    async def backlog(self, session_id: str) -> Backlog:
        """What is not finished."""
        ...

    async def entries(self, session_id: str, after: str = "", limit: int = 1000) -> list[Entry]:
        """Comments of a session with their decisions, by comment id, those after one first."""
        ...

    async def cues(self, session_id: str) -> list[Cue]:
        """All cues of a session."""
        ...

    async def address(self, comment_id: str) -> str | None:
        """The sealed address of a comment's viewer, where there still is one."""
        ...

    async def erase_addresses(self, comment_ids: Collection[str]) -> None:
        """Erase addresses: the outcome was delivered, or it expired."""
        ...

    async def expire_addresses(self, before: datetime) -> int:
        """Erase every address stored before a moment; how many there were."""
        ...


# ---- the world outside -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlatformState:
    """How a connector is doing, for the console and `/health`."""

    name: str
    connected: bool
    last_event_at: datetime | None = None
    last_error: str = ""
    reconnects: int = 0
    can_reply: bool = False
    is_silent: bool = False
    """Nothing has come for longer than its set time."""


class Receive(Protocol):
    """Hands events to the room; when it returns they are on disk and may be acknowledged."""

    async def __call__(self, events: Sequence[LiveEvent]) -> None:
        """Take every event of a batch; repeats are known by platform and id."""
        ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What came in, in order. `addresses` are sealed, by comment id; `events` is all the rest."""

    comments: Sequence[Comment]
    addresses: Mapping[str, str]
    events: Sequence[LiveEvent] = ()


class Feed(Protocol):
    """A room's comments, journaled and new to the records (live.intake)."""

    async def next(self) -> Batch:
        """The next micro-batch: at most 256 comments, or what came within 20 ms; waits for one."""
        ...

    def confirm(self, comments: Collection[Comment]) -> None:
        """These are committed to the records: the journal need not bring them again."""
        ...


class Platform(Protocol):
    """A connector. Reading and replying are separate abilities: see `Replying`."""

    @property
    def name(self) -> str:
        """The name in FORMATS §5: `bilibili`, `douyin`, `webhook`, `page`, `console`."""
        ...

    @property
    def state(self) -> PlatformState:
        """How it is doing."""
        ...

    async def run(self, receive: Receive) -> None:
        """Read until cancelled; reconnects by itself for ever."""
        ...


class Replying(Protocol):
    """A platform on which a viewer can be answered by text."""

    async def reply(self, address: str, text: str, key: str) -> None:
        """Send once. `key` is the idempotency key; raises ReplyFailed(retry: bool)."""
        ...


@runtime_checkable
class Connected(Replying, Protocol):
    """A replying platform that knows which of its viewers are there now."""

    def address_of(self, event_id: str) -> str | None:
        """Where the viewer of a comment is reached, while their page is open; else None."""
        ...


class Stage(Protocol):
    """What shows and says a cue."""

    async def play(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """Hand a cue over; start and end come back as `StageEvent`s."""
        ...

    async def rejoin(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """A cue that had begun before a restart: who still says it is given the rest.

        Nobody else begins it. A start comes back where somebody says it.
        """
        ...

    async def stop(self) -> Said | None:
        """Stop what is being said now (mute, skip, take over); how far it was heard, if known."""
        ...

    def progress(self, cue_id: str) -> Said | None:
        """How far a cue that is being said was heard by now, if known."""
        ...

    def ahead(self, waiting: Sequence[tuple[Cue, Asking]], script: Cue | None = None) -> None:
        """What is next, the first one first; behind it the script, which is not shown as next."""
        ...

    def events(self) -> AsyncIterator[StageEvent]:
        """Starts and ends, as the stage acknowledges them."""
        ...
