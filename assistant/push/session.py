"""One room's stream, put together: sources, card, publishers, recording, reports."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.push.card import Card
from assistant.push.director import Director, DirectorParts, Tell
from assistant.push.flv import Tag
from assistant.push.publisher import Open, Publisher
from assistant.push.recorder import Recorder
from assistant.push.relay import Relay
from assistant.push.reporter import STOPPED, Reporter
from assistant.push.seams import Now, PictureSource, Shape
from assistant.push.target_watch import TargetWatch
from assistant.push.targets import Target

_LOOK = 1.0
_STILL = 5.0
"""Seconds without a frame, the card's included, after which the process is not well."""


@dataclass(frozen=True, slots=True)
class SessionParts:
    """`recorder` and `reporter` are made around the session's own parts; None for neither.

    `beat` is called each second while frames go out: who watches the process hears of it.
    """

    shape: Shape
    targets: Sequence[Target]
    browser: Callable[[], PictureSource]
    safe: Callable[[], PictureSource]
    card: Sequence[Tag]
    open_: Open
    now: Now
    recorder: Callable[[Relay, Tell], Recorder | None]
    reporter: Callable[["Session"], Reporter]
    beat: Callable[[], None] = lambda: None


class Session:
    """`run` pushes until it is cancelled; then nothing of it runs any more."""

    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts
        self.relay = Relay(parts.now)
        self.reporter = parts.reporter(self)
        headers = lambda: self.relay.headers  # noqa: E731 - as they are then
        self._publishers = [
            Publisher(one, parts.shape, parts.now, parts.open_, headers) for one in parts.targets
        ]
        self._recorder = parts.recorder(self.relay, self.reporter.tell)
        for publisher in self._publishers:
            self.relay.add(publisher.take)
        if self._recorder:
            self.relay.add(self._recorder.take)
        self.director = Director(
            DirectorParts(
                self.relay,
                parts.browser,
                parts.safe,
                parts.now,
                self.reporter.tell,
                lambda: self.reporter.speaks,
            )
        )

    async def run(self) -> None:
        """All parts, until one fails or this is cancelled."""
        card = Card(self.relay, self._parts.card, self._parts.now)
        works = [card.run(), self.director.run(), self.reporter.run(), self._watch_targets()]
        works += [one.run() for one in self._publishers]
        works += [self._recorder.run()] if self._recorder else []
        self.reporter.begin()
        try:
            async with asyncio.TaskGroup() as together:
                for work in works:
                    together.create_task(work)
        except asyncio.CancelledError:
            self.reporter.tell(STOPPED, "推流已停止", None)
            raise
        finally:
            await self.reporter.last_word()

    def state(self) -> dict[str, Any]:
        """The report, as JSON; no keys."""
        relay, now = self.relay.reading(), self._parts.now()
        shape = self._parts.shape
        return {
            "mode": self.director.mode.value,
            "origin": relay.origin,
            "size": [shape.width, shape.height],
            "rate": round(relay.rate, 1),
            "bits": round(relay.bits),
            "offset": relay.offset,
            "frames": relay.frames,
            "silent": round(self.relay.silent, 1),
            "faults": [asdict(one) for one in self.director.faults],
            "targets": [self._target(one, now) for one in self._publishers],
            "recording": asdict(self._recorder.reading()) if self._recorder else None,
        }

    def preview(self) -> bytes | None:
        """A small JPEG of what is on air; None where that is the card."""
        return self.director.preview()

    def _target(self, one: Publisher, now: float) -> dict[str, Any]:
        reading = asdict(one.reading())
        return reading | {"since": round(now - reading["since"], 1), "bits": round(reading["bits"])}

    async def _watch_targets(self) -> None:
        tell, now = self.reporter.tell, self._parts.now
        watches = [TargetWatch(one, tell, now) for one in self._publishers]
        while True:
            await asyncio.sleep(_LOOK)
            for one in watches:
                one.look()
            if self.relay.silent < _STILL:
                self._parts.beat()
