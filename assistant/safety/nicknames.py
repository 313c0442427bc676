"""Viewers' names as others may see them: enough to know oneself again, not enough to be known."""

import unicodedata

NAMELESS = "网友"


def safe_name(name: str) -> str:
    """The first character and two stars (王**); 网友 where there is none that can be shown.

    A digit or sign at the beginning is passed over: a nickname may be a phone number.
    """
    shown = (each for each in unicodedata.normalize("NFKC", name) if each.isalpha())
    first = next(shown, None)
    return f"{first}**" if first else NAMELESS
