"""A question and the part of the knowledge that may answer it."""

from dataclasses import dataclass
from datetime import date

from assistant.domain.source import SourceKind


@dataclass(frozen=True, slots=True)
class Question:
    """What a viewer asked, already masked.

    `region` is the viewer's (or the room's) region code; None searches all regions.
    `history` holds earlier questions of the same viewer, oldest first.
    """

    text: str
    as_of: date
    region: str | None = None
    history: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which sources are eligible: those in force on `as_of`, of `region` and its ancestors."""

    as_of: date
    region: str | None = None
    tags: frozenset[str] = frozenset()
    kinds: frozenset[SourceKind] | None = None


def scope_of(question: Question) -> Scope:
    """The scope that a question itself implies."""
    return Scope(as_of=question.as_of, region=question.region, tags=question.tags)
