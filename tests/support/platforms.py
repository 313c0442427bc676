"""What the tests of connectors share: a receiver, two clocks, a small HTTP server."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from assistant.domain.live import LiveEvent

WAIT = 10.0
"""Seconds after which something awaited counts as never coming."""


class Changing:
    """Something that others wait for."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not holds():
                await self._changed.wait()


class Recorder(Changing):
    """A `Receive` that keeps what it is given; `refuse` calls fail first."""

    def __init__(self, refuse: int = 0) -> None:
        super().__init__()
        self.events: list[LiveEvent] = []
        self.refuse = refuse
        self.calls = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, events: Sequence[LiveEvent]) -> None:
        self.calls += 1
        self.change()
        if self.refuse:
            self.refuse -= 1
            raise OSError("disk full")
        await self.gate.wait()
        self.events.extend(events)
        self.change()

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if event.text]

    async def has(self, count: int) -> None:
        await self.until(lambda: len(self.events) >= count)


class RealClock:
    """The machine's time; intervals of tests are short."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ManualClock(Changing):
    """A time that moves only when told; `slept` are the waits that were asked for."""

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__()
        self._now = now or datetime(2026, 3, 2, tzinfo=UTC)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        wakes = asyncio.get_running_loop().create_future()
        entry = (self._now + timedelta(seconds=seconds), wakes)
        self._sleepers.append(entry)
        self.change()
        try:
            await wakes
        finally:
            self._sleepers.remove(entry)

    async def asleep(self, count: int) -> None:
        """Until so many sleep."""
        await self.until(lambda: len(self._sleepers) >= count)

    async def advance(self, seconds: float) -> None:
        """Go on, waking each sleeper at its time."""
        end = self._now + timedelta(seconds=seconds)
        while due := sorted(each for each in self._due(end)):
            self._now = max(self._now, due[0])
            for at, future in list(self._sleepers):
                if at <= self._now and not future.done():
                    future.set_result(None)
            await settled()
        self._now = end

    def _due(self, end: datetime) -> list[datetime]:
        return [at for at, future in self._sleepers if at <= end and not future.done()]


async def settled() -> None:
    """Let every task that can run, run."""
    for _ in range(50):
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.body)


Answer = tuple[int, object]
Handler = Callable[[Asked], Awaitable[Answer]]


@dataclass
class HttpServer(Changing):
    """Answers each request by `handler`: (status, value for JSON or raw bytes)."""

    handler: Handler
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        Changing.__init__(self)
        self._closing = asyncio.Event()
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["HttpServer"]:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self._closing.set()
            server.close()
            await server.wait_closed()
            for writer in self._connections.values():
                writer.transport.abort()  # a client may hold one open on which it asks nothing
            await asyncio.gather(*self._connections)

    async def hang(self, _asked: Asked) -> Answer:
        """A handler whose answer does not come while the server serves."""
        await self._closing.wait()
        return 503, {}

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        task.add_done_callback(self._connections.pop)
        try:
            asked = await _request(reader)
            self.asked.append(asked)
            self.change()
            status, value = await self.handler(asked)
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            head = (
                f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    headers = {
        k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:]) if k
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    return Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, body)
