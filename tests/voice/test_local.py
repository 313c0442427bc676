"""A model by the path of its folder, with the real library.

`tiny_vits` is a whole VITS model in 726 bytes that says a tone of 0.25 s for each token.
"""

import shutil
from pathlib import Path

import pytest

from assistant.domain.speech import Voice
from assistant.errors import ConfigurationError, VoiceFailed
from assistant.voice.engines.guarded import Guarded
from assistant.voice.engines.local import LocalEngine
from assistant.voice.engines.sherpa import config_of
from tests.voice.speaking import sentence

pytestmark = pytest.mark.integration
FOLDER = Path(__file__).parent / "tiny_vits"
TEXT = sentence("办理居住证，五天。")


@pytest.fixture
async def engine():
    made = LocalEngine(FOLDER)
    yield made
    await made.close()


async def test_it_says_a_sentence_faster_where_asked(engine: LocalEngine) -> None:
    await engine.warm()
    usual = await engine.say(TEXT, Voice())
    fast = await engine.say(TEXT, Voice(rate_percent=50))
    assert usual.sample_rate == 24_000
    assert usual.seconds > 2
    assert fast.seconds == pytest.approx(usual.seconds / 1.5, abs=0.01)
    assert usual.marks == ()


async def test_a_text_without_sound_is_not_given_to_it(engine: LocalEngine) -> None:
    with pytest.raises(VoiceFailed):
        await engine.say(sentence("……"), Voice())


async def test_its_version_is_that_of_the_model(engine: LocalEngine, tmp_path: Path) -> None:
    other = tmp_path / "tiny_vits"
    shutil.copytree(FOLDER, other)
    assert LocalEngine(other).version == engine.version
    with (other / "model.onnx").open("ab") as file:
        file.write(b"x")
    assert LocalEngine(other).version != engine.version


async def test_a_folder_without_a_model_is_a_matter_of_configuration(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ConfigurationError, match="本地语音模型"):
            LocalEngine(folder)
    (tmp_path / "model.onnx").write_bytes(b"")
    with pytest.raises(ConfigurationError):  # no tokens.txt
        LocalEngine(tmp_path)


async def test_files_that_are_missing_are_one_error_for_the_chain(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "m")
    (tmp_path / "m" / "lexicon.txt").unlink()
    engine = LocalEngine(tmp_path / "m")
    with pytest.raises(VoiceFailed):  # the library ends the process that it is in
        await Guarded(engine, 20.0, 1).say(TEXT, Voice())
    await engine.close()


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (["model.onnx"], "vits"),
        (["model-steps-3.onnx", "vocos-22khz-univ.onnx"], "matcha"),
        (["model.int8.onnx", "model.onnx", "voices.bin"], "kokoro"),
    ],
)
def test_the_kind_of_a_model_is_known_by_its_files(tmp_path: Path, files, kind) -> None:
    import sherpa_onnx

    for name in [*files, "tokens.txt", "lexicon-us-en.txt", "lexicon-zh.txt"]:
        (tmp_path / name).write_bytes(b"")
    model = getattr(config_of(tmp_path, sherpa_onnx).model, kind)
    chosen = model.acoustic_model if kind == "matcha" else model.model
    assert chosen == str(tmp_path / ("model.onnx" if kind == "kokoro" else files[0]))
    assert model.lexicon.count(",") == 1
