"""The shipped systemd units under a real systemd: what it costs viewers when a process fails.

    python -m eval.drills.units [--command /opt/assistant/bin/assistant] --out FILE.json

systemd runs as process 1 in namespaces of its own, over an overlay of this machine's files: what it
writes is gone with it. Needs root, Debian's systemd and iproute2, and a plain installation with the
extra `stream` that an ordinary user may run, neither in a home folder nor below /tmp:

    python3 -m venv /opt/assistant && /opt/assistant/bin/pip install "WHEEL[stream]"

Somebody asks the service every fifth of a second through all of it. Exit status 0: nobody was
refused or left without an answer, each unit came back by itself, and no unit began again unasked.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BOX = Path(__file__).with_name("units_box.sh")
REPOSITORY = Path(__file__).parents[2]
HIDDEN = ("/home", "/root", "/run", "/tmp")
STARTS_WITHIN = 60.0


class Box:
    """A running systemd; `run` runs a command beside it."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def run(self, command: Sequence[str], **given: str) -> "subprocess.CompletedProcess[str]":
        """A command as root in the box, to its end; `given` is added to its environment."""
        enter = ["nsenter", "-t", str(self._pid), "-m", "-p", "-u", "-i", "-n", "-C", "-r", "-w"]
        return subprocess.run(
            [*enter, *command], env=os.environ | given, stdout=-1, text=True, check=False
        )


@contextmanager
def box(folder: Path) -> Iterator[Box]:
    """Begin one; it ends with the block."""
    with (folder / "box.log").open("wb") as log:
        outer = subprocess.Popen(["bash", BOX, folder], stdout=log, stderr=log)
    try:
        yield _running(outer, folder)
    finally:
        outer.send_signal(signal.SIGKILL)
        outer.wait()
        subprocess.run(["umount", "-l", folder / "groups"], check=False)


def _running(outer: "subprocess.Popen[bytes]", folder: Path) -> Box:
    until = time.monotonic() + STARTS_WITHIN
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
    while time.monotonic() < until and outer.poll() is None:
        if pid := children.read_text().strip():
            found = Box(int(pid))
            state = found.run(["systemctl", "is-system-running"]).stdout.strip()
            if state in {"running", "degraded"}:
                return found
        time.sleep(0.5)
    raise SystemExit(f"no systemd: {(folder / 'box.log').read_text()[-2000:]}")


def _refusal(command: Path) -> str:
    """Why it cannot be done here, or ""."""
    if os.geteuid() != 0:
        return "needs root"
    for one in (command, REPOSITORY):
        if str(one).startswith(HIDDEN):
            return f"{one} lies below one of {', '.join(HIDDEN)}, which the units do not see"
    return "" if command.exists() else f"no {command}; see the head of this file"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--command", type=Path, default=Path("/opt/assistant/bin/assistant"))
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    if refusal := _refusal(given.command):
        sys.exit(refusal)
    inside = [str(given.command.with_name("python")), "-m", "eval.drills.units_inside"]
    where = tempfile.TemporaryDirectory(prefix="units-", dir="/var/tmp")
    with where as folder, box(Path(folder)) as made:
        done = made.run([*inside, str(given.command)], PYTHONPATH=str(REPOSITORY))
    result = json.loads(done.stdout) if done.returncode in (0, 1) and done.stdout else {}
    given.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))
    sys.exit(0 if result.get("holds") else 1)


if __name__ == "__main__":
    main()
