"""A stream that went while no service heard it is missed by the next one."""

import os
from pathlib import Path

import pytest

from assistant.push.board import COMES, FRESH, MISSED, PushBoard, StreamReport
from assistant.push.seen import EVERY, SeenStreams

pytestmark = pytest.mark.unit


class Hours:
    """Both clocks."""

    def __init__(self, folder: Path) -> None:
        self.at = 1_700_000_000.0
        self.folder = folder / "streams"

    def board(self) -> PushBoard:
        """One service's, which begins now."""
        return PushBoard(lambda: self.at, SeenStreams(self.folder, lambda: self.at))

    def report(self, board: PushBoard, *, ends: bool = False) -> None:
        """One of the hall's stream; marks bear the test's time."""
        board.put("hall", StreamReport("browser", ends=ends), b"")
        for file in self.folder.iterdir():
            os.utime(file, (self.at, self.at))


@pytest.fixture
def hours(tmp_path: Path) -> Hours:
    return Hours(tmp_path)


def test_a_stream_that_does_not_come_back_with_the_service_is_missed(hours: Hours) -> None:
    hours.report(hours.board())
    hours.at += 100
    board = hours.board()
    assert not board.is_missed("hall")
    hours.at += COMES - 1
    assert board.rooms == []
    hours.at += 1
    assert board.is_missed("hall")
    assert board.degraded() == ["push_hall_gone"]
    hours.report(board)
    assert not board.is_missed("hall")
    hours.at += FRESH
    assert board.is_missed("hall")


def test_one_that_is_still_marked_by_the_process_before_is_waited_for(hours: Hours) -> None:
    before, standby = hours.board(), hours.board()
    hours.at += 1000
    hours.report(before)
    hours.at += COMES - 1
    assert not standby.is_missed("hall")
    hours.at += 1
    assert standby.is_missed("hall")


def test_one_that_was_stopped_or_went_long_ago_is_not_missed(hours: Hours) -> None:
    board = hours.board()
    hours.report(board)
    hours.at += MISSED
    late = hours.board()
    hours.at += COMES
    assert not late.is_missed("hall")
    hours.report(board, ends=True)
    hours.at += COMES
    assert not late.is_missed("hall")
    assert late.rooms == []


def test_a_mark_is_made_now_and_then(hours: Hours) -> None:
    board = hours.board()
    hours.report(board)
    file = hours.folder / "hall"
    hours.at += EVERY - 1
    board.put("hall", StreamReport("browser"), b"")
    assert file.stat().st_mtime < hours.at
    hours.at += 1
    board.put("hall", StreamReport("browser"), b"")
    assert file.stat().st_mtime != hours.at - EVERY


def test_a_disk_that_takes_no_mark_hurts_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    seen = SeenStreams(tmp_path / "file")
    seen.mark("hall")
    seen.forget("hall")
    assert seen.age("hall") is None
    assert seen.rooms == []
