"""An office whose stage is pushed to a server: what is said there, and what a viewer gets."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import zxingcpp
from PIL import Image

from assistant.domain.answer import Citation
from assistant.domain.live import Cue, CueKind
from assistant.push.encoder import ffmpeg
from tests.support.live_office import ROOM
from tests.support.small_knowledge import GUIDE
from tests.support.stage_office import StageOffice

COMMAND = "from assistant.cli import main; main()"
KEY = "bench"  # that of `listening`
WORDS = "个体工商户设立登记不收费。" * 4
SHOWN = ("cmdline", "environ")
LABEL = 0.05
"""Of the shorter side: how high letters of the label stand at least (GB 45438-2025)."""


@contextmanager
def received(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A receiver that is ended whatever happens."""
    server = subprocess.Popen(command)
    try:
        yield server
    finally:
        server.kill()
        server.wait()


def until(what: Callable[[], object], seconds: float = 120.0) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.2)


def pushed(office: StageOffice) -> dict[str, object]:
    """What `/health` says of the room's stream."""
    told = httpx.get(f"{office.url}/health", timeout=20, trust_env=False).json()
    return told["push"].get(ROOM, {})


def say(office: StageOffice) -> None:
    link = GUIDE["source_url"]
    cited = Citation(GUIDE["id"], "fee", "不收费", GUIDE["name"], source_url=link)
    now = datetime.now(UTC)
    cue = Cue("cue-1", ROOM, "s", CueKind.ANSWER, WORDS, WORDS, now, citations=(cited,))
    office.do(office.hub.play(cue))


def below(pid: int) -> list[str]:
    """Command lines and environments of all processes below one."""
    found = [text for name in SHOWN for text in of_below(pid, name, r"(?s).+")]
    assert any("chromium" in one for one in found)
    return found


def of_below(pid: int, name: str, pattern: str) -> list[str]:
    """What a file in /proc says of each process below one."""
    found, parents = [], dict(parents_of_all())
    for one in parents:
        if pid in ancestors(one, parents):
            with suppress(OSError):
                found += re.findall(
                    pattern, Path(f"/proc/{one}/{name}").read_text("utf-8", "replace")
                )
    return found


def parents_of_all() -> Iterator[tuple[int, int]]:
    """Each process with its parent; numbers begin anew after 32,768: their order tells nothing."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            held = re.search(r"\) \S+ (\d+)", (entry / "stat").read_text())
            assert held
            yield int(entry.name), int(held[1])


def ancestors(pid: int, parents: Mapping[int, int]) -> Iterator[int]:
    while pid := parents.get(pid, 0):
        yield pid


def seen(file: Path, size: tuple[int, int]) -> float:
    """What a viewer gets: voice, label, a code that leads to the source; frames a second."""
    wide, high = size
    look = [ffmpeg(), "-hide_banner", "-i", str(file), "-af", "volumedetect", "-f", "null", "-"]
    said = subprocess.run(look, capture_output=True, text=True, check=True).stderr
    assert f"{wide}x{high}" in said
    assert float(re.findall(r"max_volume: (-?[\d.]+)", said)[-1]) > -30
    pick = [ffmpeg(), "-v", "error", "-i", str(file), "-vf", "fps=1", "-pix_fmt", "rgb24"]
    data = subprocess.run([*pick, "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    pictures = np.frombuffer(data, np.uint8).reshape(-1, high, wide, 3)
    assert all(has_label(one) for one in pictures)
    codes = {code.text for one in pictures for code in zxingcpp.read_barcodes(Image.fromarray(one))}
    assert codes == {GUIDE["source_url"]}
    frames = int(re.findall(r"frame= *(\d+)", said)[-1])
    minutes, seconds = map(float, re.findall(r"time=\d+:(\d+):([\d.]+)", said)[-1])
    return frames / (minutes * 60 + seconds)


def has_label(picture: np.ndarray) -> bool:
    """Light letters on a dark strip at the lower edge, high enough."""
    shorter = min(picture.shape[:2])
    strip = picture[-round(shorter * 0.075) :].astype(int).mean(axis=2)
    rows = (strip > 200).any(axis=1)
    return bool(np.median(strip) < 70 and rows.sum() >= shorter * LABEL * 0.95)
