"""OpenAI's speech endpoint on a loopback server: formats, faults, and the way on."""

from pathlib import Path

import pytest
import structlog

from assistant.domain.speech import Voice
from assistant.errors import VoiceFailed
from assistant.voice.cache import AudioCache
from assistant.voice.engines.chain import Chain
from assistant.voice.engines.guarded import Guarded
from assistant.voice.engines.offline import OfflineEngine
from assistant.voice.engines.openai import OpenAISpeech
from assistant.voice.voicing import StoredVoicing, VoicingParts
from tests.models.openai_server import fails, http, openai_server, sends, stalls
from tests.support.speech_server import cuts, says, streams, truncates
from tests.voice.speaking import sentence

pytestmark = pytest.mark.integration
TEXT = sentence("办理居住证，需要本人身份证。")
SECONDS = 12 * 0.25 + 0.3


def engine(url: str) -> OpenAISpeech:
    return OpenAISpeech("tts-1", base_url=url, api_key="secret")


@pytest.mark.parametrize("kind", ["audio/wav", "audio/mpeg", "audio/pcm"])
async def test_it_is_said_in_whatever_format_the_server_has(kind: str) -> None:
    async with openai_server(says(TEXT.spoken, kind)) as server:
        speaker = engine(server.url)
        sound = await speaker.say(TEXT, Voice("female", 20))
        await speaker.close()
    assert sound.seconds == pytest.approx(SECONDS, abs=0.1)
    assert sound.marks == ()
    assert server.requests == [
        {
            "model": "tts-1",
            "voice": "nova",
            "input": TEXT.spoken,
            "response_format": "wav",
            "speed": 1.2,
        }
    ]


async def test_a_streamed_file_that_does_not_know_its_length_is_read() -> None:
    async with openai_server(streams(TEXT.spoken)) as server:
        sound = await engine(server.url).say(TEXT, Voice())
    assert sound.seconds == pytest.approx(SECONDS, abs=0.1)


FAULTS = {
    "refuses": fails("401 Unauthorized"),
    "fails": fails(),
    "too many": fails("429 Too Many Requests"),
    "stalls": stalls(),
    "truncates": truncates(TEXT.spoken),
    "cuts": cuts(TEXT.spoken),
    "garbage": sends(http(b"junk" * 100, kind="audio/wav")),
    "nothing": sends(http(b"", kind="audio/wav")),
    "error page": sends(http(b"<html>", kind="text/html")),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_is_one_error_and_the_other_voice_speaks(
    fault: str, tmp_path: Path
) -> None:
    offline = OfflineEngine()
    async with openai_server(FAULTS[fault]) as server:
        speaker = engine(server.url)
        await speaker.warm()
        chain = Chain([Guarded(speaker, 2.5), Guarded(offline, 3.0)])
        voice = StoredVoicing(VoicingParts(lambda: chain, AudioCache(tmp_path), Voice(), "0" * 27))
        with structlog.testing.capture_logs() as logs:
            speech = await voice(TEXT)
        await speaker.close()
    await offline.close()
    assert speech.engine == "offline"
    (fell,) = [line for line in logs if line["event"] == "voice_fell"]
    assert (fell["engine"], fell["to"]) == ("openai", "offline")
    assert "secret" not in str(logs)


async def test_a_server_that_is_gone() -> None:
    with pytest.raises(VoiceFailed) as failed:
        await engine("http://127.0.0.1:9/v1").say(TEXT, Voice())
    assert failed.value.retryable


async def test_a_wrong_key_is_not_tried_twice() -> None:
    async with openai_server(fails("401 Unauthorized")) as server:
        with pytest.raises(VoiceFailed, match="401"):
            await Guarded(engine(server.url), 2.5).say(TEXT, Voice())
    assert len(server.requests) == 1


async def test_a_text_without_sound_is_not_sent() -> None:
    async with openai_server(stalls()) as server:
        with pytest.raises(VoiceFailed):
            await engine(server.url).say(sentence("……"), Voice())
    assert server.requests == []
    assert "secret" not in repr(engine(server.url))
