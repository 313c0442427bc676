"""The state of a room at one moment: what a page shows when it opens."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.live import (
    Alert,
    Cue,
    LiveQuestion,
    QuestionState,
    Reply,
    ReplyState,
    ReviewCase,
    Room,
)
from assistant.domain.live_commit import Commit, Entry
from assistant.live.alerter import Alerter
from assistant.live.broadcast.shown import Shown
from assistant.live.core import Core, entries_of
from assistant.live.speech import Speech

ENTRIES = 200
QUESTIONS = 200
UNCERTAIN = 100


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a page needs to begin with; events with a greater `number` follow it.

    `entries` are the latest comments, oldest first, harmful words hidden; an entry without a
    decision is being answered, and its decision comes in a later event. `questions` are those of
    the last minutes, the most asked first. `uncertain` are replies that may or may not have
    arrived. `cases` are open: a person must look at their questions. `at` is the room's time.
    """

    number: int
    room: Room
    entries: tuple[Entry, ...]
    questions: tuple[LiveQuestion, ...]
    current: Cue | None
    waiting: tuple[Cue, ...]
    alerts: tuple[Alert, ...]
    uncertain: tuple[Reply, ...]
    counts: dict[str, int]
    cases: tuple[ReviewCase, ...] = ()
    at: datetime | None = None
    checking: int = 0
    """Questions that wait for a person."""
    broadcast: Shown | None = None
    """The script on air, or the last one of this session."""


class Recent:
    """The latest comments, and how many had which outcome in this process."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=ENTRIES)
        self._uncertain: deque[Reply] = deque(maxlen=UNCERTAIN)
        self.counts: dict[str, int] = {"received": 0}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Oldest first."""
        return tuple(self._entries)

    @property
    def uncertain(self) -> tuple[Reply, ...]:
        """Oldest first."""
        return tuple(self._uncertain)

    def committed(self, step: Commit) -> None:
        """Count a stored step."""
        self.counts["received"] += len(step.comments)
        for decision in step.decisions:
            self.counts[decision.kind] = self.counts.get(decision.kind, 0) + 1
        if step.comments:
            self._entries.extend(entries_of(step)[-ENTRIES:])
        elif step.decisions:
            self._decide(step)
        self._uncertain.extend(one for one in step.replies if one.state is ReplyState.UNCERTAIN)

    def _decide(self, step: Commit) -> None:
        decided = {one.comment_id: one for one in step.decisions}
        for at, entry in enumerate(self._entries):
            if entry.comment.id in decided:
                self._entries[at] = Entry(entry.comment, decided[entry.comment.id])


def snapshot(core: Core, speech: Speech, alerter: Alerter, recent: Recent) -> Snapshot:
    """The room as it is now."""
    questions = [known.question for known in core.memory]
    cases = {k.question.id: k.case for k in core.memory if k.case and k.case.settled_at is None}
    open_first = sorted(
        questions,
        key=lambda one: (not _is_open(one) and one.id not in cases, -one.asked_by, one.id),
    )
    return Snapshot(
        number=core.number,
        room=core.room,
        entries=recent.entries,
        questions=tuple(open_first[:QUESTIONS]),
        current=speech.current,
        waiting=tuple(speech.waiting),
        alerts=tuple(alerter.open),
        uncertain=recent.uncertain,
        counts=dict(recent.counts),
        cases=tuple(cases.values()),
        at=core.now,
        checking=sum(one in cases for one in map(_in_review, questions)),
    )


def _in_review(question: LiveQuestion) -> str:
    """The id of a question that waits for a person, else ""."""
    return question.id if question.state is QuestionState.IN_REVIEW else ""


def _is_open(question: LiveQuestion) -> bool:
    return question.state in (QuestionState.OPEN, QuestionState.IN_REVIEW)
