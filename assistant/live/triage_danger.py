"""Whether a person must know at once, and whom to call: rules for known wordings, a model beside.

The model sees every text first. Where it is sure of calm, no rule is asked but for the plainest
words; where it is not, a rule decides, or the model alone from `call_from` on.
"""

from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.live import Urgency
from assistant.live.triage_rules import TriageRules, shipped_rules
from assistant.live.triage_text import fold, is_noise
from assistant.live.triage_urgency import UrgencyModel

__all__ = ["NUMBERS", "Dangers", "emergency"]

NUMBERS = {"12356": "110、120或心理援助热线12356"}
"""Whom to call, where it is more than the code says. 12356: the national line since 2025."""

_SHORT = {
    "救命": "110",
    "着火": "119",
    "起火": "119",
    "失火": "119",
    "想死": "12356",
    "自杀": "12356",
}
"""Danger in two characters, which otherwise are noise."""


@dataclass(frozen=True, slots=True)
class Dangers:
    """Urgency and call of a folded text. Pure; some microseconds for noise, about 0.1 ms else."""

    rules: TriageRules
    model: UrgencyModel

    @classmethod
    def shipped(cls) -> "Dangers":
        """With the rules and weights that travel with the program."""
        return cls(shipped_rules(), _model())

    def __call__(self, folded: str) -> tuple[Urgency, str]:
        """How urgent it is, and for an emergency whom to call."""
        if is_noise(folded):
            code = _SHORT.get(folded, "")
            return (_level(code), NUMBERS.get(code, code))
        odds = self.model.probabilities(folded)
        calm = self.model.is_calm(odds) and not self.rules.is_sure(folded)
        code = ("" if calm else self.rules.call(folded)) or self.model.call(odds)
        if code:
            return Urgency.EMERGENCY, NUMBERS.get(code, code)
        hurried = self.model.is_urgent(odds) or self.rules.is_urgent(folded)
        return (Urgency.URGENT if hurried else Urgency.NORMAL), ""


def _level(code: str) -> Urgency:
    return Urgency.EMERGENCY if code else Urgency.NORMAL


@lru_cache(maxsize=1)
def _model() -> UrgencyModel:
    return UrgencyModel.shipped()


def emergency(text: str) -> str:
    """Whom to call at once: `120`, `119`, `110`, a longer line of `NUMBERS`, or "" for nobody."""
    return Dangers.shipped()(fold(text))[1]
