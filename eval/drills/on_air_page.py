"""The stage's page in real Chromium, as OBS opens it, watched from outside."""

import asyncio
import json
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Playwright, ViewportSize, WebSocket

from eval.drills.on_air_probe import PROBE, TAKE
from eval.drills.on_air_sound import Load

SIZE: ViewportSize = {"width": 1280, "height": 720}
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass(frozen=True, slots=True)
class Look:
    """The caption changed: on this load's clock, so many characters of a sentence are lit."""

    load: float
    at: float
    cue_id: str
    index: int
    said: int
    text: str


@dataclass
class StageWatch:
    """The page, and all that was seen of it.

    `sentences` is what the stage told it, by cue and number; `said` what it told the stage, with
    the Unix time; `shots` the pictures.
    """

    url: str
    out: Path
    loads: dict[float, Load] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    sentences: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    cues: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    shots: list[Path] = field(default_factory=list)
    label: tuple[int, int, int, int] = (0, 0, 0, 0)
    """The strip of the label in the pictures: left, top, right, bottom."""
    complaints: list[str] = field(default_factory=list)
    cut_at: tuple[str, int] | None = None
    """The sentence in which the page was loaded anew."""

    async def open(self, playwright: Playwright) -> None:
        """Open the page; it speaks."""
        path = shutil.which("chromium") or shutil.which("google-chrome")
        self._browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        context = await self._browser.new_context(viewport=SIZE, locale="zh-CN", bypass_csp=True)
        await context.add_init_script(PROBE)
        self._page: Page = await context.new_page()
        self._page.on("websocket", self._follow)
        self._page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await self._page.goto(self.url)
        await self._page.wait_for_timeout(1500)
        box = await self._page.locator("#label").bounding_box()
        assert box, "the label is not shown"
        x, y = box["x"], box["y"]
        self.label = int(x), int(y), int(x + box["width"]), int(y + box["height"])

    async def close(self) -> None:
        """Take what is left and close the browser."""
        await self.take()
        await self._browser.close()

    async def take(self) -> None:
        """Sound and captions since the last time."""
        took = await self._page.evaluate(TAKE)
        if took is None:
            return
        load = self.loads.setdefault(took["load"], Load(int(took["rate"])))
        load.take(took)
        self.looks += [Look(took["load"], *one) for one in took["captions"]]

    async def shot(self) -> None:
        """A picture of the page as it is now."""
        path = self.out / f"stage-{len(self.shots) + 1:03d}.png"
        await self._page.screenshot(path=path)
        self.shots.append(path)

    async def cut(self, patience: float = 120.0) -> None:
        """Load the page anew in the middle of a sentence, once one is said."""
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            await self.take()
            here = self.looks[-1] if self.looks else None
            if here and here.cue_id and here.said >= 3 and len(here.text) - here.said >= 5:
                self.cut_at = here.cue_id, here.index
                await self._page.reload()
                return
            await asyncio.sleep(0.1)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)
        socket.on("framesent", self._sent)

    def _received(self, frame: str | bytes) -> None:
        message = json.loads(frame)
        if message["type"] == "sentence":
            self.sentences.setdefault((message["cue_id"], message["index"]), message)
        elif message["type"] == "cue":
            self.cues.setdefault(message["id"], message)

    def _sent(self, frame: str | bytes) -> None:
        self.said.append((time.time(), json.loads(frame)))
