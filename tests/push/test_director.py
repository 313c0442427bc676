"""Sources of the test's own come and go; the stream goes on."""

import asyncio
import time
from collections.abc import Callable

import pytest

from assistant.domain.live import AlertLevel
from assistant.errors import Unavailable
from assistant.push import director as directing
from assistant.push.card import Card
from assistant.push.director import Director, DirectorParts
from assistant.push.flv import HEADER, Tag
from assistant.push.ladder import Climb, Ladder, Mode
from assistant.push.relay import Relay
from assistant.push.seams import PictureReading, SourceReadings
from tests.push.conftest import until
from tests.push.tags import VIDEO_HEADER, frame, key

pytestmark = pytest.mark.unit
QUICK = Climb(0.05, 0.05, 2, 2, 60.0, 60.0, 0.01, 0.1, 1.0, 0.3, 60.0)


class Source:
    """Delivers until it is stopped or told to fail."""

    def __init__(self, name: str, *, starts: bool = True) -> None:
        self.name = name
        self.fails = ""
        self.reloads = 0
        self.is_stopped = False
        self._starts = starts
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> asyncio.StreamReader:
        if not self._starts:
            raise Unavailable("does not start")
        stream = asyncio.StreamReader()
        stream.feed_data(HEADER + VIDEO_HEADER.written())
        self._task = asyncio.create_task(self._deliver(stream))
        return stream

    async def _deliver(self, stream: asyncio.StreamReader) -> None:
        for number in range(10**6):
            tag = key(number * 40) if number % 5 == 0 else frame(number * 40)
            if not self.fails.startswith("ended"):
                stream.feed_data(tag.written())
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self.is_stopped = True
        if self._task:
            self._task.cancel()

    async def reload(self) -> None:
        self.reloads += 1
        self.fails = ""

    def readings(self) -> SourceReadings:
        now = time.monotonic()
        faults = (self.fails.removeprefix("ended_"),) if self.fails else ()
        return SourceReadings(PictureReading(now, 100.0, 50.0, now), faults=faults)

    def preview(self) -> bytes | None:
        return self.name.encode()


class House:
    """A director with what it was given."""

    def __init__(self, starts: Callable[[str, int], bool] = lambda name, number: True) -> None:
        self.made: list[Source] = []
        self.told: list[str] = []
        self.sent: list[Tag] = []
        self._starts = starts
        self.relay = Relay(time.monotonic)
        self.relay.add(self.sent.append)
        parts = DirectorParts(
            self.relay,
            lambda: self._make("browser"),
            lambda: self._make("safe"),
            time.monotonic,
            self._tell,
        )
        self.director = Director(parts, Ladder(time.monotonic(), QUICK))
        self.tasks = [asyncio.create_task(self.director.run())]

    def _make(self, name: str) -> Source:
        number = sum(one.name == name for one in self.made) + 1
        self.made.append(Source(name, starts=self._starts(name, number)))
        return self.made[-1]

    def _tell(self, code: str, text: str, level: AlertLevel | None) -> None:
        assert text
        self.told.append(code)

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        assert all(one.is_stopped or not one._starts for one in self.made)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directing, "LOOK", 0.02)


async def test_a_page_that_crashed_is_loaded_again() -> None:
    house = House()
    await until(lambda: house.relay.origin == "browser-1")
    house.made[0].fails = "page"
    await until(lambda: house.made[0].reloads == 1)
    assert house.told == ["reload_page_crashed"]
    assert house.relay.origin == "browser-1"
    await house.end()


async def test_a_group_with_a_part_that_ended_is_made_anew() -> None:
    house = House()
    await until(lambda: house.relay.origin == "browser-1")
    house.made[0].fails = "ended_pulseaudio"
    await until(lambda: house.relay.origin == "browser-2")
    assert house.made[0].is_stopped
    assert house.told == ["restart_ended_pulseaudio"]
    times = [tag.time for tag in house.sent]
    assert times == sorted(times)
    await house.end()


async def test_safe_mode_takes_over_and_gives_back_what_stays_up() -> None:
    house = House(lambda name, number: name == "safe" or number in {1, 4})
    await until(lambda: house.relay.origin == "browser-1")
    house.made[0].fails = "ended_chromium"
    await until(lambda: house.director.mode is Mode.SAFE and "safe" in house.relay.origin)
    assert house.director.preview() == b"safe"
    await until(lambda: house.director.mode is Mode.BROWSER)
    await until(lambda: house.relay.origin.startswith("browser"))
    assert "start_failed_browser" in house.told
    assert house.told[-1] == "back"
    await until(lambda: next(one for one in house.made if one.name == "safe").is_stopped)
    await house.end()


async def test_where_nothing_starts_the_card_stands(card: list[Tag]) -> None:
    house = House(lambda name, number: False)
    house.tasks.append(asyncio.create_task(Card(house.relay, card, time.monotonic).run()))
    await until(lambda: house.director.mode is Mode.CARD)
    await until(lambda: house.relay.origin == "card" and len(house.sent) > 20)
    assert "card" in house.told
    await house.end()


async def test_the_card_stands_in_only_while_nothing_else_does(card: list[Tag]) -> None:
    gate: dict[int, bool] = {}
    house = House(lambda name, number: name == "browser" and gate.setdefault(number, number > 1))
    house.tasks.append(asyncio.create_task(Card(house.relay, card, time.monotonic).run()))
    await until(lambda: house.relay.origin.startswith("browser"))
    before = len(house.sent)
    await until(lambda: len(house.sent) > before + 30)
    assert house.relay.origin.startswith("browser")
    await house.end()


async def test_where_nothing_leads_the_card_does_not_wait(card: list[Tag]) -> None:
    standing = 0.0  # no second passes, so none was silent
    relay = Relay(lambda: standing)
    task = asyncio.create_task(Card(relay, card, lambda: standing).run())
    await until(lambda: relay.origin == "card")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
