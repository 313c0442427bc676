"""The pages as a browser without scripts sees them, and as htmx does."""

import re

import httpx
import pytest

from assistant.web.links import linked
from tests.web.fake_desk import COUNTY, FAQ, GUIDE, OLD_POLICY, POLICY, FakeDesk

pytestmark = pytest.mark.integration

BROWSER = {"accept": "text/html"}
HTMX = {"accept": "text/html, */*", "hx-request": "true"}


async def ask(client: httpx.AsyncClient, text: str, **more: str) -> httpx.Response:
    """A form that a browser posts, and the page that it is led to."""
    data = {"question": text, "region": "", "as_of": "", **more}
    return await client.post("/ask", data=data, headers=BROWSER, follow_redirects=True)


async def test_a_bare_form_is_answered(client: httpx.AsyncClient) -> None:
    page = await ask(client, "公积金贷款要缴多久", region=COUNTY)
    assert page.url.path.startswith("/questions/")
    assert "缴存职工连续足额缴存6个月以上" in page.text
    assert page.text.count("内容由人工智能生成") == 2
    assert f'<option value="{COUNTY}" selected>' in page.text


async def test_the_next_question_remembers_the_last(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    page = await ask(client, "设立登记怎么办")
    hidden = re.findall(r'<div id="history">.*?</div>', page.text, re.DOTALL)[0]
    (earlier,) = re.findall(r'name="history" value="([^"]+)"', hidden)
    await ask(client, "那要多少钱", history=earlier)
    assert desk.asked[1].history == ("设立登记怎么办",)


async def test_a_choice_asks_again_with_the_full_name(
    client: httpx.AsyncClient, desk: FakeDesk
) -> None:
    page = await ask(client, "营业执照要带什么")
    choices = re.findall(r'<button name="question" value="([^"]+)"', page.text)
    assert choices[1] == "个体工商户变更登记：营业执照要带什么"
    await ask(client, choices[0])
    assert desk.asked[1].text.startswith("个体工商户设立登记")


@pytest.mark.parametrize(
    ("text", "badge", "labels"),
    [("今天天气", "已转人工", 1), ("滚", "不便答复", 1), ("社保卡丢了", "已答复", 1)],
)
async def test_only_what_a_machine_made_is_labelled(
    client: httpx.AsyncClient, text: str, badge: str, labels: int
) -> None:
    page = await ask(client, text)
    assert f">{badge}</span>" in page.text
    assert page.text.count("内容由人工智能生成") == labels


async def test_the_script_gets_only_the_answer(client: httpx.AsyncClient) -> None:
    reply = await client.post("/ask", data={"question": "设立登记"}, headers=HTMX)
    assert reply.text.lstrip().startswith("<article")
    assert reply.headers["hx-push-url"].startswith("/questions/")
    assert 'hx-swap-oob="true"' in reply.text


async def test_an_error_becomes_a_notice_in_the_page(client: httpx.AsyncClient) -> None:
    reply = await client.post("/ask", data={"question": "问" * 501}, headers=HTMX)
    assert reply.status_code == 422
    assert reply.text.startswith('<div class="notice">')
    assert "500" in reply.text


async def test_what_people_typed_is_never_markup(client: httpx.AsyncClient) -> None:
    page = await ask(client, '<script>alert("1")</script>')
    assert "<script>alert" not in page.text
    assert "&lt;b&gt;社保卡&lt;/b&gt;" in (await client.get("/sources", headers=BROWSER)).text


async def test_the_list_filters_and_shows_validity(client: httpx.AsyncClient) -> None:
    page = await client.get("/sources", params={"tag": "公积金"}, headers=BROWSER)
    assert page.text.count('class="source-row"') == 2
    assert "被取代" in page.text
    odd = await client.get("/sources", params={"kind": "x", "region": ""}, headers=BROWSER)
    assert odd.status_code == 200


async def test_a_superseded_document_names_its_successor(client: httpx.AsyncClient) -> None:
    page = await client.get(f"/sources/{OLD_POLICY}", headers=BROWSER)
    assert "被取代" in page.text
    assert "住房公积金贷款办法（示例）</a>" in page.text


async def test_a_guide_is_a_table_with_a_link_to_the_original(client: httpx.AsyncClient) -> None:
    page = await client.get(f"/sources/{GUIDE}", headers=BROWSER)
    assert '<th scope="row">申请材料</th>' in page.text
    assert 'href="https://example.gov.cn/guide/1"' in page.text


async def test_no_link_of_another_scheme_is_shown(client: httpx.AsyncClient) -> None:
    page = await client.get(f"/sources/{POLICY}", headers=BROWSER)
    assert "javascript:" not in page.text
    assert "官网原文" not in page.text


async def test_a_quote_of_an_earlier_version_is_shown_as_such(client: httpx.AsyncClient) -> None:
    page = await client.get(f"/sources/{POLICY}?mark=90.4-7", headers=BROWSER)
    assert "旧版本" in page.text
    assert 'id="p-90"' in page.text
    foreign = await client.get(f"/sources/{FAQ}?mark=90.4-7", headers=BROWSER)
    assert 'id="p-90"' not in foreign.text


async def test_no_page_needs_another_host(client: httpx.AsyncClient) -> None:
    for path in ("/", "/sources", f"/sources/{POLICY}"):
        text = (await client.get(path, headers=BROWSER)).text
        loaded = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]+)"', text)
        assert loaded
        assert all(address.startswith("/static/") for address in loaded)
        for address in set(loaded):
            assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a<b>&", "a&lt;b&gt;&amp;"),
        ("见 https://a.cn/x?y=1。", 'href="https://a.cn/x?y=1"'),
        ("（http://a.cn）", 'href="http://a.cn"'),
        ('https://a.cn/"onclick="x', 'href="https://a.cn/"'),
    ],
)
def test_addresses_in_a_text_become_links(text: str, shown: str) -> None:
    assert shown in linked(text)
    assert 'onclick="' not in linked(text)


def test_other_schemes_stay_text() -> None:
    assert "href" not in linked("javascript:alert(1) ftp://a.cn data:text/html,x")
