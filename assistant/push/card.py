"""The card that stands on the air while nothing else delivers: encoded once, then only handed on.

It costs no processor, needs no program, and is in the same encoding as everything else.
"""

import asyncio
import io
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import Unavailable
from assistant.push.encoder import ffmpeg
from assistant.push.encoding import KEYFRAME, audio_options, graph, video_options
from assistant.push.flv import HEADER, Kind, Tag, tags
from assistant.push.processes import started
from assistant.push.relay import Relay
from assistant.push.seams import SOUND_RATE, Now, Shape

if TYPE_CHECKING:
    from assistant.push.safe.facts import Facts

ORIGIN = "card"
PATIENCE = 1.0
"""Seconds without a frame after which the card stands in; at once where nothing leads."""
LOOK = 0.2
_RATE = 2
"""Pictures a second: four of them last from one keyframe to the next."""
_SECONDS = 30.0


def drawn(shape: Shape, facts: "Facts") -> bytes:
    """The card's loop as PNG pictures, one after the other."""
    from assistant.push.safe.cards import off_air
    from assistant.push.safe.places import TALL, WIDE

    written = io.BytesIO()
    for one in off_air(TALL if shape.is_portrait else WIDE, facts):
        one.save(written, "PNG")
    return written.getvalue()


async def encoded(shape: Shape, pictures: bytes) -> list[Tag]:
    """The card as tags from one keyframe to just before the next. Raises Unavailable."""
    looks = graph(shape).split(";")
    both = (looks[0].replace("split[video][look]", "null[video]"), looks[2].split(",asplit")[0])
    inputs = ["-f", "image2pipe", "-framerate", str(_RATE), "-i", "pipe:0"]
    inputs += ["-f", "lavfi", "-i", f"anullsrc=r={SOUND_RATE}:cl=stereo"]
    command = [ffmpeg(), "-nostdin", "-hide_banner", "-loglevel", "error", *inputs]
    command += ["-filter_complex", f"{both[0]};{both[1]}[audio]", "-map", "[video]"]
    command += ["-map", "[audio]", *video_options(), *audio_options(), "-map_metadata", "-1"]
    command += ["-t", str(KEYFRAME), "-flvflags", "no_duration_filesize", "-f", "flv", "pipe:1"]
    one = await started("card", command, reads=True, writes=True)
    try:
        async with asyncio.timeout(_SECONDS):
            data, _ = await _talk(one.process, pictures)
    except TimeoutError as error:
        raise Unavailable("停播卡没有做成") from error
    finally:
        await one.stop()
    found = await _read(data)
    if not any(tag.is_keyframe for tag in found):
        raise Unavailable("停播卡没有做成", hint=one.told[-1] if one.told else "")
    return found


class Card:
    """Stands in on a relay whenever it is silent."""

    def __init__(self, relay: Relay, loop: Sequence[Tag], now: Now) -> None:
        self._relay = relay
        self._headers = [one for one in loop if one.is_header]
        self._frames = [one for one in loop if not one.is_header and one.kind is not Kind.DATA]
        self._now = now

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(LOOK)
            if self._is_wanted():
                await self._stand_in()

    def _is_wanted(self) -> bool:
        return not self._relay.origin or self._relay.silent > PATIENCE

    async def _stand_in(self) -> None:
        """Loop until a source leads again."""
        began, length = self._now(), KEYFRAME * 1000
        for one in self._headers:
            self._relay.take(one, ORIGIN)
        for turn in itertools.count():
            for tag in self._frames:
                time = turn * length + tag.time
                await asyncio.sleep(max(0.0, began + time / 1000 - self._now()))
                leads = self._is_wanted()
                if not leads and self._relay.origin != ORIGIN:
                    self._relay.forget(ORIGIN)
                    return
                self._relay.take(tag.at(time), ORIGIN, may_lead=leads)


async def _talk(process: asyncio.subprocess.Process, pictures: bytes) -> tuple[bytes, None]:
    """Give it the pictures and take what it makes; its standard error is read elsewhere."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(pictures)
    process.stdin.close()
    return await process.stdout.read(), None


async def _read(data: bytes) -> list[Tag]:
    if len(data) < len(HEADER):
        return []
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return [tag async for tag in tags(stream)]
