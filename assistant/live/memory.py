"""What a room keeps in mind of its session: the questions it merges with, and who awaits what.

Bounded: what falls out is in the records.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.domain.live import Comment, Decision, LiveQuestion, QuestionState, ReviewCase
from assistant.live.services import RoomConfig

VIEWERS = 5000
"""Viewers whose last question is kept for follow-ups."""
WAITING = 500
"""Viewers that are told of one answer; further ones see it on the screen."""


@dataclass(slots=True)
class Known:
    """A question, who asked it, and who is still to be told."""

    question: LiveQuestion
    last_at: datetime
    first: Comment | None = None
    began: float = 0.0
    viewers: set[str] = field(default_factory=set)
    awaiting: list[Comment] = field(default_factory=list)
    history: tuple[str, ...] = ()
    decision: Decision | None = None
    case: ReviewCase | None = None
    cue_id: str | None = None
    before: int = 0
    """Viewers counted before a restart."""

    @property
    def asked_by(self) -> int:
        """How many viewers ask it."""
        return max(1, self.before + len(self.viewers))

    @property
    def has_case(self) -> bool:
        """Whether a person is to look at it."""
        return self.case is not None and self.case.settled_at is None

    @property
    def is_pending(self) -> bool:
        """Nobody has settled it yet."""
        return self.question.state in (QuestionState.OPEN, QuestionState.IN_REVIEW)


class Memory:
    """Questions by id, oldest use first; the last question of each viewer."""

    def __init__(self, config: RoomConfig) -> None:
        self._config = config
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._last: OrderedDict[str, tuple[str, datetime, str]] = OrderedDict()
        self._awaiting: set[str] = set()

    def __iter__(self) -> Iterator[Known]:
        return iter(self._known.values())

    def get(self, question_id: str) -> Known | None:
        """A question, where it is still kept in mind."""
        return self._known.get(question_id)

    def add(self, known: Known) -> None:
        """Keep a new question in mind."""
        self._known[known.question.id] = known

    def ask(self, known: Known, comment: Comment) -> None:
        """A viewer asks it; they await the answer."""
        known.viewers.add(comment.viewer)
        known.last_at = max(known.last_at, comment.received_at)
        self._known.move_to_end(known.question.id)

    def await_answer(self, known: Known, comment: Comment) -> None:
        """The comment's viewer is to be told when the question is settled."""
        if len(known.awaiting) < WAITING:
            known.awaiting.append(comment)
            self._awaiting.add(comment.id)

    def told(self, known: Known) -> list[Comment]:
        """Everybody who awaited the answer; they await it no more."""
        waiting, known.awaiting = known.awaiting, []
        self._awaiting.difference_update(comment.id for comment in waiting)
        return waiting

    def awaits(self, comment_id: str) -> bool:
        """Whether the comment's viewer is still to be told something."""
        return comment_id in self._awaiting

    def earlier(self, comment: Comment) -> tuple[str, ...]:
        """The viewer's last question, where it is young enough to be followed up."""
        text, at, _ = self._last.get(comment.viewer, ("", comment.received_at, ""))
        window = timedelta(seconds=self._config.history_window)
        return (text,) if text and comment.received_at - at <= window else ()

    def asked_last(self, viewer: str) -> str:
        """The id of the question that the viewer asked last; "" where none is kept."""
        return self._last[viewer][2] if viewer in self._last else ""

    def note(self, comment: Comment, question_id: str) -> None:
        """Remember the viewer's question."""
        self._last[comment.viewer] = (comment.text, comment.received_at, question_id)
        self._last.move_to_end(comment.viewer)
        if len(self._last) > VIEWERS:
            self._last.popitem(last=False)

    def forget(self, now: datetime) -> list[str]:
        """Drop what is settled and old, and whatever is too much; gives the ids."""
        window = timedelta(seconds=self._config.merge_window)
        old = [
            key
            for key, known in self._known.items()
            if not known.is_pending and now - known.last_at > window
        ]
        spare = len(self._known) - len(old) - self._config.remembered
        if spare > 0:
            gone = set(old)
            old += [key for key in self._droppable() if key not in gone][:spare]
        for key in old:
            self.told(self._known.pop(key))
        return old

    def _droppable(self) -> list[str]:
        """Settled ones first, then those in review; what is being answered stays."""
        kept = [
            (known.is_pending, key)
            for key, known in self._known.items()
            if known.question.state is not QuestionState.OPEN
        ]
        return [key for _, key in sorted(kept, key=lambda pair: pair[0])]
