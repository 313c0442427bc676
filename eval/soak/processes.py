"""Memory and file handles of what the soak started, part by part; and the end of what it left."""

import os
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

MARK = "DRILL_SOAK"
"""In the environment of all that a soak starts: its folder."""
PROGRAMS = {"chrom": "chromium", "xvfb": "Xvfb", "pulse": "pulseaudio", "ffmpeg": "ffmpeg"}
RECORDING = "ffmpeg: recording"
_RECORDS = "empty_moov"
"""In the command line of the ffmpeg that writes a recording; it goes with each segment."""
_RESIDENT = ("RssAnon", "RssShmem")
Sampled = dict[str, tuple[str, int, int, int]]
"""Of each part: its life (the oldest process), bytes of its own, bytes shared, file handles."""


def sample(serve: psutil.Process | None, push: psutil.Process | None) -> Sampled:
    """What there is of service and stream right now."""
    parts = defaultdict[str, list[psutil.Process]](list)
    for name, one in (("serve", serve), ("push", push)):
        if one is not None:
            parts[name].append(one)
            for child in _below(one):
                parts[part_of(child, name)].append(child)
    found = {name: _summed(of) for name, of in parts.items()}
    return {name: one for name, one in found.items() if one}


def _below(one: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return list(one.children(recursive=True))
    return []


def part_of(one: psutil.Process, of: str) -> str:
    """What a process below the service or the stream is a part of."""
    with suppress(psutil.NoSuchProcess):
        name = one.name().lower()
        if "ffmpeg" in name and any(_RECORDS in word for word in one.cmdline()):
            return RECORDING
        return next((part for start, part in PROGRAMS.items() if start in name), f"{of}: below it")
    return f"{of}: below it"


def _summed(of: Iterable[psutil.Process]) -> tuple[str, int, int, int] | None:
    rows = []
    for one in of:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError), one.oneshot():
            if one.status() != psutil.STATUS_ZOMBIE:
                rows.append((one.create_time(), one.pid, *_memory(one.pid), one.num_fds()))
    if not rows:
        return None
    born, pid, *_ = min(rows)
    own, shared, handles = (sum(row[n] for row in rows) for n in (2, 3, 4))
    return f"{pid}@{born:.0f}", own, shared, handles


def _memory(pid: int) -> tuple[int, int]:
    """Bytes that are the process's own, and in segments that others see too (proc_pid_status(5)).

    Pages of files are neither: the kernel takes them back when it needs room.
    """
    text = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    rows = dict(line.split(":", 1) for line in text.splitlines() if line.startswith("Rss"))
    own, shared = (int(rows.get(name, "0 kB").split()[0]) << 10 for name in _RESIDENT)
    return own, shared


def end_leftovers(folder: Path) -> int:
    """Kill what an earlier life of this soak left running; how many there were."""
    found = {one.pid: one for one in psutil.process_iter() if _is_of(one, folder)}
    for one in list(found.values()):
        found |= {child.pid: child for child in _below(one)}
    found.pop(os.getpid(), None)
    for one in found.values():
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(found.values(), timeout=10)
    return len(found)


def _is_of(one: psutil.Process, folder: Path) -> bool:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
        return one.pid != os.getpid() and bool(one.environ().get(MARK) == str(folder))
    return False
