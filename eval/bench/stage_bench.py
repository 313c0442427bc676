"""The stage in real Chromium with the office's own voice: lips, caption and sound in step.

    python -m eval.bench.stage_bench [--minutes 1] [--asked 8] [--edge] [--out FILE.json]

The whole service serves a small knowledge base; a page speaks as in OBS. The sound is captured as
it leaves the page, every frame's lips and caption are noted on the sound card's clock. `share` is
the part of all cases that keep the limit. Heap and CPU are those of the page's browser alone, while
it speaks most of the time; `--minutes 30` is the long run. `--edge` measures the first sound alone,
with the network voice against a loopback server that answers after 400 ms.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import re
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.bootstrap import Settings, open_library, voice_consents
from assistant.voice.reading import Reader
from eval.bench.bench_table import Figures, percentile, report
from eval.bench.stage_probe import PROBE, TAKE, initial_of, wanted
from tests.browser.conftest import ARGUMENTS
from tests.support.edge_server import edge_server
from tests.support.live_office import OPERATOR, PASSWORD, ROOM, hall, live_office

STAGE = {"width": 1280, "height": 720}
EDGE_LATENCY = 0.4
LOUD = 0.004
"""RMS above which a block is heard."""
HUSH = 0.09
"""Seconds of quiet between two onsets."""
WORDS = (
    "办理居住证要带身份证和居住证明。受理后十五个工作日内办结，不收取任何费用。",
    "社保卡丢了先打电话挂失，再带身份证到窗口补办。也可以在网上申请补卡。",
    "缴存职工连续足额缴存住房公积金六个月以上的，可以申请贷款。最高额度八十万元。",
    "周六上午照常办理，请提前在网上预约。下午窗口休息，谢谢大家。",
)
ASKED = (
    "个体工商户设立登记收费吗",
    "个体工商户设立登记几天能办好",
    "个体工商户设立登记要带什么材料",
    "社保卡丢了怎么办",
    "个体工商户设立登记有什么条件",
    "公积金贷款最高多少",
    "个体工商户设立登记咨询电话多少",
    "公积金要缴存多久才能贷款",
)


@dataclass
class Office:
    """The pages of a stream: the console, the speaking stage in a browser of its own, a viewer."""

    console: Page
    stage: Page
    viewer: Page
    pids: set[int]

    def say(self, words: str) -> float:
        """Have words said; when the order went out (Unix seconds)."""
        self.console.locator("#say-text").fill(words)
        began = time.time()
        self.console.locator("#say-text").press("Enter")
        return began

    def silent(self) -> None:
        """Wait until nothing is said."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.stage.evaluate("document.body.dataset.state") == "idle":
                return
            self.stage.wait_for_timeout(50)
        raise TimeoutError("the stage does not fall silent")

    def sound(self, since: float, limit: float = 12.0) -> float | None:
        """Seconds until the first block that is heard after a moment."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            blocks = self.stage.evaluate("globalThis.probe.blocks")
            heard = [at for _, level, at in blocks if level > LOUD and at / 1000 > since]
            if heard:
                return heard[0] / 1000 - since
            self.stage.wait_for_timeout(40)
        return None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--asked", type=int, default=len(ASKED))
    parser.add_argument("--edge", action="store_true")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.edge:
        with network_voice(), office(consent_given) as here:
            report("stage, network voice", latencies(here, given.asked, 3.0), given.out)
        return
    with office() as here:
        rows = {**in_step(here), **latencies(here, given.asked), **stops(here)}
        rows |= load(here, given.minutes)
    report("stage", rows, given.out)


@contextlib.contextmanager
def network_voice() -> Iterator[None]:
    """The network voice's protocol on this machine, in a thread of its own."""
    import edge_tts.communicate

    started, ended = threading.Event(), threading.Event()

    def set_url(url: str) -> None:
        edge_tts.communicate.WSS_URL = url

    async def serve() -> None:
        async with edge_server(set_url, latency=EDGE_LATENCY):
            started.set()
            await asyncio.to_thread(ended.wait)

    os.environ["ASSISTANT_VOICE"] = "edge"
    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    started.wait()
    yield
    ended.set()
    thread.join()


def consent_given(data: Path) -> None:
    """An administrator allows the network voice."""

    async def give() -> None:
        async with open_library(Settings(data_dir=data)) as library:
            await voice_consents(library).record(given=True, actor="bench")

    asyncio.run(give())


@contextlib.contextmanager
def office(prepare: Callable[[Path], None] = lambda _: None) -> Iterator[Office]:
    """The service, and two browsers: the stage's is measured."""
    folder = Path(tempfile.mkdtemp())
    prepare(folder / "data")
    with live_office(folder, hall()) as url, sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        staff = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        before = chromiums()
        own = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        console = on_air(staff, url)
        address = console.locator("#stage-url").get_attribute("value") or ""
        stage = opened(own, url, f"/stage/{ROOM}?{address.partition('?')[2]}", STAGE)
        stage.wait_for_timeout(1500)
        stage.evaluate(PROBE)
        viewer = opened(staff, url, f"/room/{ROOM}", {"width": 390, "height": 844})
        yield Office(console, stage, viewer, chromiums() - before)
        own.close()
        staff.close()
    shutil.rmtree(folder, ignore_errors=True)


def chromiums() -> set[int]:
    """All processes of Chromium."""
    return {one.pid for one in psutil.process_iter(["name"]) if "chrom" in (one.info["name"] or "")}


def opened(browser: Browser, url: str, path: str, size: Any) -> Page:
    """A page in a context of its own."""
    page = browser.new_context(viewport=size, locale="zh-CN", base_url=url).new_page()
    page.goto(path)
    return page


def on_air(browser: Browser, url: str) -> Page:
    """The console of the room, on air in automatic mode."""
    page = opened(browser, url, f"/console/rooms/{ROOM}", {"width": 1280, "height": 900})
    page.get_by_label("登录名").fill(OPERATOR)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="开播").click()
    page.get_by_role("button", name="开自动答复").click()
    page.get_by_role("dialog").get_by_role("button", name="打开").click()
    return page


def in_step(here: Office) -> dict[str, Figures]:
    """Lips and caption beside the sound."""
    closed, changes, caption, shapes = [], [], [], []
    labels = bad = 0
    for words in WORDS:
        here.stage.evaluate(TAKE)
        here.say(words)
        here.sound(time.time() - 1)
        here.silent()
        here.stage.wait_for_timeout(400)
        took = here.stage.evaluate(TAKE)
        labels, bad = labels + took["labels"], bad + took["bad"]
        on = onsets(took["blocks"])
        caption += caption_offsets(took, on)
        shapes += shown(took)
        changes.append(changes_a_second(took["frames"]))
        closed.append(closing(took))
    return {
        "mouth changes a second, least": row(min(changes), ">= 4"),
        "mouth closed after silence, ms": row(1000 * max(closed), "<= 200"),
        "caption beside sound, ms, P95": row(1000 * percentile([abs(o) for o in caption], 0.95)),
        "caption beside sound, ms, median": row(1000 * statistics.median(caption)),
        "caption within 120 ms, share": row(
            sum(abs(o) <= 0.12 for o in caption) / len(caption), "= 1"
        ),
        "visemes as the table says, share": row(sum(shapes) / len(shapes), ">= 0.9"),
        "label uncovered, share of frames": row(1 - bad / labels, "= 1"),
    }


def row(value: float, limit: str = "") -> Figures:
    """A line of the table."""
    return {"value": round(value, 3), "limit": limit}


def onsets(blocks: list[list[float]]) -> list[float]:
    """When sound begins after a hush, on the sound card's clock."""
    found, last = [], -1.0
    for at, level, _ in blocks:
        if level > LOUD:
            if at - last > HUSH:
                found.append(at)
            last = at
    return found


def caption_offsets(took: dict[str, Any], on: list[float]) -> list[float]:
    """For each sentence and each clause: its first character is lit so long after its sound."""
    texts = {one["index"]: one["text"] for one in took["cues"]}
    lit: list[float] = []
    before = (-1, 0)
    for at, _, _, index, _, said, _ in took["frames"]:
        if index >= 0 and (index, said) != before and said:
            text = texts.get(index, "")
            new = range(before[1] if index == before[0] else 0, said)
            if any(place == 0 or re.match("[，。：；？！]", text[place - 1]) for place in new):
                lit.append(at)
            before = (index, said)
    return [min(((at - one) for one in on), key=abs, default=9.0) for at in lit]


def changes_a_second(frames: list[list[Any]]) -> float:
    """Changes of shape while something is said."""
    saying = [frame for frame in frames if frame[6]]
    changes = sum(one[1] != other[1] for one, other in itertools.pairwise(saying))
    return changes / (saying[-1][0] - saying[0][0])


def closing(took: dict[str, Any]) -> float:
    """Seconds from the last sound to closed lips."""
    last = max(at for at, level, _ in took["blocks"] if level > LOUD)
    shut = [frame[0] for frame in took["frames"] if frame[0] > last and frame[2] < 1.0]
    return max(0.0, min(shut, default=last + 9) - last)


def shown(took: dict[str, Any]) -> list[bool]:
    """For each character, whether its initial and a vowel were on the lips in its time."""
    reader, found = Reader.load(), []
    for sentence in took["cues"]:
        (text,) = reader(sentence["text"])
        times = [*sentence["times"], sentence["seconds"]]
        if text.display != text.spoken:
            continue
        frames = [f for f in took["frames"] if f[3] == sentence["index"]]
        for place, pinyin in enumerate(text.pinyin):
            start, end = times[place] - 0.06, times[place + 1] + 0.02
            seen = {frame[1] for frame in frames if start <= frame[4] <= end}
            if pinyin and seen:
                first = initial_of(pinyin)
                found.append(bool(seen & wanted(pinyin)) and (not first or first in seen))
    return found


def latencies(here: Office, asked: int, limit: float = 1.5) -> dict[str, Figures]:
    """From a comment, and from an order, to the first sound."""
    comments, fresh, cached = [], [], []
    for text in ASKED[:asked]:
        here.stage.evaluate(TAKE)
        here.viewer.get_by_label("您的问题").fill(text)
        began = time.time()
        here.viewer.keyboard.press("Enter")
        if (sound := here.sound(began, 8.0)) is not None:
            comments.append(sound)
        here.silent()
    for words in ("请各位网友稍等，马上回来。", "今天的直播到十一点结束。", "窗口周日休息。"):
        for into in (fresh, cached):
            here.stage.evaluate(TAKE)
            if (sound := here.sound(here.say(words), 8.0)) is not None:
                into.append(sound)
            here.silent()
    return {
        f"comment to first sound, s, P95 of {len(comments)}": row(
            percentile(comments, 0.95), f"<= {limit}"
        ),
        "comment to first sound, s, median": row(statistics.median(comments)),
        f"order to first sound, new words, s, worst of {len(fresh)}": row(
            max(fresh), f"<= {limit}"
        ),
        f"order to first sound, cached, s, worst of {len(cached)}": row(max(cached), "<= 0.3"),
    }


def stops(here: Office) -> dict[str, Figures]:
    """From the key of a take-over to silence."""
    found = []
    for words in WORDS[:3]:
        here.stage.evaluate(TAKE)
        here.sound(here.say(words))
        here.stage.wait_for_timeout(1200)
        here.console.locator("#queue").focus()
        began = time.time()
        here.console.keyboard.press("t")
        here.stage.wait_for_timeout(1500)
        blocks = here.stage.evaluate(TAKE)["blocks"]
        after = [at / 1000 - began for _, level, at in blocks if level > LOUD]
        found.append(max([one for one in after if one > 0], default=0.0))
        here.console.keyboard.press("t")
        here.stage.wait_for_timeout(300)
    return {"take-over to silence, ms, worst": row(1000 * max(found), "<= 300")}


def load(here: Office, minutes: float) -> dict[str, Figures]:
    """Frames, CPU and heap of the page's browser while it speaks."""
    cdp = here.stage.context.new_cdp_session(here.stage)
    fps, first = [], heap(cdp)
    here.stage.evaluate("globalThis.probe.blocks.length = 0")
    used, began, number = cpu(here.pids), time.monotonic(), 0
    while time.monotonic() - began < minutes * 60:
        here.say(WORDS[number % len(WORDS)])
        number += 1
        for _ in range(8):
            here.stage.wait_for_timeout(1000)
            fps.append(here.stage.evaluate("globalThis.stage.stage.fps"))
            here.stage.evaluate(TAKE.replace("return found", ""))
    core = (cpu(here.pids) - used) / (time.monotonic() - began)
    here.silent()
    return {
        f"frames a second, P5 over {minutes:g} min": row(percentile(fps, 0.05), ">= 50"),
        "cores used by the page's browser": row(core, "<= 0.6"),
        "heap growth, MB": row((heap(cdp) - first) / 1e6, "<= 20"),
    }


def cpu(pids: set[int]) -> float:
    """CPU seconds of processes so far."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            times = psutil.Process(pid).cpu_times()
            total += times.user + times.system
    return total


def heap(cdp: Any) -> float:
    """Bytes of the page's heap after a collection."""
    cdp.send("HeapProfiler.collectGarbage")
    return float(cdp.send("Runtime.getHeapUsage")["usedSize"])


if __name__ == "__main__":
    main()
