"""All lines of a room's stage: who speaks, and what is told to whom, in numbered messages."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from assistant.stage import messages
from assistant.stage.line import Role, StageLine
from assistant.stage.messages import Message


class Lines:
    """The lines in the order in which they came. One that does not read is dropped."""

    def __init__(self) -> None:
        self._lines: list[StageLine] = []
        self._seq = 0

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[StageLine]:
        return iter(tuple(self._lines))

    @property
    def speaker(self) -> StageLine | None:
        """A renderer, else the first page that may speak."""
        able = [line for line in self._lines if line.may_speak]
        return min(able, key=lambda line: line.role is not Role.RENDERER, default=None)

    def add(self, line: StageLine) -> None:
        """A page has come; each is told its part."""
        self._lines.append(line)
        self._tell_parts()

    def remove(self, line: StageLine) -> None:
        """A page has gone; the next one may speak."""
        with suppress(ValueError):
            self._lines.remove(line)
        self._tell_parts()

    def tell(self, message: Message) -> None:
        """Tell every line."""
        self.each(lambda line: self.put(line, message))

    def tell_mirrors(self, message: Message) -> None:
        """Tell all but the one that speaks."""
        speaker = self.speaker
        self.each(lambda line: line is speaker or self.put(line, message))

    def each(self, tell: Callable[[StageLine], bool]) -> None:
        """Tell each; those that do not take it are dropped."""
        self._lines = [line for line in self._lines if tell(line)]

    def put(self, line: StageLine, message: Message) -> bool:
        """Tell one line."""
        self._seq += 1
        return line.put({**message, "seq": self._seq})

    def _tell_parts(self) -> None:
        """Tell those whose part changed."""
        speaker = self.speaker
        renderer = speaker is not None and speaker.role is Role.RENDERER
        for line in self:
            part = (line is speaker, renderer)
            if line.part != part:
                line.part = part
                self.put(line, messages.role(speaks=part[0], renderer=renderer))
