"""Pushes the stream to one target, for ever: what it cannot send in time it leaves out."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog

from assistant.errors import Unavailable
from assistant.push.encoding import AUDIO_RATE, VIDEO_RATE
from assistant.push.flv import Kind, Tag
from assistant.push.rtmp import amf
from assistant.push.rtmp.publishing import Refused
from assistant.push.seams import FRAMES, SOUND_RATE, Now, Shape
from assistant.push.targets import Address, Target
from assistant.push.waits import Waits

log = structlog.get_logger()
LONGEST = 4000
"""Milliseconds of stream that may wait; then what waits is dropped up to the next keyframe."""
_OVER = 5.0


class Line(Protocol):
    """An open publication (`rtmp.publishing`)."""

    async def send(self, tag: Tag) -> int: ...  # noqa: D102 - see Publication
    async def describe(self, facts: Mapping[str, amf.Value]) -> None: ...  # noqa: D102
    async def close(self) -> None: ...  # noqa: D102
    @property
    def unsent(self) -> int: ...  # noqa: D102


Open = Callable[[Address, str], Awaitable[Line]]


class PublisherState(StrEnum):
    """What a publisher is doing."""

    CONNECTING = "connecting"
    LIVE = "live"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class PublisherReading:
    """`bits` a second of late; `queued` milliseconds of stream wait; `why` it is not live."""

    name: str
    host: str
    state: PublisherState
    since: float
    bits: float
    frames: int
    dropped: int
    queued: int
    unsent: int
    connections: int
    why: str


class Publisher:
    """`take` is the relay's sink; `run` never ends by itself."""

    def __init__(
        self, target: Target, shape: Shape, now: Now, open_: Open, headers: Callable[[], list[Tag]]
    ) -> None:
        self.target = target
        self._shape = shape
        self._now = now
        self._open = open_
        self._headers = headers
        self._queue: deque[Tag] = deque()
        self._came = asyncio.Event()
        self._line: Line | None = None
        self._wants_key = True
        self._base = 0
        self._state, self._since, self._why = PublisherState.CONNECTING, now(), ""
        self._sent_at, self._is_refused = now(), False
        self._frames = self._dropped = self._connections = 0
        self._sent: deque[tuple[float, int]] = deque()

    def take(self, tag: Tag) -> None:
        """A tag to send. Nothing waits for a target that is not connected."""
        if self._line is None:
            return
        if self._wants_key and not tag.is_header:
            if not tag.is_keyframe:
                self._dropped += tag.kind is Kind.VIDEO
                return
            self._wants_key = False
        self._queue.append(tag)
        if tag.time - self._queue[0].time > LONGEST:
            self._dropped += sum(one.kind is Kind.VIDEO for one in self._queue)
            self._queue = deque(one for one in self._queue if one.is_header)
            self._wants_key = True
        self._came.set()

    async def run(self) -> None:
        """Push, and again."""
        waits = Waits(self._now())
        while True:
            began = self._now()
            why = await self._push()
            self._turn(PublisherState.WAITING, self.target.hidden(why))
            wait = waits.after(began, self._now(), is_refused=self._is_refused)
            log.warning("push_target_lost", target=self.target.name, why=self._why, wait=wait)
            await asyncio.sleep(wait)

    def reading(self) -> PublisherReading:
        """How it goes."""
        now = self._now()
        while self._sent and self._sent[0][0] < now - _OVER:
            self._sent.popleft()
        bits = 8 * sum(size for _, size in self._sent) / _OVER
        queued = self._queue[-1].time - self._queue[0].time if self._queue else 0
        return PublisherReading(
            self.target.name,
            self.target.address.host,
            self._state,
            self._since,
            bits,
            self._frames,
            self._dropped,
            queued,
            self._line.unsent if self._line else 0,
            self._connections,
            self._why,
        )

    @property
    def sent_at(self) -> float:
        """When the server last took something; at first when this was made."""
        return self._sent_at

    async def _push(self) -> str:
        """Until it breaks; gives why."""
        self._turn(PublisherState.CONNECTING, self._why)
        line, self._is_refused = None, False
        try:
            line = await self._open(self.target.address, self.target.key)
            await self._stream(line)
        except TimeoutError:
            return "服务器没有响应"
        except Unavailable as error:
            self._is_refused = isinstance(error, Refused)
            return str(error)
        except OSError as error:
            return _told(error)
        finally:
            self._line = None
            if line is not None:
                await line.close()
        return ""

    async def _stream(self, line: Line) -> None:
        await line.describe(_facts(self._shape))
        self._queue.clear()
        self._queue.extend(self._headers())
        self._wants_key, self._base, self._line = True, -1, line
        self._connections += 1
        self._turn(PublisherState.LIVE, "")
        while True:
            while self._queue:
                await self._send(line, self._queue.popleft())
            self._came.clear()
            await self._came.wait()

    async def _send(self, line: Line, tag: Tag) -> None:
        """Each connection's time begins at nought."""
        if self._base < 0 and not tag.is_header:
            self._base = tag.time
        size = await line.send(tag.at(max(0, tag.time - self._base) if self._base >= 0 else 0))
        self._sent_at = self._now()
        self._frames += tag.kind is Kind.VIDEO and not tag.is_header
        self._sent.append((self._sent_at, size))

    def _turn(self, state: PublisherState, why: str) -> None:
        self._state, self._since, self._why = state, self._now(), why


def _told(error: OSError) -> str:
    """Why, for staff; our own errors say it themselves."""
    if isinstance(error, ConnectionRefusedError):
        return "服务器没有在接收推流"
    if isinstance(error, socket.gaierror):
        return "找不到这台服务器"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "服务器的证书不可信，核对地址，或请管理员安装它的根证书"
    if isinstance(error, ssl.SSLError):
        return "服务器不支持加密推流，核对地址是 rtmp 还是 rtmps"
    if error.errno is not None:
        return f"网络不通（{error.strerror}）"
    return str(error) or "连接断开"


def _facts(shape: Shape) -> dict[str, amf.Value]:
    return {
        "width": float(shape.width),
        "height": float(shape.height),
        "framerate": float(FRAMES),
        "videocodecid": 7.0,
        "videodatarate": float(VIDEO_RATE),
        "audiocodecid": 10.0,
        "audiodatarate": float(AUDIO_RATE),
        "audiosamplerate": float(SOUND_RATE),
        "audiosamplesize": 16.0,
        "stereo": True,
        "encoder": "livestream-question-desk",
    }
