"""Every way to put words on air, tried by an outsourced operator: refused, and nothing is shown."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.bootstrap import Assistant, Settings, live_records, open_service
from assistant.domain.live import CueKind, LiveQuestion, QuestionState, ReviewCase, Room
from assistant.domain.live_commit import Commit
from assistant.domain.review import ResolutionKind
from assistant.errors import Forbidden
from assistant.review.orders import HandOver, Mark, Merge, Settle, Split
from assistant.web.app import create_app
from assistant.web.console.orders_in import _MAKERS
from tests.support.live_office import OUTSOURCED, PASSWORD, REGION, ROOM, STAFF, hall
from tests.web.test_console import CONSOLE, Browser

pytestmark = pytest.mark.integration
BAD = "不该播出的话"
CLOSED = "closed-room"
REFUSED = {"say", "approve", "topic", "automatic"}
"""The console's orders that decide what is said or shown."""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient, Browser]]:
    """A room on air with a case, one that is not, and an outsourced operator who is logged in."""
    app = create_app(lambda: open_service(Settings(data_dir=tmp_path)))
    async with app.router.lifespan_context(app):
        assistant = app.state.running.assistant
        for new in STAFF:
            await assistant.access.staff.add("cli", new, PASSWORD)
        for room in (hall(), Room(CLOSED, "二号厅", REGION, officers=("王科长",))):
            await live_records(assistant).put_room(room)
        await assistant.live.desk.open(ROOM)
        await waiting(assistant)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            browser = Browser(client)
            client.headers["accept"] = "text/html"
            await browser.enter(OUTSOURCED)
            yield assistant, client, browser


async def waiting(assistant: Assistant) -> None:
    """A question with a draft that waits for a person."""
    live = assistant.live.desk.live(ROOM)
    now = assistant.clock()
    question = LiveQuestion(
        "q1", ROOM, live.session_id, "怎么办", now, QuestionState.IN_REVIEW, answer=BAD, spoken=BAD
    )
    case = ReviewCase("k1", ROOM, live.session_id, "q1", "no_support", "依据不足", now)
    await live._core.commit(Commit(questions=(question,), cases=(case,)))


@contextmanager
def watched(assistant: Assistant) -> Iterator[list[Any]]:
    """What the stages of both rooms are told meanwhile."""
    seen: list[Any] = []
    stages = [assistant.live.stage(one) for one in (ROOM, CLOSED)]
    lines = [stage.join(may_speak=False) for stage in stages]

    async def read(line: Any) -> None:
        async for message in line:
            seen.append(message)  # noqa: PERF401 - what came so far is looked at meanwhile

    tasks = [asyncio.ensure_future(read(line)) for line in lines]
    yield seen
    for task in tasks:
        task.cancel()
    for stage, line in zip(stages, lines, strict=True):
        stage.leave(line)


async def cues(assistant: Assistant) -> list[str]:
    live = assistant.live.desk.live(ROOM)
    every = await live_records(assistant).cues(live.session_id)
    return [one.text for one in every if one.kind is not CueKind.FIXED_LINE]


async def nothing_was_said(assistant: Assistant, seen: list[Any]) -> None:
    await assistant.live.desk.live(ROOM).advance()
    await asyncio.sleep(0)
    assert await cues(assistant) == []
    assert BAD not in repr(seen)
    rooms = await live_records(assistant).rooms()
    assert BAD not in repr(rooms)


async def test_the_console_s_orders(office) -> None:
    assistant, _, browser = office
    more = {"id": "q1", "text": BAD, "on": True, "aloud": True}
    with watched(assistant) as seen:
        found = {}
        for name in [one for one in _MAKERS if one not in ("pause", "take_over")]:
            found[name] = await browser.order(name, **more)
        assert {name for name, status in found.items() if status == 403} == REFUSED
        await nothing_was_said(assistant, seen)
    assert not assistant.live.desk.live(ROOM).room.automatic


async def test_rooms_rules_and_pasted_comments(office) -> None:
    assistant, client, browser = office
    room = {"name": BAD, "topic": BAD, "region": REGION, "officers": "王科长"}
    with watched(assistant) as seen:
        assert (await browser.post("/console/new", id="mine", **room)).status_code == 403
        edit = f"/console/rooms/{CLOSED}/edit"
        assert (await browser.post(edit, **room)).status_code == 403
        same = room | {"name": "二号厅", "topic": "", "officers": "李主任"}
        assert (await browser.post(edit, **same)).status_code == 303
        assert (await browser.post("/console/rules/spam", body="", number="0")).status_code == 403
        headers = {"X-CSRF-Token": browser.csrf, "accept": "*/*"}
        pasted = {"text": f"{BAD}怎么办\n{BAD}", "paste_id": "p1"}
        sent = await client.post(f"{CONSOLE}/comments", json=pasted, headers=headers)
        assert sent.status_code == 200
        await assistant.live.desk.live(ROOM).settle()
        await nothing_was_said(assistant, seen)


async def test_what_the_stage_shows_passes_the_screen_whoever_writes_it(office) -> None:
    assistant, _, browser = office
    await browser.enter("wang")
    assert await browser.order("topic", text="打13800138000领补贴") == 422
    edit = {"name": "打13800138000", "region": REGION, "officers": "李主任"}
    assert (await browser.post(f"/console/rooms/{CLOSED}/edit", **edit)).status_code == 422
    assert await browser.order("topic", text="社保") == 204
    assert assistant.live.desk.live(ROOM).room.topic == "社保"


async def test_the_review_desk(office) -> None:
    assistant, _, _ = office
    desk, who = assistant.review, await assistant.access.staff.named(OUTSOURCED)
    settle = Settle("k1", 1, ResolutionKind.ANSWER, BAD, at_once=True)
    due = assistant.clock()
    tries: list[Callable[[], Any]] = [
        lambda: desk.queue(who),
        lambda: desk.view(who, "k1"),
        lambda: desk.take(who, "k1"),
        lambda: desk.save_draft(who, "k1", BAD),
        lambda: desk.settle(who, settle),
        lambda: desk.hand_over(who, HandOver("k1", 1, BAD, due, line=BAD)),
        lambda: desk.mark(who, Mark("k1", urgent=True)),
        lambda: desk.merge(who, Merge("k1", "k1")),
        lambda: desk.split(who, Split("k1")),
        lambda: desk.returned(who, "k1"),
        lambda: desk.withdraw(who, "q1", BAD),
    ]
    with watched(assistant) as seen:
        for attempt in tries:
            with pytest.raises(Forbidden):
                await attempt()
        await nothing_was_said(assistant, seen)
