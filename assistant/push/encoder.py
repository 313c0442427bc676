"""ffmpeg, from whatever inputs, to the stream and the watchers' pipes."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

from assistant.push.encoding import graph, outputs
from assistant.push.processes import Started, program, started, stop_all
from assistant.push.seams import Now, PictureReading, Shape, SoundReading
from assistant.push.watching import PictureWatch, SoundWatch

_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "warning")


def ffmpeg() -> str:
    """That of `imageio-ffmpeg` (extra `stream`), else the system's. Raises Unavailable."""
    with suppress(ImportError, RuntimeError):
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    hint = "请安装 ffmpeg，或 pip install 'livestream-question-desk[stream]'"
    return program("ffmpeg", hint=hint)


class Encoder:
    """One run of ffmpeg. Input 0 is the picture, input 1 the sound."""

    def __init__(self, shape: Shape, now: Now, command: str | None = None) -> None:
        self._shape = shape
        self._command = command or ffmpeg()
        self._pictures = PictureWatch(shape, now)
        self._sounds = SoundWatch(now)
        self._watching: list[asyncio.Task[None]] = []
        self._pipes: list[asyncio.BaseTransport] = []
        self.started: Started | None = None

    @property
    def picture(self) -> PictureReading | None:
        """The newest reading of the picture."""
        return self._pictures.reading

    @property
    def sound(self) -> SoundReading | None:
        """The newest reading of the sound."""
        return self._sounds.reading

    @property
    def has_ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self.started is not None and self.started.has_ended

    def preview(self) -> bytes | None:
        """A small JPEG of what is encoded now."""
        return self._pictures.jpeg()

    async def start(
        self,
        inputs: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        pipes: Sequence[int] = (),
        late: float = 0.0,
    ) -> asyncio.StreamReader:
        """Begin; gives the FLV stream. Raises Unavailable.

        `inputs` are ffmpeg's options up to both `-i`; `pipes` the numbers of the pipes that they
        name: the caller closes its own ends of them afterwards. The sound is put off by `late`
        seconds.
        """
        view, level = os.pipe(), os.pipe()
        try:
            command = [self._command, *_QUIET, *inputs, "-filter_complex", graph(self._shape, late)]
            command += outputs(view[1], level[1])
            given = (*pipes, view[1], level[1])
            self.started = await started("ffmpeg", command, env=env, pipes=given, reads=True)
        except BaseException:
            os.close(view[0])
            os.close(level[0])
            raise
        finally:
            os.close(view[1])
            os.close(level[1])
        views, levels = await self._reader(view[0]), await self._reader(level[0])
        watches = (self._pictures.watch(views), self._sounds.watch(levels))
        self._watching = [asyncio.create_task(one) for one in watches]
        stream = self.started.process.stdout
        assert stream is not None
        return stream

    async def stop(self) -> None:
        """End it; may be called twice."""
        if self.started is not None:
            await stop_all([self.started])
        for pipe in self._pipes:
            pipe.close()
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    async def _reader(self, pipe: int) -> asyncio.StreamReader:
        reader = asyncio.StreamReader(limit=2**20)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb", buffering=0)
        )
        self._pipes.append(transport)
        return reader
