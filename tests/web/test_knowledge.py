"""What is in the knowledge base, over the API."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.source import SourceHeader, SourceKind
from assistant.errors import BadInput
from assistant.web.holdings import Filter, Holdings
from tests.web.fake_desk import (
    COUNTY,
    FAQ,
    GUIDE,
    HEADERS,
    OLD_POLICY,
    POLICY,
    REGIONS,
    FakeDesk,
)

pytestmark = pytest.mark.integration

SOURCES = "/api/v1/sources"


def ids(reply: httpx.Response) -> set[str]:
    return {item["id"] for item in reply.json()["items"]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "faq"}, {FAQ}),
        ({"tag": "公积金"}, {POLICY, OLD_POLICY}),
        ({"q": "示例发 2019"}, {OLD_POLICY}),
        ({"q": "没有这样的"}, set()),
        ({"region": COUNTY}, {h.id for h in HEADERS} - {"guide-2"}),
        ({"region": "000000"}, {"policy-repealed", "policy-soon", FAQ}),
    ],
)
async def test_filters(
    client: httpx.AsyncClient, query: dict[str, str], expected: set[str]
) -> None:
    reply = await client.get(SOURCES, params=query)
    assert ids(reply) == expected
    assert reply.json()["total"] == len(expected)


async def test_validity_is_told(client: httpx.AsyncClient) -> None:
    items = {item["id"]: item for item in (await client.get(SOURCES)).json()["items"]}
    told = {i: (items[i]["validity"], items[i]["answers"]) for i in items}
    assert told[POLICY] == ("现行有效", True)
    assert told[OLD_POLICY] == ("被取代", False)
    assert told["policy-repealed"] == ("已废止", False)
    assert told["policy-soon"] == ("尚未生效", False)
    assert items[OLD_POLICY]["superseded_by"] == [POLICY]


async def test_pages_follow_the_cursor(client: httpx.AsyncClient) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(SOURCES, params=params)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(header.id for header in HEADERS)


async def test_a_new_source_is_listed_when_the_index_moves_on(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    assert (await client.get(SOURCES)).json()["total"] == len(HEADERS)
    desk.index.headers["new"] = SourceHeader("new", SourceKind.FAQ, 1, "新问答")
    desk.index.generation += 1
    assert (await client.get(SOURCES)).json()["total"] == len(HEADERS) + 1


async def test_a_source_comes_with_its_passages(client: httpx.AsyncClient) -> None:
    source = (await client.get(f"{SOURCES}/{GUIDE}")).json()
    assert [p["field"] for p in source["passages"]] == ["name", "materials", "fee"]
    passage = (await client.get(f"/api/v1/passages/{source['passages'][1]['key']}")).json()
    assert passage == source["passages"][1]
    assert (await client.get(passage["url"])).status_code == 200


async def test_ids_may_hold_slashes_and_chinese(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{SOURCES}/{POLICY}")).json()["id"] == POLICY


async def test_the_hit_test_shows_the_scores(client: httpx.AsyncClient) -> None:
    reply = (await client.get("/api/v1/search", params={"q": "公积金", "limit": "3"})).json()
    assert len(reply["hits"]) == 3
    assert reply["ranked_ids"] == [POLICY]
    assert set(reply["hits"][0]["scores"]) == {"lexical", "document", "dense", "coverage", "total"}


async def test_regions_and_tags(client: httpx.AsyncClient) -> None:
    regions = (await client.get("/api/v1/regions", params={"q": "示例"})).json()
    assert [r["code"] for r in regions] == ["990000", COUNTY]
    assert regions[0]["sources"] == 2
    tags = (await client.get("/api/v1/tags")).json()
    assert tags[0] == {"tag": "公积金", "sources": 2}


@given(
    st.lists(st.text(max_size=3), unique=True, max_size=12),
    st.integers(min_value=1, max_value=5),
    st.data(),
)
def test_paging_shows_each_source_once_whatever_vanishes(
    names: list[str], limit: int, data: st.DataObject
) -> None:
    headers = {n: SourceHeader(n, SourceKind.FAQ, 1, n[:1]) for n in names}
    seen: list[str] = []
    cursor: str | None = None
    day = FakeDesk().clock().date()
    while True:
        page = Holdings(headers, REGIONS, day).page(Filter(), cursor, limit)
        seen += [item.header.id for item in page.items]
        cursor = page.next
        if cursor is None:
            break
        if data.draw(st.booleans()):
            headers.pop(seen[-1])
    assert sorted(seen) == sorted(names)


@given(st.text())
def test_a_foreign_cursor_is_refused_or_ours(cursor: str) -> None:
    holdings = Holdings({}, REGIONS, FakeDesk().clock().date())
    try:
        page = holdings.page(Filter(), cursor, 5)
    except BadInput:
        return
    assert page.items == ()
