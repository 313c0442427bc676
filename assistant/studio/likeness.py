"""How much of a script was said in an earlier stream: platforms punish repeats, and so do viewers.

The share of the script's runs of eight characters that stand in one earlier script. What a guide
states is the same each time; a share of the whole above `NEAR` means the stream itself is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain.studio import StreamDraft

RUN = 8
NEAR = 0.6
_MARKS = re.compile(r"[\s，。！？、；：“”‘’（）《》…·,.!?;:()\"'—-]")


@dataclass(frozen=True, slots=True)
class Near:
    """An earlier stream and the share of this script that it held, 0 to 1."""

    stream_id: str
    title: str
    share: float


def runs(draft: StreamDraft) -> frozenset[str]:
    """The runs of what is spoken."""
    said = (_MARKS.sub("", s.text) for segment in draft.segments for s in segment.sentences)
    return frozenset(text[at : at + RUN] for text in said for at in range(len(text) - RUN + 1))


def share(own: frozenset[str], earlier: frozenset[str]) -> float:
    """How much of a script stands in an earlier one; 0 for an empty one."""
    return len(own & earlier) / len(own) if own else 0.0


def nearest(own: frozenset[str], earlier: Iterable[tuple[str, str, frozenset[str]]]) -> Near | None:
    """The earlier stream (id, title, runs) that holds most of a script; None below `NEAR`."""
    best = max(
        (Near(key, title, share(own, its)) for key, title, its in earlier),
        key=lambda one: one.share,
        default=None,
    )
    return best if best and best.share >= NEAR else None
