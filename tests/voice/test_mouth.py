"""The mouth: the table of initials and finals, and a mouth that is always somewhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.speech import Mark
from assistant.voice.mouth import at_rest, mouth, shapes_of
from assistant.voice.syllables import parts_of
from tests.voice.speaking import sentence
from tests.voice.test_offline import syllables

pytestmark = pytest.mark.unit
NAMES = sorted(syllables())


@pytest.mark.parametrize(
    ("pinyin", "shapes"),
    [
        ("ba1", "AD"),
        ("fei1", "GCB"),
        ("tian1", "HBCH"),
        ("shi4", "FF"),
        ("zi4", "BB"),
        ("zhong1", "FFE"),
        ("gui4", "CFCB"),
        ("ju1", "BF"),
        ("nv3", "HF"),
        ("wu3", "F"),
        ("you3", "BEF"),
        ("yuan2", "FCH"),
        ("hao3", "CDE"),
        ("liu4", "HBEF"),
        ("xiang1", "BBD"),
        ("an4", "DH"),
    ],
)
def test_the_table(pinyin: str, shapes: str) -> None:
    onset, final = shapes_of(pinyin)
    assert (onset.value if onset else "") + "".join(one.value for one in final) == shapes


def test_every_syllable_has_parts_and_a_shape() -> None:
    for name in NAMES:
        assert parts_of(name + "1") is not None, name
        assert shapes_of(name + "1")[1], name


@pytest.mark.parametrize("other", ["A", "Z", "?", ""])
def test_what_is_no_syllable_still_moves_the_mouth(other: str) -> None:
    assert shapes_of(other)[1]


def test_it_rests_in_a_gap_and_at_the_end_but_not_in_a_short_one() -> None:
    marks = (Mark(0.1, 0.3, 0, 1), Mark(0.34, 0.5, 1, 2), Mark(0.7, 0.9, 2, 3))
    shapes = mouth(sentence("爸妈好"), marks, 1.2)
    rests = [(round(one.start, 3), round(one.end, 3)) for one in shapes if one.shape == "X"]
    assert rests == [(0.0, 0.1), (0.5, 0.7), (0.9, 1.2)]


def test_an_initial_is_brief() -> None:
    shapes = mouth(sentence("爸"), (Mark(0.0, 0.6, 0, 1),), 0.6)
    assert shapes[0].shape == "A"
    assert shapes[0].end == pytest.approx(0.09)


def test_captions_only_keep_it_closed() -> None:
    assert [one.shape.value for one in at_rest(2.0)] == ["X"]
    assert at_rest(0.0) == ()


@st.composite
def spoken(draw):
    names = draw(st.lists(st.sampled_from([*NAMES, "A", "?"]), min_size=1, max_size=25))
    at, marks = 0.0, []
    for place in range(len(names)):
        start = at + draw(st.floats(0, 0.3))
        at = start + draw(st.floats(0, 0.4))
        marks.append(Mark(start, at, place, place + 1))
    pinyin = [name if name in "A?" else name + "1" for name in names]
    return sentence("字" * len(names), pinyin), tuple(marks), at + draw(st.floats(0, 0.5))


@given(spoken())
def test_it_covers_the_whole_sound_in_order(one) -> None:
    text, marks, seconds = one
    shapes = mouth(text, marks, seconds)
    if seconds == 0:
        assert shapes == ()
        return
    assert shapes[0].start == 0.0
    assert shapes[-1].end == pytest.approx(seconds)
    for before, after in pairwise(shapes):
        assert before.end == pytest.approx(after.start)
        assert before.shape is not after.shape
    assert all(shape.end > shape.start for shape in shapes)
