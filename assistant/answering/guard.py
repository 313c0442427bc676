"""Which questions are not answered on air: personal data in them, or what the screen finds.

The same screen as for live comments (assistant.safety.screen); here every hit is a refusal. The
reason never repeats the question.
"""

from dataclasses import dataclass

from assistant.answering.masking import personal_numbers_in
from assistant.domain.screening import Severity
from assistant.safety.screen import Screen, shipped_screen


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered on air: a sentence for the reviewer, a word for statistics."""

    reason: str
    code: str


class Guard:
    """Refuses questions by a screen."""

    def __init__(self, by: Screen) -> None:
        self._screen = by

    def screen(self, text: str) -> Refusal | None:
        """The refusal of a question, or None. Pure."""
        if personal_numbers_in(text):
            return Refusal("提问含个人信息，不在直播间处理", "personal_data")
        found = self._screen(text)
        return None if found.severity is Severity.CLEAN else Refusal(found.reason, found.code)

    def reason(self, text: str) -> str | None:
        """The reason of the refusal alone, as the flow takes it."""
        refusal = self.screen(text)
        return refusal.reason if refusal else None


def screen(text: str) -> Refusal | None:
    """Screen with the shipped rules."""
    return Guard(shipped_screen()).screen(text)


def reason(text: str) -> str | None:
    """The reason of the refusal by the shipped rules."""
    return Guard(shipped_screen()).reason(text)
