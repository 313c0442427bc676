"""Memory that is left to this process and to its machine."""

import resource
from pathlib import Path

SHORT = 0.9
"""Of what this process may map, and of the machine's own memory."""
_OWN, _MACHINE = Path("/proc/self/statm"), Path("/proc/meminfo")


def is_memory_short(own: Path = _OWN, machine: Path = _MACHINE) -> bool:
    """Whether nearly all is used, by the limit of this process or on the machine."""
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    mapped = int(own.read_text("ascii").split()[0]) * resource.getpagesize()
    is_limited = most != resource.RLIM_INFINITY and mapped >= SHORT * most
    return is_limited or _used(machine.read_text("ascii")) >= SHORT


def _used(meminfo: str) -> float:
    rows = dict(line.split(":", 1) for line in meminfo.splitlines() if ":" in line)
    total, free = (int(rows[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
    return 1 - free / total
