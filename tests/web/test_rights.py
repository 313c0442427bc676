"""Each role × each route: let in or refused as the table says, none left out."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from assistant.access.accounts import Permission, Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Settings, open_service
from assistant.web.app import create_app
from tests.web.rights import HELD, RIGHTS
from tests.web.routes import PUBLIC, STAFF, documented, ways

pytestmark = pytest.mark.integration
PASSWORD = "蓝色的窗户 seven"
REFUSED = {401, 403}
ASKS = {"POST /login", "POST /account/password"}
"""These take a password, and call a wrong one 401."""
NOT_READY = "GET /ready"
"""Says 503 while the knowledge base is empty, as it is here."""
LAST = "POST /logout"
"""Ends the session of who calls it."""


def app_of(folder: Path) -> FastAPI:
    return create_app(lambda: open_service(Settings(data_dir=folder)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, "Caller"]]:
    app = app_of(tmp_path_factory.mktemp("rights"))
    async with app.router.lifespan_context(app):
        staff = app.state.running.assistant.access.staff
        boss = NewAccount("administrator", frozenset({Role.ADMINISTRATOR}))
        await staff.add("", boss, PASSWORD, first=True)
        for role in Role:
            if role is not Role.ADMINISTRATOR:
                await staff.add("cli", NewAccount(role.value, frozenset({role})), PASSWORD)
        outsourced = NewAccount("outsourced", frozenset({Role.OPERATOR}), is_outsourced=True)
        await staff.add("cli", outsourced, PASSWORD)
        callers = {name: Caller(app, name) for name in HELD}
        for caller in callers.values():
            await caller.enter()
        yield callers
        for caller in callers.values():
            await caller.client.aclose()


class Caller:
    """Someone in a browser: logged in under the name of their role, or a stranger."""

    def __init__(self, app: FastAPI, name: str) -> None:
        self.app, self.name, self.csrf = app, name, ""
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://office",
            headers={"accept": "application/json"},
        )

    async def enter(self) -> None:
        if self.name != "stranger":
            await self.client.post("/login", data={"name": self.name, "password": PASSWORD})
            page = await self.client.get("/account", headers={"accept": "text/html"})
            self.csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)[0]

    async def call(self, route: str) -> int:
        method, path = route.split(" ")
        filled = re.sub(r"\{(\w+)(:path)?\}", "x", path)
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        sent = {"json": {}} if method != "GET" else {}
        return (await self.client.request(method, filled, headers=headers, **sent)).status_code


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return app_of(tmp_path_factory.mktemp("routes"))


def test_every_route_is_in_the_table(app: FastAPI) -> None:
    assert {f"{way.method} {way.path}" for way in ways(app)} == set(RIGHTS)


def test_every_documented_route_is_in_the_table(app: FastAPI) -> None:
    table = {tuple(re.sub(":path", "", route).split(" ")) for route in RIGHTS}
    assert documented(app) <= table
    assert documented(app)


def test_each_route_demands_what_the_table_says(app: FastAPI) -> None:
    demanded = {f"{way.method} {way.path}": way.demands for way in ways(app)}
    expected = {r: PUBLIC if right == "signed" else right for r, right in RIGHTS.items()}
    assert demanded == expected


def test_every_permission_and_role_is_meant() -> None:
    known = {permission.value for permission in Permission} | {PUBLIC, STAFF, "signed"}
    assert set(RIGHTS.values()) <= known
    assert {role.value for role in Role} <= set(HELD)


@pytest.mark.parametrize("name", HELD)
@pytest.mark.asyncio(loop_scope="module")
async def test_who_may_is_let_in_and_nobody_else(office: dict[str, Caller], name: str) -> None:
    caller, wrong = office[name], []
    for route in sorted(RIGHTS, key=lambda one: one == LAST):
        right = RIGHTS[route]
        if right == "signed":
            continue
        status = await caller.call(route)
        may = right == PUBLIC or right in HELD[name] or (right == STAFF and name != "stranger")
        refused = status in REFUSED and not (may and route in ASKS and status == 401)
        if refused == may or (status >= 500 and route != NOT_READY):
            wrong.append((route, right, status))
    assert wrong == []


@pytest.mark.parametrize("route", [r for r, right in RIGHTS.items() if right == "signed"])
@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_signed_takes_no_unsigned_call(office: dict[str, Caller], route: str) -> None:
    assert await office["stranger"].call(route) in {401, 403, 404}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_change_without_the_pages_token_is_refused(office: dict[str, Caller]) -> None:
    caller = office["administrator"]
    await caller.enter()
    caller.csrf = ""
    changing = [
        route
        for route, right in RIGHTS.items()
        if not route.startswith("GET") and right in HELD["administrator"] | {STAFF}
    ]
    assert {route.split()[0] for route in changing} >= {"POST", "PUT"}
    assert {await caller.call(route) for route in changing} == {403}
