"""A page that moves and sounds, served on loopback; RTMP servers of their own."""

import asyncio
import http.server
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.push.card import drawn, encoded
from assistant.push.encoder import ffmpeg
from assistant.push.flv import Tag
from assistant.push.safe.facts import Facts
from assistant.push.seams import LANDSCAPE
from tests.push.ordinary_user import needs_namespaces, python

PAGE = """<!doctype html><html lang="zh-CN"><body style="margin:0;background:#135;color:#fff">
<div id="box" style="width:90px;height:90px;background:#fff"></div><script>
let n = 0;
const box = document.getElementById("box"), sound = new AudioContext();
const tone = sound.createOscillator();
tone.connect(sound.destination);
tone.start();
function draw() { n += 1; box.style.marginLeft = `${n % 900}px`; requestAnimationFrame(draw); }
draw();
globalThis.pulse = () => ({ frames: n, speaks: true, connected: true, moves: true,
  audio: sound.state });
</script></body></html>"""


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture(scope="session")
def page() -> Iterator[str]:
    """The address of the page."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def screen() -> None:
    """The programs of the browser's group; without one the test is skipped."""
    for name in ("Xvfb", "pulseaudio", "chromium"):
        if shutil.which(name) is None:
            pytest.skip(f"no {name}")


@pytest.fixture
def ordinary_user() -> None:
    """Whoever `command_of` runs things as may run ours and hold a browser; else it is skipped."""
    needs_namespaces()
    python()


@pytest.fixture(scope="session")
def card() -> list[Tag]:
    """Two seconds of the card, encoded as everything is."""
    return asyncio.run(encoded(LANDSCAPE, drawn(LANDSCAPE, Facts("清溪县政务直播间"))))


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[tuple[str, Path]]:
    """ffmpeg as an RTMP server for one stream: its URL without the key `k1`, and its recording."""
    with_port = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = with_port.sockets[0].getsockname()[1]
    with_port.close()
    await with_port.wait_closed()
    url, file = f"rtmp://127.0.0.1:{port}/live", folder / "received.flv"
    command = [ffmpeg(), "-v", "error", "-y", "-listen", "1", "-i", f"{url}/k1", "-c", "copy"]
    process = await asyncio.create_subprocess_exec(*command, str(file))
    try:
        yield url, file
        await asyncio.wait_for(process.wait(), 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def described(file: Path) -> str:
    """What ffmpeg says of a file after it has decoded all of it."""
    command = [ffmpeg(), "-hide_banner", "-i", str(file), "-f", "null", "-"]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    return (await process.communicate())[1].decode()


async def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for something to be so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not what():  # noqa: ASYNC110 - other processes tell nobody
            await asyncio.sleep(0.05)
