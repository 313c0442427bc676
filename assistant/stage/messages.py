"""What the stage and its pages say to each other, as JSON objects with a `type`.

To the page: `notice` (state, line), `cue` (see `cue`), `stop`, `ended` (cue_id). From the page:
`started` and `ended` (cue_id). A page answers a cue that it has played with both, at once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.domain.answer import Citation
from assistant.domain.live import Cue, StageEvent, StageEventKind

Message = Mapping[str, Any]
CHARACTERS_A_MINUTE = 240
"""Simulated speech, until there is a voice (DOMAIN §5)."""
_LONGEST_ID = 64


def notice(state: str, line: str) -> Message:
    """What is shown while nothing is said."""
    return {"type": "notice", "state": state, "line": line}


def cue(one: Cue) -> Message:
    """One thing to say: the text shown, the words spoken, whose question, and the sources."""
    return {
        "type": "cue",
        "id": one.id,
        "kind": one.kind,
        "text": one.text,
        "spoken": one.spoken,
        "seconds": one.seconds or len(one.spoken) * 60 / CHARACTERS_A_MINUTE,
        "asked_by": one.asked_by,
        "citations": [_citation(each) for each in one.citations[:3]],
    }


def _citation(one: Citation) -> dict[str, Any]:
    return {
        "title": one.title or one.source_id,
        "number": one.document_number,
        "locator": one.locator,
        "quote": one.quote,
    }


def stop() -> Message:
    """Fall silent now."""
    return {"type": "stop"}


def ended(cue_id: str) -> Message:
    """A cue is over that the page does not say itself."""
    return {"type": "ended", "cue_id": cue_id}


def acknowledged(said: Mapping[str, Any], at: datetime) -> StageEvent | None:
    """A page's acknowledgement as an event; None for anything else."""
    kind, cue_id = said.get("type"), said.get("cue_id")
    if not isinstance(cue_id, str) or not 0 < len(cue_id) <= _LONGEST_ID:
        return None
    known = {"started": StageEventKind.STARTED, "ended": StageEventKind.ENDED}
    event = known.get(kind) if isinstance(kind, str) else None
    return StageEvent(cue_id, event, at) if event else None
