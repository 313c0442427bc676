"""The connection to one page or renderer, and what it says of itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from assistant.stage.messages import Message

LONGEST = 128
"""Messages that may wait for a page; a slower one is dropped and joins again."""


class Role(StrEnum):
    """A page of ours, or an external renderer that shows and says everything by itself."""

    PAGE = "page"
    RENDERER = "renderer"


class AudioState(StrEnum):
    """What a page's sound is doing."""

    UNKNOWN = "unknown"
    RUNNING = "running"
    SUSPENDED = "suspended"
    """The browser waits for a click, or OBS does not capture: nobody hears anything."""
    FAILED = "failed"
    OFF = "off"
    """A mirror without sound."""


class Figure(StrEnum):
    """What shows the presenter, where a VRM model was chosen; why it is the drawn one instead."""

    AS_SET = ""
    MODEL = "model"
    NO_WEBGL = "no_webgl"
    SLOW = "slow"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class PageStatus:
    """What a page reports every two seconds; `offset` is its clock behind ours, in seconds."""

    fps: float = 0.0
    audio: AudioState = AudioState.UNKNOWN
    figure: Figure = Figure.AS_SET
    offset: float = 0.0
    seq: int = 0
    seen: float = 0.0


class StageLine:
    """Iterate for the messages to send; ends when the line is dropped."""

    def __init__(self, *, may_speak: bool, role: Role = Role.PAGE) -> None:
        self.may_speak = may_speak
        self.role = role
        self.status = PageStatus()
        self.part: tuple[bool, bool] | None = None
        """What it was told last: whether it speaks, and whether a renderer shows the host."""
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue(LONGEST)

    def put(self, message: Message) -> bool:
        """Hand over a message; False where the page is too slow and was dropped."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self.end()
            return False
        return True

    def end(self) -> None:
        """Nothing more will come."""
        if self._queue.full():
            self._queue.get_nowait()
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)

    def report(self, said: Mapping[str, Any], now: datetime) -> None:
        """Take a `status`; values of no known form are left out."""
        audio, at = said.get("audio"), _number(said.get("at"))
        figure = said.get("figure")
        self.status = PageStatus(
            fps=min(_number(said.get("fps")), 1000.0),
            audio=AudioState(audio) if audio in list(AudioState) else AudioState.UNKNOWN,
            figure=Figure(figure) if figure in list(Figure) else Figure.AS_SET,
            offset=round(now.timestamp() - at / 1000, 3) if at else 0.0,
            seq=int(_number(said.get("seq"))),
            seen=time.monotonic(),
        )

    async def __aiter__(self) -> AsyncIterator[Message]:
        """The messages, as they come."""
        while (message := await self._queue.get()) is not None:
            yield message


def _number(value: object) -> float:
    """A number of a message, never negative, never endless; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value < 1e15 else 0.0
