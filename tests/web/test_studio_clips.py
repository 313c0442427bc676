"""Clips over HTTP on the real service: an approval puts them up, people take them off."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import quote

import pytest
import pytest_asyncio

from assistant.bootstrap import Assistant
from assistant.domain.answer import Citation
from assistant.domain.audit import AuditEvent
from assistant.domain.live import Urgency
from assistant.domain.review import WITHDRAWN, DeskCase, Incident
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Stream, StreamState
from assistant.records.accounts_audit import AuditRecords
from assistant.records.incidents import Withdrawal
from assistant.records.studio import StudioRecords, Written
from tests.support.studio_office import (
    EDITOR,
    OPERATOR,
    REVIEWER,
    Staff,
    drafted,
    events_of,
    filled,
    staffed,
)

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Staff]]:
    async with staffed(await filled(tmp_path_factory.mktemp("clips"))) as staff:
        yield staff


async def approved(office: dict[str, Staff]) -> str:
    """A stream that somebody else than its writer approved."""
    stream = await drafted(office[EDITOR])
    await office[EDITOR].send("POST", f"/streams/{stream}/submit", {"version": 1})
    done = await office[REVIEWER].send("POST", f"/streams/{stream}/approve", {"version": 1})
    assert done.status_code == 200, done.text
    return stream


async def told_to_the_end(who: Staff, path: str, state: str = "done") -> dict:
    last = events_of(await who.get(path))[-1]
    assert last["state"] == state
    return last


async def shelf(who: Staff, **more: str) -> dict[str, dict]:
    query = "&".join(f"{key}={value}" for key, value in more.items())
    return {one["id"]: one for one in (await who.get(f"/clips?{query}")).json()["clips"]}


async def test_an_approval_puts_its_clips_on_the_shelf(office: dict[str, Staff]) -> None:
    lin, wang = office[EDITOR], office[OPERATOR]
    draft_only = await drafted(lin)
    assert (await lin.get(f"/streams/{draft_only}/films")).status_code == 404
    stream = await approved(office)
    job = (await wang.get(f"/streams/{stream}/films")).json()
    last = await told_to_the_end(wang, f"/films/{job['id']}/events")
    assert last["done"] == last["total"] == len(last["clips"]) >= 2
    up = {one["shelf_id"]: one for one in last["clips"]}
    found = await shelf(wang)
    assert set(up) <= set(found)
    one = found[last["clips"][0]["shelf_id"]]
    assert (one["standing_name"], one["seconds"]) == ("已上架", 12.0)
    assert one["by"] == "孙立"
    public = f"/clips/{one['id']}/clip.mp4"
    assert (await wang.client.get(public)).content.startswith(b"clip.mp4")
    for name, path in one["files"].items():
        got = await wang.client.get(path)
        assert (got.status_code, got.content[: len(name)]) == (200, name.encode())
    seen = (await wang.client.get("/clips?q=办营业执照")).text
    assert f'id="clip-{one["id"]}"' in seen
    assert 'href="/sources/licence"' in seen
    assert 'href="https://example.gov.cn/licence" rel="noopener noreferrer external">去办理' in seen
    assert f'id="clip-{one["id"]}"' not in (await wang.client.get("/clips?q=社保卡")).text
    saved = await wang.client.get(f"{one['files']['clip.mp4']}?save=true")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert (await wang.get(f"/clips/{one['id']}/files/clip.json")).status_code == 404
    page = (await wang.page("/clips")).text
    assert one["question"] in page
    assert f"/console/studio/clips/{one['id']}/withdraw" not in page
    why = {"why": "画面错了"}
    for who, status in ((wang, 403), (lin, 200), (lin, 409)):
        got = await who.send("POST", f"/clips/{one['id']}/withdraw", why)
        assert got.status_code == status, got.text
    assert one["id"] not in await shelf(wang)
    assert (await shelf(wang, state="withdrawn"))[one["id"]]["why"] == "画面错了"
    assert (await wang.client.get(public)).status_code == 404
    assert (await wang.client.get(one["files"]["clip.mp4"])).status_code == 200
    other = last["clips"][1]["shelf_id"]
    assert (await lin.page(f"/clips/{other}/withdraw", why=" ")).status_code == 422
    assert (await lin.page(f"/clips/{other}/withdraw", why="重拍")).status_code == 303
    assert "重拍" in (await lin.page("/clips?group=off")).text
    assert (await wang.send("POST", f"/films/{job['id']}/again")).status_code == 403


async def withdrawn(assistant: Assistant, source_id: str, label: str, quote: str) -> Incident:
    """An answer about a source that was taken back, as the review desk does it."""
    now, cited = assistant.clock(), (Citation(source_id, label, quote),)
    incident = Incident(
        f"i-{label}", "hall", "s1", "q1", None, f"print-{label}", "不收费。", (source_id,), "自动",
        "收费写错了", "sun", now, case_id=f"case-{label}", citations=cited,
    )  # fmt: skip
    case = DeskCase(
        f"case-{label}", "hall", "s1", f"q-{label}", WITHDRAWN, "x", now, urgency=Urgency.URGENT
    )
    made = Withdrawal((incident,), (case,), (f"print-{label}",), (source_id,), ())
    return await assistant.incidents.withdraw(made)


async def test_what_a_withdrawn_answer_stated_is_not_shown_till_a_reviewer_looked(
    office: dict[str, Staff],
) -> None:
    lin, sun, assistant = office[EDITOR], office[REVIEWER], office[EDITOR].assistant
    job = (await lin.get(f"/streams/{await approved(office)}/films")).json()
    await told_to_the_end(lin, f"/films/{job['id']}/events")
    idle = await lin.client.get("/stage/hall/idle")
    before = {one["id"] for one in idle.json()["clips"]}
    assert before
    source = next(iter((await shelf(lin)).values()))["source_id"]
    incident = await withdrawn(assistant, source, "申请材料", "经营者身份证")
    found = await shelf(lin)
    doubted = {key for key, one in found.items() if one["standing"] == "doubted"}
    assert doubted
    after = {one["id"] for one in (await lin.client.get("/stage/hall/idle")).json()["clips"]}
    assert after == before - doubted
    told = await sun.client.get("/console/review/incidents", headers={"accept": "text/html"})
    assert f"{len(doubted)} 条停播" in told.text
    one = found[doubted.pop()]
    assert "收费写错了" in one["why"]
    assert (await lin.client.get(f"/clips/{one['id']}/clip.mp4")).status_code == 404
    clear = f"/clips/{one['id']}/clear"
    assert (await lin.send("POST", clear, {"why": "没有错"})).status_code == 403
    assert "核对后恢复" in (await sun.page("/clips?group=look")).text
    assert "核对后恢复" not in (await lin.page("/clips?group=look")).text
    assert (await sun.send("POST", clear, {"why": "材料没有错"})).json()["standing"] == "shown"
    assert (await lin.client.get(f"/clips/{one['id']}/clip.mp4")).status_code == 200
    await assistant.incidents.lift([incident], "sun")
    assert {one["standing"] for one in (await shelf(lin)).values()} == {"shown"}


def records_of(assistant: Assistant) -> StudioRecords:
    at = (assistant.database, assistant.settings.organization, assistant.clock)
    return StudioRecords(*at, AuditRecords(*at))


async def widened(assistant: Assistant, stream_id: str) -> str:
    """A table whose header no page holds, as no edit makes it; gives the slide's id."""
    found: list[str] = []

    def widen(stream: Stream, draft: StreamDraft) -> Written:
        slide = next(one for one in draft.deck.slides if one.table)
        found.append(slide.id)
        wide = replace(slide.table, header=tuple("标" * 500 for _ in slide.table.header))
        slides = [replace(one, table=wide) if one is slide else one for one in draft.deck.slides]
        deck = replace(draft.deck, slides=tuple(slides))
        changed = replace(draft, deck=deck)
        return Written(changed, (), f"slide {slide.id}", "改表头", stream.sources)

    await records_of(assistant).edit(stream_id, "somebody", widen)
    return found[0]


async def test_a_slide_without_room_blocks_and_is_named(office: dict[str, Staff]) -> None:
    lin, sun = office[EDITOR], office[REVIEWER]
    stream = await drafted(lin)
    slide = await widened(lin.assistant, stream)
    view = (await lin.get(f"/streams/{stream}")).json()
    (told,) = [one for one in view["problems"] if one["code"] == "slide"]
    assert (told["place"], told["blocks"]) == (f"slide {slide}", True)
    assert told["suggestion"]
    version = view["stream"]["version"]
    await lin.send("POST", f"/streams/{stream}/submit", {"version": version})
    got = await sun.send("POST", f"/streams/{stream}/approve", {"version": version})
    assert got.status_code == 409
    assert "放不下" in got.json()["detail"]
    for name in (f"slides/{quote(slide)}.svg", "files/deck.pptx", "files/deck.pdf"):
        got = await lin.get(f"/streams/{stream}/{name}")
        assert got.status_code == 422, name
        assert "放不下" in got.text


async def test_a_draft_near_an_aired_one_is_flagged(office: dict[str, Staff]) -> None:
    """Drafted twice from one brief: the second says what the first said on air."""
    lin = office[EDITOR]
    aired = await approved(office)
    again = await drafted(lin)
    assert (await lin.get(f"/streams/{again}")).json()["near"] == ""
    event = AuditEvent("system", "studio.air", aired)
    await records_of(lin.assistant).move(
        aired, event, lambda one, _: replace(one, state=StreamState.AIRED)
    )
    view = (await lin.get(f"/streams/{again}")).json()
    assert re.search(r"与《.+》有 100% 相同", view["near"])
    assert view["near_url"] == f"/console/studio/streams/{aired}"
