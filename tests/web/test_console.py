"""The console over HTTP: who sees which room, who may order what, and what is recorded."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant, Settings, live_records, open_service
from assistant.web.app import create_app
from tests.support.live_office import (
    ELSEWHERE,
    FAR,
    OPERATOR,
    OUTSOURCED,
    PASSWORD,
    REGION,
    REVIEWER,
    ROOM,
    STAFF,
    hall,
)

pytestmark = pytest.mark.integration
CONSOLE = f"/console/rooms/{ROOM}"
NEAR = "near"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    """The service with staff and a room on air, and a browser without a login."""
    kept: list[Assistant] = []

    async def staffed(assistant: Assistant) -> None:
        staff = assistant.access.staff
        boss = NewAccount("boss", frozenset({Role.ADMINISTRATOR}))
        await staff.add("", boss, PASSWORD, first=True)
        near = NewAccount(NEAR, frozenset({Role.OPERATOR}), "钱多", (REGION,))
        for new in (*STAFF, near):
            await staff.add("cli", new, PASSWORD)
        await live_records(assistant).put_room(hall())
        assert assistant.live is not None
        await assistant.live.desk.open(ROOM)
        kept.append(assistant)

    app = create_app(lambda: open_service(Settings(data_dir=tmp_path)))
    async with app.router.lifespan_context(app):
        await staffed(app.state.running.assistant)
        transport = httpx.ASGITransport(app)
        headers = {"accept": "text/html"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://office", headers=headers
        ) as client:
            yield kept[0], client


class Browser:
    """A member of staff in a browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.csrf = ""

    async def enter(self, name: str) -> None:
        self._client.cookies.clear()
        await self._client.post("/login", data={"name": name, "password": PASSWORD})
        page = await self._client.get("/account")
        self.csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)[0]

    async def get(self, path: str) -> httpx.Response:
        return await self._client.get(path)

    async def post(self, path: str, **data: str) -> httpx.Response:
        return await self._client.post(path, data={"csrf": self.csrf, **data})

    async def order(self, order: str, **more: object) -> int:
        headers = {"X-CSRF-Token": self.csrf, "accept": "*/*"}
        body = {"order": order, **more}
        return (
            await self._client.post(f"{CONSOLE}/orders", json=body, headers=headers)
        ).status_code


async def test_a_stranger_is_led_to_the_door(office) -> None:
    _, client = office
    for path in ("/console", CONSOLE, f"{CONSOLE}/summary", "/console/rules", "/console/new"):
        came = await client.get(path)
        assert (came.status_code, came.headers["location"]) == (303, f"/login?next={path}")
    bare = {"accept": "application/json"}
    for path in (f"{CONSOLE}/live", f"{CONSOLE}/pulse"):
        assert (await client.get(path, headers=bare)).status_code == 401
    assert (await client.post(f"{CONSOLE}/orders", json={"order": "skip"})).status_code == 303


async def test_each_role_has_its_orders(office) -> None:
    assistant, client = office
    browser = Browser(client)
    say, run = ("say", {"text": "各位好"}), ("pause", {})
    switch = ("automatic", {"on": True})
    expected = {
        OPERATOR: (204, 204, 204),
        OUTSOURCED: (403, 204, 403),
        REVIEWER: (204, 403, 403),
        NEAR: (204, 204, 204),
        FAR: (404, 404, 404),
        "boss": (403, 403, 403),
    }
    for name, statuses in expected.items():
        await browser.enter(name)
        found = []
        for order, more in (say, run, switch):
            found.append(await browser.order(order, **more))
            if order == "pause" and found[-1] == 204:
                assert await browser.order("resume") == 204
        assert (name, tuple(found)) == (name, statuses)
    room = assistant.live.desk.live(ROOM).room
    assert (room.automatic, room.automatic_by) == (True, "钱多")


async def test_a_room_of_another_region_is_not_there(office) -> None:
    _, client = office
    browser = Browser(client)
    await browser.enter(FAR)
    assert "清溪县政务直播间" not in (await browser.get("/console")).text
    for path in (CONSOLE, f"{CONSOLE}/summary", f"{CONSOLE}/pulse", f"{CONSOLE}/live"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.post(f"{CONSOLE}/close")).status_code == 404
    room = {"id": "mine", "name": "我的", "region": REGION, "officers": "赵云"}
    assert (await browser.post("/console/new", **room)).status_code == 403
    await browser.enter(NEAR)
    assert "清溪县政务直播间" in (await browser.get("/console")).text
    assert (await browser.post("/console/new", **room)).status_code == 303


async def test_without_the_token_of_the_page_nothing_happens(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    browser.csrf = "0" * 64
    assert await browser.order("take_over") == 403
    assert (await browser.post(f"{CONSOLE}/close")).status_code == 403
    assert (await browser.post("/console/rules/spam/revert", number="0")).status_code == 403
    assert assistant.live.desk.live(ROOM).room.state == "open"


async def test_what_was_ordered_is_in_the_chain_and_a_heartbeat_is_not(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    for order, more in (("beat", {}), ("say", {"text": "各位好"}), ("mute", {"on": True})):
        assert await browser.order(order, **more) == 204
    assert await browser.order("say", text="电话13912345678") == 422
    assert await browser.order("give_back") == 409
    assert await browser.order("withdraw", id="none") == 409
    recent = await assistant.access.audit.recent()
    rooms = {entry.action: payload for entry, payload in recent if entry.subject == ROOM}
    assert set(rooms) == {"room.say", "room.mute"}
    assert "各位好" in str(rooms["room.say"])
    assert (await assistant.access.audit.verify()).holds


async def test_the_stage_key_is_for_who_runs_the_room(office) -> None:
    _, client = office
    browser = Browser(client)
    shown = {}
    for name in (OPERATOR, REVIEWER):
        await browser.enter(name)
        shown[name] = f"/stage/{ROOM}?key=" in (await browser.get(CONSOLE)).text
    assert shown == {OPERATOR: True, REVIEWER: False}


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"id": "Hall"}, "小写字母"),
    ({"id": "a/b"}, "小写字母"),
    ({"id": ROOM}, "已有直播间"),
    ({"name": ""}, "名称应为"),
    ({"region": "123456"}, "没有区划代码"),
    ({"officers": " "}, "值班人员应为"),
    ({"topic": "长" * 61}, "主题最多"),
)


async def test_a_room_that_cannot_be_is_not_made(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    for changed, told in WRONG:
        room = {"id": "two", "name": "二号", "region": "", "topic": "", "officers": "甲"} | changed
        came = await browser.post("/console/new", **room)
        assert came.status_code in (409, 422)
        assert told in came.text
    assert len(await assistant.live.desk.rooms()) == 1


async def test_a_new_session_begins_without_automatic_mode(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    await browser.order("automatic", on=True)
    came = await browser.post(f"{CONSOLE}/close")
    assert "/summary/" in came.headers["location"]
    assert (await browser.get(came.headers["location"])).status_code == 200
    assert (await browser.post(f"{CONSOLE}/open")).status_code == 303
    assert not assistant.live.desk.live(ROOM).room.automatic
    lines = await browser.get(came.headers["location"] + "/outcomes.jsonl")
    assert (lines.status_code, lines.text) == (200, "")
    assert (await browser.get(f"{CONSOLE}/summary/none")).status_code == 404


async def test_rule_packs_are_for_who_may_edit_them(office) -> None:
    assistant, client = office
    browser = Browser(client)
    for name, status in ((REVIEWER, 403), (OUTSOURCED, 403), (OPERATOR, 200), ("boss", 200)):
        await browser.enter(name)
        assert (await browser.get("/console/rules")).status_code == status
        assert (await browser.get("/console/rules/spam")).status_code == status
    text = assistant.rules.packs["spam"].text
    stale = await browser.post("/console/rules/spam", text=text, after="3")
    assert (stale.status_code, "已被别人改过" in stale.text) == (409, True)
    renamed = await browser.post("/console/rules/spam", text=text.replace('"spam"', '"x1"', 1))
    assert renamed.status_code == 422
    assert (await browser.get("/console/rules/none")).status_code == 404
    assert (await browser.get("/console/rules/spam?version=7")).status_code == 404


def test_the_regions_of_these_tests_differ() -> None:
    assert REGION != ELSEWHERE
