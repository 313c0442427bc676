"""The browser's group as a `PictureSource`: all of it starts together and ends together."""

import asyncio
import math
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from assistant.errors import Unavailable
from assistant.push.browser.cdp import DevTools
from assistant.push.browser.chromium import browser
from assistant.push.browser.screen import PAINTING, grabbed, screen, sound_card
from assistant.push.encoder import Encoder
from assistant.push.processes import Started, environment, stop_all
from assistant.push.seams import Now, PageReading, Shape, SourceReadings

log = structlog.get_logger()
BEAT = 1.0
"""Seconds between two looks at the page."""
_PULSE = "globalThis.pulse?.() ?? null"
_PAINTED = 15.0
_LOOK = 0.1
_LONGEST = 107 - len("/g12345678/pulse.sock")


@dataclass(frozen=True, slots=True)
class BrowserParts:
    """`address` holds the room's key: it is told to the browser and never on a command line.

    `runs` is the folder in which each run has one of its own.
    """

    address: str
    shape: Shape
    runs: Path
    now: Now
    sandbox: bool = True


class BrowserGroup:
    """A `PictureSource`."""

    name = "browser"

    def __init__(self, parts: BrowserParts) -> None:
        self._parts = parts
        self._programs: list[Started] = []
        self._encoder = Encoder(parts.shape, parts.now)
        self._tools = DevTools()
        self._folder: Path | None = None
        self._page: PageReading | None = None
        self._beating: asyncio.Task[None] | None = None

    async def start(self) -> asyncio.StreamReader:
        """Screen and sound card, the browser with the page, then the encoder."""
        try:
            return await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End all at once; the folder goes with them."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        await asyncio.gather(self._encoder.stop(), self._tools.close())
        await stop_all(self._programs)
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def reload(self) -> None:
        """The page anew; also cures a crashed one. Raises Unavailable."""
        await self._tools.navigate(self._parts.address)

    def preview(self) -> bytes | None:
        """A small JPEG of what is shown."""
        return self._encoder.preview()

    def readings(self) -> SourceReadings:
        """The newest of each, and which parts have ended."""
        programs = [*self._programs, *([self._encoder.started] if self._encoder.started else [])]
        faults = [one.name for one in programs if one.has_ended]
        if self._tools.is_crashed:
            faults.append("page")
        return SourceReadings(self._encoder.picture, self._encoder.sound, self._page, tuple(faults))

    async def _start(self) -> asyncio.StreamReader:
        parts = self._parts
        folder = self._folder = await asyncio.to_thread(own_folder, parts.runs)
        env = _environment(folder)
        self._programs.append(await screen(folder, parts.shape, env))
        self._programs.append(await sound_card(folder, env))
        started, self._tools = await browser(folder, parts.shape, env, sandbox=parts.sandbox)
        self._programs.append(started)
        await self._tools.navigate(parts.address)
        await self._until_painted()
        self._beating = asyncio.create_task(self._beat())
        return await self._encoder.start(grabbed(parts.shape, env), env=env, late=PAINTING)

    async def _until_painted(self) -> None:
        """The first picture is the page's, not an empty window's."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAINTED):
                while not (page := await self._look()) or page.frames < 2:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK)
                return
        raise Unavailable("直播画面没有显示出来", hint="assistant serve 是否在运行？")

    async def _beat(self) -> None:
        while True:
            with suppress(Unavailable):
                self._page = await self._look() or self._page
            await asyncio.sleep(BEAT)

    async def _look(self) -> PageReading | None:
        said = await self._tools.evaluate(_PULSE)
        return page_reading(said, self._parts.now()) if isinstance(said, Mapping) else None


def page_reading(said: Mapping[str, Any], now: float) -> PageReading:
    """A page's heartbeat (`stage-page.js`); what is of no known form counts as nought."""
    frames = said.get("frames")
    return PageReading(
        at=now,
        frames=int(frames) if isinstance(frames, int | float) and math.isfinite(frames) else 0,
        speaks=said.get("speaks") is True,
        is_connected=said.get("connected") is True,
        moves=said.get("moves") is True,
        audio=str(said.get("audio", "")),
        is_heard=said.get("heard") is not False,
    )


def own_folder(runs: Path) -> Path:
    """A new folder that only we may read, among the temporary ones where `runs` is too long.

    Sockets lie in it, and a socket's path has at most 107 bytes (unix(7)).
    """
    if len(os.fsencode(runs)) > _LONGEST:
        return Path(tempfile.mkdtemp(prefix="push-"))
    runs.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="g", dir=runs))


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "HOME": str(folder),
        "LANGUAGE": "zh_CN",
        "XDG_RUNTIME_DIR": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    }
    return {"TZ": "Asia/Shanghai"} | environment() | own
