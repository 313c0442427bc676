"""The voice on the console: engines, the switch of consent, what can leave the machine."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant
from tests.support.ledger_office import BOSS, OPERATOR, Browser, full_office, made
from tests.support.live_office import PASSWORD, REGION

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]
PAGE = "/console/voice"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    async with full_office(tmp_path_factory.mktemp("voice"), made(1)) as both:
        yield both


async def test_an_administrator_switches_consent_on_and_off(office) -> None:
    assistant, client = office
    browser = await Browser(client).enter(BOSS)
    page = await browser.get(PAGE)
    assert "离线语音" in page.text
    assert "未授权，不发送" in page.text
    assert [one["engine"] for one in assistant.voice.states()] == ["offline"]
    await browser.post(f"{PAGE}/consent", given="true")
    assert [one["engine"] for one in assistant.voice.states()] == ["edge", "offline"]
    page = await browser.get(PAGE)
    assert "收回授权" in page.text
    assert "使用中" in page.text
    await browser.post(f"{PAGE}/consent", given="false")
    assert [one["engine"] for one in assistant.voice.states()] == ["offline"]
    actions = [entry.action for entry, _ in await assistant.access.audit.recent(5)]
    assert actions[:2] == ["voice.consent_withdrawn", "voice.consent_given"]


async def test_others_may_not(office) -> None:
    assistant, client = office
    near = NewAccount("near", frozenset({Role.ADMINISTRATOR}), "钱多", (REGION,))
    await assistant.access.staff.add("cli", near, PASSWORD)
    for name in ("near", OPERATOR):
        browser = await Browser(client).enter(name)
        assert (await browser.get(PAGE)).status_code == 403
        assert (await browser.post(f"{PAGE}/consent", given="true")).status_code == 403
    assert [one["engine"] for one in assistant.voice.states()] == ["offline"]


async def test_what_it_should_be_must_be_said(office) -> None:
    browser = await Browser(office[1]).enter(BOSS)
    assert (await browser.post(f"{PAGE}/consent")).status_code == 422


async def test_the_standard_of_the_verdict_is_shown_to_staff(office) -> None:
    """Here, because the office of this module stands already."""
    assistant, client = office
    page = await (await Browser(client).enter(OPERATOR)).get("/console/verdict")
    assert page.status_code == 200
    assert assistant.verdict.state()["told"] in page.text
    for name in ("指南栏目", "政策原文", "常见问题"):
        assert name in page.text
    health = (await client.get("/health")).json()
    assert health["verdict"]["strict"] is False
    assert [one["kind"] for one in health["verdict"]["kinds"]] == ["guide", "policy", "faq"]
