"""A recorded stream on air, whole: the service, its stage in real Chromium, the sound it makes.

    python -m eval.drills.on_air --minutes 10 [--data ../shared/data] [--begin 2400] [--cut]
        [--approve 3] [--out DIR]

`assistant serve` over the recording's own corpus, a room in automatic mode, the stage's page as OBS
opens it; the comments are pushed in real time over the signed webhook. All that the page sends to
the sound card is captured, and each synthesised sentence looked for in it. Then a reviewer approves
drafts. `--cut` loads the page anew in mid-sentence and kills the voice's process. DIR gets the
figures, pictures every 15 s and the sound. Exit status 1 for anything that must not be.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]
from playwright.async_api import async_playwright

from eval.bench.bench_table import machine
from eval.drills import on_air_checks as checks
from eval.drills import on_air_figures as figures
from eval.drills.on_air_desk import Approved, approve
from eval.drills.on_air_feed import Feed, recorded
from eval.drills.on_air_label import is_there
from eval.drills.on_air_page import StageWatch
from eval.drills.serve_platform import ReplyServer
from eval.drills.serve_process import ROOM, ServeProcess

DATA = Path("../shared/data")
RECORDING = "rehearsal_93_dev.jsonl"
CORPUS = ("gd_guides.jsonl", "ncp_docs.jsonl")
"""What the questions of the recordings are about (its README)."""
SHOT, TAKE, BEAT = 15.0, 2.0, 20.0
UP, PATIENCE = 120.0, 300.0
"""Seconds for the service to come up, and for what still waits at the end."""
WORKER = "assistant.voice.engines.espeak"


class OnAir:
    """One run."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self._given = given
        self._folder = folder
        self._replies = ReplyServer(1)
        self.events: list[str] = []

    async def run(self) -> tuple[dict[str, Any], dict[str, list[str]]]:
        """Serve, watch, feed, approve, stop; figures and faults."""
        corpus = [self._given.data / name for name in CORPUS]
        replies = await self._replies.start()
        self._serve = serve = ServeProcess(self._folder, replies, corpus, None)
        await serve.prepare()
        reviewer = serve.person("reviewer", ("reviewer",), ("approve",))
        part = self._given.begin, self._given.minutes * 60
        feed = Feed(serve.url, recorded(self._given.data / self._given.recording, *part))
        address = f"{serve.url}/stage/{ROOM}?key={serve.stage_key}"
        self._watch = watch = StageWatch(address, self._given.out)
        serve.start()
        async with async_playwright() as playwright:
            await self._until_up()
            await watch.open(playwright)
            async with self._around():
                await asyncio.gather(feed.run(), self._trouble())
                await self._quiet()
                approved = await approve(serve.url, reviewer, self._given.approve, self._quiet)
                await self._quiet()
            await watch.close()
        return await self._judged(feed, approved)

    async def _until_up(self) -> None:
        limit = time.monotonic() + UP
        async with httpx.AsyncClient(base_url=self._serve.url, trust_env=False) as http:
            while time.monotonic() < limit:
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get("/ready")).is_success:
                        return
                await asyncio.sleep(0.5)
        raise TimeoutError("the service does not come up")

    @contextlib.asynccontextmanager
    async def _around(self) -> AsyncIterator[None]:
        """While the stream runs: the officer's heartbeat, pictures, the sound taken."""
        works = (self._beat(), self._every(SHOT, "shot"), self._every(TAKE, "take"))
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if error and not isinstance(error, asyncio.CancelledError):
                raise error

    async def _every(self, seconds: float, what: str) -> None:
        while True:
            await getattr(self._watch, what)()
            await asyncio.sleep(seconds)

    async def _beat(self) -> None:
        key = {"Authorization": f"Bearer {self._serve.token}"}
        async with httpx.AsyncClient(
            base_url=self._serve.url, headers=key, trust_env=False
        ) as http:
            while True:
                sent = await http.post(f"/console/rooms/{ROOM}/orders", json={"order": "beat"})
                sent.raise_for_status()
                await asyncio.sleep(BEAT)

    async def _trouble(self) -> None:
        """A reload in mid-sentence, and the voice's process killed."""
        if not self._given.cut:
            return
        await asyncio.sleep(self._given.minutes * 60 * 0.25)
        await self._watch.cut()
        self.events.append(f"page loaded anew in sentence {self._watch.cut_at}")
        await asyncio.sleep(self._given.minutes * 60 * 0.25)
        for child in psutil.Process(self._serve.pid).children(recursive=True):
            if WORKER in " ".join(child.cmdline()):
                child.kill()
                self.events.append("voice's process killed")

    async def _quiet(self) -> None:
        """Until nothing is decided, waits or is said."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            left = await self._serve.left()
            speaks = any(one.state in checks.OPEN for one in await self._serve.cues())
            if not left["undecided"] and not speaks:
                return
            await asyncio.sleep(1.0)

    async def _judged(
        self, feed: Feed, approved: Sequence[Approved]
    ) -> tuple[dict[str, Any], dict[str, list[str]]]:
        serve, watch = self._serve, self._watch
        clean = await asyncio.to_thread(serve.stop)
        lines = await asyncio.to_thread(serve.outcomes, self._given.out)
        cues = await serve.cues()
        heard = checks.heard_by(watch, self._folder / "audio" / "cache")
        for number, load in enumerate(watch.loads.values(), start=1):
            load.write(self._given.out / f"stage-{number}.wav")
        self._write(heard)
        faults = checks.faults(heard, watch, cues, lines, feed.sent)
        labels = is_there(watch.shots, watch.label)
        pairs = zip(watch.shots, labels, strict=True)
        faults["pictures without the label"] = [one.name for one, is_ok in pairs if not is_ok]
        faults["a stop that was not clean"] = [] if clean else ["SIGTERM"]
        faults["nothing to judge"] = [] if heard and labels else ["nothing was said"]
        summary = {
            "machine": machine(),
            "recording": f"{self._given.recording} from {self._given.begin:g} s",
            "minutes": self._given.minutes,
            "comments": len(feed.sent),
            "questions": sum(line["is_question"] for line in lines),
            "outcomes": dict(Counter(line["outcome"] for line in lines)),
            "trouble": self.events,
            **figures.said(heard, watch, cues),
            **figures.waited(heard, cues, lines, feed.sent, approved),
            "pictures with the label": f"{sum(labels)} of {len(labels)}",
            "load of the machine": round(os.getloadavg()[1], 1),
            "frames a second, P5": figures.spread(figures.fps(watch), 0.05),
            "replies received": self._replies.keys.total(),
        }
        return summary, faults

    def _write(self, heard: Sequence[checks.Heard]) -> None:
        """Every sentence with its place, and every look at the caption, to look into."""
        rows = [
            {"text": self._watch.sentences[one.cue_id, one.index]["text"], **asdict(one)}
            for one in heard
        ]
        looks = [asdict(one) for one in self._watch.looks]
        for name, found in (("heard", rows), ("looks", looks)):
            text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found)
            (self._given.out / f"{name}.jsonl").write_text(text, encoding="utf-8")


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--begin", type=float, default=2400.0, help="second of the recording")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--recording", default=RECORDING)
    parser.add_argument("--approve", type=int, default=3, help="drafts approved at the desk")
    parser.add_argument("--cut", action="store_true", help="reload the page, kill the voice")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    given.data = given.data.resolve()
    with tempfile.TemporaryDirectory() as folder:
        summary, faults = asyncio.run(OnAir(given, Path(folder)).run())
        log = Path(folder) / "serve.log"
        (given.out / "serve.log").write_bytes(log.read_bytes())
    result = summary | {"faults": {key: places for key, places in faults.items() if places}}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (given.out / "figures.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    sys.exit(any(faults.values()))


if __name__ == "__main__":
    main()
