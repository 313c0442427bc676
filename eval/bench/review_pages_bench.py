"""How long a reviewer waits for a page or a key, with 10,000 open cases.

    python -m eval.bench.review_pages_bench [--cases 10000] [--turns 60] [--out FILE.json]

The real service in a process of its own, over SQLite in a temporary folder, asked over HTTP on
loopback as the browser asks: the desk's page, the queue, opening a case, saving a draft, settling,
what comes next, taking back. Baselines of the same run: `/health`, which reads nothing of the desk,
and the same queue while it was empty. Target: P95 of 150 ms.
"""

import argparse
import asyncio
import contextlib
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx
import uvicorn

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import (
    Library,
    Settings,
    live_records,
    open_assistant,
    open_library,
    open_service,
)
from assistant.domain.answer import Citation, Draft, Route, Statement
from assistant.domain.clock import system_clock
from assistant.domain.live import LiveQuestion, LiveSession, QuestionState, ReviewCase, Room
from assistant.domain.live_commit import Commit
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide
from assistant.domain.verdict import Action, Verdict
from assistant.records import review_groups
from assistant.web.app import create_app
from eval.bench.bench_table import Figures, percentile, report

PASSWORD = "蓝色的窗户 seven"
ROOM, REGION, SESSION = "hall", "990181", "01SESSION"
GUIDE = ServiceGuide(id="licence", name="个体工商户设立登记", region=REGION, fee="不收费")
CITED = Citation("licence", "收费", "不收费", GUIDE.name, field="fee")
TARGET_MS = 150.0
STEP = 500
API = "/api/v1/review"


@dataclass
class Reviewer:
    """A reviewer's browser, and what they had to wait for."""

    client: httpx.AsyncClient
    csrf: str = ""
    waits: dict[str, list[float]] = field(default_factory=dict)

    async def enter(self) -> None:
        """Log in."""
        await self.client.post("/login", data={"name": "sun", "password": PASSWORD})
        page = await self.client.get("/account", headers={"accept": "text/html"})
        self.csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)[0]

    async def timed(self, name: str, method: str, path: str, body: object = None) -> httpx.Response:
        """One request; a refusal ends the measurement."""
        began = time.perf_counter()
        headers = {"X-CSRF-Token": self.csrf}
        reply = await self.client.request(method, path, json=body, headers=headers)
        self.waits.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        if reply.is_error:
            raise SystemExit(f"{method} {path}: {reply.status_code} {reply.text[:300]}")
        return reply

    async def turn(self, number: int) -> None:
        """What happens around one case; every tenth is taken back."""
        queue = (await self.timed("queue, 50 rows", "GET", f"{API}/queue?limit=50")).json()
        case_id = queue["rows"][number % 40]["case_id"]
        opened = (await self.timed("open a case", "POST", f"{API}/cases/{case_id}/take")).json()
        draft = {"text": '{"mode":"edit","text":"不收费。"}'}
        await self.timed("save a draft", "PUT", f"{API}/cases/{case_id}/draft", draft)
        body = {"token": opened["token"], "kind": "approve", "took_ms": 900}
        sent = await self.timed("settle", "POST", f"{API}/cases/{case_id}/settle", body)
        await self.timed("next", "GET", f"{API}/next?after={case_id}")
        await self.timed("page", "GET", "/console/review")
        if number % 10 == 0:
            undo = f"{API}/resolutions/{sent.json()['resolution_id']}/undo"
            await self.timed("take back", "POST", undo)


async def filled(library: Library, cases: int) -> None:
    """Open cases with drafts and places in the queue; a fifth of them in groups of three."""
    live = live_records(library)
    token = await live.lease(ROOM, "bench", 600.0)
    assert token is not None
    for begin in range(0, cases, STEP):
        rows = [await _row(library, n) for n in range(begin, min(cases, begin + STEP))]
        questions, opened = (list(some) for some in zip(*rows, strict=True))
        await live.commit(ROOM, token, Commit(questions=questions, cases=opened))
        await _place(library, range(begin, min(cases, begin + STEP)))
    await live.release(ROOM, token)


async def _place(library: Library, numbers: range) -> None:
    """What reception writes, one by one as it does."""
    own, now = library.settings.organization, system_clock()
    async with library.database.write() as connection:
        for number in numbers:
            lead = f"01C{number - number % 3:06d}" if number % 15 < 3 and number % 3 else None
            placed = {"region": REGION, "due_class": "consult", "group_id": lead}
            at = now + timedelta(minutes=number % 900 - 60)
            change = [f"01C{number:06d}"]
            await review_groups.change(connection, own, change, due_at=at, due_from=now, **placed)


async def _row(library: Library, number: int) -> tuple[LiveQuestion, ReviewCase]:
    now, text = system_clock(), f"第{number}家小店办执照收不收钱"
    draft = Draft(Route.GUIDE, (Statement("不收费。", "不收费。", (CITED,)),))
    question = Question(text, date(2026, 3, 2), REGION, ("我想开店",))
    verdict = Verdict(Action.REVIEW, 0.62, ("把握不足",))
    outcome = Outcome(question, draft, verdict, "已转人工", "已转人工")
    outcome_id = await library.outcomes.record(outcome)
    asked, state = f"01Q{number:06d}", QuestionState.IN_REVIEW
    return (
        LiveQuestion(asked, ROOM, SESSION, text, now, state, region=REGION, outcome_id=outcome_id),
        ReviewCase(f"01C{number:06d}", ROOM, SESSION, asked, "no_support", "依据不足", now),
    )


async def staffed(settings: Settings, folder: Path) -> None:
    """A reviewer, a guide and a room."""
    path = folder / "knowledge.jsonl"
    said = {"id": GUIDE.id, "name": GUIDE.name, "region": REGION, "fee": GUIDE.fee}
    line = json.dumps({"kind": "service_guide", **said}, ensure_ascii=False)
    path.write_text(f"{line}\n", encoding="utf-8")
    async with open_assistant(settings) as assistant:
        await assistant.ingest([path])
        staff = assistant.access.staff
        boss = NewAccount("boss", frozenset({Role.ADMINISTRATOR}))
        await staff.add("", boss, PASSWORD, first=True)
        await staff.add("cli", NewAccount("sun", frozenset({Role.REVIEWER}), "孙立"), PASSWORD)
        live = live_records(assistant)
        await live.put_room(Room(ROOM, "清溪县政务直播间", REGION))
        await live.open_session(LiveSession(SESSION, ROOM, system_clock()))


async def baselines(who: Reviewer, turns: int, queue: str) -> None:
    """What costs nothing of the desk's."""
    for _ in range(turns):
        await who.timed("/health", "GET", "/health")
        await who.timed(queue, "GET", f"{API}/queue?limit=50")


async def measured(settings: Settings, url: str, cases: int, turns: int) -> Reviewer:
    """All waits; the queue is filled while the service runs."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        who = Reviewer(client)
        await who.enter()
        await baselines(who, turns, "queue, empty")
        who.waits["/health, queue empty"] = who.waits.pop("/health")
        async with open_library(settings) as library:
            await filled(library, cases)
        for number in range(turns):
            await who.timed("/health", "GET", "/health")
            await who.turn(number)
        counted = (await client.get(f"{API}/queue?limit=1")).json()["waiting"]
        print(f"{counted} cases still open")
        return who


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of the service, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "eval.bench.review_pages_bench", "--serve", str(folder)]
    with (folder / "service.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], stdout=log, stderr=log
        )  # our own module
        try:
            url = f"http://127.0.0.1:{port}"
            _await_ready(url)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def _await_ready(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/health", trust_env=False).is_success:
                return
        time.sleep(0.1)
    raise SystemExit("the service did not start")


def _figures(waits: list[float], *, judged: bool) -> Figures:
    p95 = percentile(waits, 0.95)
    told = "" if not judged else "yes" if p95 <= TARGET_MS else "NO"
    return {
        "n": float(len(waits)),
        "median ms": percentile(waits, 0.5),
        "P95 ms": p95,
        "max ms": max(waits),
        f"≤ {TARGET_MS:.0f}": told,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        settings = Settings(data_dir=given.serve / "data")
        app = create_app(lambda: open_service(settings))
        uvicorn.run(app, port=given.port, log_config=None, access_log=False)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(data_dir=folder / "data")
        asyncio.run(staffed(settings, folder))
        with serving(folder) as url:
            who = asyncio.run(measured(settings, url, given.cases, given.turns))
    baseline = {"/health", "/health, queue empty", "queue, empty"}
    rows = {one: _figures(w, judged=one not in baseline) for one, w in who.waits.items()}
    report(f"the desk's pages with {given.cases:,} open cases", rows, given.out)


if __name__ == "__main__":
    main()
