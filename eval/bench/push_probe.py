"""A page that flashes and beeps at once, and how far apart both are in a recording of it."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from assistant.push.encoder import ffmpeg

EVERY = 2.0
"""Seconds between two flashes."""
RATE = 8000
FRAMES = 25
_NEAR = 0.6
"""A flash and a beep this near belong together, in seconds."""
PAGE = """<!doctype html><html lang="zh-CN" translate="no"><body style="margin:0;background:#135">
<div id="box" style="position:fixed;inset:0;background:#fff;visibility:hidden"></div>
<div id="dot" style="position:fixed;width:40px;height:40px;background:#fa3"></div><script>
const box = document.getElementById("box"), dot = document.getElementById("dot");
const sound = new AudioContext({ latencyHint: "interactive" });
let painted = 0, next = 1, flashed = -1;
// As the stage does it: what is heard now left the page `outputLatency` ago.
function draw() {
  painted += 1;
  dot.style.transform = `translateX(${painted % 600}px)`;
  while (next * EVERY < sound.currentTime + 1) {
    const tone = sound.createOscillator();
    tone.frequency.value = 1000;
    tone.connect(sound.destination);
    tone.start(next * EVERY);
    tone.stop(next * EVERY + 0.12);
    next += 1;
  }
  const heard = sound.currentTime - (sound.outputLatency || 0);
  const since = heard % EVERY;
  box.style.visibility = heard > 0.5 && since < 0.12 ? "visible" : "hidden";
  requestAnimationFrame(draw);
}
draw();
globalThis.pulse = () => ({ frames: painted, speaks: false, connected: true, moves: true,
  audio: sound.state });
</script></body></html>""".replace("EVERY", str(EVERY))


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The page, whatever is asked for."""
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *said: object) -> None:
        """Nothing."""


@contextmanager
def flashing() -> Iterator[str]:
    """The page's address, while it is served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def offsets(file: Path, since: float, seconds: float) -> list[float]:
    """Milliseconds by which each beep comes after its flash, in a part of a recording.

    A frame shows what was there at its time or up to a frame before: half a frame is taken off.
    """
    where = ("-ss", f"{since:.3f}", "-t", f"{seconds:.3f}", "-i", str(file))
    look = ("-vf", f"scale=1:1,format=gray,fps={FRAMES}:start_time=0", "-f", "rawvideo", "-")
    hear = ("-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", str(RATE))
    light = np.frombuffer(_out(*where, "-an", *look), np.uint8).astype(float)
    heard = _out(*where, "-vn", *hear, "-f", "s16le", "-")
    sound = np.abs(np.frombuffer(heard, "<i2").astype(float))
    flashes = (onsets(light, (light.min() + light.max()) / 2) - 0.5) / FRAMES
    block = RATE // 200
    level = sound[: len(sound) // block * block].reshape(-1, block).max(axis=1)
    beeps = onsets(level, level.max() / 3) * block / RATE
    found = [(beeps[np.abs(beeps - one).argmin()] - one) for one in flashes if len(beeps)]
    return [one * 1000 for one in found if abs(one) < _NEAR]


def onsets(values: np.ndarray, threshold: float) -> np.ndarray:
    """Where a row of values goes above a threshold."""
    above = values > threshold
    return np.flatnonzero(above[1:] & ~above[:-1]) + 1


def _out(*words: str) -> bytes:
    command = [ffmpeg(), "-nostdin", "-v", "error", *words]
    return subprocess.run(command, check=True, capture_output=True).stdout
