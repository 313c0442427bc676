"""Recordings that play whatever happens, are labelled, and never take the last of the disk."""

import asyncio
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.domain.live import AlertLevel
from assistant.printing.marking_video import from_mp4
from assistant.push import recorder
from assistant.push.encoding import KEYFRAME
from assistant.push.flv import Kind, Tag
from assistant.push.recorder import Recorder, RecorderParts, RecorderState, make_room, segments
from tests.push.conftest import described, until

pytestmark = pytest.mark.integration
NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
PRODUCER = "1" * 27


class Office:
    """What a recorder is given, with a clock that a test moves."""

    def __init__(self, folder: Path, card: list[Tag]) -> None:
        self.card = card
        self.now, self.free = 100.0, 10 * 2**40
        self.told: list[tuple[str, AlertLevel | None]] = []
        self.parts = RecorderParts(
            folder=folder,
            producer=PRODUCER,
            days=7,
            most_bytes=1_000_000,
            now=lambda: self.now,
            clock=lambda: NOW + timedelta(seconds=self.now - 100),
            tell=lambda code, text, level: self.told.append((code, level)),
            headers=lambda: [tag for tag in card if tag.is_header],
            free=lambda folder: self.free,
        )

    def play(self, one: Recorder, turns: int, first: int = 0) -> None:
        """The card so many times."""
        for turn in range(first, first + turns):
            for tag in self.card:
                if tag.kind is not Kind.DATA and not tag.is_header:
                    one.take(tag.at(turn * KEYFRAME * 1000 + tag.time))


@pytest.fixture
def office(tmp_path: Path, card: list[Tag]) -> Office:
    return Office(tmp_path / "hall", card)


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_segment_plays_and_says_that_ai_made_it(office: Office) -> None:
    one = Recorder(office.parts)
    task = asyncio.create_task(one.run())
    office.play(one, 3)
    await until(lambda: not one._queue)
    await ended(task)
    ((file, size),) = segments(office.parts.folder)
    said = await described(file)
    assert file.name == "20261201-110000.mp4"
    assert "1280x720" in said
    assert "Duration: 00:00:06" in said
    label = from_mp4(file.read_bytes())
    assert label is not None
    assert (label.label, label.producer) == ("1", PRODUCER)
    assert one.reading().bytes == size


async def test_a_segment_that_was_cut_off_still_plays(office: Office) -> None:
    one = Recorder(office.parts)
    task = asyncio.create_task(one.run())
    office.play(one, 4)
    await until(lambda: one._writer is not None and not one._queue)
    file = office.parts.folder / one.reading().file
    await until(lambda: file.exists() and file.stat().st_size > 20_000)
    one._writer.process.kill()
    await until(lambda: one._writer.has_ended)
    assert "Duration: 00:00:0" in await described(file)
    office.play(one, 1, first=4)
    await until(lambda: office.told)
    assert office.told == [("recording_stopped", AlertLevel.URGENT)]
    office.now += recorder.AGAIN[0] + 0.1
    office.play(one, 1, first=5)
    await until(lambda: one.reading().state is RecorderState.RECORDING)
    await ended(task)
    assert len(segments(office.parts.folder)) == 2


async def test_a_new_segment_begins_in_time_and_with_a_new_decoder(office: Office) -> None:
    one = Recorder(office.parts)
    task = asyncio.create_task(one.run())
    office.play(one, 1)
    await until(lambda: not one._queue)
    office.now += recorder.SEGMENT
    office.play(one, 1, first=1)
    await until(lambda: not one._queue)
    office.now += 1
    header = next(tag for tag in office.card if tag.is_header and tag.kind is Kind.VIDEO)
    one.take(header)
    one.take(Tag(Kind.VIDEO, 4000, header.body + b"\0"))
    office.play(one, 1, first=2)
    await until(lambda: not one._queue)
    await ended(task)
    assert len(segments(office.parts.folder)) == 3


async def test_a_full_disk_stops_the_recording_with_an_alarm(office: Office) -> None:
    office.free = 0
    one = Recorder(office.parts)
    task = asyncio.create_task(one.run())
    office.play(one, 2)
    await until(lambda: not one._queue and office.told)
    assert one.reading().state is RecorderState.STOPPED
    assert one.reading().why == "磁盘空间不足"
    assert office.told == [("recording_stopped", AlertLevel.URGENT)]
    office.free = 10 * 2**40
    office.now += recorder.AGAIN[0] + 0.1
    office.play(one, 1, first=2)
    await until(lambda: one.reading().state is RecorderState.RECORDING)
    await ended(task)


async def test_a_disk_that_stays_full_is_told_once_and_that_it_records_again_too(
    office: Office,
) -> None:
    office.free = 0
    one = Recorder(office.parts)
    task = asyncio.create_task(one.run())
    for turn in range(3):
        office.play(one, 2, first=2 * turn)
        await until(lambda: not one._queue)
        office.now += recorder.AGAIN[-1] + 0.1
    assert office.told == [("recording_stopped", AlertLevel.URGENT)]
    office.free = 10 * 2**40
    office.play(one, 1, first=6)
    await until(lambda: one.reading().state is RecorderState.RECORDING)
    assert len(office.told) == 1
    office.now += recorder.STEADY
    office.play(one, 1, first=7)
    await until(lambda: office.told[1:] == [("recording_back", None)])
    office.free, office.now = 0, office.now + recorder.SEGMENT
    office.play(one, 2, first=8)
    await until(lambda: len(office.told) == 3)
    await ended(task)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_cannot_be_written_is_told(office: Office) -> None:
    office.parts.folder.mkdir(mode=0o500)
    one = Recorder(office.parts)
    task = asyncio.create_task(one.run())
    office.play(one, 1)
    await until(lambda: office.told)
    await ended(task)


def kept(office: Office, name: str, size: int, days: float) -> Path:
    office.parts.folder.mkdir(exist_ok=True)
    file = office.parts.folder / f"{name}.mp4"
    file.write_bytes(bytes(size))
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(file, (at, at))
    return file


def test_what_is_too_old_or_too_much_goes_the_oldest_first(office: Office) -> None:
    old = kept(office, "20261101-000000", 10, 30)
    first = kept(office, "20261129-000000", 600_000, 2)
    last = kept(office, "20261130-000000", 600_000, 1)
    assert make_room(office.parts) == [old, first]
    assert [file for file, _ in segments(office.parts.folder)] == [last]


def test_a_disk_that_is_nearly_full_is_given_room(office: Office) -> None:
    kept(office, "20261130-000000", 10, 1)
    office.free = 0
    make_room(office.parts)
    assert segments(office.parts.folder) == []
    shutil.rmtree(office.parts.folder)
    assert segments(office.parts.folder) == []
