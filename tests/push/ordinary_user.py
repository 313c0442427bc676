"""What runs without root's rights and with no way back to them, as `assistant push` does."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "nobody"
ROOT = Path(__file__).parents[2]


def python() -> str:
    """A Python of our version with which others may run our code; that of an environment often not.

    Skips where there is none: a checkout below a folder that only its owner may enter, as those
    that `mktemp -d` makes.
    """
    names = (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")
    for name in names:
        if Path(name).exists() and as_user([name, "-c", "import assistant.push"]).returncode == 0:
            return name
    pytest.skip(f"an ordinary user may not read {ROOT}, or has no Python of this version")


def needs_namespaces() -> None:
    """The browser's sandbox rests on them; no package supplies them, so a skip fails nothing."""
    if not shutil.which("setpriv"):
        pytest.skip("no setpriv (Debian: util-linux)")
    if as_user(["unshare", "--user", "true"]).returncode:
        pytest.skip("this machine gives ordinary users no namespaces")


def command_of(command: list[str], environment: Mapping[str, str]) -> list[str]:
    """The command as the user, with this environment, our packages' path and nothing else."""
    words = ["setpriv", "--no-new-privs"]
    if os.geteuid() == 0:
        who = pwd.getpwnam(USER)
        words += ["--bounding-set=-all", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}"]
        words += ["--clear-groups"]
    found = ":".join([str(ROOT), *(one for one in sys.path if one.endswith("site-packages"))])
    told = {"PATH": os.environ["PATH"], "PYTHONPATH": found} | environment
    return [*words, "env", "-i", *(f"{name}={value}" for name, value in told.items()), *command]


def as_user(command: list[str], **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run it to its end."""
    return subprocess.run(
        command_of(command, environment), capture_output=True, text=True, check=False, timeout=120
    )


@contextmanager
def user_folder() -> Iterator[Path]:
    """One that the user owns, outside of what only its owner may enter."""
    made = Path("/tmp") / f"push-{os.getpid()}"
    made.mkdir(mode=0o700)
    give(made)
    try:
        yield made
    finally:
        shutil.rmtree(made)


def give(path: Path) -> None:
    """It and all in it are the user's."""
    if os.geteuid() == 0:
        for one in (path, *path.rglob("*")):
            shutil.chown(one, USER)
