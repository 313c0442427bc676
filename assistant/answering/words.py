"""Dictionary words in a text."""

import re
from functools import lru_cache

from assistant.retrieval.analysis import words_in

_HAN = re.compile("[\u4e00-\u9fff]+")


@lru_cache(maxsize=4096)
def word_spans(folded: str) -> tuple[tuple[int, int], ...]:
    """The places of all dictionary words in a folded text."""
    return tuple(
        (run.start() + start, run.start() + end)
        for run in _HAN.finditer(folded)
        for start, end in words_in(run.group())
    )
