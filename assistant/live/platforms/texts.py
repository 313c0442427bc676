"""What other parties send as text, made storable."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LONGEST_TEXT = 2000
"""Characters of a comment that are kept; no platform allows a viewer more."""


def storable(text: object) -> str:
    """A text without what UTF-8 or PostgreSQL cannot hold (NUL, lone surrogates); "" for None."""
    return "" if text is None else _UNSTORABLE.sub("", str(text))
