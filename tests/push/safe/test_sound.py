"""The sound is even: never a gap, never a block too short, silence where nothing is scheduled."""

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.push.safe.sound import RATE, Mixer, decoded

pytestmark = pytest.mark.unit


def tone(seconds: float, rate: int = RATE, channels: int = 1) -> np.ndarray:
    at = np.arange(round(seconds * rate)) / rate
    one = (8000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16)
    return one.repeat(channels)


def wav(samples: np.ndarray, rate: int, channels: int = 1, width: int = 2) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return made.getvalue()


@given(
    st.lists(st.integers(1, 3000), min_size=1, max_size=20),
    st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.3)), max_size=4),
)
def test_what_is_scheduled_comes_at_its_sample_however_it_is_read(
    blocks: list[int], played: list[tuple[float, float]]
) -> None:
    mixer, whole = Mixer(), np.zeros(sum(blocks) + 2 * RATE, np.int32)
    for at, seconds in played:
        sound = tone(seconds)
        mixer.play(sound, at)
        begins = round(at * RATE)
        whole[begins : begins + len(sound)] += sound
    read = [mixer.read(count) for count in blocks]
    assert [len(one) for one in read] == blocks
    assert mixer.at == sum(blocks)
    wanted = np.clip(whole[: sum(blocks)], -32768, 32767)
    assert np.array_equal(np.concatenate(read), wanted)


def test_a_sound_that_is_late_begins_at_once_and_one_from_its_middle_there() -> None:
    mixer, sound = Mixer(), tone(0.2)
    mixer.read(1000)
    mixer.play(sound, 0.0, offset=0.1)
    assert np.array_equal(mixer.read(2000), sound[4410:6410])


def test_silence_comes_at_once_without_a_click() -> None:
    mixer = Mixer()
    mixer.play(tone(1.0), 0.0)
    mixer.play(tone(1.0), 2.0)
    mixer.read(4410)
    mixer.silence()
    after = mixer.read(RATE * 3)
    assert np.abs(np.diff(after.astype(int))).max() < 800
    assert not after[round(0.02 * RATE) :].any()


@pytest.mark.parametrize(("rate", "channels"), [(24_000, 1), (16_000, 1), (44_100, 2)])
def test_any_wav_of_16_bit_becomes_the_streams_rate(rate: int, channels: int) -> None:
    made = decoded(wav(tone(0.5, rate, channels), rate, channels))
    assert abs(len(made) - RATE / 2) <= 2
    assert 5000 < np.abs(made).max() < 9000


@pytest.mark.parametrize("data", [b"", b"RIFF", b"ID3 no wave", wav(tone(0.1), RATE, width=1)])
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a WAV"):
        decoded(data)
