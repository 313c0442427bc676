"""Old files of journals go; what may not be in SQL yet, and what is open, stays."""

from datetime import timedelta
from pathlib import Path

import pytest

from assistant.live import journal_files
from assistant.live.journal import Journal, Record, folder_of
from assistant.live.journal_purge import purge_journals
from tests.support.live_values import comment

pytestmark = pytest.mark.integration


@pytest.fixture
def journals(tmp_path: Path) -> Path:
    return tmp_path / "journal"


async def written(journals: Path, clock, room: str, *, confirmed: bool) -> None:
    journal = await Journal.open(folder_of(journals, room), clock)
    await journal.append([Record(comment(1))])
    if confirmed:
        journal.confirm(["c0001"])
    await journal.close()


async def test_what_is_confirmed_and_old_goes(journals: Path, clock) -> None:
    await written(journals, clock, "done", confirmed=True)
    await written(journals, clock, "open", confirmed=False)
    for before, gone in ((timedelta(hours=23), 0), (timedelta(days=1), 1), (timedelta(days=1), 0)):
        assert purge_journals(journals, clock.now + before) == gone
    assert not journal_files.segments(folder_of(journals, "done"))
    assert journal_files.segments(folder_of(journals, "open"))


async def test_a_dry_run_only_counts(journals: Path, clock) -> None:
    await written(journals, clock, "done", confirmed=True)
    assert purge_journals(journals, clock.now + timedelta(days=2), dry_run=True) == 1
    assert journal_files.segments(folder_of(journals, "done"))


async def test_an_open_journal_is_left_alone_and_works_on(journals: Path, clock) -> None:
    await written(journals, clock, "hall", confirmed=True)
    journal = await Journal.open(folder_of(journals, "hall"), clock)
    assert purge_journals(journals, clock.now + timedelta(days=9)) == 0
    await journal.append([Record(comment(2))])
    await journal.close()


async def test_a_purged_journal_opens_and_keeps_counting(journals: Path, clock) -> None:
    await written(journals, clock, "hall", confirmed=True)
    purge_journals(journals, clock.now + timedelta(days=2))
    await written(journals, clock, "hall", confirmed=False)
    journal = await Journal.open(folder_of(journals, "hall"), clock)
    assert [one.comment.id for one in journal.unconfirmed()] == ["c0001"]
    await journal.close()


def test_no_journals_at_all(tmp_path: Path, clock) -> None:
    assert purge_journals(tmp_path / "none", clock.now) == 0
