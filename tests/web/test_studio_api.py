"""The studio over HTTP on the real service: a brief, a job, words, steps, files."""

import io
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from pptx import Presentation
from pptx.util import Pt

from assistant.printing.marking import label_in
from assistant.studio.deck.own_file import LARGEST
from tests.studio.deck.test_own_template import dark, linked, template
from tests.support.studio_office import (
    API,
    EDITOR,
    OPERATOR,
    REVIEWER,
    Staff,
    drafted,
    filled,
    staffed,
)

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Staff]]:
    async with staffed(await filled(tmp_path_factory.mktemp("studio"))) as staff:
        yield staff


async def test_from_a_brief_to_a_schedule(office: dict[str, Staff]) -> None:
    lin, sun, wang = office[EDITOR], office[REVIEWER], office[OPERATOR]
    stream = await drafted(lin)
    view = (await lin.get(f"/streams/{stream}")).json()
    assert view["blocked"] is False
    assert view["writes"] is True
    assert (await wang.get(f"/streams/{stream}")).status_code == 404
    assert (await wang.get("/streams")).json() == {"streams": []}
    first = view["segments"][0]["sentences"][0]
    edit = {"place": first["place"], "text": "大家好。", "was": first["text"]}
    assert (await lin.send("PUT", f"/streams/{stream}/words", edit)).status_code == 200
    late = await lin.send("PUT", f"/streams/{stream}/words", edit)
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")
    assert (await sun.send("PUT", f"/streams/{stream}/words", edit)).status_code == 403
    more = {"after": first["place"], "text": "欢迎。"}
    once = [await lin.send("POST", f"/streams/{stream}/sentences", more, "k1") for _ in range(2)]
    assert once[0].json() == once[1].json()
    assert once[0].json()["segments"][0]["sentences"][1]["text"] == "欢迎。"
    other = await lin.send("POST", f"/streams/{stream}/sentences", more | {"text": "好"}, "k1")
    assert other.status_code == 409
    remark = {"place": first["place"], "text": "更短", "suggestion": "您好。"}
    noted = (await sun.send("POST", f"/streams/{stream}/comments", remark)).json()
    assert noted["comments"][0]["how"] == "here"
    path = f"/streams/{stream}/comments/{noted['comments'][0]['id']}"
    settled = (await lin.send("POST", path, {"state": "refused"})).json()
    assert settled["comments"][0]["state"] == "refused"
    version = settled["stream"]["version"]
    await lin.send("POST", f"/streams/{stream}/submit", {"version": version})
    assert (
        await lin.send("POST", f"/streams/{stream}/approve", {"version": version})
    ).status_code == 403
    approved = await sun.send("POST", f"/streams/{stream}/approve", {"version": version})
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert len(approved.json()["digest"]) == 64
    day = approved.json()["day"]
    at = {"starts_at": f"{day}T09:00:00+08:00", "room_id": "hall"}
    assert (await wang.send("POST", f"/streams/{stream}/schedule", at)).json()["room_id"] == "hall"
    page = await wang.page(f"/streams/{stream}/schedule")
    assert "09:00 播出" in page.text
    wrong = await wang.page(f"/streams/{stream}/schedule", what="set", day="2030-01-01", begins="x")
    assert wrong.status_code == 422
    changes = (await wang.get(f"/streams/{stream}/difference?old=1&new={version}")).json()
    assert changes["new"] == version
    assert (await wang.page(f"/streams/{stream}/versions")).status_code == 200


async def test_files_slides_and_sounds(office: dict[str, Staff]) -> None:
    lin = office[EDITOR]
    stream = await drafted(lin)
    for name, kind in (("script.docx", "docx"), ("deck.pptx", "pptx"), ("deck.pdf", "pdf")):
        got = await lin.get(f"/streams/{stream}/files/{name}")
        assert got.status_code == 200
        assert label_in(kind, got.content) is not None
    assert "直播" in (await lin.get(f"/streams/{stream}/files/plan.txt")).text
    assert (await lin.get(f"/streams/{stream}/files/evil.exe")).status_code == 404
    view = (await lin.get(f"/streams/{stream}")).json()
    for slide in view["slides"]:
        got = await lin.get(f"/streams/{stream}/slides/{quote(slide['id'])}.svg")
        assert got.headers["content-type"] == "image/svg+xml"
        assert got.text.startswith("<svg")
    assert (await lin.get(f"/streams/{stream}/slides/none.svg")).status_code == 404
    clip = view["clips"][0]["id"]
    said = (await lin.get(f"/streams/{stream}/segments/{clip}/speech")).json()
    assert said
    assert all(one["seconds"] > 0 for one in said)
    for one in said:
        if one["url"]:
            sound = await lin.client.get(one["url"])
            assert sound.content[:4] == b"RIFF"
    assert (await lin.get("/sounds/..%2Fx.wav")).status_code == 404


async def uploaded(who: Staff, data: bytes, name: str = "") -> httpx.Response:
    return await who.client.post(
        f"{API}/templates",
        headers=who.headers,
        files={"file": ("县府.pptx", data)},
        data={"name": name},
    )


async def test_a_deck_on_the_offices_own_template(office: dict[str, Staff]) -> None:
    lin, sun = office[EDITOR], office[REVIEWER]
    stream = await drafted(lin)
    ours = (await lin.get(f"/streams/{stream}/files/deck.pptx")).content
    data = template(dark)
    kept = await uploaded(lin, data)
    assert kept.status_code == 201, kept.text
    one = kept.json()
    assert (one["name"], one["is_default"]) == ("县府", False)
    assert any("16:9" in words for words in one["told"])
    assert (await uploaded(lin, data)).status_code == 409
    assert (await uploaded(sun, data)).status_code == 403
    linked_file = await uploaded(lin, template(linked))
    assert (linked_file.status_code, "tracker.example" in linked_file.text) == (422, True)
    large = await uploaded(lin, b"PK" + b"\0" * LARGEST)
    assert (large.status_code, "太大" in large.text) == (422, True)

    choice = {"template": one["id"]}
    told = await lin.send("PUT", f"/streams/{stream}/template", choice)
    assert told.json() == chosen(one, own=True) | {"told": told.json()["told"]}
    assert set(one["told"]) <= set(told.json()["told"])
    deck = (await lin.get(f"/streams/{stream}/files/deck.pptx")).content
    assert Presentation(io.BytesIO(deck)).slide_width == Pt(720)
    assert label_in("pptx", deck) == label_in("pptx", ours)
    assert (await sun.send("PUT", f"/streams/{stream}/template", choice)).status_code == 403

    await lin.send("PUT", f"/streams/{stream}/template", {"template": None})
    assert (await lin.get(f"/streams/{stream}/files/deck.pptx")).content == ours
    shelf = (await lin.send("PUT", "/templates/default", choice)).json()
    assert (shelf["default"], shelf["templates"][0]["is_default"]) == (one["id"], True)
    found = (await sun.get(f"/streams/{stream}/template")).json()
    assert (found["name"], found["own"]) == ("县府", False)
    await lin.send("PUT", f"/streams/{stream}/template", {"template": ""})
    assert (await lin.get(f"/streams/{stream}/files/deck.pptx")).content == ours
    assert (await lin.send("DELETE", f"/templates/{one['id']}")).status_code == 204
    assert (await lin.get("/templates")).json() == {"templates": [], "default": ""}
    assert (await lin.send("DELETE", f"/templates/{one['id']}")).status_code == 404
    assert (await uploaded(lin, data)).status_code == 201


def chosen(one: dict, *, own: bool) -> dict:
    return {"template": one["id"], "name": one["name"], "own": own}


async def test_what_is_odd_is_a_problem(office: dict[str, Staff]) -> None:
    lin = office[EDITOR]
    for method, path, body, status in (
        ("POST", "/briefs", {"text": ""}, 422),
        ("POST", "/jobs", {"text": "x", "kind": "办事指南", "title": "x", "items": []}, 422),
        ("POST", "/jobs", {"text": "x", "kind": "别的", "title": "x"}, 422),
        ("GET", "/jobs/none", None, 404),
        ("POST", "/jobs/none/cancel", None, 404),
        ("GET", "/streams/none", None, 404),
        ("POST", "/streams/none/submit", {"version": 0}, 422),
        ("POST", "/streams/none/schedule", {"starts_at": "2026-01-01T09:00:00"}, 422),
    ):
        got = await lin.send(method, path, body)
        assert got.status_code == status, (path, got.text)
        assert got.headers["content-type"] == "application/problem+json"
