"""`/clips` for everybody: the list, the search, films by parts, and nothing of what is off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from assistant.domain.clips import ClipCard, ClipShape, ShelvedClip, clip_digest
from assistant.studio.clips.making import CAPTIONS, COVER, VIDEO
from assistant.studio.clips.shelf import ShownClip, about
from assistant.web.clips import LABEL, loop_view
from tests.support.films import CLIP, FACTS, OFFICE
from tests.web.fake_desk import FakeDesk

pytestmark = pytest.mark.integration
FILM = bytes(range(256)) * 8


class FakeShelf:
    """Clips in memory."""

    def __init__(self, *clips: ShownClip) -> None:
        self.clips = list(clips)

    async def shown(self, text: str = "") -> Sequence[ShownClip]:
        return [one for one in self.clips if not text or about(text, "", one)]

    async def get(self, clip_id: str) -> ShownClip | None:
        return next((one for one in self.clips if one.id == clip_id), None)


def on_shelf(folder: Path, clock, link: str = CLIP.link) -> ShownClip:
    folder.mkdir(exist_ok=True)
    for name in (VIDEO, CAPTIONS, COVER):
        (folder / name).write_bytes(FILM)
    clip = replace(CLIP, link=link)
    card = ClipCard(clip, FACTS, OFFICE, ClipShape.TALL, 12.3, clip_digest(clip), {})
    shelved = ShelvedClip("C1", card, "bob", clock())
    return ShownClip(shelved, "个体工商户设立登记", ("办营业执照",), date(2026, 12, 31), folder)


@pytest.fixture
def shelf(desk: FakeDesk, tmp_path: Path) -> FakeShelf:
    desk.clips = FakeShelf(on_shelf(tmp_path / "c1", desk.clock))
    return desk.clips


async def test_the_page_shows_label_link_and_validity(
    client: httpx.AsyncClient, shelf: FakeShelf
) -> None:
    page = (await client.get("/clips")).text
    assert LABEL in page
    assert 'href="/sources/guide-1"' in page
    assert 'href="https://example.gov.cn/guide/1"' in page
    assert "有效期至 2026-12-31" in page
    assert '<track kind="captions" srclang="zh-CN" label="字幕" src="/clips/C1/clip.vtt">' in page


async def test_it_is_searched_by_alias(client: httpx.AsyncClient, shelf: FakeShelf) -> None:
    assert 'id="clip-C1"' in (await client.get("/clips", params={"q": "办营业执照"})).text
    empty = (await client.get("/clips", params={"q": "<b>社保卡"})).text
    assert 'id="clip-C1"' not in empty
    assert "没有找到与“&lt;b&gt;社保卡”有关的短视频" in empty


async def test_a_film_is_given_by_parts(client: httpx.AsyncClient, shelf: FakeShelf) -> None:
    whole = await client.get("/clips/C1/clip.mp4")
    assert (whole.status_code, whole.content) == (200, FILM)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "no-cache"
    part = await client.get("/clips/C1/clip.mp4", headers={"Range": "bytes=256-511"})
    assert (part.status_code, part.content) == (206, FILM[256:512])
    assert part.headers["content-range"] == f"bytes 256-511/{len(FILM)}"
    beyond = await client.get("/clips/C1/clip.mp4", headers={"Range": "bytes=99999-"})
    assert beyond.status_code == 416


async def test_what_is_off_the_shelf_is_gone_at_once(
    client: httpx.AsyncClient, shelf: FakeShelf
) -> None:
    shelf.clips.clear()
    for name in (VIDEO, CAPTIONS, COVER):
        assert (await client.get(f"/clips/C1/{name}")).status_code == 404
    assert "还没有短视频" in (await client.get("/clips")).text


async def test_no_other_file_is_given(client: httpx.AsyncClient, shelf: FakeShelf) -> None:
    for name in ("clip.json", "clip.srt", "..%2Fclip.json", "clip.mp4%00"):
        assert (await client.get(f"/clips/C1/{name}")).status_code == 404, name


async def test_a_link_that_is_none_leads_nowhere(
    client: httpx.AsyncClient, desk: FakeDesk, tmp_path: Path
) -> None:
    desk.clips = FakeShelf(on_shelf(tmp_path / "c1", desk.clock, "javascript:alert(1)"))
    page = (await client.get("/clips")).text
    assert "javascript:" not in page
    assert "去办理" not in page


async def test_an_office_without_a_shelf_has_an_empty_page(client: httpx.AsyncClient) -> None:
    assert "还没有短视频" in (await client.get("/clips")).text
    assert (await client.get("/clips/C1/clip.mp4")).status_code == 404


def test_the_loop_of_a_stage_has_addresses(tmp_path: Path, desk: FakeDesk) -> None:
    (one,) = loop_view([on_shelf(tmp_path / "c1", desk.clock)])
    assert one["video"] == "/clips/C1/clip.mp4"
    assert one["seconds"] == 12.3
    assert one["label"] == LABEL
