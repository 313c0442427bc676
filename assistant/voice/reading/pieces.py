"""What a rule makes of a stretch of text, and the search for such stretches."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a piece is, for the division into sentences. No sentence ends inside a piece."""

    NUMBER = "number"
    PHONE = "phone"
    WORD = "word"
    PAUSE = "pause"
    """A mark that is a pause where nothing else pauses beside it, and else silent."""
    NAME = "name"


Part = tuple[int, str]
"""So many characters of the display text, and what is said for them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The characters from `start` are read as `parts` say; together they stay in one sentence."""

    start: int
    parts: tuple[Part, ...]
    kind: Kind = Kind.NUMBER

    @property
    def end(self) -> int:
        """One past the last character."""
        return self.start + sum(length for length, _ in self.parts)


Say = Callable[[re.Match[str]], "str | tuple[Part, ...] | None"]
"""What is said for a match: one reading for the whole, or its parts. None: another rule's."""


@dataclass(frozen=True)
class Rule:
    """A pattern over the folded text, and how its matches are said."""

    pattern: re.Pattern[str]
    say: Say
    kind: Kind = Kind.NUMBER

    def pieces(self, text: str) -> Iterator[Piece]:
        """All matches that the rule reads."""
        for found in self.pattern.finditer(text):
            said = self.say(found)
            if said is None or not found.group():
                continue
            parts = ((len(found.group()), said),) if isinstance(said, str) else said
            yield Piece(found.start(), parts, self.kind)


def rule(pattern: str, say: Say | str, kind: Kind = Kind.NUMBER) -> Rule:
    """A rule; a text is said for every match."""
    if isinstance(say, str):
        word = say
        return Rule(re.compile(pattern), lambda _: word, kind)
    return Rule(re.compile(pattern), say, kind)


@dataclass
class Claims:
    """Pieces that do not overlap: who comes first keeps its place."""

    length: int
    _pieces: dict[int, Piece] = field(default_factory=dict)
    _taken: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._taken = bytearray(self.length)

    def add(self, pieces: Iterable[Piece]) -> None:
        """Keep each piece whose characters are all free."""
        for piece in pieces:
            if not any(self._taken[piece.start : piece.end]):
                self._taken[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
                self._pieces[piece.start] = piece

    def in_order(self) -> list[Piece]:
        """The pieces as they stand in the text."""
        return [self._pieces[start] for start in sorted(self._pieces)]

    def is_free(self, place: int) -> bool:
        """Whether no piece has this character."""
        return not self._taken[place]
