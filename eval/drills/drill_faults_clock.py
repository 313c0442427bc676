"""The wall's clock of the service jumps ahead and back; its monotonic clock and timers go on.

The service is asked to end and comes back with a small library before libc (`jump.c`, built here);
afterwards it comes back without it. The platform's and the stream's clocks stay right.
libfaketime was tried: it breaks sleeps of Python.
"""

import asyncio
import shutil
import subprocess
import time
from pathlib import Path

from eval.drills.drill_world import World
from eval.drills.faults import Fault

_SOURCE = Path(__file__).with_name("jump.c")
JUMP = 240
"""Seconds: more than leases and heartbeats last, less than a signature may be old."""
STAYS = 8.0
_COMES_BACK = 60.0


def is_missing(world: World) -> str:
    """Whether the fault cannot strike."""
    del world
    return "" if shutil.which("cc") else "there is no C compiler (apt-get install gcc libc6-dev)"


async def jump(world: World) -> None:
    """Come back with the library, then the clock goes ahead."""
    library = world.folder / "jump.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"]
    await asyncio.to_thread(subprocess.run, command, check=True)
    world.serve.added = {"LD_PRELOAD": str(library), "DRILL_CLOCK": str(_set(world, 0))}
    await _renewed(world)
    _set(world, JUMP)


async def back(world: World) -> None:
    """It is right again; then the library goes."""
    _set(world, 0)
    await asyncio.sleep(STAYS)
    world.serve.added = {}
    await _renewed(world)


def _set(world: World, ahead: int) -> Path:
    """Written in place: the process has the file mapped."""
    file = world.folder / "jump.seconds"
    with file.open("r+b" if file.exists() else "wb") as opened:
        opened.write(ahead.to_bytes(8, "little", signed=True))
    return file


async def _renewed(world: World) -> None:
    """Asked to end, started anew by the keeper, and well."""
    old = world.serve.pid
    world.process.terminate()
    until = time.monotonic() + _COMES_BACK
    while time.monotonic() < until:
        if world.serve.pid != old and await world.health() is not None:
            return
        await asyncio.sleep(0.2)
    raise TimeoutError("the service did not come back")


CLOCK = (
    Fault(
        "clock-jumps",
        "the service's clock goes four minutes ahead, and back",
        jump,
        back,
        STAYS,
        alarms=("clock_jumped",),
        needs=is_missing,
    ),
)
