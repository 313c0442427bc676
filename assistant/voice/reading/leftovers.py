"""The assertion behind the rules: nothing is left that a voice would stumble over."""

import re

from assistant.voice.reading.latin import allowed
from assistant.voice.reading.marks import PUNCTUATION
from assistant.voice.reading.pinyin import is_readable


def leftovers(spoken: str) -> str:
    """The digits, signs and Latin letters outside the allowed list that a spoken text still has.

    "" is what every text of `Reader` gives; the property tests and `eval.voice_check` hold it
    to that.
    """
    return "".join(
        char
        for run in re.split(r"([A-Za-z]+)", spoken)
        for char in (_latin(run) if run.isascii() and run.isalpha() else run)
        if not (is_readable(char) or char in PUNCTUATION)
    )


def _latin(run: str) -> str:
    return allowed().sub("", run)
