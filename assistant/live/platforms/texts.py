"""What other parties send, made storable: texts, numbers and moments, whatever their type."""

import math
import re
from datetime import UTC, datetime

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LONGEST_TEXT = 2000
"""Characters of a comment that are kept; no platform allows a viewer more."""
_LARGEST = 2**31 - 1


def storable(text: object) -> str:
    """A text without what UTF-8 or PostgreSQL cannot hold (NUL, lone surrogates); "" for None."""
    return "" if text is None else _UNSTORABLE.sub("", str(text))


def number(value: object, fallback: int) -> int:
    """A whole number from 0 on, or the fallback."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return fallback
    try:
        return min(max(int(value), 0), _LARGEST)
    except ValueError:
        return fallback


def moment(seconds: object, now: datetime) -> datetime:
    """The moment of a Unix time in seconds or milliseconds; now where it is none, or later."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | str):
        return now
    try:
        unix = float(seconds)
    except ValueError:
        return now
    unix = unix / 1000 if unix >= 1e11 else unix
    if not math.isfinite(unix) or not 1e9 <= unix < 1e11:
        return now
    return min(datetime.fromtimestamp(unix, UTC), now)
