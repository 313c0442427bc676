"""Guide clips as files: what was made, and which of them the office shows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.studio import Clip, Fact

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
    """A clip that somebody approved: `by` and `at` say who and when, `why` why it was withdrawn."""

    id: str
    card: ClipCard
    by: str
    at: datetime
    state: ClipState = ClipState.APPROVED
    why: str = ""


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
