"""The stream as an ordinary user without any right, the browser in its own sandbox."""

import json
import os
import pwd
import signal
import subprocess
from pathlib import Path

import pytest

from eval.bench.push_bench import listening
from tests.push.on_air import COMMAND, KEY, of_below, pushed, received, say, seen, until
from tests.push.ordinary_user import (
    USER,
    as_user,
    command_of,
    give,
    python,
    user_folder,
)
from tests.support.live_office import ROOM
from tests.support.stage_office import stage_office
from tests.support.stage_voice import tone_voice

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("screen", "ordinary_user")]
PROGRAM = Path(__file__).with_name("unprivileged.py")


def test_the_browser_is_held_in_its_own_sandbox(page: str) -> None:
    with user_folder() as folder:
        done = as_user([python(), str(PROGRAM), page, str(folder)], HOME=str(folder))
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["ours"]["Uid"].split()[0] != "0"
    assert seen["contrast"] > 10
    assert seen["renderers"]
    for one in seen["renderers"]:
        assert len(one["NSpid"].split()) > len(seen["ours"]["NSpid"].split()), "namespaces"
        assert one["Seccomp"] == "2", "a filter of system calls"
        assert int(one["CapEff"], 16) == 0


def test_an_ordinary_user_puts_it_on_the_air(tmp_path: Path) -> None:
    file = tmp_path / "received.flv"
    url, command = listening(file)
    with (
        user_folder() as folder,
        received(command) as server,
        stage_office(folder, tone_voice(tmp_path / "audio")) as office,
    ):
        give(folder)
        own = {"ASSISTANT_DATA_DIR": str(folder / "data"), "ASSISTANT_PUSH_KEY": KEY}
        words = [python(), "-c", COMMAND, "push", "--room", ROOM, "--to", url]
        words += ["--server", office.url]
        pushing = subprocess.Popen(
            command_of(words, own | {"HOME": str(folder)}), stdout=subprocess.DEVNULL
        )
        try:
            until(lambda: pushed(office).get("mode") == "browser" and office.hub.pages)
            say(office)
            until(lambda: office.hub.sounds)
            users = {one.split()[1] for one in of_below(pushing.pid, "status", r"Uid:\s.*")}
            assert users == {str(pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else os.geteuid())}
            until(lambda: not office.hub.sounds)
        finally:
            pushing.send_signal(signal.SIGINT)
            pushing.wait(60)
        server.wait(60)
        assert list((folder / "data" / "recordings" / ROOM).glob("*.mp4"))
    seen(file, (1280, 720))
