"""What was acknowledged is read again after any crash; what a crash tore is cut off."""

import asyncio
import errno
import os
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import Conflict, Unavailable, UnreadableFile
from assistant.live import journal_files
from assistant.live.journal import Journal, JournalRules, Record, folder_of
from assistant.live.journal_frames import frame, records_of, scan
from tests.support.live_values import comment

pytestmark = pytest.mark.integration


def record(number: int, text: str = "身份证丢了怎么补办\n“急”") -> Record:
    return Record(comment(number, text=text, hidden=("mobile",)), f"sealed-{number}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path, "一号厅/../x")


async def reopened(folder: Path, clock, **how) -> list[Record]:
    journal = await Journal.open(folder, clock, **how)
    found = journal.unconfirmed()
    await journal.close()
    return found


async def written(folder: Path, clock, *numbers: int) -> None:
    """Each number in a group of its own."""
    journal = await Journal.open(folder, clock)
    for number in numbers:
        await journal.append([record(number)])
    await journal.close()


def numbers(folder: Path) -> list[int]:
    return [segment.number for segment in journal_files.segments(folder)]


def only_segment(folder: Path) -> Path:
    (path,) = folder.glob("*.journal")
    return path


async def test_everything_is_read_again_in_order(folder: Path, tmp_path: Path, clock) -> None:
    await written(folder, clock, 1, 2, 3)
    assert await reopened(folder, clock) == [record(1), record(2), record(3)]
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_what_waits_together_is_synced_together(folder: Path, clock, monkeypatch) -> None:
    syncs = []
    monkeypatch.setattr(journal_files.os, "fdatasync", syncs.append)
    journal = await Journal.open(folder, clock)
    await asyncio.gather(*(journal.append([record(n)]) for n in range(100)))
    assert len(syncs) <= 2
    await journal.close()
    assert await reopened(folder, clock) == [record(n) for n in range(100)]


async def test_an_append_returns_only_after_the_sync(folder: Path, clock, monkeypatch) -> None:
    journal = await Journal.open(folder, clock)
    on_disk: list[int] = []
    sync = os.fdatasync

    def note(fd: int) -> None:
        sync(fd)
        on_disk.append(len(scan(only_segment(folder).read_bytes()).frames))

    monkeypatch.setattr(journal_files.os, "fdatasync", note)
    for number in range(3):
        await journal.append([record(number)])
        assert on_disk[-1] == number + 1
    await journal.close()


async def test_what_is_confirmed_does_not_come_again(folder: Path, clock) -> None:
    journal = await Journal.open(folder, clock)
    for number in range(1, 6):
        await journal.append([record(number), record(number + 100)])
    journal.confirm(["c0001", "c0101", "c0003", "c0103", "c0002", "never heard of"])
    await journal.close()
    again = [record(n) for number in range(2, 6) for n in (number, number + 100)]
    journal = await Journal.open(folder, clock)
    assert journal.unconfirmed() == again  # 102 is open, so its group and all after it come
    assert journal.unconfirmed() == []
    journal.confirm([each.comment.id for each in again])
    await journal.append([record(7)])
    await journal.close()
    assert await reopened(folder, clock) == [record(7)]


async def test_the_checkpoint_is_written_now_and_then(folder: Path, clock) -> None:
    """After a kill a little comes again, not everything."""
    journal = await Journal.open(folder, clock)
    for number in range(1, 4):
        await journal.append([record(number)])
        journal.confirm([f"c{number:04d}"])
        clock.advance(seconds=2)
    assert journal_files.read_checkpoint(folder) > journal_files.Position()
    found = journal_files.unconfirmed(folder, journal_files.read_checkpoint(folder))
    assert [records_of(each.payload) for _, each in found] == [[record(3)]]
    await journal.close()


async def test_one_process_at_a_time(folder: Path, clock) -> None:
    journal = await Journal.open(folder, clock)
    with pytest.raises(Conflict):
        await Journal.open(folder, clock)
    await journal.close()
    with pytest.raises(Unavailable):
        await journal.append([record(1)])
    assert await reopened(folder, clock) == []


async def test_torn_at_every_byte_of_the_last_write(folder: Path, clock) -> None:
    await written(folder, clock, 1, 2)
    path = only_segment(folder)
    whole = path.read_bytes()
    last = scan(whole).frames[-1].start
    for length in range(last, len(whole)):
        path.write_bytes(whole[:length])
        assert await reopened(folder, clock) == [record(1)], length
        assert path.read_bytes() == whole[:last]
    zeros = bytes(len(whole) - last)
    path.write_bytes(whole[:last] + zeros)  # the length reached the disk, the content did not
    assert await reopened(folder, clock) == [record(1)]


async def test_after_a_torn_write_it_goes_on(folder: Path, clock) -> None:
    await written(folder, clock, 1, 2)
    path = only_segment(folder)
    path.write_bytes(path.read_bytes()[:-3])
    await written(folder, clock, 3)
    assert await reopened(folder, clock) == [record(1), record(3)]


async def test_a_damaged_middle_is_refused_and_can_be_salvaged(folder: Path, clock) -> None:
    await written(folder, clock, 1, 2, 3)
    path = only_segment(folder)
    data = bytearray(path.read_bytes())
    second = scan(bytes(data)).frames[1]
    data[second.start + 40] ^= 1
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=f"{path.name}.*{second.start}–{second.end}"):
        await Journal.open(folder, clock)
    assert path.read_bytes() == data
    assert await reopened(folder, clock, salvage=True) == [record(1), record(3)]
    assert path.with_suffix(".damaged").read_bytes() == data
    assert await reopened(folder, clock) == [record(1), record(3)]


async def test_damage_before_the_checkpoint_hurts_nobody(folder: Path, clock) -> None:
    journal = await Journal.open(folder, clock)
    for number in (1, 2, 3):
        await journal.append([record(number)])
    journal.confirm(["c0001", "c0002"])
    await journal.close()
    path = only_segment(folder)
    data = bytearray(path.read_bytes())
    data[30] ^= 1
    path.write_bytes(data)
    assert await reopened(folder, clock) == [record(3)]


async def test_an_earlier_file_must_be_whole(folder: Path, clock) -> None:
    await written(folder, clock, 1)
    path = only_segment(folder)
    await written(folder, clock, 2)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(UnreadableFile, match=path.name):
        await Journal.open(folder, clock)
    assert await reopened(folder, clock, salvage=True) == [record(2)]


async def test_a_lost_or_broken_checkpoint_brings_more_not_less(folder: Path, clock) -> None:
    journal = await Journal.open(folder, clock)
    await journal.append([record(1)])
    journal.confirm(["c0001"])
    await journal.close()
    (folder / "checkpoint.json").write_text("{")
    assert await reopened(folder, clock) == [record(1)]
    (folder / "checkpoint.json").unlink()
    assert await reopened(folder, clock) == [record(1)]


async def test_segments_end_by_size_and_day_and_are_dropped(folder: Path, clock) -> None:
    rules = JournalRules(segment_bytes=1, keep=timedelta(hours=1))
    journal = await Journal.open(folder, clock, rules)
    for number in range(6):
        await journal.append([record(number)])
    assert numbers(folder) == [1, 2, 3, 4, 5, 6]
    clock.advance(days=1)
    await journal.append([record(6)])
    journal.confirm([f"c{number:04d}" for number in range(3)])
    await journal.close()
    assert await reopened(folder, clock) == [record(n) for n in range(3, 7)]
    assert numbers(folder) == [3, 4, 5, 6, 7]
    clock.advance(minutes=30)
    journal = await Journal.open(folder, clock, rules)
    journal.confirm([f"c{number:04d}" for number in range(7)])
    await journal.append([record(7)])
    await journal.close()
    assert await reopened(folder, clock) == [record(7)]
    assert numbers(folder) == [6, 7, 8]  # 6 ended half an hour ago


async def test_a_new_day_is_a_new_segment(folder: Path, clock) -> None:
    journal = await Journal.open(folder, clock)
    for number in range(4):
        await journal.append([record(number)])
        clock.advance(hours=10)
    await journal.close()
    assert numbers(folder) == [1, 2]


@pytest.mark.parametrize("call", ["fdatasync", "write"])
async def test_a_failing_disk_is_told_and_leaves_no_trace(
    folder: Path, clock, monkeypatch, call: str
) -> None:
    journal = await Journal.open(folder, clock)
    await journal.append([record(1)])
    real = getattr(os, call)
    failing = True

    def fail(fd: int, *data: bytes) -> int:
        if not failing:
            return real(fd, *data)
        if data and len(data[0]) > 10:
            return real(fd, bytes(data[0][:10]))  # the last bytes for which there was room
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(journal_files.os, call, fail)
    with pytest.raises(Unavailable, match="No space"):
        await journal.append([record(2)])
    both = await asyncio.gather(
        *(journal.append([record(n)]) for n in (3, 4)), return_exceptions=True
    )
    assert {type(each) for each in both} == {Unavailable}
    failing = False
    await journal.append([record(5)])
    await journal.close()
    assert await reopened(folder, clock) == [record(1), record(5)]


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, clock) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable):
        await Journal.open(tmp_path / "file" / "room", clock)


async def test_a_newer_format_is_refused(folder: Path, clock) -> None:
    await written(folder, clock, 1)
    path = only_segment(folder)
    payload = b'[{"version":2}]'
    newer = b"%08x %08x %b\n" % (len(payload), crc32(payload), payload)
    path.write_bytes(path.read_bytes() + newer)
    with pytest.raises(UnreadableFile):
        await Journal.open(folder, clock)


@given(st.lists(st.lists(st.text(max_size=40), min_size=1, max_size=3), max_size=6), st.data())
@settings(deadline=None)
def test_a_scan_finds_every_frame_that_is_whole(groups: list[list[str]], data) -> None:
    texts = [[text.encode("utf-8", "ignore").decode() for text in group] for group in groups]
    frames = [frame([record(n, text) for n, text in enumerate(group)]) for group in texts]
    whole = b"".join(frames)
    bad = data.draw(st.sets(st.integers(0, max(len(frames) - 1, 0)))) if frames else set()
    spoiled = bytearray(whole)
    at = 0
    for number, each in enumerate(frames):
        if number in bad:
            spoiled[at + data.draw(st.integers(0, len(each) - 1))] ^= 1
        at += len(each)
    found = [records_of(each.payload) for each in scan(bytes(spoiled)).frames]
    kept = [group for number, group in enumerate(texts) if number not in bad]
    assert [[each.comment.text for each in group] for group in found] == kept
