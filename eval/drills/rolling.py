"""One process gives its room to the next, again and again, while comments come: what viewers see.

    python -m eval.drills.rolling [--changes 5] [--plain] [--database URL] --out FILE.json

Both are the real `assistant serve` on one listening socket, as systemd holds it for them. The next
process stands by (`--standby`) and takes over when the one before is asked to end (SIGTERM); with
`--plain` it is only started then, as `systemctl restart` does. A platform repeats each push until
it is acknowledged, it and the stage count what they receive. Exit status 0: nothing was lost,
answered twice or said twice; 1: something was. Seconds are reported, never asserted.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eval.bench.bench_table import percentile
from eval.drills.crash_serve import ServeDrill
from eval.drills.rolling_process import RollingProcess
from eval.drills.verdict import holds


class RollingDrill(ServeDrill):
    """One run."""

    def __init__(self, given: argparse.Namespace, folder: str) -> None:
        super().__init__(given, folder)
        self._database: str | None = given.database
        self._taken: list[float] = []
        self._stops: list[float] = []

    def _process(self, reply_url: str) -> RollingProcess:
        self._rolling = RollingProcess(self._folder, reply_url, self._database)
        return self._rolling

    async def _lives(self, until: float) -> None:
        self._rolling.start()
        await self._until_taken()
        for number in range(self._given.changes):
            if time.monotonic() > until:
                return
            await asyncio.sleep(2 + self._random.random() * 4)
            await self._change()
            print(f"change {number + 1}: taken again after {self._taken[-1]:.1f} s", flush=True)

    async def _change(self) -> None:
        rolling, old = self._rolling, self._rolling.process
        if not self._given.plain:
            await asyncio.to_thread(rolling.start_standby)
        began = time.monotonic()
        old.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(old.wait, 60)
        self._stops.append(time.monotonic() - began)
        self._counts["clean stops" if code in {0, -signal.SIGTERM} else "bad stops"] += 1
        self._pusher.taken.clear()
        if self._given.plain:
            rolling.start()
        await self._until_taken()
        self._taken.append(time.monotonic() - began)

    def _result(self, *given: Any) -> dict[str, Any]:
        self._counts["kills at work"] = 0
        told = super()._result(*given)
        return told | {
            "changes": len(self._taken),
            "next process": "started anew" if self._given.plain else "standing by",
            "database": "PostgreSQL" if self._database else "SQLite",
            "seconds from SIGTERM until the process ended": _spread(self._stops),
            "seconds from SIGTERM until comments were taken again": _spread(self._taken),
            "seconds of the holding card": _spread(self._stage.held),
        }


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    return {"median": round(percentile(values, 0.5), 1), "longest": round(max(values), 1)}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--changes", type=int, default=5)
    parser.add_argument("--plain", action="store_true", help="without a process that stands by")
    parser.add_argument("--database", help="PostgreSQL URL of an empty database; default: SQLite")
    parser.add_argument("--rate", type=float, default=4.0, help="comments a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=900.0)
    parser.add_argument("--patience", type=float, default=300.0)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rolling-drill-") as folder:
        result = asyncio.run(RollingDrill(given, folder).run())
        if os.environ.get("KEEP_LOG"):
            subprocess.run(["cp", f"{folder}/serve.log", os.environ["KEEP_LOG"]], check=False)
    good = holds(result) and not result["ends"].get("bad stops")
    text = json.dumps(result | {"holds": good}, ensure_ascii=False, indent=1)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(f"{text}\n", encoding="utf-8")
    print(text)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
