"""Faults of the service's own processes, of the stage's line, and of the machine under them."""

import asyncio
import signal
from contextlib import suppress

import psutil  # type: ignore[import-untyped]

from eval.drills.drill_world import World, signal_tree
from eval.drills.faults import Fault

_HANDLES = 4


async def kill(world: World) -> None:
    """All of the service at once, as a crash or the kernel ends it."""
    signal_tree(world.process, signal.SIGKILL)


async def end(world: World) -> None:
    """As an update does: asked to end, started anew."""
    world.process.terminate()


async def kill_children(world: World) -> None:
    """The processes below it: judging, the voice."""
    for one in world.process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            one.kill()


def has_children(world: World) -> str:
    """Whether there are such processes."""
    return "" if world.process.children() else "the service has no process below it"


async def hang(world: World) -> None:
    """It is there and does nothing."""
    signal_tree(world.process, signal.SIGSTOP)


async def go_on(world: World) -> None:
    """The end of that."""
    with suppress(psutil.NoSuchProcess):
        signal_tree(world.process, signal.SIGCONT)


async def few_handles(world: World) -> None:
    """It may open no more files or connections than it has, but for a few."""
    process = world.process
    used = process.num_fds() + _HANDLES
    process.rlimit(psutil.RLIMIT_NOFILE, (used, process.rlimit(psutil.RLIMIT_NOFILE)[1]))


async def many_handles(world: World) -> None:
    """The end of that."""
    with suppress(psutil.NoSuchProcess):
        hard = world.process.rlimit(psutil.RLIMIT_NOFILE)[1]
        world.process.rlimit(psutil.RLIMIT_NOFILE, (hard, hard))


async def little_memory(world: World) -> None:
    """It may map hardly more memory than it has."""
    process = world.process
    hard = process.rlimit(psutil.RLIMIT_AS)[1]
    process.rlimit(psutil.RLIMIT_AS, (process.memory_info().vms + (8 << 20), hard))


async def enough_memory(world: World) -> None:
    """The end of that."""
    with suppress(psutil.NoSuchProcess):
        hard = world.process.rlimit(psutil.RLIMIT_AS)[1]
        world.process.rlimit(psutil.RLIMIT_AS, (hard, hard))


async def flood(world: World) -> None:
    """2,000 comments a second for four seconds."""
    await world.asking.flood(2000, 4.0)


async def crash_twice(world: World) -> None:
    """Once more while it comes up."""
    signal_tree(world.process, signal.SIGKILL)
    await asyncio.sleep(4)
    with suppress(psutil.NoSuchProcess):
        signal_tree(world.process, signal.SIGKILL)


_BACK, _HUNG = ("taken_up",), ("stalled",)
SERVICE = (
    Fault("serve-killed", "the service is killed, with all below it", kill, alarms=_BACK),
    Fault(
        "serve-killed-twice",
        "it is killed again while it comes up",
        crash_twice,
        hold=8.0,
        alarms=_BACK,
    ),
    Fault("serve-restarted", "the service is asked to end and comes back", end, is_quiet=True),
    Fault(
        "children-killed",
        "judging and voice are killed",
        kill_children,
        alarms=("judging_died", "voice_died"),
        needs=has_children,
    ),
    Fault("serve-hangs", "the service hangs for eight seconds", hang, go_on, 8.0, alarms=_HUNG),
    Fault(
        "handles-gone",
        "no files or connections can be opened",
        few_handles,
        many_handles,
        alarms=("handles_short",),
    ),
    Fault(
        "memory-short",
        "no memory can be had",
        little_memory,
        enough_memory,
        alarms=("memory_short",),
    ),
)
FLOOD = Fault("flood", "2,000 comments a second for four seconds", flood, idle=300.0)
"""Nearly every question has been asked after it."""
