"""A publisher keeps up or leaves out, and never gives up; a line of the test's own."""

import asyncio
from collections.abc import Mapping

import pytest

from assistant.push import waits
from assistant.push.flv import Kind, Tag
from assistant.push.publisher import Publisher, PublisherState
from assistant.push.seams import LANDSCAPE
from assistant.push.targets import Target, address_of
from assistant.push.waits import Waits
from tests.push.tags import AUDIO_HEADER, VIDEO_HEADER, frame, key, sound

pytestmark = pytest.mark.unit
TARGET = Target("one", address_of("rtmp://127.0.0.1/live"), "secret-key")


class Line:
    """Takes tags while its gate is open."""

    def __init__(self) -> None:
        self.sent: list[Tag] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken: Exception | None = None
        self.unsent = 0
        self.closed = False

    async def send(self, tag: Tag) -> int:
        await self.gate.wait()
        if self.broken:
            raise self.broken
        self.sent.append(tag)
        return len(tag.body)

    async def describe(self, facts: Mapping[str, object]) -> None:
        assert facts["width"] == 1280

    async def close(self) -> None:
        self.closed = True


class Server:
    """Gives a new line each time; refuses with what is in `errors` first."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.lines: list[Line] = []

    async def open(self, address: object, given: str) -> Line:
        assert given == "secret-key"
        if self.errors:
            raise self.errors.pop(0)
        self.lines.append(Line())
        return self.lines[-1]


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "FIRST", 0.0)


async def running(server: Server) -> tuple[Publisher, asyncio.Task[None]]:
    headers = [VIDEO_HEADER, AUDIO_HEADER]
    one = Publisher(TARGET, LANDSCAPE, lambda: 5.0, server.open, lambda: headers)
    task = asyncio.create_task(one.run())
    await settle()
    return one, task


async def test_a_viewer_begins_with_the_setup_and_a_keyframe_at_nought() -> None:
    server = Server()
    one, task = await running(server)
    for tag in (sound(900), frame(960), key(1000), sound(1010)):
        one.take(tag)
    await settle()
    assert [(tag.kind, tag.time) for tag in server.lines[0].sent] == [
        (Kind.VIDEO, 0),
        (Kind.AUDIO, 0),
        (Kind.VIDEO, 0),
        (Kind.AUDIO, 10),
    ]
    assert one.reading().frames == 1
    task.cancel()


async def test_what_cannot_be_sent_in_time_is_dropped_up_to_a_keyframe() -> None:
    server = Server()
    one, task = await running(server)
    line = server.lines[0]
    line.gate.clear()
    one.take(key(0))
    await settle()
    for time in range(40, 4200, 40):
        one.take(frame(time))
    assert one.reading().queued == 0
    one.take(frame(4240))
    one.take(key(6000))
    one.take(frame(6040))
    line.gate.set()
    await settle()
    assert [tag.time for tag in line.sent if not tag.is_header] == [0, 6000, 6040]
    assert one.reading().dropped == 105
    task.cancel()


async def test_a_line_that_breaks_is_opened_again(quick: None) -> None:
    server = Server()
    one, task = await running(server)
    one.take(key(100))
    await settle()
    server.lines[0].broken = ConnectionResetError("closed: secret-key")
    one.take(frame(140))
    await settle()
    assert server.lines[0].closed
    assert len(server.lines) == 2
    assert one.reading().state is PublisherState.LIVE
    one.take(key(9000))
    await settle()
    assert server.lines[1].sent[-1].time == 0
    assert one.reading().connections == 2
    task.cancel()


async def test_it_tells_why_without_the_key() -> None:
    server = Server(OSError("no secret-key here"))
    one, task = await running(server)
    assert one.reading().state is PublisherState.WAITING
    assert "secret-key" not in one.reading().why
    assert "***" in one.reading().why
    task.cancel()


async def test_what_a_server_took_last_is_known_also_while_it_hangs() -> None:
    now = 5.0
    server = Server()
    one = Publisher(TARGET, LANDSCAPE, lambda: now, server.open, list)
    task = asyncio.create_task(one.run())
    await settle()
    one.take(key(0))
    await settle()
    server.lines[0].gate.clear()
    now = 12.0
    one.take(frame(40))
    await settle()
    assert one.reading().state is PublisherState.LIVE
    assert one.sent_at == 5.0
    server.lines[0].gate.set()
    await settle()
    assert one.sent_at == 12.0
    task.cancel()


def tries(seconds: float, *, is_refused: bool = False) -> list[float]:
    """When a publisher tries that fails at once each time."""
    waiting, now, at = Waits(0.0), 0.0, list[float]()
    while now < seconds:
        at.append(now)
        now += waiting.after(now, now, is_refused=is_refused)
    return at


def test_a_server_that_is_away_is_tried_each_second_then_more_seldom() -> None:
    assert tries(120) == [*range(32), 33, 37, 45, 61, 91]


def test_a_server_that_says_no_is_left_alone() -> None:
    assert tries(120, is_refused=True) == [0, 1, 3, 7, 15, 31, 61, 91]


def test_after_a_steady_while_it_tries_quickly_again() -> None:
    waiting = Waits(0.0)
    for _ in range(9):
        waiting.after(100, 100, is_refused=False)
    assert waiting.after(100, 100, is_refused=False) == waits.LAST
    assert waiting.after(100, 131, is_refused=False) == waits.FIRST
    assert waiting.after(132, 132, is_refused=False) == waits.FIRST
