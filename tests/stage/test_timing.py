"""Captions in time: the marks of the spoken characters, carried over to what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.speech import Mark, Span, Speech, SpokenText
from assistant.stage.timing import captions, is_rising, plain, starts

pytestmark = pytest.mark.unit


def speech(display: str, spoken: str, spans: list[Span], marks: list[Mark]) -> Speech:
    text = SpokenText(display, spoken, tuple(spans), ("a1",) * len(spoken))
    return Speech(text, marks[-1].end if marks else 2.0, tuple(marks), ())


def each(count: int, length: float = 0.2) -> list[Mark]:
    return [Mark(at * length, (at + 1) * length, at, at + 1) for at in range(count)]


def test_what_is_read_character_by_character_is_shown_so() -> None:
    said = speech("不收费", "不收费", [Span(0, 3, 0, 3)], each(3))

    assert starts(said) == pytest.approx((0, 0.2, 0.4))


def test_a_number_shares_the_time_of_its_words() -> None:
    spans = [Span(0, 4, 0, 3), Span(4, 5, 3, 4)]
    said = speech("1200元", "一千二元", spans, each(4))

    assert starts(said) == pytest.approx((0, 0.15, 0.3, 0.45, 0.6))


def test_a_bracket_that_is_not_read_comes_with_what_follows() -> None:
    spans = [Span(0, 1, 0, 1), Span(1, 2, 1, 1), Span(2, 3, 1, 2), Span(3, 4, 2, 2)]
    said = speech("甲（乙）", "甲乙", spans, each(2))

    assert starts(said) == pytest.approx((0, 0.2, 0.2, 0.4))


def test_characters_that_share_a_mark_divide_it() -> None:
    said = speech("办理", "办理", [Span(0, 2, 0, 2)], [Mark(1.0, 2.0, 0, 2)])

    assert starts(said) == pytest.approx((1.0, 1.5))


def test_without_marks_time_is_divided_evenly() -> None:
    assert starts(speech("不收", "不收", [Span(0, 2, 0, 2)], [])) == pytest.approx((0, 1.0))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12), st.data()
)
def test_every_character_has_a_time_and_none_goes_back(
    sizes: list[tuple[int, int]], data: st.DataObject
) -> None:
    spans, shown, said = [], 0, 0
    for display, spoken in sizes:
        spans.append(Span(shown, shown + display, said, said + spoken))
        shown, said = shown + display, said + spoken
    sounding = data.draw(st.sets(st.integers(0, max(0, said - 1)), max_size=said))
    marks = [Mark(at * 0.2, at * 0.2 + 0.1, at, at + 1) for at in sorted(sounding) if said]
    found = starts(speech("字" * shown, "音" * said, spans, marks))

    assert len(found) == shown
    assert is_rising(found)


@given(st.text(alphabet="办理费用。！？；\n ，a1", max_size=60))
def test_plain_sentences_joined_are_the_text(text: str) -> None:
    joined = "".join(one.display for one in plain(text))

    assert "".join(joined.split()) == "".join(text.split())


def test_a_caption_stands_for_the_time_of_saying_it() -> None:
    assert captions(plain("请带身份证到窗口。")[0]).seconds == pytest.approx(9 / 4)
