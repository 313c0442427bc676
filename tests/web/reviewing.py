"""An app over a review desk in memory, with staff who log in quickly."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from assistant.access.accounts import Role
from assistant.access.desk import AccessDesk
from assistant.access.staff import NewAccount
from assistant.web.app import create_app
from tests.access.conftest import PASSWORD
from tests.web.fake_desk import FakeDesk
from tests.web.fake_review import FakeReview

API = "/api/v1/review"
PAGE = {"accept": "text/html"}
STAFF = (
    NewAccount("sun", frozenset({Role.REVIEWER}), "孙立"),
    NewAccount("li", frozenset({Role.REVIEWER}), "李四"),
    NewAccount("far", frozenset({Role.REVIEWER}), "赵云", ("990199",)),
    NewAccount("wang", frozenset({Role.OPERATOR}), "王芳"),
    NewAccount("out", frozenset({Role.OPERATOR}), "陈晨", is_outsourced=True),
)


class Reviewer:
    """A member of staff in a browser of their own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.headers: dict[str, str] = {}

    async def enter(self, name: str) -> "Reviewer":
        await self.client.post("/login", data={"name": name, "password": PASSWORD})
        page = await self.client.get("/account", headers={"accept": "text/html"})
        found = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)
        self.headers = {"X-CSRF-Token": found[0]}
        return self

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(API + path)

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = self.headers | given
        return await self.client.post(API + path, json=body, headers=sent)

    async def page(self, path: str) -> httpx.Response:
        return await self.client.get(f"/console/review{path}", headers=PAGE)

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """A form of a page."""
        data = {"csrf": self.headers["X-CSRF-Token"], **fields}
        return await self.client.post(f"/console/review{path}", data=data, headers=PAGE)

    async def take(self, case_id: str = "k1") -> int:
        return (await self.post(f"/cases/{case_id}/take")).json()["token"]


class Office:
    """The app over a desk in memory."""

    def __init__(self, app: FastAPI, access: AccessDesk, desk: FakeReview) -> None:
        self.app, self.access, self.desk = app, access, desk
        self._open: list[httpx.AsyncClient] = []

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)
        client = httpx.AsyncClient(transport=transport, base_url="http://office")
        self._open.append(client)
        return client

    async def reviewer(self, name: str = "sun") -> Reviewer:
        return await Reviewer(self.browser()).enter(name)

    async def close(self) -> None:
        for client in self._open:
            await client.aclose()


@asynccontextmanager
async def opened(
    desk: FakeDesk, access: AccessDesk, review: FakeReview, **parts: object
) -> AsyncIterator[Office]:
    """The app, with whatever else it has."""
    boss = NewAccount("boss", frozenset({Role.ADMINISTRATOR}), "张主任")
    await access.staff.add("", boss, PASSWORD, first=True)
    for new in STAFF:
        await access.staff.add("cli", new, PASSWORD)
    desk.access, desk.review = access, review
    for name, part in parts.items():
        setattr(desk, name, part)
    app = create_app(desk.open)
    async with app.router.lifespan_context(app):
        office = Office(app, access, review)
        yield office
        await office.close()
