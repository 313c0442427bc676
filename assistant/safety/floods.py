"""Spam that shows only in many comments: the same text, the same viewer, links and contacts.

State of one room, bounded: what is older than the window is dropped, and of viewers and texts only
the newest are kept. It only tells what it finds: a question that is repeated is merged, not set
aside, and that is the engine's to decide.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from assistant.domain.live import Comment
from assistant.domain.screening import Screened, Severity
from assistant.safety.folding import fold

_CLEAN = Screened()
_SAME_TEXT = Screened(Severity.SET_ASIDE, "flood", "同一内容短时间内反复刷屏", "floods/same_text")
_SAME_VIEWER = Screened(
    Severity.SET_ASIDE, "flood", "同一观众短时间内连续刷屏", "floods/same_viewer"
)
_STRETCHED = Screened(Severity.SET_ASIDE, "flood", "无内容的重复字符", "floods/stretched")
_FEW_LETTERS = re.compile(r"(.{1,6}?)\1{5,}")


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """What makes a flood: more than so many within the window."""

    seconds: float = 30.0
    same_text: int = 8
    """The same text by any viewers (a crowd greeting at once is one)."""
    same_text_of_viewer: int = 2
    of_viewer: int = 12
    most_keys: int = 20_000


class RoomFloods:
    """Counts the comments of one room; call it with every comment, in order of arrival."""

    def __init__(self, limits: FloodLimits | None = None) -> None:
        self._limits = limits or FloodLimits()
        self._seen: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()

    def __call__(self, comment: Comment) -> Screened:
        """Count a comment and say whether it is part of a flood."""
        limits, at = self._limits, comment.received_at
        text, stretched = _read(comment.text)
        viewer = f"{comment.platform}\0{comment.viewer}"
        by_viewer = self._count((viewer, ""), at, limits.of_viewer)
        own_text = self._count((viewer, text), at, limits.same_text_of_viewer)
        same_text = self._count(("", text), at, limits.same_text)
        self._forget(at)
        if own_text or same_text:
            return _SAME_TEXT
        if by_viewer:
            return _SAME_VIEWER
        return _STRETCHED if stretched else _CLEAN

    def _count(self, key: tuple[str, str], at: datetime, limit: int) -> bool:
        """Whether more than `limit` have come within the window, this one included."""
        times = self._seen.setdefault(key, [])
        self._seen.move_to_end(key)
        times.append(at)
        since = at - timedelta(seconds=self._limits.seconds)
        while times[0] < since or len(times) > limit + 1:
            del times[0]
        return len(times) > limit

    def _forget(self, at: datetime) -> None:
        """Drop what is longest unseen: out of the window, or too much."""
        since = at - timedelta(seconds=self._limits.seconds)
        while len(self._seen) > self._limits.most_keys:
            self._seen.popitem(last=False)
        while self._seen[next(iter(self._seen))][-1] < since:
            self._seen.popitem(last=False)


@lru_cache(4096)
def _read(text: str) -> tuple[str, bool]:
    """The letters of a text, and whether it is nothing but a few of them again and again."""
    return fold(text).squeezed, _FEW_LETTERS.search(text) is not None
