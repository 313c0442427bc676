"""A running system to break: a service with a room on air, its stream, a platform, a viewer.

A keeper starts again what has ended, a second later, as the systemd units do (Restart=always,
RestartSec=1): nothing else in a drill lends a hand. See decisions/0047.
"""

import asyncio
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]
from websockets.asyncio.client import connect

from assistant.bundled import bundled
from assistant.domain.live import Cue
from assistant.live.pace import APART
from assistant.push.ladder import Mode
from eval.drills.drill_servers import Bell, OpenAIServer
from eval.drills.drill_stores import STORES
from eval.drills.drill_stream import Ingest, Mirror, PushProcess
from eval.drills.drill_viewer import Viewer
from eval.drills.serve_platform import Pusher, ReplyServer, item_questions
from eval.drills.serve_process import ROOM, ServeProcess, free_port
from tests.support.edge_server import EdgeServer

OF_COMMENTS = {"emergency", "urgent", "flood"} | {
    str(rule["code"])
    for file in (bundled("knowledge") / "rules").glob("*.json")
    for rule in json.loads(file.read_text("utf-8"))["rules"]
}
"""Alarms that a viewer's words raise, whatever is broken."""
OF_PACE = {"stalled", "behind", "clock_jumped"}
"""Alarms that are told at most once in `APART` seconds."""
OF_REVIEW = "review_"
"""Reminders of the review desk, at which nobody sits in a drill."""
RATE = 1.0
"""Comments a second beside every fault."""
RESTART = 1.0
BEAT = 10.0
_SYLLABLE = 0.1
"""Seconds: fast, so that a fault's questions are worked off soon."""
EDGE = Path(__file__).with_name("edge_here")
_ALERT_SECRET = "the bell's own secret"


class Asking(Pusher):
    """The platform: sends at an even pace while it is not held."""

    def __init__(self, url: str, seed: int) -> None:
        super().__init__(url, seed)
        self.is_held = False
        self._unasked = item_questions()
        random.Random(seed).shuffle(self._unasked)

    async def ask(self, stop: asyncio.Event) -> None:
        """Send until told to stop."""
        waiting = set[asyncio.Task[None]]()
        async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
            try:
                while not stop.is_set():
                    if not self.is_held:  # the next viewer does not wait for the last one
                        task = asyncio.create_task(self._push(http, self._batch(1)))
                        waiting.add(task)
                        task.add_done_callback(waiting.discard)
                    await asyncio.sleep(1 / RATE)
            finally:
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)

    async def ask_new(self, number: int) -> None:
        """So many questions that nobody asked yet, so that all that answers is needed."""
        rows = [self._sends(self._unasked.pop()) for _ in range(number) if self._unasked]
        async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
            await asyncio.gather(*(self._push(http, [row]) for row in rows))

    async def flood(self, a_second: int, seconds: float, batch: int = 100) -> None:
        """Many at once, in batches; what is refused is sent again until it is taken."""
        async with (
            httpx.AsyncClient(trust_env=False, timeout=30.0) as http,
            asyncio.TaskGroup() as all_,
        ):
            begun = time.monotonic()
            for number in range(round(a_second * seconds / batch)):
                rows = self._batch(batch)
                all_.create_task(self._push(http, rows))
                ahead = begun + number * batch / a_second - time.monotonic()
                await asyncio.sleep(max(0.0, ahead))


class World:
    """Start, break, stop. `folder` holds the service's state."""

    def __init__(self, folder: Path, seed: int, stores: Sequence[str] = ()) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.replies, self.model, self.bell = ReplyServer(seed), OpenAIServer(), Bell()
        self.voice = EdgeServer(syllable=_SYLLABLE)
        self.viewer = Viewer()
        self.stores = {name: STORES[name](folder / name) for name in stores}
        self.restarts: Counter[str] = Counter()
        self._seed = seed
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._ends: list[Callable[[], object]] = []
        self._open = AsyncExitStack()
        self.is_kept, self.is_pushing = True, False
        """Whether the keeper starts the service again."""

    async def start(self) -> None:
        """Prepare the office, put its room on air, wait until a comment is taken."""
        self.data.mkdir(parents=True, exist_ok=True)
        reply_url, base, alarms = [
            await one.start() for one in (self.replies, self.model, self.bell)
        ]
        settings = {
            "ASSISTANT_CHAT_MODEL": "drill",
            "OPENAI_BASE_URL": base,
            "OPENAI_API_KEY": "x",
            **await self._network_voice(),
            "ASSISTANT_ALERT_URL": alarms,
            "ASSISTANT_ALERT_SECRET": _ALERT_SECRET,
        }
        for store in self.stores.values():
            store.start()
            self._ends.append(store.stop)
            settings |= store.settings
        await asyncio.sleep(3 if self.stores else 0)
        self.serve = await self.service(reply_url, settings)
        self.asking = self.platform()
        self.serve.start()
        self._ends.append(self.serve.kill)
        await self._until_ready(120)
        port = free_port()
        self.ingest = Ingest(port, self.viewer)
        self.push = PushProcess(self.data, self.serve.url, port, self.serve.environment)
        line = f"{self.serve.url.replace('http', 'ws', 1)}/stage/{ROOM}/line"
        self.mirror, self._with_key = self.listener(line), f"{line}?key={self.serve.stage_key}"
        works = (self.asking.ask(self._stop), self._keep(), self._beat())
        for work in (*works, self.ingest.run(), self.mirror.run()):
            self._tasks.append(asyncio.create_task(work))
        await asyncio.sleep(0.5)
        self.push.start()
        self._ends.append(self.push.stop)
        self.is_pushing = True
        async with asyncio.timeout(90):
            await self.asking.taken.wait()
            while len(self.viewer.lived) < 3:  # noqa: ASYNC110 - a stream is watched
                await asyncio.sleep(0.5)

    async def _network_voice(self) -> dict[str, str]:
        """edge-tts, its real client told of the server here."""
        url = await self._open.enter_async_context(self.voice.serving())
        path = os.pathsep.join(filter(None, [str(EDGE), os.environ.get("PYTHONPATH", "")]))
        here = {"DRILL_EDGE_URL": url.url, "PYTHONPATH": path}
        return here | {"ASSISTANT_VOICE": "edge", "ASSISTANT_OFFLINE": "false"}

    async def service(self, reply_url: str, settings: Mapping[str, str]) -> ServeProcess:
        """The service with what it needs, not yet started; a soak that goes on has it already."""
        made = ServeProcess(self.data, reply_url, settings=settings)
        await made.prepare()
        return made

    def platform(self) -> Asking:
        """The platform outside it."""
        return Asking(self.serve.url, self._seed)

    def listener(self, line: str) -> Mirror:
        """What hears the stage's line beside the page."""
        return Mirror(line)

    async def stop(self) -> None:
        """End all of it."""
        self._stop.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for end in reversed(self._ends):
            await asyncio.to_thread(end)
        await self._open.aclose()
        await self.model.close()
        await self.bell.close()

    @property
    def database_url(self) -> str:
        """The server that holds the records; "": they lie in a file."""
        store = self.stores.get("postgres")
        return store.settings["ASSISTANT_DATABASE_URL"] if store else ""

    @property
    def process(self) -> psutil.Process:
        """The service."""
        return psutil.Process(self.serve.pid)

    def alarms(self, since: float) -> list[str]:
        """The codes of alarms since a moment, but for those that ordinary work raises."""
        return [one.code for one in self.bell.since(since) if not _is_ordinary(one.code)]

    def called(self, since: float) -> list[str]:
        """Those of them that go on until somebody answers."""
        told = self.bell.since(since)
        return [one.code for one in told if one.goes_on and not _is_ordinary(one.code)]

    async def visit(self) -> None:
        """A page with the room's key joins beside the stream's own, looks on and leaves."""
        async with connect(self._with_key, open_timeout=5, proxy=None) as socket:
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    async for _ in socket:
                        pass

    async def health(self) -> dict[str, Any] | None:
        """What the service says of itself; None where it does not answer."""
        with suppress(httpx.HTTPError, ValueError):
            async with httpx.AsyncClient(trust_env=False, timeout=3.0) as http:
                answer = await http.get(f"{self.serve.url}/health")
                return dict(answer.json()) if answer.is_success else None
        return None

    async def well(self, codes: Sequence[str], limit: float) -> None:
        """Wait until all of these would be told: an illness is told once, a pause once a minute."""
        begun = time.monotonic()
        while time.monotonic() - begun < limit:
            health = await self.health()
            told = {one.code for one in self.bell.since(time.monotonic() - APART)} & OF_PACE
            if health is not None and not set(codes) & {*health["degraded"], *told}:
                return
            await asyncio.sleep(0.5)

    async def browser(self, limit: float) -> None:
        """Wait until the stream shows the browser's page."""
        begun = time.monotonic()
        while time.monotonic() - begun < limit:
            pushed = (await self.health() or {}).get("push", {}).get(ROOM, {})
            if pushed.get("mode") == Mode.BROWSER:
                return
            await asyncio.sleep(0.5)

    async def idle(self, limit: float) -> float | None:
        """Seconds until everything that was asked has its outcome; None past the limit."""
        begun = time.monotonic()
        while time.monotonic() - begun < limit:
            is_taken = self.asking.sent.keys() <= self.asking.acknowledged
            if is_taken and await self.health() is not None:
                left = await self.serve.left()
                if not any(left.values()):
                    return round(time.monotonic() - begun, 1)
            await asyncio.sleep(0.5)
        return None

    async def stored_cues(self) -> list[Cue]:
        """What was said or is to be said, as the records have it."""
        return await self.serve.cues()

    async def _until_ready(self, limit: float) -> None:
        async with asyncio.timeout(limit):
            while await self.health() is None:  # noqa: ASYNC110 - another process is watched
                await asyncio.sleep(0.5)

    async def _keep(self) -> None:
        """A service that has ended is started anew."""
        while True:
            await asyncio.sleep(0.2)
            for store in self.stores.values():
                if store.has_ended:
                    await asyncio.sleep(RESTART)
                    self.restarts[store.name] += 1
                    store.start()
            self.push.end_where_hung()
            if self.push.has_ended and self.is_pushing:
                await asyncio.sleep(RESTART)
                self.restarts["push"] += 1
                self.push.start()
            with suppress(psutil.NoSuchProcess):
                if self.process.status() != psutil.STATUS_ZOMBIE:
                    continue
            if self.is_kept:
                await asyncio.sleep(RESTART)
                await asyncio.to_thread(self.serve.kill)
                self.restarts["serve"] += 1
                self.serve.start()

    async def _beat(self) -> None:
        """The duty officer's phone."""
        key = {"Authorization": f"Bearer {self.serve.token}"}
        order = f"{self.serve.url}/console/rooms/{ROOM}/orders"
        async with httpx.AsyncClient(headers=key, trust_env=False, timeout=5.0) as http:
            while True:
                with suppress(httpx.HTTPError):
                    await http.post(order, json={"order": "beat"})
                await asyncio.sleep(BEAT)


def _is_ordinary(code: str) -> bool:
    return code in OF_COMMENTS or code.startswith(OF_REVIEW)


def signal_tree(process: psutil.Process, number: int) -> int:
    """Send a signal to a process and all below it; how many there were."""
    every = [process, *process.children(recursive=True)]
    for one in every:
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            os.kill(one.pid, number)
    return len(every)
