"""Only one process soaks in a folder; the others may ask which."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_FILE = "soak.lock"
_TRIES = 5


class Refused(Exception):
    """What is asked cannot be done; says why in words."""


class Hold:
    """Held until it is let go, or until the process ends however it ends."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / _FILE).open("a+")

    def __enter__(self) -> Self:
        """Take it.

        Raises:
            Refused: another process has it.
        """
        for _ in range(_TRIES):
            with suppress(BlockingIOError):  # somebody may only be asking
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.1)
        else:
            raise Refused("a soak runs there")
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go."""
        self._file.close()


def holder(folder: Path) -> int | None:
    """The process that soaks there."""
    path = folder / _FILE
    if not path.exists():
        return None
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0) or None
    return None
