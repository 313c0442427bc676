"""Soaks a whole running system: days of comments, a random fault every few minutes.

    python -m eval.soak start|resume|run|status|stop|report --state DIR
        [--hours 2] [--traffic-hours 72] [--seed 1] [--fault-every 180] [--busiest 2600]

`start` runs it detached, `run` in front; `resume` goes on after the process or the machine ended;
`stop` ends it so that it can go on. Exit status of `run` and `report` 0: everything holds; 1: not.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from eval.soak.hold import Hold, Refused, holder
from eval.soak.journal import Journal, State
from eval.soak.plan import FILE, Plan
from eval.soak.report import markdown, report, write
from eval.soak.run import Scene, Soak

Make = Callable[[Path, Plan, State, Journal], Scene]


def live(folder: Path, make: Make) -> None:
    """One life in this process: until the end, or until it is told to stop."""
    plan, state = Plan.read(folder), State.of(folder)
    if state.ended:
        return
    with Hold(folder):
        journal = Journal(folder)
        try:
            asyncio.run(
                _cancellable(Soak(plan, state, journal, make(folder, plan, state, journal)))
            )
        finally:
            journal.close()
    write(folder, plan, State.of(folder))


async def _cancellable(soak: Soak) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with suppress(asyncio.CancelledError):
        await soak.run()


def _world(folder: Path, plan: Plan, state: State, journal: Journal) -> Scene:
    from eval.soak.world import SoakWorld

    return SoakWorld(folder, plan, state, journal)


def _run(folder: Path) -> int:
    live(folder, _world)
    return _report(folder)


def _detach(folder: Path) -> int:
    """In a session of its own, so that it outlives the shell."""
    if holder(folder):
        raise Refused(f"it runs as process {holder(folder)}")
    command = [sys.executable, "-m", "eval.soak", "run", "--state", str(folder)]
    with (folder / "soak.log").open("ab") as log:
        made = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    print(f"process {made.pid}, log {folder / 'soak.log'}")
    return 0


def _status(folder: Path) -> int:
    plan, state = Plan.read(folder), State.of(folder)
    running = holder(folder)
    print(f"runs as process {running}" if running else "does not run")
    print(markdown(report(plan, state)))
    return 0


def _report(folder: Path) -> int:
    made = write(folder, Plan.read(folder), State.of(folder))
    print(markdown(made))
    return int(bool(made["wrong"]))


def _stop(folder: Path) -> int:
    if running := holder(folder):
        os.kill(running, signal.SIGTERM)
        print(f"process {running} was told to stop")
    return 0


_BEGIN = {"start", "run"}
_DOES: dict[str, Callable[[Path], int]] = {
    "start": _detach,
    "resume": _detach,
    "run": _run,
    "status": _status,
    "stop": _stop,
    "report": _report,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="eval.soak", description=__doc__.split("\n")[0])
    parser.add_argument("do", choices=list(_DOES))
    parser.add_argument("--state", type=Path, required=True, help="folder of journal and data")
    for name, kind, what in (
        ("hours", float, "real time in all"),
        ("traffic-hours", float, "hours of comments to be got through in it"),
        ("seed", int, "of comments and faults"),
        ("fault-every", float, "seconds"),
        ("busiest", float, "comments in the busiest hour of a day"),
    ):
        default = getattr(Plan(), name.replace("-", "_"))
        parser.add_argument(f"--{name}", type=kind, help=f"{what} (default: {default:g})")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; errors of the arguments end with status 2."""
    parser = _parser()
    given = vars(parser.parse_args(arguments))
    do, folder = given.pop("do"), given.pop("state").resolve()
    try:
        _planned(do, folder, {name: one for name, one in given.items() if one is not None})
        return _DOES[do](folder)
    except Refused as error:
        parser.error(str(error))


def _planned(do: str, folder: Path, chosen: dict[str, Any]) -> None:
    """See that there is a plan, and only one."""
    begun = (folder / FILE).exists()
    if not begun and do not in _BEGIN:
        raise Refused(f"no soak was begun in {folder}")
    if begun and do == "start":
        raise Refused("a soak was begun there: `resume` goes on with it")
    if begun and chosen:
        raise Refused("a soak that was begun goes on as it was planned: leave options out")
    if not begun:
        try:
            Plan(**chosen).write(folder)
        except ValueError as error:
            raise Refused(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
