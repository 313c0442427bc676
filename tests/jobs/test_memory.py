"""Memory that runs short is told, of the process or of the machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.jobs.memory import is_memory_short

pytestmark = pytest.mark.unit
PROGRAM = """
import resource
from pathlib import Path
from assistant.jobs.memory import is_memory_short
machine = Path({machine!r})
print(is_memory_short(machine=machine))
mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (mapped + mapped // 20, resource.RLIM_INFINITY))
print(is_memory_short(machine=machine))
"""


def machine(folder: Path, available: int) -> Path:
    file = folder / "meminfo"
    file.write_text(f"MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: {available} kB\n", "ascii")
    return file


@pytest.mark.parametrize(("available", "is_short"), [(900, False), (150, False), (50, True)])
def test_a_machine_that_has_hardly_any_left_is_short(
    tmp_path: Path, available: int, *, is_short: bool
) -> None:
    assert is_memory_short(machine=machine(tmp_path, available)) is is_short


def test_a_process_that_may_hardly_map_more_is_short(tmp_path: Path) -> None:
    program = PROGRAM.format(machine=str(machine(tmp_path, 900)))
    said = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert said.split() == ["False", "True"]
