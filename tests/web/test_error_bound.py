"""The error bound on the console: set, refused, lifted; it holds at once, here and elsewhere."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
import pytest_asyncio

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.answering.standing import NEVER
from assistant.bootstrap import Assistant, Settings, open_assistant
from assistant.domain.answer import Route
from assistant.domain.question import Question
from assistant.domain.verdict import Action
from tests.support.ledger_office import BOSS, OPERATOR, Browser, filled, made
from tests.support.live_office import PASSWORD, REGION
from tests.support.small_knowledge import write_knowledge

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]
PAGE = "/console/verdict"
SETTING = 0.05


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Assistant, httpx.AsyncClient]]:
    """An office with a bound of 5 % in its settings."""
    from assistant.bootstrap import open_service
    from assistant.web.app import create_app

    folder = tmp_path_factory.mktemp("bound")
    app = create_app(lambda: open_service(Settings(data_dir=folder / "data", error_bound=SETTING)))
    async with app.router.lifespan_context(app):
        assistant = app.state.running.assistant
        await filled(assistant, made(1))
        await assistant.ingest([write_knowledge(folder / "files")])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://office",
            headers={"accept": "text/html"},
        ) as client:
            yield assistant, client


def thresholds(assistant: Assistant) -> dict[Route, float]:
    return {r: one.answer_from for r, one in assistant.desk.services.policy.routes.items()}


async def said(assistant: Assistant, text: str = "个体工商户设立登记收费吗") -> Action:
    outcome = await assistant.answer(Question(text, date(2026, 11, 30), region=REGION))
    return outcome.verdict.action


async def test_the_page_takes_precedence_over_the_setting_and_holds_at_once(office) -> None:
    assistant, client = office
    browser = await Browser(client).enter(BOSS)
    by_setting = thresholds(assistant)
    page = await browser.get(PAGE)
    assert "5%（可信度 95%），按设置 ASSISTANT_ERROR_BOUND" in page.text
    done = await browser.post(f"{PAGE}/bound", choice="bound", rate="2", confidence="99")
    assert done.headers["location"] == f"{PAGE}?done=bound"
    assert assistant.verdict.state()["bound"] == 0.02
    assert assistant.verdict.state()["bound_from"] == "page"
    assert thresholds(assistant)[Route.GUIDE] > by_setting[Route.GUIDE]
    page = await browser.get(PAGE)
    assert "2%（可信度 99%）" in page.text
    assert "张主任" in page.text
    assert "里的 5% 不起作用" in page.text
    health = (await client.get("/health")).json()["verdict"]
    assert (health["bound"], health["bound_from"]) == (0.02, "page")
    await browser.post(f"{PAGE}/bound", choice="setting")
    assert thresholds(assistant) == by_setting
    assert assistant.verdict.state()["bound_from"] == "setting"
    actions = [entry.action for entry, _ in await assistant.access.audit.recent(3)]
    assert actions[:2] == ["bound.setting", "bound.bound"]


async def test_no_bound_is_possible_again(office) -> None:
    assistant, client = office
    browser = await Browser(client).enter(BOSS)
    await browser.post(f"{PAGE}/bound", choice="none")
    assert assistant.verdict.state()["bound"] is None
    assert "不设上限，按出厂标准" in (await browser.get(PAGE)).text
    assert await said(assistant) is Action.ANSWER
    await browser.post(f"{PAGE}/bound", choice="setting")


async def test_a_bound_that_the_labels_cannot_support_is_refused_and_nothing_changes(
    office,
) -> None:
    assistant, client = office
    before, browser = thresholds(assistant), await Browser(client).enter(BOSS)
    sent = await browser.post(f"{PAGE}/bound", choice="bound", rate="0.1", confidence="99")
    assert sent.status_code == 422
    assert "保证不了“最多错 0.1%（可信度 99%）”" in sent.text
    assert "至少要 4603 条全对" in sent.text
    assert 'value="0.1"' in sent.text
    assert thresholds(assistant) == before
    for wrong in ({"rate": "60"}, {"rate": ""}, {"rate": "-1"}, {"choice": "loose"}):
        answer = await browser.post(f"{PAGE}/bound", **{"choice": "bound", **wrong})
        assert answer.status_code == 422


async def test_the_outlook_says_what_each_kind_would_answer(office) -> None:
    browser = await Browser(office[1]).enter(OPERATOR)
    piece = await browser.get(f"{PAGE}/outlook", rate="2", confidence="95")
    assert "指南栏目" in piece.text
    assert "自动答复" in piece.text
    strict = await browser.get(f"{PAGE}/outlook", rate="0.1", confidence="99")
    assert "不能设这个上限" in strict.text
    assert "至少要 4603 条全对" in strict.text
    assert "50%" in (await browser.get(f"{PAGE}/outlook", rate="70")).text


async def test_who_reads_only_and_who_is_of_a_region_cannot_set_it(office) -> None:
    assistant, client = office
    before = thresholds(assistant)
    near = NewAccount("near", frozenset({Role.ADMINISTRATOR}), "钱多", (REGION,))
    await assistant.access.staff.add("cli", near, PASSWORD)
    for name in ("near", OPERATOR):
        browser = await Browser(client).enter(name)
        page = await browser.get(PAGE)
        assert page.status_code == 200
        assert "由不限地区的管理员设定" in page.text
        sent = await browser.post(f"{PAGE}/bound", choice="bound", rate="2")
        assert sent.status_code == 403
    assert thresholds(assistant) == before


async def test_another_process_takes_it_up_without_a_restart(office) -> None:
    assistant, client = office
    browser = await Browser(client).enter(BOSS)
    other = Settings(data_dir=assistant.settings.data_dir.parent / "other").model_copy(
        update={"database_url": assistant.settings.sql_url, "error_bound": SETTING}
    )
    async with open_assistant(other) as second:
        assert thresholds(second)[Route.POLICY] == thresholds(assistant)[Route.POLICY]
        await browser.post(f"{PAGE}/bound", choice="bound", rate="1", confidence="95")
        assert await second.verdict.bounds.follow() is False
        assert thresholds(second) == thresholds(assistant)
        assert thresholds(second)[Route.POLICY] == NEVER
    async with open_assistant(other) as third:
        assert third.verdict.state()["bound"] == 0.01
    await browser.post(f"{PAGE}/bound", choice="setting")


async def test_drift_is_remembered_when_the_service_starts_again(tmp_path) -> None:
    """Here, because the page shows it."""
    from assistant.answering.drift import LEAST
    from assistant.bootstrap import open_service
    from assistant.domain.answer import Draft

    settings = Settings(data_dir=tmp_path)
    async with open_service(settings) as assistant:
        watch = assistant.verdict.drift
        for _ in range(LEAST):
            watch.take(Draft(Route.GUIDE, ()), dict.fromkeys(watch.watched(Route.GUIDE), 0.25))
        before = assistant.verdict.state()["drift"]
    async with open_service(settings) as again:
        await again.verdict.kept.follow()
        assert again.verdict.state()["drift"] == before != []
