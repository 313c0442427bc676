"""The browser's group for real: it shows, it heals, and nothing of it stays behind."""

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

import pytest

from assistant.errors import Unavailable
from assistant.push.browser.group import BrowserGroup, BrowserParts, own_folder, page_reading
from assistant.push.flv import tags
from assistant.push.relay import Relay
from assistant.push.seams import LANDSCAPE
from tests.push.conftest import until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("screen")]
SECONDS = 60
KEY = "a-key-that-nobody-sees"


def group(page: str, folder: Path) -> BrowserGroup:
    parts = BrowserParts(f"{page}?key={KEY}", LANDSCAPE, folder, time.monotonic, sandbox=False)
    return BrowserGroup(parts)


def of(folder: Path) -> dict[int, str]:
    """The command lines of all processes that know a folder."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if str(folder).encode() in (entry / "environ").read_bytes():
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if words:
                    found[int(entry.name)] = words
        except OSError:
            continue
    return found


async def test_it_shows_and_sounds_heals_its_page_and_leaves_nothing(
    page: str, tmp_path: Path
) -> None:
    one, relay = group(page, tmp_path), Relay(time.monotonic)
    stream = await one.start()

    async def feed() -> None:
        async for tag in tags(stream):
            relay.take(tag, "browser")

    feeding = asyncio.create_task(feed())
    try:
        await until(lambda: relay.reading().frames > 25 and one.readings().sound)
        await until(lambda: one.readings().sound.level > -30)
        assert one.readings().picture.contrast > 10
        assert (one.preview() or b"").startswith(b"\xff\xd8")
        assert all(KEY not in words for words in of(tmp_path).values())
        crashing = asyncio.create_task(one._tools.call("Page.crash"))
        await until(lambda: "page" in one.readings().faults)
        crashing.cancel()
        await one.reload()
        before = time.monotonic()
        await until(lambda: one.readings().page.at > before + 1 and not one.readings().faults)
        assert one.readings().picture.contrast > 10
    finally:
        await one.stop()
        await feeding
    await until(lambda: not of(tmp_path), 10)
    assert list(tmp_path.iterdir()) == []


async def test_a_part_that_ends_is_a_fault(page: str, tmp_path: Path) -> None:
    one = group(page, tmp_path)
    stream = await one.start()
    try:
        (card,) = [each for each in one._programs if each.name == "pulseaudio"]
        os.kill(card.pid, signal.SIGKILL)
        reading = asyncio.create_task(stream.read())
        await until(lambda: "pulseaudio" in one.readings().faults)
        reading.cancel()
    finally:
        await one.stop()
    await until(lambda: not of(tmp_path), 10)


async def test_a_page_that_is_not_there_is_said(tmp_path: Path) -> None:
    one = group("http://127.0.0.1:9/", tmp_path)
    with pytest.raises(Unavailable, match="打不开"):
        await one.start()
    await until(lambda: not of(tmp_path), 10)


ALONE = """
import asyncio, sys, time
from pathlib import Path
from assistant.push.browser.group import BrowserGroup, BrowserParts
from assistant.push.seams import LANDSCAPE

async def main():
    parts = BrowserParts(sys.argv[1], LANDSCAPE, Path(sys.argv[2]), time.monotonic, sandbox=False)
    stream = await BrowserGroup(parts).start()
    print("on", flush=True)
    while await stream.read(65536):
        pass

asyncio.run(main())
"""


async def test_nothing_outlives_a_parent_that_is_killed(page: str, tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ALONE, page, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    assert await asyncio.wait_for(parent.stdout.readline(), SECONDS) == b"on\n"
    names = " ".join(of(tmp_path).values())
    assert all(name in names for name in ("Xvfb", "pulseaudio", "chromium", "ffmpeg"))
    parent.kill()
    await parent.wait()
    await until(lambda: not of(tmp_path), 20)


def test_a_page_may_say_anything() -> None:
    odd = page_reading({"frames": float("nan"), "speaks": "yes", "audio": None}, 3.0)
    assert (odd.at, odd.frames, odd.speaks, odd.is_connected) == (3.0, 0, False, False)


@pytest.mark.parametrize("deep", ["", "d" * 60 + "/" + "e" * 60])
def test_a_socket_finds_room_also_where_the_data_folder_lies_deep(deep: str) -> None:
    with tempfile.TemporaryDirectory() as short:
        runs = Path(short) / deep
        folder = own_folder(runs)
        try:
            assert (folder.parent == runs) is not bool(deep)
            assert folder.stat().st_mode & 0o777 == 0o700
            with socket.socket(socket.AF_UNIX) as card:
                card.bind(str(folder / "pulse.sock"))
        finally:
            shutil.rmtree(folder)
