"""One process holds the index; the lock file says which, and where it can be asked."""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assistant.errors import IndexLocked

_NAME = "lock"


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds the index; `url` where it serves, else None."""

    pid: int
    url: str | None = None


class IndexLock:
    """An advisory lock of the operating system: it goes when its process goes, however it ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def acquire(cls, folder: Path, url: str | None = None) -> Self:
        """Take the lock of a folder. Raises IndexLocked, naming the holder."""
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise _locked(holder(folder)) from None
        lock = cls(handle)
        lock.announce(url)
        return lock

    def announce(self, url: str | None) -> None:
        """Write who holds the lock and where it serves."""
        text = json.dumps({"pid": os.getpid(), "url": url}).encode()
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text, 0)

    def release(self) -> None:
        """Give the lock back."""
        os.ftruncate(self._handle, 0)
        os.close(self._handle)


def is_held(folder: Path) -> bool:
    """Whether a process holds the index; asking does not take it, nor keep another from it.

    A shared lock is tried: it fails only against the holder's.
    """
    try:
        handle = os.open(folder / _NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def holder(folder: Path) -> Holder | None:
    """Who holds the index of a folder, as written in its lock file; None where nobody does."""
    try:
        data = json.loads((folder / _NAME).read_text("utf-8"))
        return Holder(int(data["pid"]), data["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _locked(by: Holder | None) -> IndexLocked:
    who = f"进程 {by.pid}" if by else "另一个进程"
    where = f"，服务地址 {by.url}" if by and by.url else ""
    return IndexLocked(f"索引正由{who}使用{where}", hint="请向它提问，或先停止它")
