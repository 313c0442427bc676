"""Slides in a real browser: in step with the voice, in every layout, after a reload, on mirrors."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from assistant.domain.live import Asking, Cue, CueKind
from assistant.domain.studio import Deck, Slide, SlideKind
from assistant.stage.keys import stage_key
from assistant.stage.script import heard_whole, rest_of, scripted
from assistant.studio.deck import slide_markup
from tests.browser.conftest import NewPage, until
from tests.support.live_office import ROOM
from tests.support.stage_office import StageOffice, stage_office
from tests.support.stage_voice import tone_voice

pytestmark = pytest.mark.browser
LANDSCAPE, PORTRAIT = {"width": 1280, "height": 720}, {"width": 720, "height": 1280}
LAYOUTS = [("full", LANDSCAPE), ("full", PORTRAIT), ("pip", LANDSCAPE), ("pip", PORTRAIT)]
PART = (
    "先看办理条件。",
    "在本县连续居住满半年就可以办。",
    "再看要带的材料。",
    "带上身份证和居住证明。",
)
DECK = Deck(
    "居住证怎么办",
    "清溪县政务服务中心",
    None,
    (
        Slide("s1", SlideKind.CONDITIONS, "办理条件", lines=("在本县连续居住满半年",)),
        Slide("s2", SlideKind.MATERIALS, "要带的材料", lines=("身份证", "居住证明 <b>原件</b>")),
    ),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageOffice]:
    folder = tmp_path_factory.mktemp("slides")
    with stage_office(folder, tone_voice(folder / "voice")) as one:
        yield one


@pytest.fixture
def url(office: StageOffice) -> str:
    return office.url


@pytest.fixture
def script(office: StageOffice, request: pytest.FixtureRequest) -> Iterator[Cue]:
    first, second = (office.house.slides.put(one) for one in slide_markup(DECK)[-2:])
    text, slides = scripted(PART, {0: first, 2: second})
    yield Cue(
        request.node.name[:60], ROOM, "s", CueKind.SCRIPT, text, text, datetime.now(UTC),
        approval="digest", slides=slides,
    )  # fmt: skip
    office.do(office.hub.stop())


def stage(office: StageOffice, new_page: NewPage, size=LANDSCAPE, more: str = "") -> Page:
    """A page that speaks; it is there when it has its part."""
    key = stage_key(office.house.stage_secret, ROOM)
    page = new_page(f"/stage/{ROOM}?key={key}{more}", size)
    expect(page.locator("body")).to_have_attribute("data-room-state", "idle")
    return page


def shown(page: Page) -> str:
    return page.locator(".slide-on").get_attribute("data-slide") or ""


def test_a_slide_comes_with_its_sentence_and_the_mirror_goes_along(
    office: StageOffice, new_page: NewPage, script: Cue
) -> None:
    page = stage(office, new_page)
    mirror = new_page(f"/stage/{ROOM}", PORTRAIT)
    expect(mirror.locator("body")).to_have_attribute("data-room-state", "idle")
    office.do(office.hub.play(script))
    for each in (page, mirror):
        expect(each.locator("#caption")).to_have_text(PART[1], timeout=15_000)
    assert [shown(page), shown(mirror)] == [script.slides[0].name] * 2
    expect(page.locator("#caption")).to_have_text(PART[2], timeout=15_000)
    until(mirror, "globalThis.stage.host.glanceTo?.[1] > 1.3")  # below, where it is
    expect(mirror.locator("#caption")).to_have_text(PART[2], timeout=15_000)
    assert [shown(page), shown(mirror)] == [script.slides[1].name] * 2
    drawn = page.locator(".slide-on svg.deck-wide")
    expect(drawn).to_be_visible()
    expect(drawn).to_contain_text("居住证明 <b>原件</b>")


def test_after_a_reload_the_slide_of_the_sentence_stands(
    office: StageOffice, new_page: NewPage, script: Cue
) -> None:
    page = stage(office, new_page)
    office.do(office.hub.play(script))
    expect(page.locator("#caption")).to_have_text(PART[2], timeout=15_000)
    page.reload()
    expect(page.locator("#caption")).to_have_text(PART[2], timeout=15_000)
    assert shown(page) == script.slides[1].name


def test_an_answer_comes_between_and_the_script_goes_on_at_its_sentence(
    office: StageOffice, new_page: NewPage, script: Cue
) -> None:
    page = stage(office, new_page)
    office.do(office.hub.play(script))
    expect(page.locator("#caption")).to_have_text(PART[1], timeout=15_000)
    page.wait_for_timeout(600)
    said = office.do(office.hub.stop())
    answer = replace(
        script, id=script.id + "-a", kind=CueKind.ANSWER, approval="", slides=(),
        text="不收费。", spoken="不收费。",
    )  # fmt: skip
    office.do(office.hub.play(answer, Asking("要钱吗？", "网友甲")))
    expect(page.locator("#question")).to_have_text("要钱吗？")
    expect(page.locator("#slides")).to_be_hidden()
    expect(page.locator("#text")).to_be_visible()
    rest = rest_of(script, heard_whole(script.spoken, said))
    assert rest is not None
    expect(page.locator("body")).to_have_attribute("data-state", "idle")
    office.do(office.hub.play(replace(rest, id=script.id + "-2")))
    expect(page.locator("#caption")).to_have_text(PART[1], timeout=15_000)
    assert shown(page) == script.slides[0].name


@pytest.mark.parametrize(("layout", "size"), LAYOUTS)
def test_every_layout_has_a_place_for_it(
    office: StageOffice, new_page: NewPage, script: Cue, layout: str, size, shot
) -> None:
    page = stage(office, new_page, size, f"&layout={layout}")
    office.do(office.hub.play(script))
    expect(page.locator("#caption")).to_have_text(PART[1], timeout=15_000)
    page.wait_for_timeout(500)
    shot(page, f"{layout}-{size['width']}")
    boxes = page.evaluate(
        """() => Object.fromEntries([["slide", ".slide-on"], ["host", ".stage-host"],
        ["caption", ".stage-caption"], ["label", "#label"]].map(([name, where]) => {
          const box = document.querySelector(where).getBoundingClientRect();
          return [name, box.toJSON()];
        }))"""
    )
    slide = boxes["slide"]
    assert (slide["right"] - slide["left"]) * (slide["bottom"] - slide["top"]) > 0.2 * 1280 * 720
    assert slide["left"] >= 0
    assert slide["right"] <= size["width"]
    for other in ("host", "caption", "label"):
        assert not overlap(slide, boxes[other]), other


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
    tall = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return wide > 1 and tall > 1


def test_a_slide_is_given_only_to_a_room_that_was_told_of_it(
    office: StageOffice, new_page: NewPage, script: Cue
) -> None:
    page = stage(office, new_page)
    other = office.house.slides.put("<section>另一页</section>")
    path = f"{office.url}/stage/{ROOM}/slide/"
    assert page.request.get(path + other).status == 404
    office.do(office.hub.play(script))
    given = page.request.get(path + script.slides[0].name)
    assert given.status == 200
    assert given.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
