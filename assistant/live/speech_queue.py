"""The cues that wait to be said: their order, and how long a new one would wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.live import Cue, CueKind, Urgency
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.priority import Standing, in_order, weight

TURNS = timedelta(seconds=600)
"""For how long an answer counts in its viewer's turns."""
PERSONAL = frozenset({CueKind.OPERATOR_SAID, CueKind.CORRECTION})
LAST = "~"
"""Sorts after every id: a cue that is not made yet."""


@dataclass(slots=True)
class Waiting:
    """A cue in the queue; `since` in seconds on air. None is said that is not `stored`.

    `seconds` is how long it takes to say; `voiced_for` how many asked when it was voiced ahead.
    """

    cue: Cue
    known: Known | None
    since: float
    seconds: float
    stored: bool = True
    voiced_for: int | None = None

    @property
    def asked_by(self) -> int:
        """How many viewers ask by now."""
        return max(self.cue.asked_by, self.known.asked_by if self.known else 1)

    @property
    def viewer(self) -> str:
        """Who asked first; "" for a person's own words."""
        return viewer_of(self.known)

    @property
    def is_personal(self) -> bool:
        """Whether a person put it on air: words of their own, a correction, a line they picked."""
        return self.cue.kind in PERSONAL or is_picked(self.cue)

    @property
    def asker(self) -> str | None:
        """The comment that asked first, where it is known."""
        return self.known.first.id if self.known and self.known.first else None

    @property
    def urgency(self) -> Urgency:
        """How soon it must be said."""
        return self.known.question.urgency if self.known else Urgency.NORMAL


def is_picked(cue: Cue) -> bool:
    """Whether a person picked this fixed line."""
    return cue.kind is CueKind.FIXED_LINE and cue.actor is not None


def viewer_of(known: Known | None) -> str:
    """The pseudonym of who asked first."""
    return known.first.viewer if known and known.first else ""


class SpeechQueue:
    """What waits, in the order of `priority`."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._waiting: dict[str, Waiting] = {}
        self._turns: list[tuple[datetime, str]] = []
        self.changes = 0
        """Counts what came in and went out."""

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        """All that may be said, the next one first."""
        inside = (self._waiting[one.cue_id] for one in in_order(self._standings()))
        return (one for one in inside if one.stored)

    def add(self, cue: Cue, known: Known | None, *, stored: bool = True) -> None:
        """Queue a cue; one that is not stored yet only counts for those behind it."""
        self.changes += 1
        seconds = self._core.on.seconds(cue.spoken)
        self._waiting[cue.id] = Waiting(cue, known, self._core.airtime.seconds, seconds, stored)

    def take(self, cue_id: str) -> Waiting | None:
        """Take a cue out."""
        self.changes += 1
        return self._waiting.pop(cue_id, None)

    @property
    def first(self) -> Waiting | None:
        """What would be said next."""
        return next(iter(self), None)

    def next(self) -> Waiting | None:
        """Take out what is said next; its viewer has had a turn."""
        for one in self:
            self._turns = [turn for turn in self._turns if self._core.now - turn[0] < TURNS]
            if one.viewer:
                self._turns.append((self._core.now, one.viewer))
            return self.take(one.cue.id)
        return None

    def ahead_of(self, known: Known) -> float:
        """Seconds of speech that go before a new answer to this question."""
        turn = self._turn_of(viewer_of(known), LAST)
        new = self._standing(LAST, False, known, 0.0, turn)
        first = [one for one in self._standings() if weight(one) >= weight(new)]
        return sum(self._waiting[one.cue_id].seconds for one in first)

    def overdue(self, limit: float) -> list[Waiting]:
        """What was overtaken for longer than `limit` seconds on air; urgent ones never are."""
        now = self._core.airtime.seconds
        return [
            one for one in self._waiting.values() if _may_expire(one) and now - one.since > limit
        ]

    def _standings(self) -> list[Standing]:
        air = self._core.airtime.seconds
        return [
            self._standing(
                cue_id,
                one.is_personal,
                one.known,
                air - one.since,
                self._turn_of(one.viewer, cue_id),
            )
            for cue_id, one in self._waiting.items()
        ]

    def _standing(
        self, cue_id: str, personal: bool, known: Known | None, waited: float, turn: int
    ) -> Standing:
        topic = self._core.room.topic
        return Standing(
            cue_id=cue_id,
            is_personal=personal,
            urgency=known.question.urgency if known else Urgency.NORMAL,
            asked_by=known.asked_by if known else 1,
            waited=waited,
            on_topic=bool(topic and known and _touches(known.question.text, topic)),
            turn=turn,
        )

    def _turn_of(self, viewer: str, cue_id: str) -> int:
        """How many answers of this viewer were said lately, or wait and were made earlier."""
        if not viewer:
            return 0
        waiting = sum(
            one.viewer == viewer and other < cue_id for other, one in self._waiting.items()
        )
        return waiting + sum(who == viewer for _, who in self._turns)


def _may_expire(one: Waiting) -> bool:
    return one.stored and not one.is_personal and one.urgency is Urgency.NORMAL


def _touches(text: str, topic: str) -> bool:
    """Whether a question shares two characters in a row with the stream's topic."""
    return any(topic[i : i + 2] in text for i in range(len(topic) - 1))
