"""A served office with an editor who is new to it, a reviewer and an operator."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant, Settings, open_assistant, open_service
from assistant.domain.studio import Clip, Fact
from assistant.studio.clips.making import ClipKit, MadeClip
from assistant.web.app import create_app
from tests.support.films import unfilmed
from tests.support.live_office import PASSWORD, fill, hall
from tests.support.served import served
from tests.support.small_knowledge import write_knowledge

EDITOR, REVIEWER, OPERATOR = "lin", "sun", "wang"
API = "/api/v1/studio"
BRIEF = "下个月15号讲个体户执照，重点讲材料，5分钟"


async def add_editor(settings: Settings) -> None:
    async with open_assistant(settings) as assistant:
        new = NewAccount(EDITOR, frozenset({Role.EDITOR}), "林月")
        await assistant.access.staff.add("cli", new, PASSWORD)


@contextlib.contextmanager
def studio_office(folder: Path, **set_: object) -> Iterator[str]:
    """The address of the served office."""
    settings = Settings(data_dir=folder / "data", **set_)
    path = write_knowledge(folder / "files")

    async def prepare() -> None:
        await fill(settings, path, hall())
        await add_editor(settings)

    with ThreadPoolExecutor() as threads:  # this thread may have playwright's event loop
        threads.submit(lambda: asyncio.run(prepare())).result()
    with served(create_app(lambda: open_service(settings))) as url:
        yield url


class Staff:
    """Somebody in a browser."""

    def __init__(self, client: httpx.AsyncClient, csrf: str, assistant: Assistant) -> None:
        self.client, self.headers = client, {"X-CSRF-Token": csrf}
        self.assistant = assistant

    async def get(self, path: str, **more: str) -> httpx.Response:
        return await self.client.get(API + path, headers=more)

    async def send(self, method: str, path: str, body: object = None, key: str = ""):
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return await self.client.request(method, API + path, json=body, headers=headers)

    async def page(self, path: str, **form: str) -> httpx.Response:
        where = f"/console/studio{path}"
        if not form:
            return await self.client.get(where, headers={"accept": "text/html"})
        form["csrf"] = self.headers["X-CSRF-Token"]
        return await self.client.post(where, data=form, headers={"accept": "text/html"})


@contextlib.asynccontextmanager
async def staffed(settings: Settings) -> AsyncIterator[dict[str, Staff]]:
    """The three of them, logged in at an office that runs in this loop; its films are none."""
    app = create_app(lambda: open_service(settings))
    async with contextlib.AsyncExitStack() as open_:
        patch = open_.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("assistant.studio.clips.making.make", _unfilmed)
        await open_.enter_async_context(app.router.lifespan_context(app))
        assistant = app.state.running.assistant
        staff = {}
        for name in (EDITOR, REVIEWER, OPERATOR):
            transport = httpx.ASGITransport(app=app)
            client = httpx.AsyncClient(transport=transport, base_url="http://office", timeout=60)
            await open_.enter_async_context(client)
            await client.post("/login", data={"name": name, "password": PASSWORD})
            page = await client.get("/account", headers={"accept": "text/html"})
            csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)[0]
            staff[name] = Staff(client, csrf, assistant)
        yield staff


async def _unfilmed(clip: Clip, facts: Sequence[Fact], kit: ClipKit) -> MadeClip:
    return unfilmed(clip, facts, kit.office, kit.region)


async def filled(folder: Path, **set_: object) -> Settings:
    """The settings of an office with its people and a small knowledge base."""
    settings = Settings(data_dir=folder / "data", **set_)
    await fill(settings, write_knowledge(folder / "files"), hall())
    await add_editor(settings)
    return settings


def events_of(told: httpx.Response) -> list[dict]:
    """What a stream of server-sent events told."""
    return [json.loads(line[6:]) for line in told.text.splitlines() if line.startswith("data: ")]


async def begun(editor: Staff) -> dict:
    """A drafting job from the brief."""
    brief = (await editor.send("POST", "/briefs", {"text": BRIEF})).json()
    sources = brief.pop("sources")
    for name in ("missing", "assumed"):
        brief.pop(name)
    body = brief | {"items": [one["id"] for one in sources]}
    return (await editor.send("POST", "/jobs", body)).json()


async def drafted(editor: Staff) -> str:
    """A stream from the brief, by a job that is followed to its end."""
    job = await begun(editor)
    last = events_of(await editor.get(f"/jobs/{job['id']}/events"))[-1]
    assert (last["state"], last["stream_id"]) == ("done", job["id"]), last
    return last["stream_id"]
