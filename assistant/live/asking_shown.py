"""What the stage shows of a question beside its answer."""

from assistant.domain.live import NOBODY, Asking, CueKind
from assistant.live.core import Core
from assistant.live.memory import Known
from assistant.live.speech_queue import Waiting

_OF_A_QUESTION = frozenset({CueKind.ANSWER, CueKind.CLARIFY, CueKind.CORRECTION})
LONGEST = 60
"""Characters of a question on the stage."""


def asking_of(core: Core, one: Waiting) -> Asking:
    """The question and who asked it; nothing where the words may not be repeated in public."""
    known = one.known
    if known is None or one.cue.kind not in _OF_A_QUESTION:
        return NOBODY
    text = known.question.text
    if core.unsafe(text):
        return NOBODY
    shown = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return Asking(shown, _name(known))


def _name(known: Known) -> str:
    """The name is masked when the comment comes in (safety.nicknames)."""
    if known.first is None:
        return ""
    return known.first.viewer_name or f"网友{known.first.viewer[:4]}"
