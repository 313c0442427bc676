"""The cue on the stage: its sentences as they are voiced, and how far it was heard."""

import time
from dataclasses import dataclass, field

from assistant.domain.live import NOBODY, Asking, Cue
from assistant.domain.speech import Said, Speech, SpokenText, Voiced
from assistant.stage.timing import starts


@dataclass(frozen=True, slots=True)
class Position:
    """Where the speaker is: so many seconds into a sentence."""

    sentence: int
    seconds: float


@dataclass(slots=True)
class Playing:
    """Mutable: sentences come in while the first ones are said. Times are of `time.monotonic`."""

    cue: Cue
    sentences: tuple[SpokenText, ...]
    asking: Asking = NOBODY
    speeches: list[Speech] = field(default_factory=list)
    has_begun: bool = False
    is_simulated: bool = False
    """No page says it: one that comes goes along with the time that saying it takes."""
    rejoins: bool = False
    """It had begun before a restart, and nobody has said yet that they still say it."""
    heard: int = 0
    resumed: int = 0
    """The sentence from which a page that comes back goes on."""
    _position: Position = Position(0, 0.0)
    _at: float = 0.0

    @property
    def said(self) -> Said:
        """How far it was heard, and by which voice."""
        return Said(self.heard, tuple(_voiced(one) for one in self.played))

    @property
    def played(self) -> tuple[Speech, ...]:
        """The sentences of which something was heard."""
        before, found = 0, []
        for one in self.speeches:
            if before < self.heard:
                found.append(one)
            before += len(one.text.display)
        return tuple(found)

    @property
    def characters(self) -> int:
        """Display characters of all sentences."""
        return sum(len(one.display) for one in self.sentences)

    def begin(self) -> None:
        """The first sound (or caption) is out."""
        self.has_begun, self._at = True, time.monotonic()

    def report(self, position: Position, heard: int) -> None:
        """The speaker tells where it is. Heard never shrinks: what was heard was heard."""
        self._position, self._at = position, time.monotonic()
        self.heard = max(self.heard, min(heard, self.characters))
        self.resumed = max(self.resumed, self._next_to_say())

    def _next_to_say(self) -> int:
        """The sentence that was not heard to its end."""
        whole = 0
        for number, one in enumerate(self.sentences):
            whole += len(one.display)
            if self.heard < whole:
                return number
        return len(self.sentences)

    def position(self) -> Position:
        """Where the speaker is now, by its last report and the time since."""
        if not self.has_begun:
            return Position(0, 0.0)
        here, left = self._position.sentence, self._position.seconds + time.monotonic() - self._at
        while here < len(self.speeches) and left > self.speeches[here].seconds:
            left -= self.speeches[here].seconds
            here += 1
        return Position(here, max(0.0, left))

    def times(self, number: int) -> tuple[float, ...]:
        """When each character of a voiced sentence is heard."""
        return starts(self.speeches[number])


def _voiced(one: Speech) -> Voiced:
    return Voiced(one.text.display, one.audio, one.engine, one.version, round(one.seconds, 3))
