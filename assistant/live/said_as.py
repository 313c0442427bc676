"""A cue as it is said: with the number of people who ask by now."""

from dataclasses import replace

from assistant.domain.live import Cue, CueKind, CueState
from assistant.live import lines
from assistant.live.core import Core
from assistant.live.speech_queue import Waiting
from assistant.stage.script import moved


def as_said(core: Core, one: Waiting) -> Cue:
    """The cue to send. Aloud it is the number as it was voiced ahead, a moment ago at most."""
    names_them = one.known is not None and one.cue.kind is not CueKind.CORRECTION
    asked_by = one.voiced_for or one.asked_by
    prefix = lines.asked_by_many(asked_by) if names_them else ""
    return replace(
        one.cue,
        state=CueState.SENT,
        asked_by=one.asked_by,
        spoken=prefix + one.cue.spoken,
        slides=moved(one.cue.slides, prefix),
        seconds=core.on.seconds(prefix + one.cue.spoken),
    )


def has_grown(one: Waiting) -> bool:
    """Whether more people ask than when it was voiced ahead."""
    return one.voiced_for != one.asked_by
