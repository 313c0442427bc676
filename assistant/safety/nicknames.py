"""Viewers' names as others may see them: enough to know oneself again, not enough to be known."""

import unicodedata
from functools import cache, lru_cache

from assistant.domain.screening import Severity
from assistant.safety.masked import PLACEHOLDERS
from assistant.safety.masking import Masker
from assistant.safety.screen import shipped_screen

NAMELESS = "网友"
_KEPT = 16_384
"""Names of a crowd; with fewer than its viewers, nearly each would be looked at again."""


@lru_cache(_KEPT)
def safe_name(name: str) -> str:
    """The first character and two stars (王**); 网友 where there is none that can be shown.

    A digit or sign at the beginning is passed over: a nickname may be a phone number. So is what is
    personal data in it; and one that the screen would set aside (abuse, advertising) is not shown
    even by its first character.
    """
    plain = unicodedata.normalize("NFKC", name)
    if not plain.strip() or shipped_screen()(plain).severity is not Severity.CLEAN:
        return NAMELESS
    shown = (each for each in _without_contacts(plain) if each.isalpha())
    first = next(shown, None)
    return f"{first}**" if first else NAMELESS


def _without_contacts(name: str) -> str:
    """The name without numbers, addresses and contacts in it; its owner's name may stay."""
    masked = _masker()(name).text
    for placeholder in PLACEHOLDERS.values():
        masked = masked.replace(placeholder, "")
    return masked


@cache
def _masker() -> Masker:
    return Masker(kinds=PLACEHOLDERS.keys() - {"name"})
