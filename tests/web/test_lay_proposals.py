"""After ingest a chat model proposes lay terms: searched, shown to editors, removed, never said."""

import asyncio
from datetime import date
from pathlib import Path

import httpx
import pytest

from assistant.access.accounts import Role
from assistant.access.staff import NewAccount
from assistant.bootstrap import Assistant, Settings, open_assistant, open_service
from assistant.domain.question import Question, Scope
from assistant.web.app import create_app
from tests.models.openai_server import OpenAIServer, fails, openai_server, says
from tests.support.ledger_office import Browser
from tests.support.live_office import PASSWORD
from tests.support.small_knowledge import GUIDE, write_knowledge

pytestmark = pytest.mark.integration
TERM = "弄个门面开张"
CLOSING = GUIDE | {"id": "closing", "name": "个体工商户注销登记", "aliases": []}
PLAIN = GUIDE | {"id": "plain", "name": "食品摊贩备案", "aliases": [], "tags": ["不用俗称"]}


def settings(folder: Path, server: OpenAIServer, **more: object) -> Settings:
    return Settings(data_dir=folder / "data", chat_model="m", openai_base_url=server.url, **more)


def about(name: str, text: str):
    """Replies with a term where the model is asked about one item, else with none."""
    return lambda request: says(text if name in request["messages"][1]["content"] else "无")


async def ingested(assistant: Assistant, folder: Path) -> None:
    await assistant.ingest([write_knowledge(folder / "files", GUIDE, CLOSING, PLAIN)])


async def all_done(assistant: Assistant) -> None:
    while await assistant.proposals.jobs.run():
        pass
    await assistant.index.refresh()


async def best(assistant: Assistant, text: str) -> str:
    hits = (await assistant.search(text, Scope(date(2026, 11, 30)))).hits
    return hits[0].source.id


async def test_terms_are_searched_after_ingest_and_stand_in_nothing_that_is_said(
    tmp_path: Path,
) -> None:
    async with openai_server(reply=about("设立登记", TERM)) as server:
        async with open_service(settings(tmp_path, server)) as assistant:
            await ingested(assistant, tmp_path)
            assert await best(assistant, TERM) == "closing", "what the term is to mend"
            plain = await assistant.answer(Question("个体工商户设立登记收费吗", date(2026, 11, 30)))
            await all_done(assistant)
            records = assistant.proposals.records
            assert await records.kept(["licence", "closing"]) == {"licence": (TERM,)}
            names = [r["messages"][1]["content"] for r in server.requests]
            assert sum("食品摊贩" in name for name in names) == 0, "tagged 不用俗称"
            assert await best(assistant, TERM) == "licence"
            ranking = await assistant.search(TERM, Scope(date(2026, 11, 30)))
            assert all(TERM not in h.passage.text + h.passage.context for h in ranking.hits)
            again = await assistant.answer(Question("个体工商户设立登记收费吗", date(2026, 11, 30)))
            assert (again.text, again.draft.citations) == (plain.text, plain.draft.citations)
        asked = len(server.requests)
        async with open_service(settings(tmp_path, server)) as assistant:
            await all_done(assistant)
            assert await best(assistant, TERM) == "licence"
        done = [r for r in server.requests[asked:] if "俗称" in r["messages"][0]["content"]]
        assert done == [], "a restart asks for nothing again"


async def test_a_failing_model_is_told_and_ingest_does_not_wait(tmp_path: Path) -> None:
    async with openai_server(fails()) as server:
        app = create_app(lambda: open_service(settings(tmp_path, server)))
        async with app.router.lifespan_context(app):
            assistant = app.state.running.assistant
            await ingested(assistant, tmp_path)
            await assistant.proposals.jobs.run()
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://o") as client:
                health = (await client.get("/health")).json()
            assert "lay_proposals" in health["degraded"]
            assert health["lay_proposals"] == {"waiting": 2, "last_failure": "模型返回 500"}
            rows = (await assistant.proposals.records.progress()).values()
            assert [(row.done, row.told) for row in rows] == [(False, "模型返回 500")]
            before = len(server.requests)
            assert await assistant.proposals.jobs.run() is False
            assert len(server.requests) == before, "the model is left alone for a while"


async def test_editors_see_and_remove_them_and_others_do_not(tmp_path: Path) -> None:
    async with openai_server(reply=about("设立登记", f"{TERM}\n办营业执照")) as server:
        app = create_app(lambda: open_service(settings(tmp_path, server)))
        async with app.router.lifespan_context(app):
            assistant = app.state.running.assistant
            await ingested(assistant, tmp_path)
            await all_done(assistant)
            staff = assistant.access.staff
            first = NewAccount("boss", frozenset({Role.ADMINISTRATOR}), "张主任")
            await staff.add("", first, PASSWORD, first=True)
            for name, role in (("li", Role.EDITOR), ("wang", Role.OPERATOR)):
                await staff.add("cli", NewAccount(name, frozenset({role}), name), PASSWORD)
            transport = httpx.ASGITransport(app)
            headers = {"accept": "text/html"}
            async with httpx.AsyncClient(
                transport=transport, base_url="http://office", headers=headers
            ) as client:
                assert TERM not in (await client.get("/sources/licence")).text
                other = await Browser(client).enter("wang")
                assert TERM not in (await other.get("/sources/licence")).text
                editor = await Browser(client).enter("li")
                page = (await editor.get("/sources/licence")).text
                assert TERM in page
                assert "来源：m / lay_terms 1" in page
                assert "指南里已有" in page
                sent = {"source_id": "licence", "term": TERM}
                gone = await editor.post("/console/lay-terms/remove", **sent)
                assert gone.headers["location"] == "/sources/licence#lay-proposed"
                assert "已由编辑删去" in (await editor.get("/sources/licence")).text
                twice = await editor.post("/console/lay-terms/remove", **sent)
                assert twice.status_code == 404
            await assistant.index.refresh()
            assert await assistant.proposals.records.kept(["licence"]) == {}


@pytest.mark.parametrize("more", [{"propose_terms": False}, {"chat_model": None}])
async def test_it_can_be_switched_off(tmp_path: Path, more: dict) -> None:
    async with openai_server(says(TERM)) as server:
        chosen = settings(tmp_path, server).model_copy(update=more)
        async with open_service(chosen) as assistant:
            assert assistant.proposals.jobs is None
            assert assistant.proposals.state() == {}


async def test_a_process_that_only_answers_searches_what_is_stored(tmp_path: Path) -> None:
    async with openai_server(reply=about("设立登记", TERM)) as server:
        async with open_service(settings(tmp_path, server)) as assistant:
            await ingested(assistant, tmp_path)
            await all_done(assistant)
        await asyncio.sleep(0)
        async with open_assistant(Settings(data_dir=tmp_path / "data")) as assistant:
            assert await best(assistant, TERM) == "licence"
            assert await assistant.index.rebuild() == 3
            assert await best(assistant, TERM) == "licence"
