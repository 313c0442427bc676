"""A page that speaks, in the drill's own process and quicker than a voice: it keeps what was heard.

It answers as `web/static/stage.js` does, and outlives the service as a browser does.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.domain.speech import Said, Voiced
from assistant.stage.hub import StageHub
from assistant.stage.line import StageLine

REPORTS = 0.25
"""Seconds between two reports."""
LOST = 8.0
"""Seconds without the next sentence: the cue is over."""


@dataclass
class Heard:
    """What was heard of one cue. `whole` is the number of its read sentences."""

    cue_id: str
    kind: str
    spoken: str
    question: str
    slides: tuple[str, ...]
    whole: int
    sentences: dict[int, dict[str, Any]] = field(default_factory=dict)
    done: int = 0
    """Read sentences that were heard to their end."""
    inside: float = 0.0
    """How much of the next one, from 0 to 1."""

    @property
    def characters(self) -> int:
        """Display characters that were heard."""
        texts = [self.sentences[number]["text"] for number in sorted(self.sentences)]
        part = int(len(texts[self.done]) * self.inside) if self.done < len(texts) else 0
        return sum(map(len, texts[: self.done])) + part

    @property
    def said(self) -> Said:
        """As the stage reports it."""
        texts = (self.sentences[number]["text"] for number in sorted(self.sentences))
        return Said(self.characters, tuple(Voiced(text) for text in texts))


class DrillPage:
    """`speed` times as quick as the captions say."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self.heard: list[Heard] = []
        self._now: Heard | None = None
        self._over: set[str] = set()
        self._came = asyncio.Event()
        self._playing: asyncio.Task[None] | None = None
        self._hub: StageHub | None = None
        self._line: StageLine | None = None
        self._listening: asyncio.Task[None] | None = None

    def open(self, hub: StageHub) -> None:
        """Connect to a stage, with the key."""
        self._hub, self._line = hub, hub.join(may_speak=True)
        self._listening = asyncio.create_task(self._listen(self._line))

    async def cut(self) -> None:
        """The line is cut: what has come is played on."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        if self._hub is not None and self._line is not None:
            self._hub.leave(self._line)
        self._hub = self._line = None

    def _tell(self, **said: Any) -> None:
        if self._hub is not None and self._line is not None:
            self._hub.heard(self._line, said)

    async def _listen(self, line: StageLine) -> None:
        async for message in line:
            match message["type"]:
                case "cue":
                    await self._cue(message)
                case "sentence" if self._now and message["cue_id"] == self._now.cue_id:
                    self._now.sentences[message["index"]] = dict(message)
                    self._came.set()
                case "stop":
                    await self._stop()

    async def _cue(self, cue: Mapping[str, Any]) -> None:
        known = next((one for one in self.heard if one.cue_id == cue["id"]), None)
        if self._now is not None and known is self._now:
            self._tell(type="started", cue_id=cue["id"])
            return
        if known is not None:
            self._tell(type="started", cue_id=cue["id"])
            self._tell(type="ended", cue_id=cue["id"])
            return
        if cue["begun"]:
            return
        await self._halt()
        slides = tuple(one["name"] for one in cue["slides"])
        self._now = Heard(
            cue["id"], cue["kind"], cue["spoken"], cue["question"], slides, cue["sentences"]
        )
        self.heard.append(self._now)
        self._playing = asyncio.create_task(self._play(self._now))

    async def _play(self, one: Heard) -> None:
        begun = False
        while one.done < one.whole:
            if not await self._has_come(one):
                break
            if not begun:
                begun = True
                self._tell(type="started", cue_id=one.cue_id)
            left = seconds = one.sentences[one.done]["seconds"] / self._speed
            while left > 0:
                await asyncio.sleep(min(left, REPORTS))
                left -= REPORTS
                one.inside = min(1.0, 1 - left / seconds)
                self._report(one)
            one.done, one.inside = one.done + 1, 0.0
            self._report(one)
        self._now = None
        self._tell(type="ended", cue_id=one.cue_id)

    async def _has_come(self, one: Heard) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOST * 4):
                while one.done not in one.sentences:
                    self._came.clear()
                    await self._came.wait()
        return one.done in one.sentences

    def _report(self, one: Heard, *, final: bool = False) -> None:
        self._tell(
            type="heard", cue_id=one.cue_id, sentence=one.done, seconds=0.0,
            characters=one.characters, final=final,
        )  # fmt: skip

    async def _stop(self) -> None:
        one = self._now
        await self._halt()
        if one is not None:
            self._report(one, final=True)

    async def _halt(self) -> None:
        self._now = None
        if self._playing is not None:
            self._playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._playing
            self._playing = None
