"""Breaks a running system in many ways and counts what viewers notice of it.

    python -m eval.drills [--list] [--only NAME …] [--with postgres chroma] [--small-disk]
        [--seed 1] [--keep DIR] [--out FILE.json]

Everything runs here, on loopback: `assistant serve`, its room on air, a platform that asks one
comment a second, `assistant push` into an RTMP server, a viewer that decodes what arrives. Each
fault strikes, lasts, is undone where somebody outside would undo it; then all that was asked must
have its one outcome. Exit status 0: everything holds; 1: something does not.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from eval.bench.bench_table import machine
from eval.drills import drill_counts
from eval.drills.drill_counts import Result
from eval.drills.drill_faults import FAULTS
from eval.drills.drill_faults_storage import small_disk
from eval.drills.drill_stores import STORES
from eval.drills.drill_world import World
from eval.drills.faults import Fault

SETTLE = 3.0
"""Seconds of ordinary work before each fault."""
WELL = 150.0
"""Seconds in which what an earlier fault made ill is well again, also the stream's safe mode."""


async def one_fault(world: World, fault: Fault) -> Result:
    """Strike, hold, undo, wait, count."""
    if fault.of_browser:
        await world.browser(WELL)
    result = Result(fault.name, fault.what, skipped=fault.needs(world))
    if result.skipped:
        return result
    world.asking.is_held = False
    await asyncio.sleep(SETTLE)
    await world.well(fault.alarms, WELL)
    before, struck = set(world.asking.sent), time.monotonic()
    try:
        await fault.strike(world)
        await world.asking.ask_new(fault.asks)
        await asyncio.sleep(fault.hold)
    finally:
        await fault.undo(world)
    await _told(world, fault, struck)
    world.asking.is_held = True
    result.idle = await world.idle(fault.idle)
    result.picture = world.viewer.gap(struck, time.monotonic())
    asked = world.asking.sent.keys() - before
    result.asked = len(asked)
    result.alarms = dict(Counter(world.alarms(struck)))
    result.called = sorted(set(world.called(struck)))
    await _counted(world, result, asked)
    result.judge(fault)
    return result


async def _told(world: World, fault: Fault, struck: float) -> None:
    """Give the alarm its time."""
    while time.monotonic() - struck < fault.told:
        if not fault.is_untold(world.alarms(struck)):
            return
        await asyncio.sleep(0.5)


async def _counted(world: World, result: Result, asked: set[str]) -> None:
    lines = await asyncio.to_thread(world.serve.outcomes, world.folder / "export")
    result.lost = drill_counts.lost(asked, lines)
    cues = await world.stored_cues()
    result.twice = drill_counts.twice(cues, world.replies.keys)
    result.unsupported = drill_counts.unsupported(cues, world.mirror.told)


async def run(
    chosen: list[Fault], folder: Path, seed: int, stores: Sequence[str] = ()
) -> list[Result]:
    """All of them on one system, one after the other."""
    world, results = World(folder, seed, stores), list[Result]()
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await world.start()
        for fault in chosen:
            print(f"{fault.name}: {fault.what}", flush=True)
            try:
                results.append(await one_fault(world, fault))
            except Exception as error:  # noqa: BLE001 - the next fault strikes all the same
                traceback.print_exc()
                wrong = [f"the drill broke: {type(error).__name__}: {error}"]
                results.append(Result(fault.name, fault.what, wrong=wrong))
            print(
                f"    {'; '.join(results[-1].wrong) or results[-1].skipped or 'holds'}", flush=True
            )
    finally:
        await world.stop()
    return results


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--list", action="store_true", help="name the faults and end")
    parser.add_argument("--only", nargs="+", choices=[one.name for one in FAULTS], default=[])
    parser.add_argument(
        "--with", dest="stores", nargs="+", choices=list(STORES), default=[], help="also run these"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the state (default: a temporary one)")
    parser.add_argument(
        "--small-disk", action="store_true", help="data on a disk of its own, 3 GB in memory (root)"
    )
    parser.add_argument("--out", type=Path, help="JSON is written there")
    given = parser.parse_args()
    if given.list:
        print("\n".join(f"{one.name:24} {one.what}" for one in FAULTS))
        return
    chosen = [one for one in FAULTS if not given.only or one.name in given.only]
    with tempfile.TemporaryDirectory(prefix="drills-") as made:
        Path(made).chmod(0o711)  # PostgreSQL runs as another user where we are root
        folder = given.keep or Path(made)
        with small_disk(folder / "data") if given.small_disk else nullcontext():
            results = asyncio.run(run(chosen, folder, given.seed, given.stores))
    print(drill_counts.table(results))
    if given.out:
        rows = {"machine": machine(), "faults": [one.as_row() for one in results]}
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sys.exit(any(one.wrong for one in results))


if __name__ == "__main__":
    main()
