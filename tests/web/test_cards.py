"""The card of a guide over HTTP: page and files, for guides in force only."""

import io

import httpx
import pytest
from docx import Document
from PIL import Image

from assistant.domain.source import ServiceGuide
from assistant.errors import Unavailable
from assistant.printing.marking import label_in
from assistant.web import cards
from tests.web.fake_desk import FAQ, GUIDE, FakeDesk

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def guide(desk: FakeDesk) -> None:
    desk.sources.stored[GUIDE] = ServiceGuide(
        GUIDE, "个体工商户设立登记", fee="不收费", conditions="<script>alert(1)</script>"
    )


async def test_the_page_shows_it_and_offers_the_files(client: httpx.AsyncClient) -> None:
    page = await client.get(f"/cards/{GUIDE}")
    assert page.status_code == 200
    assert "一次性告知清单" in page.text
    assert "人工智能" in page.text
    assert "<script>alert(1)" not in page.text
    assert f"/cards/{GUIDE}?as=png" in page.text
    assert f'href="/cards/{GUIDE}"' in (await client.get(f"/sources/{GUIDE}")).text


@pytest.mark.parametrize("kind", ["png", "pdf", "docx"])
async def test_each_file_is_whole_and_labelled(client: httpx.AsyncClient, kind: str) -> None:
    reply = await client.get(f"/cards/{GUIDE}", params={"as": kind})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == cards.KINDS[kind].media_type
    label = label_in(kind, reply.content)
    assert label is not None
    assert (label.label, label.producer) == ("1", "0" * 27)


async def test_what_is_no_guide_has_no_card(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/cards/{FAQ}")).status_code == 404
    assert (await client.get("/cards/none")).status_code == 404
    assert (await client.get(f"/cards/{GUIDE}?as=exe")).status_code == 422


async def test_too_many_at_once_are_asked_to_come_again() -> None:
    files = cards.Files()
    files._waiting = cards.WAITING
    with pytest.raises(Unavailable):
        await files.get(("x",), bytes)


async def test_the_same_file_is_drawn_once_and_few_are_kept() -> None:
    files, drawn = cards.Files(), []
    for number in (1, 1, *range(cards.KEPT + 5)):
        await files.get((number,), lambda: drawn.append(1) or b"x")
    assert len(drawn) == cards.KEPT + 5
    assert len(files._made) == cards.KEPT


async def test_files_open(client: httpx.AsyncClient) -> None:
    Document(io.BytesIO((await client.get(f"/cards/{GUIDE}?as=docx")).content))
    with Image.open(io.BytesIO((await client.get(f"/cards/{GUIDE}?as=png")).content)) as image:
        assert image.width > 1000
