"""The server starts again in the middle of a cue: the page goes on, nothing is said twice."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.domain.live import Asking, Cue, CueKind, CueState
from assistant.domain.speech import Speech, SpokenText
from assistant.live.orders import Say
from assistant.stage.hub import StageHub
from assistant.stage.keys import stage_key
from assistant.stage.timing import plain
from assistant.stage.voicing import StageVoice
from assistant.voice.exporting import SPOKEN_LABEL
from tests.browser.conftest import NewPage
from tests.support.live_office import ROOM
from tests.support.stage_office import StageOffice, stage_office
from tests.support.stage_voice import ToneVoicing

pytestmark = pytest.mark.browser
SIZE = {"width": 1280, "height": 720}
SAID = ("请带身份证。", "到二楼窗口。", "材料齐全的当场就能办好，不用再跑一趟。", "不收费。")
CAPTIONS = """() => {
  const seen = [], caption = document.getElementById("caption");
  new MutationObserver(() => {
    const text = caption.textContent;
    if (text && seen.at(-1) !== text) seen.push(text);
  }).observe(caption, { childList: true });
  globalThis.seen = seen;
}"""


class HeldVoicing(ToneVoicing):
    """Voices the last two sentences only when the gate is open."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.gate = asyncio.Event()

    async def open(self) -> None:
        self.gate.set()

    async def __call__(self, text: SpokenText, sources: tuple[str, ...] = ()) -> Speech:
        if text.spoken in SAID[2:]:
            await self.gate.wait()
        return await super().__call__(text, sources)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageOffice]:
    folder = tmp_path_factory.mktemp("restart")
    with stage_office(
        folder, StageVoice(plain, HeldVoicing(folder / "voice")), audible_label="end"
    ) as one:
        yield one


@pytest.fixture
def url(office: StageOffice) -> str:
    return office.url


async def restart(office: StageOffice) -> StageHub:
    """What a new process has: a stage that knows nothing; the lines are cut."""
    gone = office.house._stages.pop(ROOM)
    gone._end_voicing()
    for line in gone.lines:
        line.end()
    return office.hub


def test_the_page_says_the_rest_once(office: StageOffice, new_page: NewPage) -> None:
    voicing: HeldVoicing = office.house.voice.voicing
    cue = Cue(
        "c1", ROOM, "s", CueKind.ANSWER, "".join(SAID), "".join(SAID), datetime.now(UTC),
        state=CueState.SENT,
    )  # fmt: skip
    asking = Asking("身份证怎么办？", "网友甲")
    page = new_page(f"/stage/{ROOM}?key={stage_key(office.house.stage_secret, ROOM)}", SIZE)
    page.evaluate(CAPTIONS)
    office.do(office.hub.play(cue, asking))
    expect(page.locator("#caption")).to_have_text(SAID[1], timeout=15_000)

    hub = office.do(restart(office))
    page.wait_for_timeout(2000)
    office.do(voicing.open())
    office.do(hub.rejoin(replace(cue, state=CueState.STARTED), asking))

    mirror = new_page(f"/stage/{ROOM}", SIZE)
    expect(page.locator("#caption")).to_have_text(SAID[2], timeout=20_000)
    expect(mirror.locator("#question")).to_have_text(asking.question)
    expect(page.locator("body")).to_have_attribute("data-state", "idle", timeout=15_000)
    assert page.evaluate("globalThis.seen") == list(SAID)


def test_a_page_that_never_said_it_does_not_begin_it(
    office: StageOffice, new_page: NewPage
) -> None:
    words = "".join(SAID)
    cue = Cue("c2", ROOM, "s", CueKind.ANSWER, words, words, datetime.now(UTC))
    page = new_page(f"/stage/{ROOM}?key={stage_key(office.house.stage_secret, ROOM)}", SIZE)
    office.do(office.hub.rejoin(replace(cue, state=CueState.STARTED)))
    page.wait_for_timeout(1500)
    expect(page.locator("body")).to_have_attribute("data-state", "idle")
    expect(page.locator("#caption")).to_have_text("")


def test_a_stream_ends_with_the_spoken_label(office: StageOffice, new_page: NewPage) -> None:
    label = SPOKEN_LABEL["end"]
    office.do(office.house.desk.open(ROOM))
    page = new_page(f"/stage/{ROOM}?key={stage_key(office.house.stage_secret, ROOM)}", SIZE)
    page.evaluate(CAPTIONS)
    office.do(office.house.desk.command(ROOM, Say(SAID[1]), "甲"))
    expect(page.locator("#caption")).to_have_text(SAID[1], timeout=15_000)

    session = office.do(office.house.desk.close(ROOM, "甲"))

    cues = office.do(office.house._parts.live.records.cues(session))
    heard = next(one for one in cues if one.text == label)
    assert heard.state is CueState.DONE
    assert heard.heard == len(label)
    assert page.evaluate("globalThis.seen")[-1] == label


def test_between_two_processes_a_card_stands(office: StageOffice, new_page: NewPage) -> None:
    page = new_page(f"/stage/{ROOM}", SIZE)
    card = page.locator("#holding")
    office.hub.notice("open", "欢迎来到直播间")
    expect(card).to_be_hidden()

    async def leave() -> None:
        office.hub.hold("马上回来", last=True)
        office.hub.notice("open", "欢迎来到直播间")

    office.do(leave())
    expect(card).to_be_visible()
    expect(card).to_contain_text("马上回来")
    expect(page.locator("#idle")).to_be_hidden()
    expect(page.locator("#label")).to_be_visible()
    expect(page.locator("#line")).to_be_hidden()

    hub = office.do(restart(office))

    async def opened() -> None:
        hub.notice("open", "欢迎来到直播间")

    office.do(opened())
    expect(card).to_be_hidden(timeout=10_000)
    expect(page.locator("#idle")).to_be_visible()
