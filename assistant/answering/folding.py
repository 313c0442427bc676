"""Folded text, as comparisons see it: half-width, in small letters, without marks."""

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile(r"[\W_]+")
_BREAKS = re.compile(r"[\s,，。;；:：!！?？、…~～]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """NFKC, lower case, without white space, punctuation and brackets."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


def clean(text: str) -> str:
    """NFKC and lower case, with its punctuation; white space runs become one space."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def pieces(text: str) -> list[str]:
    """The stretches between marks and spaces, folded, empty ones left out."""
    return [folded for part in _BREAKS.split(clean(text)) if (folded := fold(part))]


def grams(folded: str) -> list[str]:
    """Character pairs of a folded text; a single character stands for itself."""
    if len(folded) < 2:
        return [folded] if folded else []
    return [folded[i : i + 2] for i in range(len(folded) - 1)]
