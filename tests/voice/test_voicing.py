"""Sentence to speech: cached, said, or captions only; never raising."""

import asyncio
from pathlib import Path

import pytest
import structlog

from assistant.domain.breaker import Breaker
from assistant.domain.speech import Sound, Voice
from assistant.printing.marking import label_in
from assistant.voice.cache import AudioCache
from assistant.voice.engines.chain import Chain
from assistant.voice.engines.guarded import Guarded
from assistant.voice.sound import LOUDNESS, measure, read_wav
from assistant.voice.voicing import StoredVoicing, VoicingParts
from tests.voice.speaking import ScriptedEngine, failing, sentence, silence, tone

pytestmark = pytest.mark.integration
TEXT = sentence("居住证，五个工作日办结。")


def guarded(engine: ScriptedEngine, seconds: float = 1.0, tries: int = 1) -> Guarded:
    return Guarded(engine, seconds, tries, Breaker(failures=2, rest=60))


def voicing(folder: Path, *members: Guarded, off: bool = False) -> StoredVoicing:
    chain = None if off else Chain(members)
    return StoredVoicing(VoicingParts(lambda: chain, AudioCache(folder), Voice(), "1" * 27))


async def test_it_is_said_once_and_then_found(tmp_path: Path) -> None:
    engine = ScriptedEngine("one", marks=True)
    voice = voicing(tmp_path, guarded(engine))
    first = await voice(TEXT, ("guide-1",))
    assert await voice(TEXT, ("guide-1",)) == first
    assert await voicing(tmp_path, guarded(engine))(TEXT) == first
    assert len(engine.asked) == 1
    assert (first.engine, first.version) == ("one", "1")
    assert len(first.marks) == sum(1 for each in TEXT.pinyin if each)
    assert first.mouth[-1].end == pytest.approx(first.seconds)


async def test_its_file_is_labelled_level_and_as_long_as_it_says(tmp_path: Path) -> None:
    body = silence(0.5) + tone(2.0, loud=0.05) + silence(0.9)
    engine = ScriptedEngine("one", Sound(body, 24_000))
    voice = voicing(tmp_path, guarded(engine))
    speech = await voice(TEXT)
    data = voice.file(speech.audio).read_bytes()
    assert label_in("wav", data).producer == "1" * 27
    sound = read_wav(data)
    assert sound.seconds == pytest.approx(speech.seconds)
    assert sound.seconds == pytest.approx(2.0 + 0.35, abs=0.05)
    assert measure(sound).loudness == pytest.approx(LOUDNESS, abs=0.5)
    assert voice.file("f" * 40 + ".wav") is None


async def test_the_same_sentence_at_once_is_said_once(tmp_path: Path) -> None:
    engine = ScriptedEngine("one", 0.1)
    voice = voicing(tmp_path, guarded(engine))
    speeches = await asyncio.gather(*(voice(TEXT, (f"s{n}",)) for n in range(20)))
    assert len(engine.asked) == 1
    assert len(set(speeches)) == 1
    assert await voice.forget(["s17"]) == 1
    assert voice.file(speeches[0].audio) is None


async def test_one_who_waits_may_go_without_the_others_losing_it(tmp_path: Path) -> None:
    voice = voicing(tmp_path, guarded(ScriptedEngine("one", 0.2)))
    leaving = asyncio.create_task(voice(TEXT))
    staying = asyncio.create_task(voice(TEXT))
    await asyncio.sleep(0.05)
    leaving.cancel()
    assert (await staying).audio


@pytest.mark.parametrize("wrong", [failing(), RuntimeError("bug"), 5.0])
async def test_without_a_sound_there_are_captions_and_the_log_says_why(tmp_path, wrong) -> None:
    voice = voicing(tmp_path, guarded(ScriptedEngine("one", wrong), 0.2))
    with structlog.testing.capture_logs() as logs:
        speech = await voice(TEXT)
    assert speech.audio == ""
    assert speech.seconds > 2
    assert len(speech.marks) == 10
    assert {one.shape.value for one in speech.mouth} == {"X"}
    assert {"voice_fell", "voice_failed"} & {line["event"] for line in logs}


async def test_voice_off_and_a_text_without_sound_are_captions(tmp_path: Path) -> None:
    assert (await voicing(tmp_path, off=True)(TEXT)).audio == ""
    engine = ScriptedEngine("one")
    assert (await voicing(tmp_path, guarded(engine))(sentence("……"))).audio == ""
    assert engine.asked == []


async def test_a_better_engine_speaks_again_when_it_is_back(tmp_path: Path) -> None:
    better, other = ScriptedEngine("net", failing()), ScriptedEngine("offline")
    voice = voicing(tmp_path, guarded(better), guarded(other))
    assert (await voice(TEXT)).engine == "offline"
    assert (await voice(TEXT)).engine == "net"
    assert (await voice(TEXT)).engine == "net"
    assert len(better.asked) == 2


async def test_while_an_engine_rests_what_it_once_said_is_still_played(tmp_path: Path) -> None:
    better, other = ScriptedEngine("net"), ScriptedEngine("offline")
    member = guarded(better)
    voice = voicing(tmp_path, member, guarded(other))
    assert (await voice(TEXT)).engine == "net"
    for _ in range(2):
        member.breaker.record(ok=False)
    assert (await voice(TEXT)).engine == "net"
    assert (await voice(sentence("别的。"))).engine == "offline"
    assert (await voice(sentence("别的。"))).engine == "offline"
    assert (len(better.asked), len(other.asked)) == (1, 1)


async def test_a_full_disk_gives_captions(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    speech = await voicing(blocked / "cache", guarded(ScriptedEngine("one")))(TEXT)
    assert speech.audio == ""


async def test_closing_ends_what_is_being_made(tmp_path: Path) -> None:
    voice = voicing(tmp_path, guarded(ScriptedEngine("one", 30.0), 60.0))
    waiting = asyncio.create_task(voice(TEXT))
    await asyncio.sleep(0.05)
    await voice.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
