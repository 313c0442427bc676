"""A citizen on a phone: finds a clip by its everyday name, plays it, goes on to the item."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from assistant.domain.clips import ShelvedClip
from assistant.studio.clips.files import write_clip
from assistant.studio.clips.shelf import ShownClip
from assistant.web.app import create_app
from assistant.web.clips import LABEL
from tests.browser.conftest import PHONE, NewPage
from tests.support.films import CLIP, filmed
from tests.support.served import served
from tests.web.fake_desk import FakeDesk
from tests.web.test_clips import FakeShelf

pytestmark = pytest.mark.browser
CARD = replace(
    CLIP,
    question="社保卡丢了，怎么补办？",
    title="社保卡丢了，怎么补办",
    sentences=(replace(CLIP.sentences[0], text="社保卡丢了，怎么补办？"), *CLIP.sentences[1:]),
)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[ShownClip]:
    desk, folder = FakeDesk(), tmp_path_factory.mktemp("films")
    shown = []
    for name, clip, alias in (("c1", CLIP, "办营业执照"), ("c2", CARD, "医保卡")):
        made = filmed(folder, clip)
        write_clip(made, folder / name)
        shelved = ShelvedClip(name, made.card, "bob", desk.clock())
        shown.append(ShownClip(shelved, clip.title, (alias,), None, folder / name))
    return shown


@pytest.fixture
def shelf(films: list[ShownClip]) -> FakeShelf:
    return FakeShelf(*films)


@pytest.fixture
def url(shelf: FakeShelf) -> Iterator[str]:
    desk = FakeDesk()
    desk.clips = shelf
    with served(create_app(desk.open)) as url:
        yield url


def at(page: Page, what: str) -> float:
    return page.locator("#clip-c1 video").evaluate(f"video => video.{what}")


def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    """The page's policy forbids playwright's own waiting for an expression."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}])
def test_a_clip_is_found_by_its_everyday_name_and_plays(new_page: NewPage, shot, size) -> None:
    page = new_page("/clips", size)
    expect(page.locator(".clip")).to_have_count(2)
    shot(page, f"clips-{size['width']}")
    page.get_by_label("查找").fill("办营业执照")
    expect(page.locator(".clip")).to_have_count(1)
    expect(page.locator("#clip-c1").get_by_text(LABEL)).to_be_visible()
    page.locator("#clip-c1 video").evaluate("video => { video.muted = true; return video.play() }")
    until(lambda: at(page, "currentTime") > 0.3)
    assert (at(page, "videoWidth"), at(page, "videoHeight")) == (720, 1280)
    assert 5 < at(page, "duration") < 40
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"]
    shot(page, f"playing-{size['width']}")


def test_a_film_can_be_wound_forward_and_has_its_captions(new_page: NewPage) -> None:
    page = new_page("/clips", PHONE)
    video = page.locator("#clip-c1 video")
    video.evaluate("video => { video.muted = true; return video.play() }")
    video.evaluate("video => { video.pause(); video.currentTime = video.duration - 1 }")
    until(lambda: not at(page, "seeking"))
    assert at(page, "currentTime") > 4
    video.evaluate("video => { video.textTracks[0].mode = 'showing' }")
    until(lambda: at(page, "textTracks[0].cues?.length"))
    cues = "Array.from(video.textTracks[0].cues, cue => cue.text)"
    assert "以上语音由人工智能生成。" in video.evaluate(f"video => {cues}")


def test_without_a_script_it_is_found_and_led_on(new_page: NewPage) -> None:
    page = new_page("/clips", PHONE, js=False)
    page.get_by_label("查找").fill("医保卡")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".clip")).to_have_count(1)
    page.get_by_text("文字版").click()
    expect(page.get_by_text("登记申请书，原件1份。")).to_be_visible()
    assert page.get_by_role("link", name="去办理").get_attribute("href") == CLIP.link
    page.get_by_role("link", name="办事指南", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("个体工商户设立登记")


def test_a_clip_that_is_taken_off_is_gone(new_page: NewPage, shelf: FakeShelf) -> None:
    page = new_page("/clips", PHONE)
    expect(page.locator(".clip")).to_have_count(2)
    shelf.clips.pop()
    page.reload()
    expect(page.locator(".clip")).to_have_count(1)
    assert page.request.get("/clips/c2/clip.mp4").status == 404
