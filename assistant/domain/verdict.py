"""裁决: what happens to a drafted answer."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """The four ends of a question (FORMATS §4)."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    REVIEW = "review"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action with the estimated probability that the draft is right, and why.

    `reasons` are short sentences in Chinese, as a reviewer reads them.
    """

    action: Action
    confidence: float
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not within 0..1")
