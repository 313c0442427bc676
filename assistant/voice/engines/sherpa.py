"""A sherpa-onnx model in a process of its own: `python -m …engines.sherpa FOLDER`.

The library ends the process it is in where a file of the model is wrong; here that is a worker.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from assistant.voice.engines.serving import work


class Sherpa:
    """The model of a folder, loaded."""

    def __init__(self, folder: Path) -> None:
        import sherpa_onnx

        self._model = sherpa_onnx.OfflineTts(config_of(folder, sherpa_onnx))

    def say(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Synthesise `text`: what the reply says of it, and its samples."""
        made = self._model.generate(
            str(asked["text"]), sid=int(asked["speaker"]), speed=float(asked["speed"])
        )
        samples = np.clip(np.asarray(made.samples, dtype=np.float64), -1, 32767 / 32768)
        body = (samples * 32768).round().astype("<i2").tobytes()
        return {"sample_rate": int(made.sample_rate)}, body


def config_of(folder: Path, sherpa: Any) -> Any:
    """What the library is told of a model: its kind is known by its files."""
    common = {
        "tokens": str(folder / "tokens.txt"),
        "lexicon": ",".join(str(each) for each in sorted(folder.glob("lexicon*.txt"))),
        "data_dir": _if_there(folder / "espeak-ng-data"),
    }
    main, voices, vocoder = str(model_file(folder)), folder / "voices.bin", vocoder_of(folder)
    if voices.exists():
        kind = "kokoro"
        model = sherpa.OfflineTtsKokoroModelConfig(model=main, voices=str(voices), **common)
    elif vocoder:
        kind = "matcha"
        model = sherpa.OfflineTtsMatchaModelConfig(
            acoustic_model=main, vocoder=str(vocoder), **common
        )
    else:
        kind = "vits"
        model = sherpa.OfflineTtsVitsModelConfig(model=main, **common)
    chosen = sherpa.OfflineTtsModelConfig(**{kind: model}, num_threads=1)
    return sherpa.OfflineTtsConfig(model=chosen)


def model_file(folder: Path) -> Path | None:
    """The model itself, whole rather than quantised; None where there is none."""
    models = [each for each in sorted(folder.glob("*.onnx")) if each != vocoder_of(folder)]
    whole = [each for each in models if "int8" not in each.name]
    found = [*whole, *models]
    return found[0] if found else None


def vocoder_of(folder: Path) -> Path | None:
    """The second half of a Matcha model."""
    found = [*sorted(folder.glob("vocos*.onnx")), *sorted(folder.glob("hifigan*.onnx"))]
    return found[0] if found else None


def _if_there(path: Path) -> str:
    return str(path) if path.exists() else ""


if __name__ == "__main__":
    work(Sherpa(Path(sys.argv[1])).say)
