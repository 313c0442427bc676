"""What is encoded, and what the watchers' pipes tell of it; with the real ffmpeg."""

import asyncio
import itertools
import os
import time

import numpy as np
import pytest

from assistant.push.encoder import Encoder
from assistant.push.encoding import view_of
from assistant.push.seams import LANDSCAPE, PORTRAIT, Shape
from assistant.push.watching import QUIET, PictureWatch, SoundWatch

pytestmark = pytest.mark.integration
SMALL = view_of(LANDSCAPE)


def plain(level: int) -> bytes:
    return bytes([level]) * (SMALL.width * SMALL.height * 3)


def test_a_still_picture_has_not_moved_since_it_last_differed() -> None:
    ticks = itertools.count()
    watch = PictureWatch(LANDSCAPE, lambda: float(next(ticks)))
    for level in (0, 0, 200, 200, 200):
        watch.see(plain(level))
    assert watch.reading is not None
    assert watch.reading.moved_at == 2.0
    assert watch.reading.at == 4.0
    assert watch.reading.brightness == pytest.approx(200)
    assert watch.reading.contrast == 0


def test_one_small_thing_that_moves_is_a_moving_picture() -> None:
    ticks = itertools.count()
    watch = PictureWatch(LANDSCAPE, lambda: float(next(ticks)))
    watch.see(plain(10))
    dot = bytearray(plain(10))
    dot[300:303] = b"\x40\x40\x40"
    watch.see(bytes(dot))
    assert watch.reading is not None
    assert watch.reading.moved_at == 1.0


def test_a_quiet_voice_is_heard_and_silence_is_not() -> None:
    watch = SoundWatch(lambda: 7.0)
    watch.hear(bytes(8000))
    assert watch.reading is not None
    assert watch.reading.heard_at == -float("inf")
    voice = (np.sin(np.arange(4000) / 5) * 400).astype("<i2")
    watch.hear(voice.tobytes())
    assert watch.reading.level > QUIET
    assert watch.reading.heard_at == 7.0


@pytest.mark.parametrize("shape", [LANDSCAPE, PORTRAIT])
async def test_a_source_is_encoded_and_watched(shape: Shape) -> None:
    encoder = Encoder(shape, time.monotonic)
    inputs = ["-f", "lavfi", "-i", f"testsrc2=s={shape.width}x{shape.height}:r=25"]
    inputs += ["-f", "lavfi", "-i", "sine=440:r=44100"]
    stream = await encoder.start(inputs)
    try:
        assert await stream.readexactly(3) == b"FLV"
        while encoder.picture is None or encoder.sound is None:
            assert await stream.read(65536)
        assert encoder.picture.contrast > 10
        assert encoder.sound.level > QUIET
        assert (encoder.preview() or b"").startswith(b"\xff\xd8")
    finally:
        await encoder.stop()
    assert encoder.has_ended


async def test_pictures_and_sound_may_come_through_pipes() -> None:
    pictures, sounds = os.pipe(), os.pipe()
    encoder = Encoder(LANDSCAPE, time.monotonic)
    inputs = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "1280x720", "-r", "25"]
    inputs += ["-i", f"pipe:{pictures[0]}"]
    inputs += ["-f", "s16le", "-ar", "44100", "-ac", "1", "-i", f"pipe:{sounds[0]}"]
    stream = await encoder.start(inputs, pipes=(pictures[0], sounds[0]))
    os.close(pictures[0])
    os.close(sounds[0])

    def feed(pipe: int, data: bytes) -> None:
        with os.fdopen(pipe, "wb") as to:
            for _ in range(50):
                to.write(data)

    try:
        feeding = asyncio.gather(
            asyncio.to_thread(feed, pictures[1], bytes([90]) * (1280 * 720 * 3)),
            asyncio.to_thread(feed, sounds[1], bytes(44100 * 2 // 25)),
        )
        data = await stream.read()
        await feeding
    finally:
        await encoder.stop()
    assert data.startswith(b"FLV")
    assert encoder.picture is not None
    assert encoder.picture.contrast < 2
