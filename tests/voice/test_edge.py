"""The network voice against a loopback server that speaks its protocol, and every known defect."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import structlog

from assistant.domain.breaker import Breaker
from assistant.domain.speech import Voice
from assistant.errors import VoiceFailed
from assistant.voice.cache import AudioCache
from assistant.voice.engines.chain import Chain
from assistant.voice.engines.edge import LONGEST, EdgeEngine
from assistant.voice.engines.guarded import Guarded
from assistant.voice.engines.offline import OfflineEngine
from assistant.voice.voicing import StoredVoicing, VoicingParts
from tests.support.edge_server import FAULTS, edge_server
from tests.voice.speaking import sentence

pytestmark = pytest.mark.integration
TEXT = sentence("办理居住证，需要本人身份证。")
HEARD = 12


@pytest.fixture(autouse=True)
def loaded() -> None:
    import soundfile  # noqa: F401


@pytest.fixture
def set_url(monkeypatch: pytest.MonkeyPatch):
    return lambda url: monkeypatch.setattr("edge_tts.communicate.WSS_URL", url)


@pytest.fixture
async def offline():
    engine = OfflineEngine()
    yield engine
    await engine.close()


def chain(*engines: object, seconds: float = 2.5) -> Chain:
    return Chain([Guarded(one, seconds, 2, Breaker(failures=3, rest=60)) for one in engines])


async def test_a_sentence_with_its_boundaries(set_url) -> None:
    async with edge_server(set_url) as server:
        sound = await EdgeEngine().say(TEXT, Voice("male", 10))
    assert server.texts == [TEXT.spoken]
    assert sound.sample_rate == 24_000
    assert sound.seconds == pytest.approx(0.25 * HEARD + 0.6, abs=0.15)
    words = [TEXT.spoken[mark.first : mark.last] for mark in sound.marks]
    assert words == ["办理", "居住", "证", "需要", "本人", "身份", "证"]
    assert sound.marks[1].start == pytest.approx(0.5)


async def test_each_sentence_has_a_connection_of_its_own(set_url) -> None:
    engine = EdgeEngine()
    async with edge_server(set_url) as server:
        await asyncio.gather(*(engine.say(TEXT, Voice()) for _ in range(3)))
        await engine.say(TEXT, Voice())
    assert len(server.requests) == 4


@pytest.mark.parametrize("fault", [one for one in FAULTS if one != "truncate"])
async def test_what_goes_wrong_is_one_error(set_url, fault: str) -> None:
    async with edge_server(set_url, always=fault):
        with pytest.raises(VoiceFailed) as failed:
            await Guarded(EdgeEngine(), 2.5, 1).say(TEXT, Voice())
    assert failed.value.retryable


async def test_truncated_sound_raises_nothing_in_the_client_and_is_refused(set_url) -> None:
    async with edge_server(set_url, always="truncate"):
        sound = await EdgeEngine().say(TEXT, Voice())
        assert sound.marks[-1].end > sound.seconds + 0.5
        with pytest.raises(VoiceFailed, match="不完整"):
            await Guarded(EdgeEngine(), 2.5, 1).say(TEXT, Voice())


async def test_one_bad_answer_is_tried_again(set_url) -> None:
    async with edge_server(set_url, "truncate") as server:
        sound = await Guarded(EdgeEngine(), 2.5).say(TEXT, Voice())
    assert sound.engine == "edge"
    assert len(server.texts) == 2


async def test_a_refusal_does_not_shift_the_clock_of_the_process(set_url) -> None:
    from edge_tts.drm import DRM

    wrong = format_datetime(datetime.now(UTC) + timedelta(days=3), usegmt=True)
    before = DRM.clock_skew_seconds
    async with edge_server(set_url, always="refuse", date=wrong):
        with pytest.raises(VoiceFailed, match="403"):
            await EdgeEngine().say(TEXT, Voice())
    assert DRM.clock_skew_seconds == before


async def test_a_clock_that_was_wrong_is_put_right_once_the_service_answers(set_url) -> None:
    from edge_tts.drm import DRM

    before = DRM.clock_skew_seconds
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    try:
        async with edge_server(set_url, "refuse", date=date):
            assert (await EdgeEngine().say(TEXT, Voice())).samples
        assert DRM.clock_skew_seconds - before == pytest.approx(3600, abs=5)
    finally:
        DRM.clock_skew_seconds = before


@pytest.mark.parametrize("spoken", ["", "  ", "。，", "长" * (LONGEST + 1)])
async def test_what_it_would_hang_on_or_cut_never_leaves(set_url, spoken: str) -> None:
    pinyin = ["" if each in "。， " else "chang2" for each in spoken]
    async with edge_server(set_url) as server:
        with pytest.raises(VoiceFailed) as failed:
            await EdgeEngine().say(sentence(spoken, pinyin), Voice())
    assert not failed.value.retryable
    assert server.requests == []


async def test_a_voice_that_it_does_not_know_is_no_sign_of_illness(set_url, offline) -> None:
    async with edge_server(set_url) as server:
        both = chain(EdgeEngine(), offline)
        assert (await both.say(TEXT, Voice("nobody"))).engine == "offline"
    assert server.requests == []
    assert both.states()[0]["state"] == "failing"


async def test_long_text_without_spaces_is_said_whole(set_url) -> None:
    text = sentence("办" * LONGEST, ["ban4"] * LONGEST)
    async with edge_server(set_url):
        sound = await EdgeEngine().say(text, Voice())
    assert sound.marks[-1].last == LONGEST


async def test_after_an_error_the_next_sentence_does_not_hang(set_url) -> None:
    engine = EdgeEngine()
    async with edge_server(set_url, "cut", "garbage", "unknown"):
        for _ in range(3):
            with pytest.raises(VoiceFailed):
                await Guarded(engine, 2.5, 1).say(TEXT, Voice())
        assert (await engine.say(TEXT, Voice())).samples


async def test_markup_in_a_sentence_is_read_not_obeyed(set_url) -> None:
    text = sentence("甲<乙&丙", ["jia3", "", "yi3", "", "bing3"])
    async with edge_server(set_url) as server:
        await EdgeEngine().say(text, Voice())
    assert server.texts == [text.spoken]


@pytest.mark.parametrize("fault", [*FAULTS, "gone"])
async def test_the_viewer_hears_the_other_voice(
    set_url, offline, tmp_path: Path, fault: str
) -> None:
    members = chain(EdgeEngine(), offline)
    voice = StoredVoicing(VoicingParts(lambda: members, AudioCache(tmp_path), Voice(), "0" * 27))
    async with edge_server(set_url, always="" if fault == "gone" else fault) as server:
        assert server.url
        if fault == "gone":
            set_url("ws://127.0.0.1:9/edge/v1?TrustedClientToken=x")
        with structlog.testing.capture_logs() as logs:
            speech = await voice(TEXT)
    assert (speech.engine, bool(speech.audio)) == ("offline", True)
    (fell,) = [line for line in logs if line["event"] == "voice_fell"]
    assert (fell["engine"], fell["to"]) == ("edge", "offline")
    assert fell["reason"]


@pytest.mark.parametrize("fault", ["stall", "cut"])
async def test_without_another_voice_there_are_captions(
    set_url, tmp_path: Path, fault: str
) -> None:
    members = chain(EdgeEngine(), seconds=3.5)
    voice = StoredVoicing(VoicingParts(lambda: members, AudioCache(tmp_path), Voice(), "0" * 27))
    async with edge_server(set_url, always=fault):
        speech = await voice(TEXT)
    assert speech.audio == ""
    assert speech.marks
    assert members.states()[0]["last_failure"]


async def test_a_dead_service_costs_only_the_first_sentences_time(set_url, offline) -> None:
    both = chain(EdgeEngine(), offline)
    async with edge_server(set_url, always="stall") as server:
        for _ in range(3):
            await both.say(TEXT, Voice())
        asked = len(server.requests)
        assert (await both.say(TEXT, Voice())).engine == "offline"
        assert len(server.requests) == asked > 0
    assert both.states()[0]["state"] == "resting"
