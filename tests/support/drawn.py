"""What a viewer sees of pictures in ffmpeg's `yuv420p`, and a stage that is drawn for a test."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from assistant.push.safe.facts import Facts
from assistant.push.safe.painter import Painter
from assistant.push.safe.places import THEMES, Places
from assistant.push.safe.played import Played
from assistant.push.safe.scene import Pictures
from assistant.push.safe.stage import SafeStage

NOW = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
FACTS = Facts("示例县政务服务中心", asks=("居住证怎么办？", "多久能办好？"))


def seen(data: bytes | bytearray, size: tuple[int, int]) -> Image.Image:
    """The picture as RGB (ITU-R BT.709, limited range), by the inverse formula."""
    width, height = size
    whole = np.frombuffer(bytes(data), np.uint8).astype(float)
    count = width * height
    y = (whole[:count].reshape(height, width) - 16) * 255 / 219
    chroma = whole[count:].reshape(2, height // 2, width // 2)
    u, v = ((one.repeat(2, 0).repeat(2, 1) - 128) * 255 / 224 for one in chroma)
    rgb = np.stack([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u], axis=-1)
    return Image.fromarray(rgb.round().clip(0, 255).astype(np.uint8))


class Heard:
    """`Outside`: what a stage tells and asks for."""

    def __init__(self) -> None:
        self.told: list[Mapping[str, Any]] = []
        self.sounds: list[str] = []
        self.slides: list[str] = []
        self.codes: list[str] = []

    def tell(self, message: Mapping[str, Any]) -> None:
        if message["type"] != "status":
            self.told.append(message)

    def load_sound(self, name: str) -> None:
        self.sounds.append(name)

    def load_slide(self, name: str) -> None:
        self.slides.append(name)

    def load_code(self, source: str) -> None:
        self.codes.append(source)

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """What was told of one type."""
        return [one for one in self.told if one["type"] == kind]


def stage_for(outside: Heard, folder: Path, places: Places) -> SafeStage:
    """A stage whose line is up and which speaks."""
    pictures = Pictures()
    painter = Painter(places, THEMES["blue"], "woman", pictures)
    stage = SafeStage(outside, painter, pictures, Played(folder / "said.json"), lambda: NOW)
    stage.know(FACTS)
    stage.connected(on=True)
    stage.take({"type": "notice", "state": "open", "line": "", "topic": "社保专场"})
    stage.take({"type": "role", "speaks": True, "renderer": False})
    return stage


def cue(
    cue_id: str = "c1", text: str = "请带身份证。网上也能办。", **changed: Any
) -> dict[str, Any]:
    """A cue message of two sentences."""
    return {
        "type": "cue",
        "id": cue_id,
        "kind": "answer",
        "text": text,
        "spoken": text,
        "sentences": 2,
        "from": 0,
        "begun": False,
        "position": None,
        "asked_by": 3,
        "question": "居住证要带什么？",
        "viewer": "王**",
        "citations": [],
        "slides": [],
        **changed,
    }


def sentence(index: int, text: str, cue_id: str = "c1", audio: str = "") -> dict[str, Any]:
    """A sentence message: each character takes a tenth of a second."""
    return {
        "type": "sentence",
        "cue_id": cue_id,
        "index": index,
        "text": text,
        "spoken": text,
        "times": [round(at / 10, 3) for at in range(len(text))],
        "seconds": len(text) / 10,
        "mouth": [(0.0, len(text) / 10, "D")],
        "audio": audio,
        "engine": "tone",
    }
