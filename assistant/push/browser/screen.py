"""A screen and a sound card of the group's own; nobody else on this machine may use them."""

import asyncio
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import Unavailable
from assistant.push.processes import Started, program, started
from assistant.push.seams import Shape

SINK = "air"
SOUND_RATE = 44_100
PAINTING = 0.04
"""Seconds from the moment a page paints for to the screen: what is heard waits for it (measured
with eval.bench.push_bench)."""
_PATIENCE = 15.0
_LOOK = 0.1
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_ANY_HOST = 0xFFFF
_HINT = "apt-get install xvfb pulseaudio"


async def screen(folder: Path, shape: Shape, env: dict[str, str]) -> Started:
    """An X server on a free display, which it says itself; `DISPLAY` comes into the environment.

    Only who has the cookie in the group's folder may connect. Raises Unavailable.
    """
    env["XAUTHORITY"] = str(_authority(folder))
    reads, writes = os.pipe()
    size = f"{shape.width}x{shape.height}x24"
    command = [program("Xvfb", hint=_HINT), "-displayfd", str(writes), "-screen", "0", size]
    command += ["-nolisten", "tcp", "-noreset", "-auth", env["XAUTHORITY"]]
    try:
        one = await started("xvfb", command, env=env, pipes=(writes,))
    finally:
        os.close(writes)
    try:
        number = await _first_line(reads)
    except TimeoutError as error:
        await one.stop()
        raise Unavailable("虚拟屏幕没有启动", hint=_last(one)) from error
    if not number.isdigit():
        await one.stop()
        raise Unavailable("虚拟屏幕没有启动", hint=_last(one))
    env["DISPLAY"] = f":{number}"
    return one


async def sound_card(folder: Path, env: dict[str, str]) -> Started:
    """PulseAudio with one null sink; `PULSE_SERVER` comes into the environment."""
    card = folder / "pulse.sock"
    sink = f"module-null-sink sink_name={SINK} rate={SOUND_RATE} channels=2"
    door = f"module-native-protocol-unix socket={card} auth-anonymous=1"
    command = [program("pulseaudio", hint=_HINT), "-n", "--daemonize=no", "--use-pid-file=no"]
    command += ["--exit-idle-time=-1", "--disallow-exit", "--log-target=stderr"]
    command += ["--realtime=no", "--high-priority=no", "-L", sink, "-L", door]
    env["PULSE_SERVER"] = f"unix:{card}"
    one = await started("pulseaudio", command, env=env)
    try:
        async with asyncio.timeout(_PATIENCE):
            while not _answers(card) and not one.has_ended:  # noqa: ASYNC110 - a file comes
                await asyncio.sleep(_LOOK)
    except TimeoutError as error:
        await one.stop()
        raise Unavailable("虚拟声卡没有启动", hint=_last(one)) from error
    if one.has_ended:
        raise Unavailable("虚拟声卡没有启动", hint=_last(one))
    return one


def grabbed(shape: Shape, env: Mapping[str, str]) -> list[str]:
    """Ffmpeg's inputs: the screen and what the sink plays, on one clock."""
    size = f"{shape.width}x{shape.height}"
    picture = ["-f", "x11grab", "-thread_queue_size", "64", "-framerate", "25", "-draw_mouse", "0"]
    picture += ["-video_size", size, "-i", f"{env['DISPLAY']}.0+0,0"]
    sound = ["-f", "pulse", "-thread_queue_size", "1024", "-isync", "0"]
    sound += ["-sample_rate", str(SOUND_RATE), "-channels", "2", "-i", f"{SINK}.monitor"]
    return picture + sound


def _authority(folder: Path) -> Path:
    """A cookie that counts from every host; a file of mode 600 in a folder of mode 700."""
    file = folder / "Xauthority"
    fields = (b"", b"", _COOKIE, secrets.token_bytes(16))
    data = _ANY_HOST.to_bytes(2, "big")
    data += b"".join(len(one).to_bytes(2, "big") + one for one in fields)
    file.touch(0o600)
    file.write_bytes(data)
    return file


async def _first_line(pipe: int) -> str:
    """What comes through a pipe up to the end of the line. Raises TimeoutError."""
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb", buffering=0)
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            return (await stream.readline()).decode().strip()
    finally:
        transport.close()


def _answers(card: Path) -> bool:
    if not card.exists():
        return False
    with socket.socket(socket.AF_UNIX) as door:
        return door.connect_ex(str(card)) == 0


def _last(one: Started) -> str:
    return one.told[-1] if one.told else ""
