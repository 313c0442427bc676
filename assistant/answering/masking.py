"""Personal data is taken out of a question before anything is stored, searched or logged."""

from collections.abc import Callable
from dataclasses import replace

from assistant.domain.question import Question
from assistant.safety.masked import PLACEHOLDERS, Masked
from assistant.safety.masking import Masker

_NUMBERS = frozenset({"identity", "mobile", "card", "passport"})
_default = Masker(kinds=PLACEHOLDERS.keys() - {"landline"})
"""Knows no office's number, so it leaves landlines: half of them are asked about, not told."""


def masked(question: Question, mask: Callable[[str], Masked] = _default) -> Question:
    """A question and its history without personal data."""
    history = tuple(mask(earlier).text for earlier in question.history)
    return replace(question, text=mask(question.text).text, history=history)


def masked_text(text: str) -> str:
    """A text without personal data."""
    return _default(text).text


def personal_numbers_in(text: str) -> list[str]:
    """Kinds of personal numbers in a text that is not masked yet; [] for none."""
    return [kind for kind in _default(text).kinds if kind in _NUMBERS]
