"""When each character is heard: from boundaries, from syllables, from loudness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.speech import Mark, Sound
from assistant.voice.timeline import estimated, sounding, timeline
from tests.voice.speaking import sentence, silence, tone

pytestmark = pytest.mark.unit
TEXT = sentence("居住证，五天。")


def starts(marks: tuple[Mark, ...]) -> list[float]:
    return [round(mark.start, 3) for mark in marks]


def test_a_boundary_over_several_characters_is_divided() -> None:
    sound = Sound(tone(2.0), 24_000, (Mark(0.1, 0.7, 0, 3), Mark(1.0, 1.4, 4, 6)))
    marks = timeline(TEXT, sound)
    assert [mark.first for mark in marks] == [0, 1, 2, 4, 5]
    assert marks[0].start == pytest.approx(0.1)
    assert marks[2].end == pytest.approx(0.7)
    assert marks[3].start == pytest.approx(1.0)
    assert marks[4].end == pytest.approx(1.4)


def test_what_has_no_boundary_lies_between_its_neighbours() -> None:
    sound = Sound(tone(2.0), 24_000, (Mark(0.0, 0.3, 0, 1), Mark(1.0, 1.4, 4, 6)))
    marks = timeline(TEXT, sound)
    assert 0.3 <= marks[1].start < marks[2].start < 1.0
    assert marks[2].end == pytest.approx(1.0)


def test_without_boundaries_a_pause_parts_the_clauses() -> None:
    body = silence(0.1) + tone(0.9) + silence(0.3) + tone(0.5) + silence(0.4)
    marks = timeline(TEXT, Sound(body, 24_000))
    assert marks[0].start == pytest.approx(0.1, abs=0.02)
    assert marks[2].end == pytest.approx(1.0, abs=0.02)
    assert marks[3].start == pytest.approx(1.3, abs=0.02)
    assert marks[4].end == pytest.approx(1.8, abs=0.02)


def test_without_a_pause_too_the_characters_share_what_sounds() -> None:
    marks = timeline(TEXT, Sound(silence(0.2) + tone(1.5) + silence(0.5), 24_000))
    assert marks[0].start == pytest.approx(0.2, abs=0.02)
    assert marks[-1].end == pytest.approx(1.7, abs=0.02)


def test_without_known_syllables_loudness_alone_decides() -> None:
    text = sentence("甲乙，丙", ["?", "?", "", "?"])
    marks = timeline(text, Sound(tone(0.4) + silence(0.2) + tone(0.4), 24_000))
    assert starts(marks) == pytest.approx([0.0, 0.2, 0.6], abs=0.02)


def test_a_neutral_tone_is_shorter() -> None:
    marks = timeline(sentence("我的", ["wo3", "de5"]), Sound(tone(1.0), 24_000))
    assert marks[1].end - marks[1].start < 0.8 * (marks[0].end - marks[0].start)


def test_a_caption_without_sound_goes_at_the_pace_of_speech() -> None:
    marks, seconds = estimated(TEXT)
    assert len(marks) == 5
    assert 1.2 < seconds < 2.2
    assert estimated(TEXT, 100)[1] == pytest.approx(seconds / 2)
    assert estimated(sentence("。"))[0] == ()


@given(
    pinyin=st.lists(st.sampled_from(["", "zhong1", "de5", "A", "?"]), min_size=1, max_size=25),
    marks=st.lists(
        st.tuples(st.floats(-1, 4), st.floats(-1, 4), st.integers(0, 24), st.integers(0, 25)),
        max_size=6,
    ),
    seconds=st.floats(0.05, 3.0),
)
def test_whatever_an_engine_tells_the_marks_are_in_order_and_within(pinyin, marks, seconds) -> None:
    text = sentence("字" * len(pinyin), pinyin)
    told = tuple(Mark(*one) for one in marks)
    sound = Sound(tone(seconds), 24_000, told)
    found = timeline(text, sound)
    assert [mark.first for mark in found] == sounding(text)
    at = 0.0
    for mark in found:
        assert at <= mark.start <= mark.end <= sound.seconds + 1e-9
        assert mark.last == mark.first + 1
        at = mark.end
