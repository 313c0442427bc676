"""How long viewers of a stream on air waited, and where it was silent."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from assistant.domain.live import Cue
from eval.drills.on_air_checks import Heard, spans


def first_sounds(heard: Sequence[Heard]) -> dict[str, float]:
    """When each cue was first heard, Unix seconds."""
    found: dict[str, float] = {}
    for one in heard:
        if one.place:
            found.setdefault(one.cue_id, one.began)
    return found


def latencies(
    heard: Sequence[Heard],
    cues: Sequence[Cue],
    lines: Sequence[Mapping[str, Any]],
    sent: Mapping[str, float],
) -> tuple[list[float], list[float]]:
    """Seconds from the first comment to ask, to its answer's first sound.

    All of them, and those that came while nothing was said and nothing waited.
    """
    first = first_sounds(heard)
    asked: dict[str, float] = {}
    for line in lines:
        if line["outcome"] == "spoken" and line["event_id"] in sent:
            at = sent[line["event_id"]]
            asked[line["question_id"]] = min(at, asked.get(line["question_id"], at))
    every, free = [], []
    for cue in cues:
        if cue.id in first and cue.question_id in asked:
            at = asked[cue.question_id]
            every.append(first[cue.id] - at)
            if not any(is_due(one, at) for one in cues if one.id != cue.id):
                free.append(first[cue.id] - at)
    return every, free


def is_due(cue: Cue, at: float) -> bool:
    """Whether it waits or is said at a moment."""
    return cue.made_at.timestamp() <= at and (
        cue.ended_at is None or cue.ended_at.timestamp() >= at
    )


def silences(heard: Sequence[Heard], cues: Sequence[Cue]) -> list[float]:
    """Silences, in seconds, while something waited to be said."""
    said, found = spans(heard), []
    first = first_sounds(heard)
    for cue in cues:
        if cue.id not in first:
            continue
        at, until = cue.made_at.timestamp(), first[cue.id]
        for start, end in said:
            if start > at:
                found.append(max(0.0, min(start, until) - at))
            at = max(at, end)
            if at >= until:
                break
    return found


def gaps(heard: Sequence[Heard]) -> list[float]:
    """Silences between two sentences of one cue, beyond the pause that the first one holds."""
    return [
        other.started - one.ended
        for one, other in pairwise(heard)
        if one.place and other.place and one.cue_id == other.cue_id and one.load == other.load
    ]


def acknowledged(heard: Sequence[Heard], cues: Sequence[Cue]) -> list[float]:
    """Stored start of each cue minus the start of its sound's file, in seconds."""
    firsts: dict[str, Heard] = {}
    for each in heard:
        firsts.setdefault(each.cue_id, each)
    pairs = [(cue.started_at, firsts.get(cue.id)) for cue in cues]
    return [at.timestamp() - one.started for at, one in pairs if at and one and one.place]
