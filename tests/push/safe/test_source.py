"""The source without a browser against the real server and the real ffmpeg."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from assistant.domain.answer import Citation
from assistant.domain.live import Asking, Cue, CueKind
from assistant.push.encoder import ffmpeg
from assistant.push.safe.edges import label
from assistant.push.safe.places import TALL, THEMES, WIDE
from assistant.push.safe.source import Room, SafeSource
from assistant.push.seams import FRAMES, LANDSCAPE, PORTRAIT, SOUND_RATE, PictureSource, Shape
from assistant.stage.keys import stage_key
from assistant.stage.labels import LABEL
from tests.support.drawn import NOW
from tests.support.live_office import ROOM
from tests.support.stage_office import StageOffice, stage_office
from tests.support.stage_voice import tone_voice

pytestmark = pytest.mark.integration
WORDS = "请带身份证原件和复印件。网上也能办理。"
LINK = "https://example.gov.cn/licence"
CITED = Citation("licence", "材料", "身份证原件", "办事指南", source_url=LINK)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageOffice]:
    folder = tmp_path_factory.mktemp("safe")
    look = {ROOM: {"stage": {"theme": "jade", "presenter": "man", "phone": "0755-12345678"}}}
    with stage_office(folder, tone_voice(folder / "voice"), rooms=look) as made:
        yield made


def room(office: StageOffice, folder: Path, shape: Shape = LANDSCAPE, key: str = "") -> Room:
    key = key or stage_key(office.house.stage_secret, ROOM)
    return Room(office.url, ROOM, key, folder, shape, lambda: NOW)


def cue(cue_id: str, words: str = WORDS) -> Cue:
    answer = Cue(cue_id, ROOM, "s", CueKind.ANSWER, words, words, NOW)
    return replace(answer, citations=(CITED,), asked_by=3)


def play(office: StageOffice, one: Cue) -> None:
    office.do(office.hub.play(one, Asking("执照要带什么材料？", "王**")))


async def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Wait for it; a test that waits in vain fails here."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - a thread's work is watched
            await asyncio.sleep(0.02)


@asynccontextmanager
async def on_air(source: PictureSource) -> AsyncIterator[list[bytes]]:
    """The stream of a source while a block runs."""
    stream, taken = await source.start(), list[bytes]()

    async def take() -> None:
        while data := await stream.read(1 << 16):
            taken.append(data)

    taking = asyncio.create_task(take())
    try:
        yield taken
    finally:
        await source.stop()
        await taking


def heard(office: StageOffice, cue_id: str) -> int:
    said = office.hub.progress(cue_id)
    return said.heard if said else 0


def in_stream(taken: list[bytes], file: Path, *options: str) -> bytes:
    """What ffmpeg makes of the stream."""
    file.write_bytes(b"".join(taken))
    command = [ffmpeg(), "-v", "error", "-i", str(file), *options, "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def sound_of(taken: list[bytes], file: Path) -> np.ndarray:
    return np.frombuffer(in_stream(taken, file, "-f", "s16le", "-ac", "1"), "<i2")


@pytest.mark.parametrize(("shape", "places"), [(LANDSCAPE, WIDE), (PORTRAIT, TALL)])
async def test_three_seconds_hold_both_streams_the_code_and_the_label(
    office: StageOffice, tmp_path: Path, shape: Shape, places: object
) -> None:
    source = SafeSource(room(office, tmp_path, shape), time.monotonic)
    async with on_air(source) as taken:
        await until(lambda: source.stage.is_connected)
        name = f"code-{shape.width}"
        play(office, cue(name))
        await until(lambda: heard(office, name) > 3)
        handed = source.stage.frames
        await until(lambda: source.stage.frames > handed + 3 * FRAMES)
        readings = source.readings()
    assert readings.faults == ()
    assert readings.picture is not None
    assert readings.picture.contrast > 10
    file = tmp_path / "stream.flv"
    size = shape.width * shape.height * 3
    pictures = in_stream(taken, file, "-f", "rawvideo", "-pix_fmt", "rgb24", "-r", "5")
    assert len(pictures) >= 3 * 5 * size
    frames = [
        Image.frombytes("RGB", (shape.width, shape.height), pictures[at : at + size])
        for at in range(0, len(pictures), size)
    ]
    codes = [{one.text for one in zxingcpp.read_barcodes(frame)} for frame in frames]
    assert {LINK} in codes
    strip = np.asarray(frames[-1].crop(places.label).convert("L"), float)  # type: ignore[attr-defined]
    wanted = np.asarray(label(LABEL, places, THEMES["jade"]).convert("L"), float)  # type: ignore[arg-type]
    assert abs(strip - wanted).mean() < 8
    sound = sound_of(taken, file)
    assert len(sound) / SOUND_RATE >= 3
    assert np.abs(sound).max() > 4000


async def test_a_cue_is_said_to_its_end_and_acknowledged(
    office: StageOffice, tmp_path: Path
) -> None:
    source = SafeSource(room(office, tmp_path), time.monotonic)
    async with on_air(source) as taken:
        await until(lambda: office.hub.lines.speaker is not None)
        play(office, cue("whole", "请带身份证。"))
        await until(lambda: heard(office, "whole") > 0)
        assert source.readings().page.speaks  # type: ignore[union-attr]
        await until(lambda: office.hub.progress("whole") is None)
        assert source.stage.player.cue is None
    sound = sound_of(taken, tmp_path / "stream.flv")
    loud = np.abs(sound) > 2000
    assert loud.sum() / SOUND_RATE > 0.4  # five syllables of 0.16 s of a tone


async def test_an_interruption_silences_it_and_tells_how_far_it_was_heard(
    office: StageOffice, tmp_path: Path
) -> None:
    source = SafeSource(room(office, tmp_path), time.monotonic)
    async with on_air(source):
        await until(lambda: office.hub.lines.speaker is not None)
        play(office, cue("cut"))
        await until(lambda: heard(office, "cut") > 2)
        said = await asyncio.to_thread(lambda: office.do(office.hub.stop()))
        assert said is not None
        assert 2 < said.heard < len(WORDS)
        await until(lambda: not source.stage.speaks)
        frames = source.stage.frames
        await until(lambda: source.stage.frames > frames + FRAMES)
        reading = source.readings().sound
        assert reading is not None


async def test_a_line_that_breaks_is_taken_up_again_and_nothing_is_said_twice(
    office: StageOffice, tmp_path: Path
) -> None:
    source = SafeSource(room(office, tmp_path), time.monotonic)
    async with on_air(source):
        await until(lambda: office.hub.lines.speaker is not None)
        play(office, cue("broken", WORDS * 3))
        await until(lambda: heard(office, "broken") > 3)
        first = office.hub.lines.speaker
        assert first is not None
        office.do(_ended(first))
        await until(lambda: office.hub.lines.speaker not in {None, first})
        begun = source.stage.player.cue
        assert begun is not None
        assert begun["id"] == "broken"
        before = heard(office, "broken")
        await until(lambda: heard(office, "broken") > before + 3)
        office.do(office.hub.stop())


async def _ended(line: object) -> None:
    line.end()  # type: ignore[attr-defined]


async def test_a_retired_key_speaks_for_nobody(office: StageOffice, tmp_path: Path) -> None:
    retired = stage_key(b"the secret before this one", ROOM)
    source = SafeSource(room(office, tmp_path, key=retired), time.monotonic)
    async with on_air(source):
        await until(lambda: source.stage.is_connected and office.hub.pages)
        assert office.hub.lines.speaker is None
        play(office, cue("retired", "请带身份证。"))
        await until(lambda: source.stage.player.cue is not None)
        await until(lambda: source.stage.player.cue is None)
        assert not source.stage.may_speak
    assert not list(tmp_path.glob("*-said.json"))


async def test_what_the_room_looks_like_is_kept_for_the_card(
    office: StageOffice, tmp_path: Path
) -> None:
    on = room(office, tmp_path)
    async with on_air(SafeSource(on, time.monotonic)):
        await until(on.facts_file.exists)
    assert (on.facts.theme, on.facts.presenter) == ("jade", "man")
    assert (on.facts.room, on.facts.phone) == ("清溪县政务直播间", "0755-12345678")


async def test_an_encoder_that_ends_is_told_as_a_fault(office: StageOffice, tmp_path: Path) -> None:
    source = SafeSource(room(office, tmp_path), time.monotonic)
    await source.start()
    started = source._drawing.encoder.started
    assert started is not None
    started.process.kill()
    await until(lambda: "ffmpeg" in source.readings().faults)
    await source.stop()
    await source.stop()
