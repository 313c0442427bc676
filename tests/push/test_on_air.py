"""`assistant push` as it is run: the office's stage on an RTMP server, with label, code, voice."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.printing.marking_video import from_mp4
from assistant.stage.keys import stage_key
from eval.bench.push_bench import listening
from tests.push.on_air import COMMAND, KEY, below, pushed, received, say, seen, until
from tests.support.live_office import ROOM
from tests.support.stage_office import stage_office
from tests.support.stage_voice import tone_voice

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("screen")]


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_the_stage_is_on_the_air(tmp_path: Path, size: tuple[int, int]) -> None:
    file, data = tmp_path / "received.flv", tmp_path / "data"
    url, command = listening(file)
    with (
        received(command) as server,
        stage_office(tmp_path, tone_voice(tmp_path / "audio")) as office,
    ):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(str(tmp_path / "notify"))
        own = {"ASSISTANT_DATA_DIR": str(data), "ASSISTANT_PUSH_KEY": KEY}
        own |= {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        words = [sys.executable, "-c", COMMAND, "push", "--room", ROOM, "--to", url]
        words += ["--server", office.url, "--allow-root"]
        words += ["--portrait"] if size[0] < size[1] else []
        pushing = subprocess.Popen(words, env=os.environ | own, stdout=subprocess.DEVNULL)
        try:
            until(lambda: pushed(office).get("mode") == "browser" and office.hub.pages)
            say(office)
            until(lambda: office.hub.sounds)
            secrets = (KEY, stage_key(office.house.stage_secret, ROOM))
            shown = below(pushing.pid)
            assert [one for one in shown if any(key in one for key in secrets)] == []
            until(lambda: not office.hub.sounds)
            assert time.time() - (data / "push" / ROOM / "alive").stat().st_mtime < 10
            with manager:
                assert [manager.recv(99) for _ in range(3)] == [b"READY=1", *[b"WATCHDOG=1"] * 2]
        finally:
            pushing.send_signal(signal.SIGINT)
            pushing.wait(60)
        assert pushed(office) == {}
        server.wait(60)
    assert seen(file, size) == pytest.approx(25, abs=0.5)
    (recording,) = (data / "recordings" / ROOM).glob("*.mp4")
    assert from_mp4(recording.read_bytes()) is not None
