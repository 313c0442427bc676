"""The on-air drill finds what is wrong with a stream: in its sound, its order, its pictures."""

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eval.drills.on_air_checks import (
    Heard,
    at_once,
    out_of_order,
    said_twice,
    steps,
    stray,
    twice,
    whole_cues,
)
from eval.drills.on_air_label import is_there
from eval.drills.on_air_page import Look, StageWatch
from eval.drills.on_air_sound import Found, Load, find, outside, resampled

pytestmark = pytest.mark.unit
RATE = 8000
SECOND = np.random.default_rng(5).normal(0, 0.1, RATE).astype(np.float32)
OTHER = np.random.default_rng(6).normal(0, 0.1, RATE).astype(np.float32)


def load(*parts: tuple[float, np.ndarray], rate: int = RATE, seconds: float = 8.0) -> Load:
    """A load of the page in which these sounds begin at these seconds."""
    samples = np.zeros(int(seconds * rate), np.float32)
    for at, sound in parts:
        samples[int(at * rate) : int(at * rate) + len(sound)] += sound
    made = Load(rate)
    short = (samples.clip(-1, 1) * 32767).astype(np.int16)
    blocks = [
        (at, base64.b64encode(short[at : at + 4096].tobytes()).decode())
        for at in range(0, len(short), 4096)
        if short[at : at + 4096].any()
    ]
    made.take({"clock": [(0.0, 100.0), (8.0, 108.0)], "chunks": blocks})
    return made


def test_a_sentence_is_found_where_it_is() -> None:
    found = find(load((2.25, SECOND)), SECOND, 2.0)
    assert found.at == pytest.approx(2.25, abs=0.001)
    assert found.match > 0.99


@pytest.mark.parametrize(
    "heard",
    [
        load((2.0, SECOND), (2.1, OTHER)),  # two voices
        load((2.0, SECOND[: RATE * 3 // 4])),  # cut
        load((2.0, OTHER)),  # another sentence
        load(),  # silence
        load((5.0, SECOND)),  # at another time
    ],
    ids=["two at once", "cut", "another", "silent", "late"],
)
def test_what_is_not_the_sentence_alone_is_not_taken_for_it(heard: Load) -> None:
    assert find(heard, SECOND, 2.0).match < 0.9


def test_the_rate_of_the_page_changes_nothing() -> None:
    smooth = np.convolve(SECOND, np.ones(8) / 8, "same").astype(np.float32)
    heard = load((1.0, resampled(smooth, RATE, 11_025)), rate=11_025)
    assert find(heard, resampled(smooth, RATE, 11_025), 1.2).match > 0.99


def test_the_sound_cards_clock_may_stand_still() -> None:
    made = Load(RATE, [(0.0, 100.0), (1.0, 101.0), (1.0, 103.0), (2.0, 104.0)])
    assert made.wall(0.5) == pytest.approx(100.5)
    assert made.wall(1.5) == pytest.approx(103.5)


def test_sound_outside_all_sentences_counts() -> None:
    assert outside([(0.0, 2.0), (3.0, 4.0)], [(0.5, 1.0), (0.8, 3.5)]) == pytest.approx(1.0)


def said(cue: str, index: int, at: float, seconds: float = 1.0, *, is_cut: bool = False) -> Heard:
    place = Found(at, seconds, 1.0, 0.0)
    return Heard(cue, index, 1.0, place, is_cut, at, at, at + seconds)


GOOD = [said("a", 0, 0.0), said("a", 1, 1.0), said("b", 0, 2.5)]


def test_one_after_the_other_is_well() -> None:
    assert out_of_order(GOOD) == twice(GOOD) == at_once(GOOD) == []


@pytest.mark.parametrize(
    "heard",
    [
        [said("a", 0, 0.0), said("a", 2, 1.0)],
        [said("a", 0, 0.0), said("b", 1, 1.0)],
        [said("a", 1, 1.0), said("a", 0, 2.0)],
        [said("a", 0, 1.0), said("a", 1, 0.5)],
    ],
)
def test_order_is_that_of_the_sentences_and_of_the_sound(heard: list[Heard]) -> None:
    assert out_of_order(heard) != []


def test_a_sentence_said_again_is_found_unless_a_reload_cut_it() -> None:
    again = [said("a", 0, 0.0), said("a", 0, 2.0)]
    cut = [said("a", 0, 0.0, is_cut=True), said("a", 0, 2.0), said("a", 1, 3.0)]
    assert twice(again) == ["a/0"]
    assert twice(cut) == out_of_order(cut) == []


def test_two_voices_are_found_by_their_times() -> None:
    assert at_once([said("a", 0, 0.0), said("a", 1, 0.9)]) != []


def test_a_cue_is_whole_only_with_all_its_sentences() -> None:
    cues = {"a": {"sentences": 2}, "b": {"sentences": 2}}
    assert whole_cues(GOOD, cues) == {"a"}


def test_an_answer_said_as_two_cues_is_found_and_a_holding_line_is_none() -> None:
    heard = [said("a", 0, 0.0), said("b", 0, 2.0)]
    answer, line = {"kind": "answer", "text": "不收费"}, {"kind": "fixed_line", "text": "请稍等"}
    assert said_twice(heard, {"a": answer, "b": answer}) == ["不收费"]
    assert said_twice(heard, {"a": line, "b": line}) == []


def watch(heard: Load, *looks: Look) -> StageWatch:
    made = StageWatch("", Path(), {1.0: heard}, list(looks))
    made.sentences = {("a", 0): {"times": [0.0, 0.5], "audio": "x"}}
    return made


def test_sound_that_nobody_ordered_is_found() -> None:
    assert stray([said("a", 0, 1.0)], watch(load((1.0, SECOND)))) == []
    assert stray([said("a", 0, 1.0)], watch(load((1.0, SECOND), (4.0, OTHER)))) != []


def test_captions_are_held_against_the_sound() -> None:
    looks = (Look(1.0, 1.03, "a", 0, 1, "好的"), Look(1.0, 1.8, "a", 0, 2, "好的"))
    found = steps([said("a", 0, 1.0)], watch(load((1.0, SECOND)), *looks))
    assert found == pytest.approx([0.03, 0.3])


def picture(folder: Path, name: str, *, ink: int = 20, over: bool = False) -> Path:
    """A stage of 400 × 200 with a strip at its foot in which something is written."""
    image = Image.new("L", (400, 200), 128)
    image.paste(20, (0, 170, 400, 200))
    for at in range(10, 200, 20):
        image.paste(250, (at, 175, at + 10, 175 + ink))
    if over:
        image.paste(90, (60, 150, 300, 200))
    image.save(folder / f"{name}.png")
    return folder / f"{name}.png"


def test_the_label_is_seen_in_the_pixels(tmp_path: Path) -> None:
    box = 0, 170, 400, 200
    good, covered = picture(tmp_path, "good"), picture(tmp_path, "covered", over=True)
    assert is_there([good, covered, good], box) == [True, False, True]
    assert is_there([picture(tmp_path, "small", ink=8)], box) == [False]
