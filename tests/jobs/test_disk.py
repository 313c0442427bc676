"""A disk that runs short is told."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.jobs import disk

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("free", "is_short"), [(disk.LEAST, False), (disk.LEAST - 1, True)])
def test_a_disk_that_has_hardly_any_room_left_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, *, is_short: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    assert disk.is_disk_short(tmp_path) is is_short


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        disk.is_disk_short(tmp_path / "gone")
