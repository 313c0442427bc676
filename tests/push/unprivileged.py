"""Run by `test_ordinary_user`: the browser's group with the browser's own sandbox.

    python unprivileged.py PAGE FOLDER

Prints what the renderers are held in and what was seen, as one line of JSON.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from assistant.push.browser.group import BrowserGroup, BrowserParts
from assistant.push.flv import tags
from assistant.push.relay import Relay
from assistant.push.seams import LANDSCAPE


async def run(page: str, folder: Path) -> dict[str, object]:
    """Until a second of picture came, and sound."""
    one = BrowserGroup(BrowserParts(page, LANDSCAPE, folder, time.monotonic, sandbox=True))
    relay = Relay(time.monotonic)
    stream = await one.start()

    async def feed() -> None:
        async for tag in tags(stream):
            relay.take(tag, "browser")

    feeding = asyncio.create_task(feed())
    try:
        async with asyncio.timeout(60):
            while relay.reading().frames < 25 or not one.readings().sound:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        return {"renderers": renderers(), "contrast": one.readings().picture.contrast}
    finally:
        await one.stop()
        await feeding


def renderers() -> list[dict[str, str]]:
    """What Linux says of each of our processes that draws pages."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if b"--type=renderer" in (entry / "cmdline").read_bytes():
                found.append(status(entry))
    return [one for one in found if int(one["Uid"].split()[0]) == os.geteuid()]


def status(entry: Path) -> dict[str, str]:
    """proc_pid_status(5)."""
    rows = (line.partition(":") for line in (entry / "status").read_text().splitlines())
    return {name: value.strip() for name, _, value in rows}


if __name__ == "__main__":
    seen = asyncio.run(run(sys.argv[1], Path(sys.argv[2])))
    sys.stdout.write(json.dumps(seen | {"ours": status(Path("/proc/self"))}))
