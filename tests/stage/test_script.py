"""A part of a script on the stage: its slides by sentence, and where it goes on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.live import Cue, CueKind, CueState, SlideAt
from assistant.domain.speech import Said, Voiced
from assistant.stage.script import heard_whole, moved, rest_of, scripted, sentences_of, written
from assistant.stage.timing import plain
from assistant.voice.reading.reader import Reader

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SENTENCES = ("先看条件。", "年满18周岁，在本县连续居住满6个月， 持居住证的都可以办！", "再看材料。")


def part(
    sentences: tuple[str, ...] = SENTENCES, slides: tuple[tuple[int, str], ...] = ((0, "a"),)
) -> Cue:
    text, placed = scripted(sentences, dict(slides))
    return Cue(
        "c1", "r", "s", CueKind.SCRIPT, text, text, NOW, approval="digest", slides=placed,
        state=CueState.SKIPPED, started_at=NOW, heard=3,
    )  # fmt: skip


def test_only_what_was_approved_is_a_script() -> None:
    with pytest.raises(ValueError, match="approval"):
        replace(part(), approval="")
    with pytest.raises(ValueError, match="approval"):
        replace(part(), kind=CueKind.ANSWER)


def test_a_slide_comes_with_its_sentence_however_it_is_cut() -> None:
    cue = part(slides=((0, "a"), (1, "b"), (2, "c")))
    for read in (plain, Reader()):
        sentences = read(cue.spoken, None)
        numbers = sentences_of(cue.slides, sentences)
        assert [sentences[number].display[:2] for number in numbers] == ["先看", "年满", "再看"]


def test_a_slide_for_a_sentence_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        scripted(SENTENCES, {3: "a"})


def test_words_before_a_cue_move_its_slides_but_the_first() -> None:
    assert moved((SlideAt("a"), SlideAt("b", 4)), "两 位问。") == (SlideAt("a"), SlideAt("b", 8))
    assert moved((), "两位问。") == ()


def said(cue: Cue, heard: int) -> Said:
    """What the stage reports after so many characters."""
    sentences, voiced, before = Reader()(cue.spoken), [], 0
    for one in sentences:
        if before < heard:
            voiced.append(Voiced(one.display))
        before += len(one.display)
    return Said(heard, tuple(voiced))


@pytest.mark.parametrize(
    ("heard", "goes_on", "slides"),
    [
        (0, "先看条件。", (SlideAt("a"), SlideAt("b", 5), SlideAt("c", 34))),
        (3, "先看条件。", (SlideAt("a"), SlideAt("b", 5), SlideAt("c", 34))),
        (4, "年满18周岁", (SlideAt("b"), SlideAt("c", 29))),  # its full stop makes no sound
        (5, "年满18周岁", (SlideAt("b"), SlideAt("c", 29))),
        (24, "年满18周岁", (SlideAt("b"), SlideAt("c", 29))),  # between two halves of a sentence
        (34, "再看材料。", (SlideAt("c"),)),
    ],
)
def test_it_goes_on_at_the_sentence(heard: int, goes_on: str, slides: tuple[SlideAt, ...]) -> None:
    cue = part(slides=((0, "a"), (1, "b"), (2, "c")))
    rest = rest_of(cue, heard_whole(cue.spoken, said(cue, heard)))
    assert rest is not None
    assert rest.spoken.startswith(goes_on)
    assert rest.slides == slides
    assert rest.approval == cue.approval


def test_what_was_heard_to_its_end_does_not_go_on() -> None:
    cue = part()
    whole = sum(len(one.display) for one in Reader()(cue.spoken))
    assert heard_whole(cue.spoken, said(cue, whole)) == len(written(cue.spoken)) == 3
    assert rest_of(cue, heard_whole(cue.spoken, said(cue, whole - 1))) is None


def test_without_a_report_it_begins_again() -> None:
    assert heard_whole(part().spoken, None) == 0
    assert rest_of(part(), 0) == part()


CLAUSES = st.lists(
    st.sampled_from([*SENTENCES, "好的？", "请到2楼（201室）办理；", "不收费"]), min_size=1
)


@given(CLAUSES, st.integers(0, 200))
def test_nothing_is_lost_and_no_whole_sentence_is_said_twice(some: list[str], heard: int) -> None:
    cue = part(tuple(some))
    told = said(cue, heard)
    rest = rest_of(cue, heard_whole(cue.spoken, told))
    left_out = len(cue.spoken) - len(rest.spoken) if rest else len(cue.spoken)
    written = [one.display for one in plain(cue.spoken)]
    assert rest is None or cue.spoken.endswith(rest.spoken)
    assert letters(cue.spoken[:left_out]) <= letters(heard_of(told)) + 1
    assert rest is None or plain(rest.spoken)[0].display in written
    first = plain(rest.spoken)[0].display if rest else ""
    assert (
        rest is None
        or left_out + len(first) >= len(cue.spoken)
        or (letters(cue.spoken[:left_out] + first) > letters(heard_of(told)))
    )


def heard_of(told: Said) -> str:
    return "".join(one.text for one in told.voiced)[: told.heard]


def letters(text: str) -> int:
    return sum(not one.isspace() for one in text)
