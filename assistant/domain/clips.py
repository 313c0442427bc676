"""Guide clips as files: what was made, and which of them the office shows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.answer import Citation
from assistant.domain.studio import Clip, Fact
from assistant.domain.studio_flow import JobState

MOST_SECONDS = 40.0
"""A clip is shorter than this (DOMAIN §1)."""


class ClipShape(StrEnum):
    """TALL is 720 × 1280 for phones, WIDE 1280 × 720."""

    TALL = "tall"
    WIDE = "wide"


class ClipState(StrEnum):
    """Only APPROVED clips are shown; a withdrawn one never comes back."""

    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ClipCard:
    """What a clip's files say of themselves.

    `clip` holds what is really said; `dropped` are sentences that were left out for length, `facts`
    what the rest rests on, `seconds` the file's length, `sha256` the digest of each file by name.
    """

    clip: Clip
    facts: tuple[Fact, ...]
    office: str
    shape: ClipShape
    seconds: float
    digest: str
    sha256: Mapping[str, str]
    dropped: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class ShelvedClip:
    """A clip that somebody approved: `by` and `at` say who and when, `why` why it was withdrawn.

    `stream_id` and `approval` (its digest) name the stream that it was approved with, "" for one
    that was approved alone. `cleared` are incidents that a reviewer saw, and found the clip sound.
    """

    id: str
    card: ClipCard
    by: str
    at: datetime
    state: ClipState = ClipState.APPROVED
    why: str = ""
    stream_id: str = ""
    approval: str = ""
    cleared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An answer that was taken back and was not found right since: what it stated is in doubt."""

    id: str
    reason: str
    at: datetime
    source_ids: tuple[str, ...]
    citations: tuple[Citation, ...] = ()
    corrected_at: datetime | None = None


class ClipStanding(StrEnum):
    """How an approved clip stands today: only SHOWN ones are seen.

    CHANGED: a source ended or says otherwise. DOUBTED: an answer that stated the same was taken
    back. LOST: its film is not there.
    """

    SHOWN = "shown"
    CHANGED = "changed"
    DOUBTED = "doubted"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class FilmState(StrEnum):
    """What became of one clip of an approved stream. KEPT: the same words were up already."""

    SHELVED = "shelved"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FilmedClip:
    """One clip of a filming job; `shelf_id` is its id on the shelf, `why` why it is not there."""

    clip_id: str
    title: str
    state: FilmState
    why: str = ""
    shelf_id: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FilmJob:
    """The clips of an approved stream that are being made. `clips` are done, and not made again.

    `digest` is that of the approval; `made_by` gave it, and puts the clips up.
    """

    id: str
    stream_id: str
    title: str
    version: int
    digest: str
    made_by: str
    made_at: datetime
    region: str | None = None
    state: JobState = JobState.WAITING
    done: int = 0
    total: int = 0
    says: str = ""
    clips: tuple[FilmedClip, ...] = ()
    ended_at: datetime | None = None
    tries: int = 0


def clip_digest(clip: Clip, audio: Mapping[str, str] | None = None) -> str:
    """What an approval of a clip freezes (hex): all its words, what they rest on, its link.

    The id, which only counts within a draft, and the length are left out. `audio` are keys of
    synthesised sentences by place, as in `frozen_digest` of a stream.
    """
    words = {
        "title": clip.title,
        "question": clip.question,
        "sentences": [[one.text, list(one.facts)] for one in clip.sentences],
        "source": clip.source_id,
        "link": clip.link,
        "audio": dict(sorted((audio or {}).items())),
    }
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
