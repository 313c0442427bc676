"""Old files of the rooms' journals are deleted; what is not known to be in SQL stays."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.errors import Conflict
from assistant.live import journal_files as files

A_DAY = timedelta(days=1)
"""A segment holds a day at most."""


def purge_journals(journals: Path, before: datetime, *, dry_run: bool = False) -> int:
    """Delete what was ended before a moment; how many files. Blocking.

    A journal that is open keeps itself tidy and is left alone.
    """
    gone = 0
    for folder in sorted(journals.glob("room-*")):
        try:
            held = files.lock(folder)
        except Conflict:
            continue
        try:
            for path in list(_old(folder, before)):
                gone += 1
                if not dry_run:
                    path.unlink()
        finally:
            os.close(held)
    return gone


def _old(folder: Path, before: datetime) -> Iterator[Path]:
    confirmed = files.read_checkpoint(folder)
    for segment in files.segments(folder):
        whole = files.Position(segment.number, segment.path.stat().st_size)
        if whole <= confirmed and segment.begun + A_DAY <= before:
            yield segment.path
    for path in folder.glob("*.damaged"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            yield path
