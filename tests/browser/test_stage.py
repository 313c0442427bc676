"""The stage in a real browser: captions and lips go with the voice, the label never goes away."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NewPage
from tests.browser.test_room_and_stage import (
    CONSOLE,
    FEE,
    SMALL,
    ask,
    automatic,
    enter,
    say,
)
from tests.support.live_office import ROOM, hall, live_office
from tests.support.stage_voice import ToneVoicing, tone_voice

pytestmark = pytest.mark.browser
LANDSCAPE, PORTRAIT = {"width": 1280, "height": 720}, {"width": 720, "height": 1280}
LAYOUTS = [("full", LANDSCAPE), ("full", PORTRAIT), ("pip", LANDSCAPE)]
WORDS = "今天下午系统维护。四点以后再来办理。谢谢大家。"
LOOK = {ROOM: {"stage": {"announcements": ["本周六上午照常办理，请提前预约。"], "theme": "jade"}}}

MEASURE = """() => {
  const label = document.getElementById("label"), box = label.getBoundingClientRect();
  const style = getComputedStyle(label), shortest = Math.min(innerWidth, innerHeight);
  const points = [0.02, 0.25, 0.5, 0.75, 0.98].flatMap((x) => [0.1, 0.5, 0.9].map((y) =>
    document.elementsFromPoint(box.left + box.width * x, box.top + box.height * y)[0]));
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const ink = pen.measureText("智");
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((one) => Number(one) / 255)
      .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const lights = [light(style.color), light(style.backgroundColor)].sort();
  const text = document.createRange();
  text.selectNodeContents(label);
  const words = text.getBoundingClientRect();
  return {
    text: label.textContent, box: box.height / shortest, opacity: Number(style.opacity),
    ink: (ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent) / shortest,
    uncovered: points.every((one) => one === label), visible: style.visibility === "visible",
    inside: words.left >= 0 && words.right <= innerWidth
      && box.top >= 0 && box.bottom <= innerHeight + 0.5,
    contrast: (lights[1] + 0.05) / (lights[0] + 0.05),
  };
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stage")


@pytest.fixture(scope="module")
def voice(folder: Path):
    return tone_voice(folder / "voice")


@pytest.fixture(scope="module")
def url(folder: Path, voice) -> Iterator[str]:
    set_ = folder / "data" / "presenters" / "office"
    set_.mkdir(parents=True)
    for shape in ("X", "D"):
        (set_ / f"{shape}.png").write_bytes(pixel(shape))
    with live_office(folder, hall(), voice=voice, rooms=LOOK) as address:
        yield address


def pixel(shape: str) -> bytes:
    """A small picture of one colour a shape."""
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (60, 76), "#224466" if shape == "X" else "#aa3322").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def console(new_page: NewPage) -> Iterator[Page]:
    """The console of the room, on air, in automatic mode; ended afterwards."""
    page = enter(new_page(CONSOLE, DESKTOP))
    page.get_by_role("button", name="开播").click()
    automatic(page)
    yield page
    page.goto(f"{new_page._url}{CONSOLE}")
    if page.locator("#state").inner_text() == "人工接管":
        page.keyboard.press("t")
    page.get_by_text("更多").click()
    page.get_by_role("button", name="结束直播").click()
    page.get_by_role("dialog").get_by_role("button", name="结束直播").click()
    expect(page.get_by_role("heading", name="复盘")).to_be_visible()


def speaker(console: Page, new_page: NewPage, size=LANDSCAPE, more: str = "") -> Page:
    """The page that speaks, as OBS opens it."""
    address = console.locator("#stage-url").get_attribute("value")
    return new_page(f"/stage/{ROOM}?{address.partition('?')[2]}{more}", size)


def sampled(page: Page) -> Page:
    """The page with a look at its label five times a second."""
    page.evaluate(f"""() => {{
      const measure = {MEASURE};
      globalThis.samples = [];
      setInterval(() => globalThis.samples.push({{
        state: document.body.dataset.label || document.body.dataset.state, ...measure()}}), 200);
    }}""")
    return page


def is_right(one: dict) -> bool:
    """Whether a look at the label found it as it must be (GB 45438: 5 % of the shortest side)."""
    large = one["box"] >= 0.05 and one["ink"] >= 0.05 and one["contrast"] >= 4.5
    shown = one["uncovered"] and one["visible"] and one["inside"] and one["opacity"] == 1
    return large and shown


def test_the_label_stands_in_every_layout_and_state(console: Page, new_page: NewPage) -> None:
    pages = [sampled(new_page(f"/stage/{ROOM}?layout={one}", size)) for one, size in LAYOUTS]
    pages.append(sampled(new_page(f"/stage/{ROOM}?theme=warm&presenter=man", LANDSCAPE)))
    console.wait_for_timeout(500)
    viewer = new_page(f"/room/{ROOM}", SMALL)
    ask(viewer, FEE)
    expect(pages[0].locator("#question")).to_have_text(FEE, timeout=20_000)
    pages[0].wait_for_timeout(500)
    say(console, WORDS)
    expect(console.locator("#now")).to_contain_text("系统维护", timeout=20_000)
    console.wait_for_timeout(1000)
    console.locator("#queue").focus()
    console.keyboard.press("t")
    for page in pages:
        expect(page.locator("body")).to_have_attribute("data-label", "person")
    console.wait_for_timeout(500)

    assert "人工智能" not in viewer.locator("#label").inner_text()
    for page in pages:
        samples = page.evaluate("globalThis.samples")
        texts = {one["state"]: one["text"] for one in samples}
        assert [one for one in samples if not is_right(one)] == []
        assert texts["idle"] == texts["saying"] == "AI数字人 · 内容由人工智能生成"
        assert "合成" in texts["said"]
        assert "人工智能生成" not in texts["said"]
        assert "AI" not in texts["person"]
        assert "人工智能" not in texts["person"]
        assert page.locator("#host").is_hidden()


def watch(page: Page, seconds: float) -> list[dict]:
    """What the page shows, ten times a second."""
    found = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found.append(
            page.evaluate(
                """() => ({mouth: document.getElementById("host").dataset.mouth,
                said: document.querySelectorAll("#caption .said").length,
                whole: document.querySelectorAll("#caption span").length,
                text: document.getElementById("caption").textContent,
                level: globalThis.stage.stage.voice.level(),
                audio: globalThis.stage.stage.clock.state,
                state: document.body.dataset.state})"""
            )
        )
        page.wait_for_timeout(50)
    return found


def test_lips_and_caption_go_with_the_voice(console: Page, new_page: NewPage) -> None:
    stage = speaker(console, new_page)
    say(console, WORDS)
    expect(stage.locator("body")).to_have_attribute("data-state", "saying")
    seen = watch(stage, 3.0)
    expect(stage.locator("body")).to_have_attribute("data-state", "idle")

    assert {one["audio"] for one in seen} == {"running"}
    assert len({one["mouth"] for one in seen} - {"X"}) >= 4
    assert max(one["level"] for one in seen) > 0.05
    first = [one for one in seen if one["text"] == "今天下午系统维护。"]
    assert [one["said"] for one in first] == sorted(one["said"] for one in first)
    assert first[0]["said"] < first[0]["whole"] <= first[-1]["said"] + 1
    assert stage.locator("#host").get_attribute("data-mouth") == "X"


def test_a_sentence_is_not_lit_by_the_one_that_is_still_heard(
    console: Page, new_page: NewPage
) -> None:
    stage = speaker(console, new_page)
    slow = "Object.defineProperty(globalThis.stage.stage.clock, 'latency', { get: () => 0.25 })"
    stage.evaluate(slow)  # a sound card as over Bluetooth
    say(console, WORDS)
    expect(stage.locator("#caption")).to_have_text("今天下午系统维护。")
    seen = [one for one in watch(stage, 3.0) if one["text"] == "四点以后再来办理。"]

    assert seen[0]["said"] <= 3
    assert seen[-1]["said"] > 3


def test_a_stop_is_silent_at_once_and_what_was_heard_is_kept(
    console: Page, new_page: NewPage
) -> None:
    stage = speaker(console, new_page)
    say(console, WORDS)
    expect(stage.locator("#caption .said").nth(3)).to_be_visible()
    console.locator("#queue").focus()
    console.keyboard.press("t")
    expect(stage.locator("body")).to_have_attribute("data-state", "idle")

    assert stage.evaluate("globalThis.stage.stage.voice.nodes.size") == 0
    last = [message for message in sent(stage) if message.get("final")]
    assert 4 <= last[-1]["characters"] < len(WORDS)


def sent(page: Page) -> list[dict]:
    """What the page told the stage last."""
    return page.evaluate("globalThis.stage.stage.told")


def test_a_reload_goes_on_at_the_sentence(console: Page, new_page: NewPage) -> None:
    stage = speaker(console, new_page)
    say(console, WORDS)
    expect(stage.locator("#caption")).to_have_text("四点以后再来办理。")
    stage.reload()
    expect(stage.locator("#caption")).to_have_text("四点以后再来办理。")
    seen = {one["text"] for one in watch(stage, 1.0)}
    expect(stage.locator("#caption")).to_have_text("谢谢大家。")
    expect(stage.locator("body")).to_have_attribute("data-state", "idle")

    assert "今天下午系统维护。" not in seen
    stage.reload()
    expect(stage.locator("#caption-hint, #hint").first).to_be_visible()
    assert {one["text"] for one in watch(stage, 1.0)} == {""}


def test_a_mirror_that_comes_late_is_in_step(console: Page, new_page: NewPage) -> None:
    stage = speaker(console, new_page)
    say(console, WORDS)
    expect(stage.locator("#caption .said").first).to_be_visible()
    mirror = new_page(f"/stage/{ROOM}?theme=warm", PORTRAIT)
    expect(mirror.locator("#caption .said").first).to_be_visible()
    mirror.wait_for_timeout(600)
    places = [page.evaluate(HERE) for page in (stage, mirror)]

    assert places[0]["index"] == places[1]["index"]
    assert abs(places[0]["at"] - places[1]["at"]) < 0.35
    assert mirror.evaluate("globalThis.stage.stage.voice.nodes.size") == 0


HERE = """() => {
  const { player, clock } = globalThis.stage.stage, here = player.at(clock.now());
  return { index: here.index, at: Date.now() / 1000 - performance.timeOrigin * 0 - here.seconds };
}"""


def test_without_a_sound_the_answer_stands_as_captions(
    console: Page, new_page: NewPage, voice
) -> None:
    stage = speaker(console, new_page)
    voicing: ToneVoicing = voice.voicing
    voicing.is_broken = True
    try:
        say(console, "今天先看字幕。声音马上回来。")
        expect(stage.locator("#caption")).to_have_text("今天先看字幕。")
        expect(stage.locator("#caption")).to_have_text("声音马上回来。")
        expect(stage.locator("body")).to_have_attribute("data-state", "idle")
    finally:
        voicing.is_broken = False


def test_the_console_knows_how_the_stage_is(console: Page, new_page: NewPage) -> None:
    console.get_by_text("推流画面地址").click()
    expect(console.locator("#stage-pages")).to_contain_text("还没有画面连上")
    speaker(console, new_page)
    expect(console.locator("#stage-pages")).to_contain_text("声音正常", timeout=15_000)
    expect(console.locator("#stage-pages")).to_contain_text("帧")


def test_a_presenter_of_pictures_moves_its_lips(console: Page, new_page: NewPage) -> None:
    stage = speaker(console, new_page, more="&presenter=office")
    expect(stage.locator("#host img")).to_have_count(9)
    say(console, WORDS)
    expect(stage.locator('#host img[src$="/D"]')).to_be_visible()
    expect(stage.locator('#host img[src$="/X"]')).to_be_visible()


def test_what_stands_beside_the_presenter(console: Page, new_page: NewPage) -> None:
    stage = speaker(console, new_page)
    expect(stage.locator("body")).to_have_attribute("data-theme", "jade")
    expect(stage.locator("#ask")).to_contain_text("个体工商户设立登记要带什么材料？")
    ask(new_page(f"/room/{ROOM}", SMALL), FEE)
    expect(stage.locator("#question")).to_have_text(FEE)
    expect(stage.locator("#asker")).to_contain_text("网友")
    code = stage.locator("#basis img")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.complete && image.naturalWidth > 0")


LONG = "\n".join(f"{number}. 第{number}份证明材料（原件1份，复印件2份）" for number in range(1, 25))
CUE = {"text": LONG, "spoken": LONG, "question": "要带什么材料", "viewer": "", "asked_by": 1}
CUT = """() => {
  const text = document.getElementById("text");
  const line = parseFloat(getComputedStyle(text).lineHeight);
  const hidden = text.scrollHeight - text.clientHeight;
  return {lines: text.clientHeight / line, hidden, top: text.scrollTop};
}"""


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
def test_a_long_answer_is_cut_between_lines_and_goes_with_the_voice(
    console: Page, new_page: NewPage, size
) -> None:
    stage = new_page(f"/stage/{ROOM}", size)
    stage.evaluate("(cue) => globalThis.stage.card.begin(cue)", {**CUE, "citations": []})
    first = stage.evaluate(CUT)
    assert first["hidden"] > 1
    assert abs(first["lines"] - round(first["lines"])) < 0.05
    tops = []
    for line in LONG.split("\n"):
        stage.evaluate("(text) => globalThis.stage.card.follow({text})", line + "。")
        stage.wait_for_timeout(250)
        tops.append(stage.evaluate(CUT)["top"])
    stage.wait_for_timeout(800)
    last = stage.evaluate(CUT)
    assert tops == sorted(tops)
    assert last["top"] >= last["hidden"] - 2


def test_a_clip_stands_in_the_idle_loop_till_something_is_said(new_page: NewPage) -> None:
    """Or until it leaves the shelf: its captions are asked for while it plays."""
    stage = new_page(f"/stage/{ROOM}", LANDSCAPE)
    clip = {
        "title": "社保卡怎么补办",
        "label": "视频由人工智能生成",
        "video": "/clips/none/clip.mp4",
        "captions": "/clips/none/clip.vtt",
    }
    begin = """(clip) => {
      const { card } = globalThis.stage;
      document.getElementById("clip").play = () => new Promise(() => {});
      document.getElementById("clip").onerror = null;
      Object.assign(card, { turn: 0, loop: { announcements: [], ask: [], clips: [clip] } });
      card.rest();
      card.idle();
    }"""
    stage.evaluate(begin, clip)
    stage.wait_for_timeout(300)
    expect(stage.locator("#clip-box")).to_be_hidden()  # it is not on the shelf
    stage.route("**/clips/none/clip.vtt", lambda route: route.fulfill(status=200, body="WEBVTT"))
    stage.evaluate(begin, clip)
    expect(stage.locator("#clip-box")).to_be_visible()
    expect(stage.locator("#clip-box")).to_contain_text("视频由人工智能生成")
    assert stage.locator("#clip").evaluate("one => one.muted")
    stage.evaluate("(cue) => globalThis.stage.card.begin(cue)", {**CUE, "citations": []})
    expect(stage.locator("#clip-box")).to_be_hidden()
    assert stage.locator("#clip").get_attribute("src") is None
    stage.evaluate(begin, clip)
    expect(stage.locator("#clip-box")).to_be_visible()
    stage.unroute("**/clips/none/clip.vtt")
    expect(stage.locator("#clip-box")).to_be_hidden()
