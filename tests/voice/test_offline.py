"""The offline voice, really heard: every syllable, its tones, its pace, its pauses."""

import asyncio
import os
import signal

import numpy as np
import pytest
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_tone3

from assistant.domain.speech import Sound, Voice
from assistant.errors import VoiceFailed
from assistant.voice.engines.offline import LETTERS, OfflineEngine
from assistant.voice.sound import FRAME, SILENT, frames, measure, samples_of
from tests.voice.speaking import sentence

pytestmark = pytest.mark.integration
LONG = "您好，办理居住证需要本人身份证，五个工作日办结。"


@pytest.fixture
async def engine():
    made = OfflineEngine()
    yield made
    await made.close()


def syllables() -> set[str]:
    """All that pypinyin knows, without tones."""
    found = {each for one in PINYIN_DICT.values() for each in one.split(",")}
    toned = {to_tone3(one, v_to_u=False, neutral_tone_with_five=True) for one in found}
    return {one[:-1].replace("ü", "v") for one in toned if one[-1:].isdigit()}


def pitch(sound: Sound, start: float, end: float) -> list[float]:
    """Hz every 20 ms, by autocorrelation; what is not voiced is left out."""
    rate, samples = sound.sample_rate, samples_of(sound)
    size, found = round(0.045 * rate), list[float]()
    for at in range(round(start * rate), round(end * rate) - size, round(0.02 * rate)):
        piece = samples[at : at + size] * np.hanning(size)
        near = np.fft.irfft(np.abs(np.fft.rfft(piece, 4 * size)) ** 2)
        low, high = rate // 300, rate // 90
        lag = low + int(np.argmax(near[low:high]))
        if low < lag and near[lag] > 0.4 * near[0] > 0:
            found.append(rate / lag)
    return found


async def test_every_syllable_in_every_tone_is_said_as_one_chinese_syllable(engine) -> None:
    names = sorted(syllables())
    assert len(names) > 400
    for name in names:
        for number in "12345":
            sound = await engine.say(sentence("字", [name + number]), Voice())
            assert len(sound.marks) == 1, name
            assert 0.08 < sound.seconds < 0.75, (name, sound.seconds)


async def test_letters_are_said_in_the_chinese_way(engine) -> None:
    for letter in LETTERS:
        sound = await engine.say(sentence("A四", [letter, "si4"]), Voice())
        assert [mark.first for mark in sound.marks] == [0, 1], letter


async def test_the_four_tones_move_as_tones_do(engine) -> None:
    text = sentence("争，成，整，正。", ["zheng1", "", "cheng2", "", "zheng3", "", "zheng4", ""])
    sound = await engine.say(text, Voice())
    high, rising, low, falling = (pitch(sound, mark.start, mark.end) for mark in sound.marks)
    assert max(high) / min(high) < 1.25
    assert rising[-1] > 1.2 * min(rising)
    assert np.mean(low) < 0.8 * np.mean(high)
    assert max(falling[:3]) > 1.3 * falling[-1]


async def test_not_rises_before_a_fourth_tone(engine) -> None:
    before_fourth = await engine.say(sentence("不用", ["bu4", "yong4"]), Voice())
    before_first = await engine.say(sentence("不收", ["bu4", "shou1"]), Voice())
    rising, falling = (
        pitch(one, one.marks[0].start, one.marks[0].end) for one in (before_fourth, before_first)
    )
    assert rising[-1] > rising[0]
    assert falling[-1] < falling[0]


async def test_a_sentence_has_the_pace_pauses_and_level_of_speech(engine) -> None:
    text = sentence(LONG)
    sound = await engine.say(text, Voice())
    spoken = sum(1 for each in text.pinyin if each)
    assert 210 < spoken / sound.seconds * 60 < 270
    told = measure(sound)
    assert told.peak < 0.999
    assert told.loudness > -30
    assert 0.02 < told.silence < 0.3
    first = next(mark for mark in sound.marks if mark.first == 1)
    second = next(mark for mark in sound.marks if mark.first == 3)
    assert second.start - first.end == pytest.approx(0.2, abs=0.03)


async def test_marks_are_one_a_character_in_order_and_on_the_sound(engine) -> None:
    text = sentence(LONG)
    sound = await engine.say(text, Voice())
    assert [mark.first for mark in sound.marks] == [at for at, p in enumerate(text.pinyin) if p]
    levels = frames(samples_of(sound), sound.sample_rate)
    for before, after in zip(sound.marks, sound.marks[1:], strict=False):
        assert before.start < before.end <= after.start
    for mark in sound.marks:
        part = levels[round(mark.start / FRAME) : round(mark.end / FRAME)]
        assert (part > SILENT).mean() > 0.4, mark


async def test_it_goes_faster_and_slower_and_has_two_voices(engine) -> None:
    text = sentence(LONG)
    usual, fast, slow, male = [
        await engine.say(text, voice)
        for voice in (Voice(), Voice(rate_percent=40), Voice(rate_percent=-30), Voice("male"))
    ]
    assert fast.seconds < 0.85 * usual.seconds
    assert slow.seconds > 1.2 * usual.seconds
    assert male.samples != usual.samples


async def test_the_same_text_sounds_the_same_again(engine) -> None:
    text = sentence(LONG)
    first, again = [await engine.say(text, Voice()) for _ in range(2)]
    assert _starts(again) == pytest.approx(_starts(first), abs=0.01)


async def test_what_is_no_pinyin_is_refused_and_the_next_sentence_is_said(engine) -> None:
    for bad in ("5", "hello", "%", "[[a]]"):
        with pytest.raises(VoiceFailed) as failed:
            await engine.say(sentence("字", [bad]), Voice())
        assert not failed.value.retryable
    with pytest.raises(VoiceFailed):
        await engine.say(sentence("。"), Voice())
    assert (await engine.say(sentence("好"), Voice())).samples


async def test_a_process_that_is_killed_is_replaced(engine) -> None:
    await engine.warm()
    first = engine._worker.pid
    os.kill(first, signal.SIGKILL)
    with_retry = [await _said(engine) for _ in range(2)]
    assert with_retry[-1]
    assert engine._worker.pid != first


async def test_sentences_asked_for_at_once_are_all_said(engine) -> None:
    texts = [sentence(LONG[at:]) for at in range(8)]
    sounds = await asyncio.gather(*(engine.say(text, Voice()) for text in texts))
    again = [await engine.say(text, Voice()) for text in texts]
    for one, other in zip(sounds, again, strict=True):
        assert _starts(one) == pytest.approx(_starts(other), abs=0.01)


def _starts(sound: Sound) -> list[float]:
    """The library's own noise differs from time to time; when what is heard does not."""
    return [mark.start for mark in sound.marks]


async def _said(engine: OfflineEngine) -> bool:
    try:
        return bool((await engine.say(sentence("好"), Voice())).samples)
    except VoiceFailed:
        return False
