"""The door over HTTP: cookies, forms, keys, sockets; and what is refused to whom."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, WebSocket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.access.accounts import Account, Permission, Role
from assistant.access.desk import AccessDesk
from assistant.access.staff import Change, NewAccount
from assistant.records.database import Database
from assistant.web.access.session import current, require, require_socket, still
from assistant.web.app import create_app
from tests.access.conftest import PASSWORD, QuickHasher
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.integration

BROWSER = {"accept": "text/html"}
ELSEWHERE = {"origin": "https://evil.example"}


@pytest.fixture
def access(sqlite_database: Database, clock, new_id) -> AccessDesk:
    return AccessDesk.build(sqlite_database, "office", clock, new_id, QuickHasher())


@pytest.fixture
def app(desk: FakeDesk, access: AccessDesk) -> FastAPI:
    desk.access = access
    app = create_app(desk.open)
    runs = Annotated[Account, Depends(require(Permission.RUN_ROOM))]

    @app.get("/console/{room}")
    async def console(room: str, account: runs) -> dict[str, str]:
        return {"room": room, "name": account.name}

    @app.post("/api/v1/rooms/{room}/mute")
    async def mute(room: str, account: runs) -> dict[str, str]:
        return {"room": room, "name": account.name}

    @app.get("/whoami")
    async def whoami(account: Annotated[Account | None, Depends(current)]) -> dict[str, str | None]:
        return {"name": account.name if account else None}

    @app.websocket("/console/{room}/live")
    async def live(
        socket: WebSocket,
        room: str,
        account: Annotated[Account, Depends(require_socket(Permission.WATCH_ROOM))],
    ) -> None:
        await socket.accept()
        await socket.send_text(f"{room} {account.name}")
        async for _ in socket.iter_text():
            await socket.send_text(str(await still(socket, Permission.WATCH_ROOM)))

    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://desk", headers=BROWSER) as client,
    ):
        yield client


@pytest.fixture
async def operator(access: AccessDesk) -> Account:
    boss = NewAccount("boss", frozenset({Role.ADMINISTRATOR}))
    await access.staff.add("", boss, PASSWORD, first=True)
    new = NewAccount("wang", frozenset({Role.OPERATOR}), "<b>王芳</b>", ("990101",))
    return (await access.staff.add("cli", new, PASSWORD)).account


async def log_in(client: httpx.AsyncClient, there: str = "", name: str = "wang") -> httpx.Response:
    data = {"name": name, "password": PASSWORD, "next": there}
    return await client.post("/login", data=data)


def cookie(client: httpx.AsyncClient) -> dict[str, str]:
    """The header of a browser that kept what this one has now."""
    return {"cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


async def csrf(client: httpx.AsyncClient) -> str:
    page = await client.get("/account")
    return re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)[0]


async def test_a_stranger_is_led_to_the_door_and_back(
    client: httpx.AsyncClient, operator: Account
) -> None:
    asked = await client.get("/console/1?tab=queue&x=%2F")
    assert asked.status_code == 303
    form = await client.get(asked.headers["location"])
    (there,) = re.findall(r'name="next" value="([^"]*)"', form.text)
    came = await log_in(client, there.replace("&amp;", "&"))
    assert (came.status_code, came.headers["location"]) == (303, "/console/1?tab=queue&x=%2F")
    assert (await client.get("/console/1")).json() == {"room": "1", "name": "wang"}
    assert (await client.get("/login?next=/console/1")).headers["location"] == "/console/1"
    assert (await client.get("/whoami")).json() == {"name": "wang"}


async def test_the_cookie_is_for_this_service_alone(
    client: httpx.AsyncClient, app: FastAPI, operator: Account
) -> None:
    plain = (await log_in(client)).headers["set-cookie"].lower()
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "path=/" in plain
    assert "secure" not in plain
    assert "domain" not in plain
    safe = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=safe, base_url="https://desk") as other:
        came = await log_in(other)
        kept = came.headers["set-cookie"]
        assert kept.startswith("__Host-desk_session=")
        assert "Secure" in kept
        assert (await other.get("/whoami")).json() == {"name": "wang"}


async def test_public_pages_set_no_cookie_and_ask_for_none(client: httpx.AsyncClient) -> None:
    for path in ("/", "/sources", "/whoami", "/login", "/health"):
        reply = await client.get(path)
        assert reply.status_code == 200
        assert "set-cookie" not in reply.headers
    assert (await client.get("/whoami")).json() == {"name": None}


async def test_a_program_is_told_by_a_problem(client: httpx.AsyncClient) -> None:
    for path, method in (("/console/1", "GET"), ("/api/v1/rooms/1/mute", "POST")):
        reply = await client.request(method, path, headers={"accept": "application/json"})
        assert reply.status_code == 401
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.headers["www-authenticate"] == "Bearer"
    scripted = {"hx-request": "true", "accept": "text/html, */*"}
    reply = await client.get("/console/1", headers=scripted)
    assert (reply.status_code, reply.headers["hx-redirect"]) == (401, "/login")


async def test_who_lacks_the_right_gets_403(
    client: httpx.AsyncClient, access: AccessDesk, operator: Account
) -> None:
    await log_in(client, name="boss")
    assert (await client.get("/console/1")).status_code == 403
    await log_in(client)
    assert (await client.get("/console/1")).status_code == 200
    await access.staff.change("cli", operator.id, Change(roles=frozenset({Role.EVALUATOR})))
    assert (await client.get("/console/1")).status_code == 403
    await access.staff.change("cli", operator.id, Change(disabled=True))
    assert (await client.get("/console/1")).status_code == 303


@pytest.mark.parametrize("header", [True, False])
async def test_a_change_needs_the_token_of_the_session(
    client: httpx.AsyncClient, operator: Account, header: bool
) -> None:
    await log_in(client)
    token = await csrf(client)

    async def mute(given: str | None, **headers: str) -> int:
        if given is None:
            parts = {}
        elif header:
            parts = {"headers": {"x-csrf-token": given, **headers}}
        else:
            parts = {"data": {"csrf": given}, "headers": headers}
        return (await client.post("/api/v1/rooms/1/mute", **parts)).status_code

    assert await mute(token) == 200
    assert await mute(token, origin="http://desk") == 200
    assert (
        [await mute(given) for given in (None, "", "0" * 64, "错")] == [403] * 4
        if not header
        else True
    )
    assert await mute(token, **ELSEWHERE) == 403
    assert await mute(token, **{"sec-fetch-site": "cross-site"}) == 403
    client.cookies.clear()
    await log_in(client)
    assert await mute(token) == 403


async def test_another_site_cannot_log_a_browser_in(
    client: httpx.AsyncClient, operator: Account
) -> None:
    data = {"name": "wang", "password": PASSWORD}
    for headers in (ELSEWHERE, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        for path in ("/login", "/setup"):
            reply = await client.post(path, data=data, headers=headers)
            assert reply.status_code == 403
            assert "set-cookie" not in reply.headers


async def test_wrong_logins_say_the_same_and_then_wait(
    client: httpx.AsyncClient, operator: Account
) -> None:
    texts = set()
    for name in ("wang", "nobody", "\x00", "\ud800".encode("utf-8", "surrogatepass")):
        reply = await client.post("/login", data={"name": name, "password": "wrong password"})
        assert reply.status_code == 401
        assert "登录名或密码不对" in reply.text
        assert "wrong password" not in reply.text
        texts.add(re.sub(r'value="[^"]*"|编号.*', "", reply.text))
    assert len(texts) == 1
    for _ in range(4):
        await client.post("/login", data={"name": "wang", "password": "wrong password"})
    reply = await log_in(client)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "30")
    assert "请 30 秒后再试" in reply.text


async def test_logging_out_ends_the_session_here_or_everywhere(
    client: httpx.AsyncClient, operator: Account
) -> None:
    await log_in(client)
    kept = cookie(client)
    assert (await client.post("/logout")).status_code == 403
    assert (await client.get("/logout")).status_code == 405
    reply = await client.post("/logout", data={"csrf": await csrf(client)})
    assert reply.headers["location"] == "/login"
    assert not client.cookies
    assert (await client.get("/whoami", headers=kept)).json() == {"name": None}
    await log_in(client)
    first = cookie(client)
    client.cookies.clear()
    await log_in(client)
    await client.post("/logout", data={"csrf": await csrf(client), "everywhere": "1"})
    assert not client.cookies
    assert (await client.get("/whoami", headers=first)).json() == {"name": None}


async def test_a_new_login_ends_the_browsers_old_session(
    client: httpx.AsyncClient, operator: Account
) -> None:
    await log_in(client)
    old = cookie(client)
    await log_in(client)
    assert cookie(client) != old
    client.cookies.clear()
    assert (await client.get("/whoami", headers=old)).json() == {"name": None}


async def test_ones_own_account_and_password(client: httpx.AsyncClient, operator: Account) -> None:
    assert (await client.get("/account")).status_code == 303
    await log_in(client)
    page = await client.get("/account")
    assert "&lt;b&gt;王芳&lt;/b&gt;" in page.text
    assert "直播操作员" in page.text
    assert page.headers["cache-control"] == "no-store"
    form = {"csrf": await csrf(client), "old": PASSWORD, "password": "绿色的门 eleven"}
    before = cookie(client)
    for wrong, status in (
        ({"again": "其他"}, 422),
        ({"password": "1234567890", "again": "1234567890"}, 422),
        ({"old": "wrong password", "again": form["password"]}, 401),
        ({"csrf": "", "again": form["password"]}, 403),
    ):
        assert (await client.post("/account/password", data=form | wrong)).status_code == status
    done = await client.post("/account/password", data=form | {"again": form["password"]})
    assert done.headers["location"] == "/account?done=password"
    assert "密码已修改" in (await client.get(done.headers["location"])).text
    client.cookies.clear()
    assert (await client.get("/whoami", headers=before)).json() == {"name": None}
    assert (await log_in(client)).status_code == 401


async def test_the_first_administrator_is_made_with_the_code(
    client: httpx.AsyncClient, access: AccessDesk
) -> None:
    assert "一次性代码" in (await client.get("/setup")).text
    assert "/setup" not in (await client.get("/login")).text
    code = await access.setup.open()
    assert 'href="/setup"' in (await client.get("/login")).text
    form = {"name": "zhang", "display_name": "张主任", "password": PASSWORD, "again": PASSWORD}
    for wrong in ({"code": "X"}, {"code": code, "again": "其他"}, {"code": code, "name": "a b"}):
        reply = await client.post("/setup", data=form | wrong)
        assert reply.status_code == 422
        assert PASSWORD not in reply.text
    came = await client.post("/setup", data=form | {"code": code})
    assert came.headers["location"] == "/account"
    assert "管理员" in (await client.get("/account")).text
    client.cookies.clear()
    assert (await client.get("/setup")).headers["location"] == "/login"
    again = await client.post("/setup", data=form | {"code": code, "name": "second"})
    assert again.headers["location"] == "/login"
    assert len(await access.staff.everyone()) == 1


async def test_a_key_opens_what_its_scope_allows(
    client: httpx.AsyncClient, access: AccessDesk, operator: Account
) -> None:
    scopes = [Permission.RUN_ROOM]
    _, secret = await access.sessions.add_token("cli", operator, "大屏", scopes, 30)
    key = {"authorization": f"Bearer {secret}"}
    assert (await client.post("/api/v1/rooms/1/mute", headers=key)).json()["name"] == "wang"
    for path in ("/logout", "/account/password"):
        assert (await client.post(path, headers=key, data={"everywhere": "1"})).status_code == 403
    wrong = {"authorization": f"Bearer {secret}x", "accept": "application/json"}
    assert (await client.post("/api/v1/rooms/1/mute", headers=wrong)).status_code == 401
    _, narrow = await access.sessions.add_token("cli", operator, "看", [Permission.WATCH_ROOM], 30)
    narrow_key = {"authorization": f"Bearer {narrow}"}
    assert (await client.post("/api/v1/rooms/1/mute", headers=narrow_key)).status_code == 403
    assert (
        await client.get("/account", headers={"authorization": "Bearer sk-x"})
    ).status_code == 303


async def test_without_accounts_the_door_is_not_there(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    desk.access = None
    for path in ("/login", "/setup"):
        assert (await client.get(path)).status_code == 404
    assert (await client.get("/account")).status_code == 303
    assert (await client.get("/whoami")).json() == {"name": None}


def test_a_socket_is_opened_for_who_may_from_our_page_and_ends_with_the_session(
    app: FastAPI, desk: FakeDesk, tmp_path, clock, new_id
) -> None:
    with TestClient(app) as client:
        client.portal.call(_two_accounts, desk.access)
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/console/1/live"):
            pass
        data = {"name": "wang", "password": PASSWORD}
        client.post("/login", data=data, follow_redirects=False)
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/console/1/live", headers=ELSEWHERE),
        ):
            pass
        ours = {"origin": "http://testserver"}
        with client.websocket_connect("/console/1/live", headers=ours) as socket:
            assert socket.receive_text() == "1 wang"
            socket.send_text("?")
            assert socket.receive_text() == "True"
            wang = client.portal.call(desk.access.staff.named, "wang")
            client.portal.call(desk.access.sessions.end_all, "cli", wang.id)
            socket.send_text("?")
            assert socket.receive_text() == "False"


async def _two_accounts(access: AccessDesk) -> None:
    for name, role in (("boss", Role.ADMINISTRATOR), ("wang", Role.OPERATOR)):
        await access.staff.add("cli", NewAccount(name, frozenset({role})), PASSWORD)


async def test_no_secret_is_logged(
    client: httpx.AsyncClient, operator: Account, logs: list
) -> None:
    await log_in(client)
    await client.get("/account?done=password")
    await client.post("/login", data={"name": PASSWORD, "password": "x"})
    secrets = {PASSWORD, *client.cookies.values()}
    assert logs
    assert not any(secret in str(entry) for entry in logs for secret in secrets)


fields = st.sampled_from(
    ["name", "password", "next", "code", "again", "display_name", "csrf", "old"]
)
paths = st.sampled_from(["/login", "/setup", "/logout", "/account/password", "/account"])
anything = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=paths, form=st.dictionaries(fields, anything), query=anything)
async def test_nothing_that_is_sent_breaks_the_door(
    client: httpx.AsyncClient, clock, path: str, form: dict[str, str], query: str
) -> None:
    clock.advance(hours=1)  # so that nobody has to wait
    broken = {name: text.encode("utf-8", "surrogatepass") for name, text in form.items()}
    params = {
        "next": query.encode("utf-8", "surrogatepass"),
        "done": query.encode("utf-8", "replace"),
    }
    for method in ("GET", "POST"):
        sent = {"data": broken} if method == "POST" else {}
        reply = await client.request(method, path, params=params, **sent)
        assert reply.status_code < 500
        assert "set-cookie" not in reply.headers
        assert "Traceback" not in reply.text
