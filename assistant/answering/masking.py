"""Personal numbers are taken out of a question before anything is stored, searched or logged.

The first, coarse form: where a text holds a personal number, every long run of digits goes. The
live room will mask names and addresses too.
"""

import re
from dataclasses import replace

from assistant.answering.personal_data import personal_data
from assistant.domain.question import Question

HIDDEN = "〔已隐去〕"
_RUN = re.compile(
    r"[〇零一二三四五六七八九幺两\d０-９]"
    r"(?:[\s\-－—.·]*[〇零一二三四五六七八九幺两\d０-９xXｘＸ]){5,}"
)


def mask(text: str) -> str:
    """The text without its personal numbers; unchanged where it holds none."""
    return _RUN.sub(HIDDEN, text) if personal_data(text) else text


def masked(question: Question) -> Question:
    """A question and its history without personal numbers."""
    history = tuple(mask(earlier) for earlier in question.history)
    return replace(question, text=mask(question.text), history=history)
