"""A speech model on this machine, by the path of its folder (sherpa-onnx; extra `local-voice`).

The folder is one of those that sherpa-onnx publishes: VITS (`model.onnx`), Matcha (with a
`vocos*.onnx`) or Kokoro (with `voices.bin`), each with `tokens.txt`.
"""

import asyncio
import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

from assistant.domain.speech import Sound, SpokenText, Voice
from assistant.errors import ConfigurationError, VoiceFailed
from assistant.voice.engines.sherpa import model_file
from assistant.voice.engines.worker import Worker
from assistant.voice.timeline import sounding

_READ = 1024 * 1024
"""Bytes of a model by which it is told from another one."""
_SAYS, _LOADS = 10.0, 60.0
"""Seconds for a sentence, and for loading; the chain is less patient with what is on air."""


class LocalEngine:
    """Reads a sentence with a model of this machine, in a helping process; tells no boundaries.

    Raises ConfigurationError for a folder that holds no such model. `warm` loads it; a sentence
    that is asked for meanwhile waits no longer than its caller does.
    """

    name = "local"

    def __init__(self, folder: Path, worker: Worker | None = None) -> None:
        model = model_file(folder)
        if model is None or not (folder / "tokens.txt").is_file():
            hint = "应是 sherpa-onnx 发布的模型文件夹（*.onnx 和 tokens.txt）"
            raise ConfigurationError(f"本地语音模型不可用：{folder}", hint=hint)
        if find_spec("sherpa_onnx") is None:
            raise ConfigurationError("没有安装 sherpa-onnx", hint="pip install '.[local-voice]'")
        command = (sys.executable, "-m", "assistant.voice.engines.sherpa", str(folder))
        self.version = f"{folder.name} {_digest(model)}"
        self._worker = worker or Worker(command, _SAYS, _LOADS)

    async def warm(self) -> None:
        """Load the model. Raises VoiceFailed."""
        await self._worker.ask({"text": "好", "speaker": 0, "speed": 1.0})

    async def say(self, text: SpokenText, voice: Voice) -> Sound:
        """The sound of a sentence. `voice.name` is a speaker's number. Raises VoiceFailed."""
        if not sounding(text):
            raise VoiceFailed("没有可读的文字", retryable=False)
        asked = {
            "text": text.spoken,
            "speaker": int(voice.name) if voice.name.isdecimal() else 0,
            "speed": (100 + voice.rate_percent) / 100,
        }
        told, samples = await asyncio.shield(asyncio.ensure_future(self._worker.ask(asked)))
        return Sound(samples, int(told["sample_rate"]))

    async def close(self) -> None:
        """End the helping process."""
        await self._worker.close()


def _digest(model: Path) -> str:
    with model.open("rb") as file:
        return hashlib.sha256(file.read(_READ)).hexdigest()[:8]
