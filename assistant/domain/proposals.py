"""Lay terms that a chat model proposed for a guide, and how far the work on a guide is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TermState(StrEnum):
    """What became of a proposed term: searched, refused by the checks, removed by staff."""

    KEPT = "kept"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ProposedTerm:
    """A term with its origin (model and version of the prompt) and, refused, why."""

    term: str
    state: TermState
    why_not: str
    origin: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a version of a guide is.

    Not done, it is not taken up before `until`; `told` says what went wrong.
    """

    version: int
    done: bool
    tries: int
    until: datetime
    told: str = ""
