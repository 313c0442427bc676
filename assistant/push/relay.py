"""One stream out of many sources: they come and go, its clock goes on and its viewers stay.

A source is taken from its first keyframe. While none delivers, the card is looped (`card`).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from assistant.push.flv import Kind, Tag
from assistant.push.seams import FRAMES, Now

Sink = Callable[[Tag], None]
"""Takes each tag at once; it never waits."""
FRAME = 1000 // FRAMES
"""Milliseconds of a frame."""
OVER = 5.0
"""Seconds over which rates are counted."""


@dataclass(frozen=True, slots=True)
class RelayReading:
    """`frames` since the beginning; `rate` in frames and `bits` in bits a second, of late.

    `offset` is how many milliseconds the sound's newest time is ahead of the picture's.
    """

    at: float
    origin: str
    frames: int
    frame_at: float
    rate: float
    bits: float
    offset: int

    @property
    def of_no_account(self) -> Self:
        """For a run that is not on air: its rates are not known."""
        return replace(self, rate=float(FRAMES), offset=0)


class Relay:
    """Hands tags on to sinks. An `origin` is one run of a source."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._began = now()
        self._sinks: list[Sink] = []
        self._headers: dict[str, dict[Kind, Tag]] = {}
        self._told: dict[Kind, Tag] = {}
        self._origin = ""
        self._shift = 0
        self._time = -FRAME
        self._newest = {Kind.VIDEO: 0, Kind.AUDIO: 0}
        self._frames = 0
        self._frame_at = self._began
        self._recent: deque[tuple[float, int, bool]] = deque()

    @property
    def origin(self) -> str:
        """Where the picture comes from now."""
        return self._origin

    @property
    def silent(self) -> float:
        """Seconds since the last frame, wherever it came from."""
        return self._now() - self._frame_at

    @property
    def headers(self) -> list[Tag]:
        """What sets up a decoder that comes now."""
        return [one.at(max(0, self._time)) for one in self._told.values()]

    def add(self, sink: Sink) -> None:
        """Someone who takes the stream from now on."""
        self._sinks.append(sink)

    def take(self, tag: Tag, origin: str, *, may_lead: bool = True) -> None:
        """A tag of an origin. One that leads takes over with its first keyframe."""
        if tag.is_header:
            self._headers.setdefault(origin, {})[tag.kind] = tag
            if origin == self._origin:
                self._tell_headers()
            return
        if tag.kind is Kind.DATA:
            return
        if origin != self._origin:
            if not (may_lead and tag.is_keyframe):
                return
            self._switch(tag, origin)
        self._hand_on(tag.at(max(self._time, tag.time + self._shift)))

    def forget(self, origin: str) -> None:
        """A run is over; the next one begins by its keyframe."""
        self._headers.pop(origin, None)
        if origin == self._origin:
            self._origin = ""

    def reading(self) -> RelayReading:
        """How the stream goes."""
        now = self._now()
        while self._recent and self._recent[0][0] < now - OVER:
            self._recent.popleft()
        span = min(OVER, max(now - self._began, 0.001))
        frames = sum(is_frame for _, _, is_frame in self._recent)
        bits = 8 * sum(size for _, size, _ in self._recent)
        offset = self._newest[Kind.AUDIO] - self._newest[Kind.VIDEO]
        rates = (frames / span, bits / span)
        return RelayReading(now, self._origin, self._frames, self._frame_at, *rates, offset)

    def _switch(self, first: Tag, origin: str) -> None:
        """Time goes on by the clock: no earlier than the frame after the last one."""
        self._origin = origin
        due = round((self._now() - self._began) * 1000)
        self._time = max(self._time + FRAME, due)
        self._shift = self._time - first.time
        self._tell_headers()

    def _tell_headers(self) -> None:
        for kind, header in self._headers.get(self._origin, {}).items():
            told = self._told.get(kind)
            if told is None or told.body != header.body:
                self._told[kind] = header
                self._send(header.at(max(0, self._time)))

    def _hand_on(self, tag: Tag) -> None:
        self._time = tag.time
        self._newest[tag.kind] = tag.time
        now, is_frame = self._now(), tag.kind is Kind.VIDEO
        self._recent.append((now, len(tag.body), is_frame))
        if is_frame:
            self._frames += 1
            self._frame_at = now
        self._send(tag)

    def _send(self, tag: Tag) -> None:
        for sink in self._sinks:
            sink(tag)
