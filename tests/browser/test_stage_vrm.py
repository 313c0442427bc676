"""An operator's VRM model on the stage, by software WebGL: what it does, not how fast."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.domain.live import Cue, CueKind
from assistant.stage.keys import stage_key
from tests.browser.conftest import ARGUMENTS, NewPage, until
from tests.support.live_office import ROOM
from tests.support.small_vrm import small_vrm
from tests.support.stage_office import StageOffice, stage_office
from tests.support.stage_voice import tone_voice

pytestmark = pytest.mark.browser
SIZE = {"width": 640, "height": 360}
WORDS = "请带身份证到二楼窗口办理，当场就能办好。"
SOFTWARE = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One that draws WebGL without a GPU."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no browser: neither chromium nor google-chrome is installed")
    arguments = [one for one in ARGUMENTS if one != "--disable-gpu"] + SOFTWARE
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageOffice]:
    folder = tmp_path_factory.mktemp("vrm")
    models = folder / "data" / "presenters"
    models.mkdir(parents=True)
    (models / "small.vrm").write_bytes(small_vrm())
    (models / "broken.vrm").write_bytes(small_vrm()[:400])
    with stage_office(folder, tone_voice(folder / "voice")) as one:
        yield one


@pytest.fixture
def url(office: StageOffice) -> str:
    return office.url


def stage(office: StageOffice, new_page: NewPage, more: str) -> Page:
    key = stage_key(office.house.stage_secret, ROOM)
    return new_page(f"/stage/{ROOM}?key={key}&presenter={more}", SIZE)


def figure(page: Page, name: str) -> None:
    expect(page.locator("#host")).to_have_attribute("data-figure", name, timeout=20_000)


VALUES = """() => {
  const { vrm } = globalThis.stage.host;
  return Object.fromEntries(["aa", "ih", "ou", "ee", "oh", "blink"]
    .map((name) => [name, vrm.expressionManager.getValue(name)]));
}"""


def test_a_model_speaks_blinks_and_breathes(office: StageOffice, new_page: NewPage) -> None:
    page = stage(office, new_page, "vrm:small&fps=0.1")
    figure(page, "model")
    expect(page.locator("#host canvas")).to_be_visible()
    expect(page.locator("#host .host-body")).to_be_hidden()
    until(page, "globalThis.stage.host.vrm.expressionManager.getValue('blink') > 0.2", 60)
    office.do(
        office.hub.play(Cue("c1", ROOM, "s", CueKind.ANSWER, WORDS, WORDS, datetime.now(UTC)))
    )
    most = dict.fromkeys(("aa", "ih", "ou", "ee", "oh"), 0.0)
    leans = set()
    for _ in range(60):
        values = page.evaluate(VALUES)
        most = {name: max(most[name], values[name]) for name in most}
        leans.add(page.evaluate("globalThis.stage.host.bones.spine.rotation.x.toFixed(3)"))
        page.wait_for_timeout(50)
    assert min(most.values()) > 0.1
    assert len(leans) > 3
    expect(page.locator("body")).to_have_attribute("data-state", "idle", timeout=15_000)
    page.wait_for_timeout(600)
    assert max(page.evaluate(VALUES)[name] for name in most) < 0.05


def test_a_broken_file_leaves_the_drawn_presenter(office: StageOffice, new_page: NewPage) -> None:
    page = stage(office, new_page, "vrm:broken")
    figure(page, "broken")
    expect(page.locator("#host .host-body")).to_be_visible()
    until(page, "globalThis.stage.stage.told?.some((one) => one.figure === 'broken')")
    page = stage(office, new_page, "vrm:none")
    figure(page, "broken")


def test_without_webgl_the_drawn_presenter_stands(office: StageOffice, new_page: NewPage) -> None:
    page = stage(office, new_page, "woman")
    page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind.startsWith("webgl") ? null : get.call(this, kind, ...more);
        };"""
    )
    new_page.complaints.clear()
    page.goto(page.url.replace("presenter=woman", "presenter=vrm:small"))
    figure(page, "no_webgl")
    expect(page.locator("#host .host-body")).to_be_visible()
    new_page.complaints[:] = [one for one in new_page.complaints if "WebGL" not in one]


def test_a_slow_machine_goes_back_to_the_drawn_presenter(
    office: StageOffice, new_page: NewPage
) -> None:
    page = stage(office, new_page, "vrm:small&fps=1000")
    figure(page, "model")
    figure(page, "slow")
    expect(page.locator("#host canvas")).to_have_count(0)
    expect(page.locator("#host .host-body")).to_be_visible()


@pytest.mark.parametrize(("rate", "slow"), [(30, False), (26, False), (24, True), (5, True)])
def test_how_fast_is_measured_after_the_start(new_page: NewPage, rate: int, *, slow: bool) -> None:
    page = new_page(f"/stage/{ROOM}", SIZE)
    found = page.evaluate(
        """async (rate) => {
          const { Pace } = await import("/static/stage-pace.js");
          const pace = new Pace(25);
          let now = 5, said = false;
          for (const gap of [0.7, 0.4, 0.4]) { now += gap; said ||= pace.frame(now); }
          for (let at = 0; at < 10 * rate; at += 1) {
            now += at === rate ? 30 : 1 / rate;  // hidden for half a minute
            said ||= pace.frame(now);
          }
          return said;
        }""",
        rate,
    )
    assert found is slow
