"""Plays a cue on the stage's clock, as `web/static/stage-player.js` does; a test compares them.

Its sentences one after the other, the next one scheduled before the last has ended. Where a sound
is missing the sentence stands in the time of saying it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.push.safe.sound import RATE, Mixer, Samples

LEAD = 0.04
"""Seconds from now to a first sound."""
EARLY = 1.5
"""Seconds before its time a sentence is scheduled."""
PATIENCE = 2.5
"""Seconds for a sound to load; then the sentence is a caption."""
LOST = 8.0
"""Seconds without the next sentence: the cue is over."""
CUT_OFF = 60.0
"""Seconds that it waits for the next sentence while the line is down."""
DRIFT = 0.12
"""Seconds that a mirror may be off."""
Message = Mapping[str, Any]


class Plays(Protocol):
    """What is told of a cue."""

    def started(self, cue: Message) -> None:
        """Its first sound is out."""

    def saying(self, cue: Message, sentence: Message) -> None:
        """Another sentence has begun."""

    def ended(self, cue: Message) -> None:
        """It was said to its end."""

    def rest(self) -> None:
        """Nothing is said now."""


@dataclass(slots=True)
class Slot:
    """A sentence: when it begins and how long it lasts, in seconds of the clock."""

    sentence: Message
    length: float
    came: float
    start: float | None = None
    sound: Samples | None = None
    is_ready: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """Which sentence is heard, and for how long."""

    index: int
    slot: Slot
    seconds: float

    @property
    def is_over(self) -> bool:
        """It has ended, and nothing has begun after it."""
        return self.seconds > self.slot.length


@dataclass(slots=True)
class Player:
    """`load` is told the name of a sound to fetch; `loaded` is called when it is there."""

    mixer: Mixer
    on: Plays
    load: Callable[[str], None]
    cue: Message | None = None
    has_begun: bool = False
    slots: dict[int, Slot] = field(default_factory=dict)
    next: int = 0
    shown: int = -1
    patience: float = LOST
    waits_since: float = 0.0
    anchor: tuple[int, float] | None = None

    @property
    def now(self) -> float:
        """The clock: what was handed out of the sound."""
        return self.mixer.seconds

    def begin(self, cue: Message, begins_at: int = 0, position: Message | None = None) -> None:
        """`begins_at`: a sentence; `position`: where the speaker is, to go along."""
        self.drop()
        self.cue, self.slots, self.shown, self.has_begun = cue, {}, -1, False
        self.waits_since, self.next, self.anchor = self.now, begins_at, None
        if position:
            self.next = int(position["sentence"])
            self.anchor = (self.next, self.now - float(position["seconds"]))

    def wait(self, *, is_cut: bool) -> None:
        """While the line is down the next sentence cannot come."""
        self.patience = CUT_OFF if is_cut else LOST
        self.waits_since = self.now

    def add(self, sentence: Message) -> None:
        """A sentence has come."""
        index = int(sentence["index"])
        if self.cue is None or sentence["cue_id"] != self.cue["id"] or index in self.slots:
            return
        slot = Slot(sentence, float(sentence["seconds"]), self.now)
        slot.is_ready = index < self.next or not sentence["audio"]
        self.slots[index] = slot
        if not slot.is_ready:
            self.load(sentence["audio"])

    def loaded(self, name: str, sound: Samples | None) -> None:
        """A sound is there, or cannot be had."""
        for slot in self.slots.values():
            if slot.sentence["audio"] == name and slot.start is None:
                slot.is_ready, slot.sound = True, sound
                if sound is not None:
                    slot.length = len(sound) / RATE

    def pump(self) -> None:
        """Schedule what is ready; find out what is over. Called for each picture."""
        if self.cue is None:
            return
        while (slot := self.slots.get(self.next)) and self._is_due(slot):
            self._schedule(self.next, slot)
            self.next += 1
        self._look()

    def at(self) -> Here | None:
        """Where it is now; None before the first sentence."""
        now = self.now
        for index in range(self.next - 1, -1, -1):
            slot = self.slots.get(index)
            if slot and slot.start is not None and slot.start <= now:
                return Here(index, slot, now - slot.start)
        return None

    def heard(self) -> dict[str, Any]:
        """Characters heard so far, over all sentences."""
        here = self.at()
        if here is None:
            return {"sentence": self.next, "seconds": 0, "characters": 0}
        whole = sum(len(slot.sentence["times"]) for n, slot in self.slots.items() if n < here.index)
        times = here.slot.sentence["times"]
        here_heard = len(times) if here.is_over else said_of(times, here.seconds)
        return {
            "sentence": here.index,
            "seconds": round(here.seconds, 3),
            "characters": whole + here_heard,
        }

    def follow(self, position: Message) -> None:
        """Where the speaker is: who is off by too much jumps there."""
        index, seconds = int(position["sentence"]), float(position["seconds"])
        slot = self.slots.get(index)
        if self.cue is None or slot is None:
            return
        if slot.start is not None and abs(self.now - slot.start - seconds) < DRIFT:
            return
        self._again(index, self.now - seconds)

    def drop(self) -> None:
        """Fall silent at once."""
        self.mixer.silence()
        if self.cue is not None:
            self.cue = None
            self.on.rest()

    def _is_due(self, slot: Slot) -> bool:
        waited = slot.is_ready or self.now - slot.came > PATIENCE
        return waited and self._end() - self.now < EARLY

    def _end(self) -> float:
        """When what is scheduled is over; in the past where nothing is."""
        last = self.slots.get(self.next - 1)
        return -math.inf if last is None or last.start is None else last.start + last.length

    def _schedule(self, index: int, slot: Slot) -> None:
        """What began elsewhere begins here in its middle."""
        began = self.anchor[1] if self.anchor and self.anchor[0] == index else None
        slot.start = began if began is not None else max(self._end(), self.now + LEAD)
        at = max(slot.start, self.now + (0 if began is None else LEAD))
        if slot.sound is not None and at < slot.start + slot.length:
            self.mixer.play(slot.sound, at, at - slot.start)

    def _look(self) -> None:
        assert self.cue is not None
        here = self.at()
        if here is not None and here.index != self.shown:
            if not self.has_begun:
                self.has_begun = True
                self.on.started(self.cue)
            self.shown = here.index
            self.on.saying(self.cue, here.slot.sentence)
        is_over = self.now > self._end() + 0.02
        waited = self.now - max(self._end(), self.waits_since)
        is_all = self.next >= int(self.cue["sentences"]) and bool(self.slots)
        if is_over and (is_all or waited > self.patience):
            self._finish()

    def _again(self, sentence: int, at: float) -> None:
        """As if the sentence had begun at that moment."""
        self.mixer.silence()
        self.anchor, self.next = (sentence, at), sentence
        for index, slot in self.slots.items():
            if index >= sentence:
                slot.start, slot.came = None, self.now
                slot.is_ready = slot.sound is not None or not slot.sentence["audio"]
                if not slot.is_ready:
                    self.load(slot.sentence["audio"])
        self.pump()

    def _finish(self) -> None:
        cue, self.cue = self.cue, None
        assert cue is not None
        self.on.ended(cue)
        self.on.rest()


def said_of(times: list[float], seconds: float) -> int:
    """Characters of a sentence that have begun."""
    return sum(1 for one in times if one <= seconds)
