"""An approved script on air in a real browser: slides, an answer in between, a part that fell."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from assistant.domain.live import CueKind, CueState
from assistant.live.broadcast.cues import heard_of
from assistant.stage.keys import stage_key
from assistant.studio.rundown import INSTEAD, Rundown
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_review_desk import fits
from tests.browser.test_room_and_stage import automatic, enter
from tests.support.broadcast_office import STREAM, BroadcastOffice, broadcast_office
from tests.support.live_office import ROOM
from tests.support.studio_office import OPERATOR

pytestmark = pytest.mark.browser
CONSOLE = f"/console/rooms/{ROOM}"
STAGE = {"width": 1280, "height": 720}
QUESTION = "个体工商户设立登记收费吗"
WATCH = """() => {
  const seen = [], caption = document.getElementById("caption");
  new MutationObserver(() => {
    const slide = document.querySelector(".slide-on")?.dataset.slide ?? "";
    const text = caption.textContent;
    if (text && seen.at(-1)?.[0] !== text) seen.push([text, slide]);
  }).observe(caption, { childList: true });
  globalThis.seen = seen;
}"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BroadcastOffice]:
    with broadcast_office(tmp_path_factory.mktemp("broadcast"), voice_rate=60) as one:
        yield one


@pytest.fixture
def url(office: BroadcastOffice) -> str:
    return office.url


def caption(page: Page, text: str) -> None:
    expect(page.locator("#caption")).to_have_text(text, timeout=60_000)


def test_a_script_is_broadcast_with_an_answer_in_between_and_a_part_that_fell(
    office: BroadcastOffice, new_page: NewPage, shot
) -> None:
    words = office.do(office.approved())
    said = ["".join(one.text for one in part.sentences) for part in words.segments]
    house = office.assistant.live
    console = enter(new_page(CONSOLE, DESKTOP))
    console.get_by_role("button", name="开播").click()
    automatic(console)
    stage = new_page(f"/stage/{ROOM}?key={stage_key(house.stage_secret, ROOM)}", STAGE)
    expect(stage.locator("body")).to_have_attribute("data-room-state", "open")
    stage.evaluate(WATCH)

    phone = enter(new_page(CONSOLE, PHONE), OPERATOR)
    phone.get_by_role("button", name="播出", exact=True).first.click()
    expect(console.get_by_label("已批准的讲稿")).to_contain_text(words.brief.title)
    shot(console, "before")
    console.get_by_role("button", name="开始播讲稿").click()
    expect(console.locator("#script-where")).to_contain_text("第 1 段，共 4 段")
    caption(stage, read(office, said[0])[1])
    office.do(house.platforms(ROOM).console.enter(QUESTION))
    expect(stage.locator("#question")).to_have_text(QUESTION, timeout=60_000)
    expect(stage.locator("#slides")).to_be_hidden()
    caption(stage, read(office, said[1])[0])
    office.do(office.retire("permit"))
    shot(stage, "stage")
    expect(console.locator("#parts")).to_contain_text("依据有变，没有播", timeout=90_000)
    expect(console.locator("#alerts")).to_contain_text("没有播出，已用固定用语代替")
    shot(console, "fell")
    expect(phone.locator("#parts")).to_contain_text("依据有变，没有播")
    assert fits(phone)
    shot(phone, "phone")
    expect(console.locator("#script-where")).to_have_text(
        f"《{words.brief.title}》播完了。", timeout=120_000
    )
    check_what_was_said(office, words, said)
    check_what_was_seen(stage, office, said)
    stream = office.do(office.stream())
    assert (stream.state, "已停用" in stream.alarm) == ("in_review", True)


def read(office: BroadcastOffice, text: str) -> list[str]:
    """The captions of a text."""
    return [one.display for one in office.assistant.live.voice.read(text, "990181")]


def check_what_was_said(office: BroadcastOffice, words, said: list[str]) -> None:
    """By the stage's own reports: each sentence whole, once, in order."""
    session = office.assistant.live.desk.live(ROOM).session_id
    rows = office.do(office.assistant.live._parts.live.records.cues(session))
    cues = sorted((one for one in rows if one.started_at), key=lambda one: one.started_at)
    kinds = [one.kind for one in cues]
    answer = kinds.index(CueKind.ANSWER)
    first, rest = cues[answer - 1], cues[answer + 1]
    assert (first.spoken, first.state) == (said[0], CueState.SKIPPED)
    assert said[0].endswith(rest.spoken)
    heard = heard_of(Rundown(words, rest_approval(office)).planned(0), rest, None)
    assert 1 <= heard < 3
    assert all(one.state is CueState.DONE for one in cues if one is not first)
    behind = [one.spoken for one in cues[answer + 2 :] if one.kind is not CueKind.ANSWER]
    assert behind[:3] == [said[1], INSTEAD, said[3]]
    assert {one.approval for one in cues if one.kind is CueKind.SCRIPT} == {rest.approval}


def rest_approval(office: BroadcastOffice):
    (row,) = office.do(office.assistant.live._parts.live.records.broadcasts_of(STREAM))
    return row.approval


def check_what_was_seen(stage: Page, office: BroadcastOffice, said: list[str]) -> None:
    """Captions in order; slides with their sentences, and the one of the part that fell never."""
    seen = stage.evaluate("globalThis.seen")
    captions = [text for text, _ in seen]
    for part in (said[0], said[1], said[3]):
        shown = iter(captions)
        assert all(one in shown for one in read(office, part))
    slides = dict(seen)
    assert slides[read(office, said[0])[0]] != ""
    assert slides[read(office, said[1])[0]] not in ("", slides[read(office, said[0])[0]])
    assert slides[read(office, INSTEAD)[0]] == slides[read(office, said[3])[0]] == ""
