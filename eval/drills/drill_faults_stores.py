"""Faults of the stores of a larger office; they strike where the drill runs `--with` them."""

import signal
from collections.abc import Callable
from contextlib import suppress

import psutil  # type: ignore[import-untyped]

from eval.drills.drill_world import World, signal_tree
from eval.drills.faults import Fault, Work


def struck(store: str, number: int) -> Work:
    """A signal to all of a store."""

    async def send(world: World) -> None:
        with suppress(psutil.NoSuchProcess):
            signal_tree(world.stores[store].process, number)

    return send


def runs(store: str) -> Callable[[World], str]:
    """Whether the drill has it."""

    def missing(world: World) -> str:
        return "" if store in world.stores else f"the drill runs without it (--with {store})"

    return missing


STORES = tuple(
    fault
    for store, code in (("postgres", "database_away"), ("chroma", "index_away"))
    for fault in (
        Fault(
            f"{store}-killed",
            f"{store} is killed",
            struck(store, signal.SIGKILL),
            alarms=(code,),
            needs=runs(store),
        ),
        Fault(
            f"{store}-hangs",
            f"{store} hangs for eight seconds",
            struck(store, signal.SIGSTOP),
            struck(store, signal.SIGCONT),
            hold=8.0,
            alarms=(code,),
            needs=runs(store),
        ),
    )
)
