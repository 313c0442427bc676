"""An office whose ledger is full: made-up streams in its database, staff, and the app over it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant, Settings, open_service
from assistant.web.app import create_app
from eval.bench.ledger_records import Maker, Records, write
from tests.support.live_office import BOSS, FAR, OPERATOR, PASSWORD, STAFF

__all__ = ["BEGAN", "BOSS", "FAR", "OPERATOR", "Browser", "filled", "full_office", "made"]

BEGAN = datetime.fromisoformat("2026-03-02T01:00:00+00:00")


def made(questions: int = 120, of_session: int = 60) -> Records:
    """The same streams each time, of the organisation that the settings name by default."""
    return Maker(BEGAN, seed=3, of_session=of_session, made=Records("default")).make(questions)


async def filled(assistant: Assistant, records: Records) -> None:
    """Staff and streams into an open office."""
    staff = assistant.access.staff
    boss = NewAccount(BOSS, frozenset({Role.ADMINISTRATOR}), "张主任")
    await staff.add("", boss, PASSWORD, first=True)
    for new in STAFF:
        await staff.add("cli", new, PASSWORD)
    await write(assistant.database, records)


@asynccontextmanager
async def full_office(
    folder: Path, records: Records
) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    """The open office, and a browser without a login."""
    app = create_app(lambda: open_service(Settings(data_dir=folder, content_days=36_500)))
    async with app.router.lifespan_context(app):
        await filled(app.state.running.assistant, records)
        transport = httpx.ASGITransport(app)
        headers = {"accept": "text/html"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://office", headers=headers
        ) as client:
            yield app.state.running.assistant, client


class Browser:
    """A member of staff in a browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.csrf = ""

    async def enter(self, name: str) -> "Browser":
        self._client.cookies.clear()
        await self._client.post("/login", data={"name": name, "password": PASSWORD})
        page = await self._client.get("/account")
        self.csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)[0]
        return self

    async def get(self, path: str, **params: str) -> httpx.Response:
        return await self._client.get(path, params=params)

    async def post(self, path: str, **data: str) -> httpx.Response:
        return await self._client.post(path, data={"csrf": self.csrf, **data})
