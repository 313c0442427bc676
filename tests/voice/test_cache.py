"""Spoken sentences on disk: found, forgotten, bounded, whole."""

import asyncio
import os
from pathlib import Path

import pytest

from assistant.domain.speech import Mark, MouthShape, Sound, Speech, SpokenText, Viseme, Voice
from assistant.voice.cache import AudioCache, key_of
from assistant.voice.sound import wav
from tests.voice.speaking import sentence, tone

pytestmark = pytest.mark.integration
TEXT = sentence("五天办结。")
SOUND = wav(Sound(tone(0.5), 24_000))


def speech(text: SpokenText = TEXT) -> Speech:
    marks = (Mark(0.0, 0.4, 0, 1),)
    return Speech(text, 0.5, marks, (MouthShape(0.0, 0.5, Viseme.F),), engine="e", version="1")


@pytest.fixture
def cache(tmp_path: Path) -> AudioCache:
    return AudioCache(tmp_path / "cache")


def key(number: int = 0) -> str:
    return key_of(TEXT, Voice(), "e", str(number))


def test_all_that_is_heard_is_in_the_key() -> None:
    other = SpokenText(TEXT.display, TEXT.spoken, TEXT.spans, (*TEXT.pinyin[:-2], "jie1", ""))
    keys = {
        key(),
        key_of(other, Voice(), "e", "0"),
        key_of(TEXT, Voice("male"), "e", "0"),
        key_of(TEXT, Voice(rate_percent=5), "e", "0"),
        key_of(TEXT, Voice(), "f", "0"),
        key(1),
    }
    assert len(keys) == 6
    shown = SpokenText("5天办结。", TEXT.spoken, _spans(), TEXT.pinyin)
    assert key_of(shown, Voice(), "e", "0") == key()


def test_what_is_put_is_found_with_the_text_that_is_asked_for(cache: AudioCache) -> None:
    assert cache.get(key(), TEXT) is None
    stored = cache.put(key(), speech(), SOUND)
    assert stored.audio == f"{key()}.wav"
    assert cache.get(key(), TEXT) == stored
    assert cache.file(stored.audio).read_bytes() == SOUND
    shown = SpokenText("5天办结。", TEXT.spoken, _spans(), TEXT.pinyin)
    assert cache.get(key(), shown).text.display == "5天办结。"


@pytest.mark.parametrize("name", ["../x.wav", "", "a.wav", "/etc/passwd", "0" * 40, "sources"])
def test_only_names_of_sounds_are_files(cache: AudioCache, name: str) -> None:
    cache.put(key(), speech(), SOUND)
    assert cache.file(name) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sound, told: sound.write_bytes(SOUND[:-100]),
        lambda sound, told: sound.write_bytes(b""),
        lambda sound, told: sound.write_bytes(b"x" * 2000),
        lambda sound, told: sound.unlink(),
        lambda sound, told: told.write_bytes(b"{"),
        lambda sound, told: told.write_bytes(b"\xff"),
        lambda sound, told: told.unlink(),
    ],
)
def test_what_is_broken_is_not_found(cache: AudioCache, spoil) -> None:
    path = cache.file(cache.put(key(), speech(), SOUND).audio)
    spoil(path, path.with_suffix(".json"))
    assert cache.get(key(), TEXT) is None
    cache.put(key(), speech(), SOUND)
    assert cache.get(key(), TEXT) is not None


def test_a_source_takes_what_rests_on_it_along(cache: AudioCache) -> None:
    audios = [cache.put(key(n), speech(), SOUND).audio for n in range(3)]
    cache.tie(audios[0], ["guide-1"])
    cache.tie(audios[1], ["guide-1", "../policy 2"])
    assert cache.forget(["unknown"]) == 0
    assert cache.forget(["guide-1"]) == 2
    assert [cache.file(audio) is None for audio in audios] == [True, True, False]
    assert cache.forget(["guide-1", "../policy 2"]) == 0


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path, limit=5 * len(SOUND))
    for number in range(5):
        audio = cache.put(key(number), speech(), SOUND).audio
        os.utime(cache.file(audio), (1e9 + number, 1e9 + number))
    assert cache.get(key(0), TEXT)  # used now
    cache.put(key(5), speech(), SOUND)
    kept = [number for number in range(6) if cache.get(key(number), TEXT)]
    assert 0 in kept
    assert 5 in kept
    assert 1 not in kept
    assert sum(path.stat().st_size for path in tmp_path.glob("*.wav")) <= 5 * len(SOUND)


async def test_writers_and_readers_at_once_never_see_half_a_file(tmp_path: Path) -> None:
    def work(number: int) -> int:
        cache, bad = AudioCache(tmp_path), 0
        for _ in range(30):
            cache.put(key(), speech(), SOUND)
            cache.tie(f"{key()}.wav", ["s"])
            path = cache.file(f"{key()}.wav")
            if number == 0:
                cache.forget(["s"])
            bad += path is not None and len(SOUND) != _size(path)
        return bad

    assert sum(await asyncio.gather(*(asyncio.to_thread(work, n) for n in range(4)))) == 0
    assert not list(tmp_path.glob(".*"))


def _size(path: Path) -> int:
    try:
        return len(path.read_bytes())
    except FileNotFoundError:
        return len(SOUND)


def _spans():
    from assistant.domain.speech import Span

    return (Span(0, 5, 0, 5),)
