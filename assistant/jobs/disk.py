"""Room that is left on the disk of the data."""

import shutil
from pathlib import Path

LEAST = 1 << 30
"""Bytes that an office needs for its night; recordings stop at twice as much (push.recorder)."""


def is_disk_short(folder: Path) -> bool:
    """Whether hardly any is left. Raises OSError."""
    return shutil.disk_usage(folder).free < LEAST
