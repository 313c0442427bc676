"""A viewer's personal data on a page: for administrators of the whole office, told by audit."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant, pseudonym_of
from assistant.records import schema_live
from tests.support.ledger_office import BOSS, OPERATOR, Browser, full_office, made
from tests.support.live_office import PASSWORD, REGION

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]
PAGE = "/console/people"
RECORDS = made(40, of_session=20)
MINE = RECORDS.rows[schema_live.comments][3]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    folder = tmp_path_factory.mktemp("people")
    async with full_office(folder, RECORDS) as (assistant, client):
        MINE["viewer"] = pseudonym_of(assistant.settings, "douyin", "open-id-1")
        async with assistant.database.write() as connection:
            table = schema_live.comments
            mine = table.update().where(table.c.id == MINE["id"])
            await connection.execute(mine.values(viewer=MINE["viewer"]))
        yield assistant, client


async def test_a_viewer_is_found_by_the_platforms_id(office) -> None:
    browser = await Browser(office[1]).enter(BOSS)
    assert (await browser.get(PAGE)).status_code == 200
    page = await browser.post(PAGE, platform="douyin", user="open-id-1")
    assert MINE["text"] in page.text
    assert MINE["viewer"] in page.text
    assert (await browser.post(PAGE, platform="bilibili", user="open-id-1")).status_code == 404
    assert (await browser.post(PAGE)).status_code == 422


async def test_what_is_stored_comes_as_a_file(office) -> None:
    browser = await Browser(office[1]).enter(BOSS)
    came = await browser.post(f"{PAGE}/export", viewer=MINE["viewer"])
    found = json.loads(came.text)
    assert [one["comment"]["id"] for one in found["entries"]] == [MINE["id"]]
    assert came.headers["cache-control"] == "no-store"


async def test_erasing_must_be_meant(office) -> None:
    assistant, client = office
    browser = await Browser(client).enter(BOSS)
    for sure in ("", "好"):
        refused = await browser.post(f"{PAGE}/erase", viewer=MINE["viewer"], sure=sure)
        assert refused.status_code == 422
    done = await browser.post(f"{PAGE}/erase", viewer=MINE["viewer"], sure="删除")
    assert "已删除：评论 1" in done.text
    assert (await browser.post(PAGE, viewer=MINE["viewer"])).status_code == 404
    actions = [entry.action for entry, _ in await assistant.access.audit.recent(20)]
    assert {"person.export", "person.erase"} <= set(actions)


async def test_who_is_limited_to_a_region_may_not(office) -> None:
    assistant, client = office
    near = NewAccount("near", frozenset({Role.ADMINISTRATOR}), "钱多", (REGION,))
    await assistant.access.staff.add("cli", near, PASSWORD)
    for name in ("near", OPERATOR):
        browser = await Browser(client).enter(name)
        assert (await browser.get(PAGE)).status_code == 403
        assert (await browser.post(f"{PAGE}/erase", viewer="x", sure="删除")).status_code == 403
