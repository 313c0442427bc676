"""The pushed stream for real: rate, sound against picture at both ends, processor, bit rate.

    python -m eval.bench.push_bench [--minutes 30] [--stage-minutes 3] [--portrait] [--keep DIR]

First a page that flashes and beeps is pushed to an RTMP server on loopback (`--minutes`): frames a
second, and the beep against its flash in the first and in the last minute of what was received.
Then `assistant push` with the office's own stage, which speaks most of the time
(`--stage-minutes`): the processor time of all its processes, in percent of one core. Run it on a
quiet machine; it needs root's `--allow-root` or an ordinary user, Xvfb, PulseAudio and Chromium.
"""

import argparse
import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil

from assistant.push.browser.group import BrowserGroup, BrowserParts
from assistant.push.encoder import ffmpeg
from assistant.push.flv import tags
from assistant.push.publisher import Publisher
from assistant.push.relay import Relay
from assistant.push.rtmp.publishing import Publication
from assistant.push.seams import LANDSCAPE, PORTRAIT, Shape
from assistant.push.targets import Target, address_of
from eval.bench.push_probe import flashing, offsets

KEY = "bench"
ROOM = "hall"
SETTLES = 10.0
"""Seconds before processor time is counted."""
_COMMAND = "from assistant.cli import main; main()"
LIMITS = {"fps": (24.5, 25.5), "offset": (-80.0, 80.0), "processor": (0.0, 130.0)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="0 leaves the first part out")
    parser.add_argument("--stage-minutes", type=float, default=1.0)
    parser.add_argument("--portrait", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder that keeps what was received")
    options = parser.parse_args()
    shape = PORTRAIT if options.portrait else LANDSCAPE
    with tempfile.TemporaryDirectory(prefix="push") as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        if options.minutes:
            asyncio.run(flashed(folder, shape, options.minutes * 60))
        if options.stage_minutes:
            staged(
                folder,
                Path(name) / "office",
                portrait=options.portrait,
                seconds=options.stage_minutes * 60,
            )


async def flashed(folder: Path, shape: Shape, seconds: float) -> None:
    """Push the flashing page, then look at what was received."""
    with flashing() as page:
        async with received(folder / "flashing.flv") as (url, file):
            await pushed(page, url, shape, seconds)
    frames, length, bits = measured(file)
    row("frames a second", frames / length, "fps")
    row("kbit/s", bits / length / 1000)
    part = min(60.0, length / 2 - 1)
    for name, since in (("beginning", 1.0), ("end", length - part - 1)):
        found = offsets(file, since, part)
        row(f"sound after picture, {name}, ms", statistics.median(found), "offset")
        print(f"    {len(found)} flashes, {min(found):.0f} to {max(found):.0f} ms")


async def pushed(page: str, url: str, shape: Shape, seconds: float) -> None:
    """The page through the group, the relay and a publisher."""
    now = time.monotonic
    with tempfile.TemporaryDirectory(prefix="runs") as runs:
        parts = BrowserParts(page, shape, Path(runs), now, sandbox=os.geteuid() != 0)
        group, relay = BrowserGroup(parts), Relay(now)
        target = Target("bench", address_of(url), KEY)
        publisher = Publisher(target, shape, now, Publication.open, lambda: relay.headers)
        relay.add(publisher.take)
        pushing = asyncio.create_task(publisher.run())
        stream = await group.start()
        began = now()
        try:
            async for tag in tags(stream):
                relay.take(tag, "bench")
                if now() - began > seconds:
                    break
        finally:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)
            await group.stop()
        print(publisher.reading())


def staged(folder: Path, home: Path, *, portrait: bool, seconds: float) -> None:
    """`assistant push` with a stage that speaks, as it is run; its processes are counted."""
    with office(home) as url, listener(folder / "stage.flv") as to:
        command = [sys.executable, "-c", _COMMAND, "push", "--room", ROOM, "--to", to]
        command += ["--server", url] + (["--portrait"] if portrait else [])
        command += ["--allow-root"] if os.geteuid() == 0 else []
        own = {"ASSISTANT_PUSH_KEY": KEY, "ASSISTANT_DATA_DIR": str(home / "data")}
        process = subprocess.Popen(command, env=os.environ | own)
        try:
            wait_for_browser(process.pid)
            before, began = spent(process.pid), time.monotonic()
            time.sleep(seconds)
            after, passed = spent(process.pid), time.monotonic() - began
        finally:
            process.terminate()
            process.wait(30)
    parts = {name: 100 * (after[name] - before.get(name, 0.0)) / passed for name in after}
    row("processor, % of a core", sum(parts.values()), "processor")
    print("    " + ", ".join(f"{name} {value:.0f}" for name, value in sorted(parts.items())))
    frames, length, bits = measured(folder / "stage.flv")
    row("frames a second", frames / length, "fps")
    row("kbit/s", bits / length / 1000)


def wait_for_browser(pid: int) -> None:
    """Until the browser and what encodes it run, and have settled."""
    until = time.monotonic() + 120
    while not {"chromium", "Xvfb", "pulseaudio"} <= spent(pid).keys():
        if time.monotonic() > until:
            raise SystemExit("the browser's group did not start")
        time.sleep(1)
    time.sleep(SETTLES)


def spent(pid: int) -> dict[str, float]:
    """Processor seconds by program of a process and all below it."""
    found: dict[str, float] = {}
    for one in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        try:
            times, name = one.cpu_times(), one.name().split("-linux")[0]
        except psutil.NoSuchProcess:
            continue
        found[name] = found.get(name, 0.0) + times.user + times.system
    return found


@contextmanager
def office(folder: Path) -> Iterator[str]:
    """A served office in a process of its own, whose stage speaks most of the time."""
    command = [sys.executable, "-m", "eval.bench.push_office", str(folder)]
    address, until = folder / "url", time.monotonic() + 120
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not address.exists():
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("the office did not open")
            time.sleep(0.5)
        yield address.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def listening(file: Path) -> tuple[str, list[str]]:
    """A server for one stream: its address, and its command."""
    url = f"rtmp://127.0.0.1:{free_port()}/live"
    command = [ffmpeg(), "-v", "error", "-y", "-listen", "1", "-i", f"{url}/{KEY}", "-c", "copy"]
    return url, [*command, str(file)]


@contextmanager
def listener(file: Path) -> Iterator[str]:
    """Such a server; it ends with the stream."""
    url, command = listening(file)
    process = subprocess.Popen(command)
    try:
        yield url
        process.wait(30)
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def received(file: Path) -> AsyncIterator[tuple[str, Path]]:
    """The same beside an event loop."""
    with listener(file) as url:
        await asyncio.sleep(1)
        yield url, file


def measured(file: Path) -> tuple[int, float, float]:
    """Frames, seconds and bits of a recording; all of it is decoded."""
    command = [ffmpeg(), "-hide_banner", "-i", str(file), "-map", "0:v", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    frames = int(re.findall(r"frame= *(\d+)", said)[-1])
    hours, minutes, seconds = map(float, re.findall(r"time=(\d+):(\d+):([\d.]+)", said)[-1])
    return frames, hours * 3600 + minutes * 60 + seconds, file.stat().st_size * 8


def row(name: str, value: float, limit: str = "") -> None:
    """One figure, with its limit where it has one."""
    least, most = LIMITS.get(limit, (float("-inf"), float("inf")))
    verdict = "" if not limit else "  kept" if least <= value <= most else "  MISSED"
    shown = f"  limit {least:g} to {most:g}" if limit else ""
    print(f"{name:40} {value:10.2f}{shown}{verdict}")


if __name__ == "__main__":
    main()
