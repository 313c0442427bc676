"""What the screen says of a text."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a screened comment deserves. SERIOUS also raises an alert."""

    CLEAN = "clean"
    SET_ASIDE = "set_aside"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Screened:
    """What the rule packs say of a text. `code` is the category, `rule` the rule that hit.

    `reason` is a Chinese sentence that never repeats the text's words.
    """

    severity: Severity = Severity.CLEAN
    code: str = ""
    reason: str = ""
    rule: str = ""
