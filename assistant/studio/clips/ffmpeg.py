"""Runs ffmpeg: that of `imageio-ffmpeg` (extra `stream`), else the system's."""

import asyncio
import shutil
from collections.abc import Sequence

import structlog

from assistant.errors import Unavailable

log = structlog.get_logger()
SECONDS = 120.0
"""No clip takes so long; a program that hangs must not hold its job for ever."""
RATE = 25
"""Pictures a second."""
_THREADS = "2"
_QUIET = ("-nostdin", "-hide_banner", "-v", "error", "-y")
_VIDEO = (
    *("-vf", f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,fps={RATE}"),
    *("-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "21"),
    *("-profile:v", "high", "-g", str(2 * RATE), "-threads", _THREADS),
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
)
_AUDIO = ("-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "1")


def found() -> str:
    """The program. Raises Unavailable where there is none."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        path = shutil.which("ffmpeg")
    if path is None:
        hint = "请安装 ffmpeg，或 pip install 'livestream-question-desk[stream]'"
        raise Unavailable("没有 ffmpeg，不能制作短视频", hint=hint)
    return path


async def filmed(program: str, pictures: str, sound: str, seconds: float, to: str) -> None:
    """Pictures (a list for the concat demuxer) and a WAV file to an MP4 file of so many seconds.

    A picture is read once however long it stands. Raises Unavailable where ffmpeg fails.
    """
    read = ("-f", "concat", "-safe", "0", "-i", pictures, "-i", sound)
    written = ("-map_metadata", "-1", "-t", f"{seconds:.3f}", "-movflags", "+faststart", to)
    await ran([program, *_QUIET, *read, *_VIDEO, *_AUDIO, *written])


async def ran(command: Sequence[str], seconds: float = SECONDS) -> None:
    """Run to the end; a program that is not waited for any more is ended.

    It gives way to everything else: a room may be on air beside it.
    """
    polite = shutil.which("nice")
    first = (polite, "-n", "15") if polite else ()
    process = await asyncio.create_subprocess_exec(
        *first, *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            _, told = await process.communicate()
    except TimeoutError as error:
        raise Unavailable("ffmpeg 没有在规定时间内完成") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        log.error("ffmpeg_failed", status=process.returncode, told=told.decode()[-500:])
        raise Unavailable("ffmpeg 出错，没有做成短视频", hint="详情见日志")
