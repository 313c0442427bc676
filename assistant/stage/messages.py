"""What the stage and its pages say to each other: JSON objects with a `type`; README lists them.

To the page, each with a `seq`: `notice`, `cover`, `role`, `cue`, `sentence`, `position`, `next`,
`stop`, `ended`. From the page: `started`, `heard`, `ended`, `status`. A page answers a cue that it
has played already with `started` and `ended`, at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.domain.answer import Citation
from assistant.domain.live import Asking, Cue, StageEvent, StageEventKind
from assistant.domain.speech import Speech
from assistant.retrieval.guide_render import FIELD_LABELS
from assistant.stage.playing import Playing, Position
from assistant.stage.script import sentences_of

Message = Mapping[str, Any]
HOLDING = "holding"
"""The state of a notice while the room goes from one process to the next."""
_LONGEST_ID = 64
_NAME = FIELD_LABELS["name"]
_SHOWN = 3
"""Sources beside an answer."""


def notice(state: str, line: str, topic: str = "") -> Message:
    """What is shown while nothing is said, and the stream's topic."""
    return {"type": "notice", "state": state, "line": line, "topic": topic}


def cover(*, silent: bool, carded: bool) -> Message:
    """Whether the sound is off while captions go on, and whether a card covers the picture."""
    return {"type": "cover", "silent": silent, "carded": carded}


def role(*, speaks: bool, renderer: bool) -> Message:
    """Whether this page is the one that is heard, and whether a renderer shows the host."""
    return {"type": "role", "speaks": speaks, "renderer": renderer}


def cue(one: Playing, *, begins_at: int = 0, position: Position | None = None) -> Message:
    """One thing to say. `sentences` follow, each by itself; `from` is where to begin.

    `position` is where the speaker is: a page that does not speak goes along with it.
    """
    said = one.cue
    return {
        "type": "cue",
        "id": said.id,
        "kind": said.kind,
        "text": said.text,
        "spoken": said.spoken,
        "sentences": len(one.sentences),
        "from": begins_at,
        "begun": one.rejoins,
        "position": _position(position) if position else None,
        "question": one.asking.question,
        "viewer": one.asking.viewer,
        "asked_by": said.asked_by,
        "citations": [_citation(each) for each in _basis(said.citations)[:_SHOWN]],
        "slides": _slides(one),
    }


def _slides(one: Playing) -> list[dict[str, Any]]:
    """Each slide and the sentence with which it comes."""
    shown = one.cue.slides
    comes = sentences_of(shown, one.sentences)
    return [
        {"name": each.name, "sentence": number} for each, number in zip(shown, comes, strict=True)
    ]


def _basis(cited: Sequence[Citation]) -> list[Citation]:
    """What was asked stands first: a guide's name is its title, and alone where nothing else is."""
    return [one for one in cited if one.locator != _NAME] or list(cited)


def _citation(one: Citation) -> dict[str, Any]:
    return {
        "source_id": one.source_id,
        "title": one.title or one.source_id,
        "number": one.document_number,
        "locator": one.locator,
        "quote": one.quote,
        "has_link": bool(one.source_url),
    }


def sentence(one: Playing, number: int) -> Message:
    """A sentence: its caption, when each of its characters is heard, the mouth, the sound."""
    speech = one.speeches[number]
    return {
        "type": "sentence",
        "cue_id": one.cue.id,
        "index": number,
        "text": speech.text.display,
        "spoken": speech.text.spoken,
        "times": [round(at, 3) for at in one.times(number)],
        "mouth": _mouth(speech),
        "seconds": round(speech.seconds, 3),
        "audio": speech.audio,
        "engine": speech.engine,
    }


def _mouth(speech: Speech) -> list[tuple[float, float, str]]:
    return [(round(at.start, 3), round(at.end, 3), at.shape.value) for at in speech.mouth]


def position(cue_id: str, at: Position) -> Message:
    """Where the speaker is."""
    return {"type": "position", "cue_id": cue_id, **_position(at)}


def _position(at: Position) -> dict[str, Any]:
    return {"sentence": at.sentence, "seconds": round(at.seconds, 3)}


def following(waiting: Sequence[tuple[Cue, Asking]]) -> Message:
    """What is next."""
    shown = [{"question": asking.question, "asked_by": one.asked_by} for one, asking in waiting]
    return {"type": "next", "waiting": shown}


def stop() -> Message:
    """Fall silent now."""
    return {"type": "stop"}


def ended(cue_id: str) -> Message:
    """A cue is over that the page does not end itself."""
    return {"type": "ended", "cue_id": cue_id}


@dataclass(frozen=True, slots=True)
class Heard:
    """A page tells how far a cue was heard; the last one of a cue that was stopped is `final`."""

    cue_id: str
    position: Position
    characters: int
    final: bool


def heard(said: Mapping[str, Any]) -> Heard | None:
    """What a page tells; None for anything else."""
    cue_id = cue_of(said)
    numbers = [said.get(name) for name in ("sentence", "seconds", "characters")]
    if cue_id is None or not all(map(_is_number, numbers)):
        return None
    at, seconds, characters = numbers
    final = said.get("final") is True
    return Heard(cue_id, Position(int(at or 0), float(seconds or 0)), int(characters or 0), final)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6


def cue_of(said: Mapping[str, Any]) -> str | None:
    """The cue that a page speaks of."""
    cue_id = said.get("cue_id")
    return cue_id if isinstance(cue_id, str) and 0 < len(cue_id) <= _LONGEST_ID else None


def acknowledged(said: Mapping[str, Any], at: datetime) -> StageEvent | None:
    """A page's acknowledgement as an event; None for anything else."""
    kind, cue_id = said.get("type"), cue_of(said)
    known = {"started": StageEventKind.STARTED, "ended": StageEventKind.ENDED}
    event = known.get(kind) if isinstance(kind, str) else None
    return StageEvent(cue_id, event, at) if event and cue_id else None
