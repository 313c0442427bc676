"""What `eval.drills.units` does beside a running systemd: install the units, break things, measure.

    python -m eval.drills.units_inside COMMAND

Prints a JSON object. It changes /etc and /var of where it runs.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.push.encoder import ffmpeg
from eval.drills.serve_process import ROOM
from eval.drills.units_asker import Asker

ADDRESS = "127.0.0.1:8000"
USER = "assistant"
DATA = Path("/var/lib/assistant")
CONFIGURATION = Path("/etc/assistant")
PAIR = ("assistant@a", "assistant@b")
PUSH = f"assistant-push@{ROOM}"
TARGET = "rtmp://127.0.0.1:1935/live"
KEY = "k-of-the-drill"
RECEIVED = Path("/run/received")
PATIENCE = 180.0
HELD = 10.0
"""Seconds after a fault in which it must still hold: what comes back only to fall again shows."""


def told(*command: str) -> str:
    """What a command prints. Raises CalledProcessError."""
    return subprocess.run(command, stdout=-1, text=True, check=True).stdout.strip()


def until(what: Callable[[], object], named: str) -> float:
    """Seconds until something is so. Raises TimeoutError."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(named)
        time.sleep(0.05)
    return time.monotonic() - began


def install(command: str) -> None:
    """As the head of each file says, for one room with one target."""
    folder = tempfile.mkdtemp()
    told("env", "-u", "PYTHONPATH", command, "units", "--out", folder, "--command", command)
    places = {".conf": "", ".service": "/etc/systemd/system", ".socket": "/etc/systemd/system"}
    for file in Path(folder).iterdir():
        kind = file.suffixes[0].removeprefix(".") if file.suffix == ".conf" else ""
        place = Path(places[file.suffix] or f"/etc/{kind}.d")
        place.mkdir(parents=True, exist_ok=True)
        (place / file.name).write_bytes(file.read_bytes())
    told("systemd-sysusers")
    told("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/assistant.tmpfiles.conf")
    (CONFIGURATION / "assistant.toml").write_text(f'[push_targets]\nmain = "{TARGET}"\n', "utf-8")
    keys = CONFIGURATION / "push.keys"
    keys.touch(0o600)
    keys.write_text(f"main = {KEY}\n", "utf-8")
    told("systemctl", "daemon-reload")


def prepare(python: str) -> None:
    """Knowledge and the room, while it serves, by the user that owns the data."""
    environment = os.environ | {"HOME": str(DATA)}
    command = ["runuser", "-u", USER, "--", python, "-m", "eval.drills.units_room", str(DATA)]
    subprocess.run(command, env=environment, cwd=DATA, stdout=subprocess.DEVNULL, check=True)


def serving() -> tuple[str, int]:
    """The unit that serves and its process."""
    pid = int(json.loads((DATA / "index" / "lock").read_text("utf-8"))["pid"])
    for unit in PAIR:
        if told("systemctl", "show", "-p", "MainPID", "--value", unit) == str(pid):
            return unit, pid
    raise RuntimeError(f"process {pid} is neither unit's")


def begun() -> int:
    """How often systemd began any of the units again."""
    return sum(
        int(told("systemctl", "show", "-p", "NRestarts", "--value", unit)) for unit in (*PAIR, PUSH)
    )


def received() -> int:
    """Bytes that the RTMP server took."""
    return sum(file.stat().st_size for file in RECEIVED.glob("*.flv"))


def receiver() -> None:
    """An RTMP server that takes the stream again and again."""
    RECEIVED.mkdir()
    take = f"exec {ffmpeg()} -v error -y -listen 1 -i {TARGET}/{KEY} -c copy"
    line = f"{take} {RECEIVED}/$(date +%s%N).flv"
    again = ("-p", "Restart=always", "-p", "RestartSec=0.2", "-p", "StartLimitIntervalSec=0")
    told("systemd-run", "--quiet", "--unit=receiver", *again, "sh", "-c", line)


class Drill:
    """Its steps, one after the other; each is a row of the table."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._asker = Asker(f"http://{ADDRESS}/health")
        self.rows: list[dict[str, Any]] = []

    def run(self) -> None:
        """All of it."""
        self._first_start()
        self._asker.start()
        prepare(str(Path(self._command).with_name("python")))
        self._row("restarted", self._restart, again=0)
        self._row("other restarted", self._restart, again=0)
        self._row("killed", lambda: os.kill(serving()[1], signal.SIGKILL), again=1)
        self._row("hangs", lambda: os.kill(serving()[1], signal.SIGSTOP), again=1)
        self._pushed()
        self._asker.stop()

    def _first_start(self) -> None:
        install(self._command)
        began = time.monotonic()
        told("systemctl", "enable", "--now", "assistant.socket", *PAIR)
        until(self._asker.once, "first start")
        seconds = time.monotonic() - began
        time.sleep(HELD)
        self.rows.append({"what": "first start", "seconds": round(seconds, 1), "again": begun()})
        self.rows[-1]["holds"] = begun() == 0

    def _restart(self) -> None:
        told("systemctl", "restart", serving()[0])

    def _row(self, what: str, fault: Callable[[], object], again: int) -> None:
        """A fault; longest wait for an answer from then on; how often units began again."""
        before, (unit, _) = begun(), serving()
        until(lambda: _is_up(PAIR), "both units")
        at = time.monotonic()
        fault()
        until(lambda: self._asker.answered_since(at) and _taken(unit), what)
        time.sleep(HELD)
        until(lambda: self._asker.answered_since(time.monotonic() - 1), what)
        waited = self._asker.longest_since(at)
        more = begun() - before
        holds = more == again
        self.rows.append({"what": what, "seconds": round(waited, 1), "again": more, "holds": holds})

    def _pushed(self) -> None:
        receiver()
        seconds = self._stream(lambda: told("systemctl", "start", PUSH))
        self.rows.append({"what": "push started", "seconds": seconds, "again": 0, "holds": True})
        for number, what in ((signal.SIGKILL, "push killed"), (signal.SIGSTOP, "push hangs")):
            before = begun()
            pid = int(told("systemctl", "show", "-p", "MainPID", "--value", PUSH))
            seconds = self._stream(lambda pid=pid, number=number: os.kill(pid, number))
            more = begun() - before
            row = {"what": what, "seconds": seconds, "again": more, "holds": more == 1}
            self.rows.append(row)

    def _stream(self, act: Callable[[], object]) -> float:
        """Seconds until the server takes bytes again that came after the act."""
        began = time.monotonic()
        act()
        time.sleep(1)
        held = received()
        until(lambda: received() > held + 200_000, "stream")
        seconds = time.monotonic() - began
        time.sleep(HELD)
        return round(seconds, 1)

    @property
    def result(self) -> dict[str, Any]:
        """The table, and whether it holds."""
        refused, open_ = self._asker.refused, self._asker.open
        good = bool(self.rows) and all(row["holds"] for row in self.rows)
        asked = {"asked": self._asker.asked, "refused": refused, "without answer": open_}
        return {"rows": self.rows, **asked, "holds": good and not refused and not open_}


def _is_up(names: tuple[str, ...]) -> bool:
    done = subprocess.run(["systemctl", "is-active", "--quiet", *names], check=False)
    return done.returncode == 0


def _taken(unit: str) -> bool:
    try:
        return serving()[0] != unit and _is_up(PAIR)
    except (OSError, ValueError, RuntimeError):
        return False


if __name__ == "__main__":
    drill, good = Drill(sys.argv[1]), False
    try:
        drill.run()
        good = drill.result["holds"]
    except (OSError, RuntimeError, subprocess.CalledProcessError):
        traceback.print_exc()
    print(json.dumps(drill.result | {"holds": good}, ensure_ascii=False))
    sys.exit(0 if good else 1)
