"""A chain: the next engine where one fails, in time, and the log says why."""

import asyncio

import pytest
import structlog

from assistant.domain.breaker import Breaker
from assistant.domain.speech import Mark, Sound, Voice
from assistant.errors import VoiceFailed
from assistant.voice.completeness import Completeness
from assistant.voice.engines.chain import Chain
from assistant.voice.engines.guarded import Guarded
from tests.voice.speaking import ScriptedEngine, failing, sentence, silence, tone

pytestmark = pytest.mark.unit
TEXT = sentence("五个工作日办结。")
HANGS = 30.0
"""Seconds for which an engine says nothing; what waits for it has no limit of its own."""


def chain(*engines: ScriptedEngine, seconds: float = 3.5, tries: int = 1) -> Chain:
    members = [Guarded(one, 1.0, tries, Breaker(failures=2, rest=60)) for one in engines]
    return Chain(members, seconds)


async def test_the_first_that_can_speaks() -> None:
    one, two = ScriptedEngine("one"), ScriptedEngine("two")
    sound = await chain(one, two).say(TEXT, Voice())
    assert (sound.engine, sound.version) == ("one", "1")
    assert two.asked == []


async def test_a_failure_is_tried_once_more_where_that_makes_sense() -> None:
    one = ScriptedEngine("one", failing(), marks=True)
    assert (await chain(one, tries=2).say(TEXT, Voice())).engine == "one"
    two = ScriptedEngine("one", failing(retryable=False))
    with pytest.raises(VoiceFailed):
        await chain(two, tries=2).say(TEXT, Voice())
    assert len(two.asked) == 1


async def test_the_next_speaks_in_time_and_the_log_says_why() -> None:
    one, two = ScriptedEngine("one", HANGS), ScriptedEngine("two")
    with structlog.testing.capture_logs() as logs:
        async with asyncio.timeout(HANGS / 2):
            assert (await chain(one, two).say(TEXT, Voice())).engine == "two"
    fell = [line for line in logs if line["event"] == "voice_fell"]
    assert [(line["engine"], line["to"], line["reason"]) for line in fell] == [
        ("one", "two", "超时")
    ]


async def test_all_hanging_is_over_within_the_chains_time() -> None:
    engines = [ScriptedEngine(str(n), HANGS) for n in range(4)]
    with pytest.raises(VoiceFailed):
        async with asyncio.timeout(HANGS / 2):
            await chain(*engines, seconds=3.5).say(TEXT, Voice())


async def test_a_mistake_in_an_engine_does_not_silence_the_next() -> None:
    one, two = ScriptedEngine("one", RuntimeError("bug")), ScriptedEngine("two")
    with structlog.testing.capture_logs() as logs:
        assert (await chain(one, two).say(TEXT, Voice())).engine == "two"
    assert [line["event"] for line in logs] == ["voice_broke", "voice_fell"]


async def test_one_that_keeps_failing_is_left_alone_and_shown() -> None:
    one, two = ScriptedEngine("one", *[failing("服务器拒绝")] * 5), ScriptedEngine("two")
    both = chain(one, two)
    for _ in range(4):
        await both.say(TEXT, Voice())
    assert len(one.asked) == 2
    first, second = both.states()
    assert (first["state"], first["failed"], second["state"]) == ("resting", 2, "ok")


async def test_a_first_voice_that_fails_twice_has_fallen_until_it_speaks_again() -> None:
    one, two = ScriptedEngine("one", failing(), 0.0, failing(), failing()), ScriptedEngine("two")
    members = [Guarded(each, 1.0, 1, Breaker(failures=9)) for each in (one, two)]
    both, fallen = Chain(members), []
    for _ in range(5):
        await both.say(TEXT, Voice())
        fallen.append((both.is_fallen, both.is_mute))
    assert fallen == [(False, False)] * 3 + [(True, False), (False, False)]


async def test_where_every_voice_fails_it_is_mute() -> None:
    both = chain(*(ScriptedEngine(name, *[failing()] * 5) for name in ("one", "two")))
    for _ in range(2):
        with pytest.raises(VoiceFailed):
            await both.say(TEXT, Voice())
    assert both.is_mute


async def test_a_text_that_cannot_be_said_is_no_sign_of_illness() -> None:
    one = ScriptedEngine("one", *[failing(retryable=False)] * 5)
    both = chain(one, ScriptedEngine("two"))
    for _ in range(5):
        await both.say(TEXT, Voice())
    assert len(one.asked) == 5


@pytest.mark.parametrize(
    ("sound", "wrong"),
    [
        (Sound(tone(1.6) + silence(0.1), 24_000), ""),
        (Sound(tone(1.6), 24_000), "结尾中断"),
        (Sound(silence(1.6), 24_000), "没有声音"),
        (Sound(b"", 24_000), "没有声音"),
        (Sound(tone(0.3), 24_000), "不完整"),
        (Sound(tone(1.0), 24_000, (Mark(0, 1.6, 0, 7),)), "不完整"),
        (Sound(tone(1.6), 24_000, (Mark(0, 1.65, 0, 7),)), ""),
        (Sound(tone(1.0), 24_000, (Mark(0, 1.0, 0, 4),)), "不完整"),
        (Sound(tone(1.6), 24_000, (Mark(0, 1.0, 0, 4),)), ""),
        (Sound(tone(0.3) + silence(2.0), 24_000), "不完整"),
        (Sound(tone(30.0), 24_000), "过长"),
    ],
)
def test_a_sound_that_cannot_be_whole_is_refused(sound: Sound, wrong: str) -> None:
    found = Completeness().complaint(TEXT, sound, Voice())
    assert wrong in found
    assert bool(found) == bool(wrong)


def test_an_engine_without_boundaries_is_known_by_its_pace() -> None:
    whole = Completeness()
    usual = Sound(tone(1.75) + silence(0.2), 24_000)
    half = Sound(tone(0.8) + silence(0.2), 24_000)
    assert whole.complaint(TEXT, half, Voice()) == ""
    for _ in range(9):
        assert whole.complaint(TEXT, usual, Voice()) == ""
    assert "不完整" in whole.complaint(TEXT, half, Voice())
    assert whole.complaint(TEXT, half, Voice(rate_percent=100)) == ""
