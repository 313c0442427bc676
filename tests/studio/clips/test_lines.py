"""A clip's times: the cover long enough, nothing over another, always shorter than 40 s."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.clips import MOST_SECONDS, clip_digest
from assistant.domain.studio import Sentence
from assistant.errors import BadInput
from assistant.studio.clips.lines import (
    COVER,
    END,
    LABEL,
    Line,
    Part,
    Spoken,
    film_seconds,
    said_in,
    shortened,
    timed,
    unshortened,
)
from assistant.studio.clips.subtitles import srt, vtt
from tests.support.films import CLIP, FACTS

pytestmark = pytest.mark.unit


def said(*seconds: float, label: float = 2.5) -> list[Spoken]:
    """The sentences of a clip of so many seconds each, the label behind them."""
    last = len(seconds) - 1
    parts = [Part.COVER, *[Part.BODY] * (last - 1), Part.END]
    made = [Spoken(f"第{n}句", n, parts[n], "a", s) for n, s in enumerate(seconds)]
    return [*made, Spoken("标识", LABEL, Part.END, "a", label)]


@given(st.lists(st.floats(0.2, 15), min_size=4, max_size=4), st.floats(0.5, 4))
def test_what_is_made_is_shorter_than_40_s_or_told_to_be_too_long(seconds, label) -> None:
    try:
        kept, timeline = shortened(CLIP, said(*seconds, label=label))
    except BadInput:
        assert seconds[0] + seconds[1] + label > MOST_SECONDS - COVER - 4
        return
    assert timeline.seconds < MOST_SECONDS
    assert list(kept) == list(range(len(kept)))
    assert timeline.lines[-1].said.sentence == LABEL
    assert timeline.cover_ends >= COVER - 1e-9
    assert timeline.seconds - timeline.end_starts >= END - 1e-9
    for one, following in zip(timeline.lines, timeline.lines[1:], strict=False):
        assert one.end <= following.start + 1e-9
    assert timeline.lines[-1].end < timeline.seconds


def test_the_last_sentences_are_left_out_first() -> None:
    kept, _ = shortened(CLIP, said(4, 15, 14, 8))
    assert kept == (0, 1, 2)


def test_a_refusal_names_what_is_too_long() -> None:
    with pytest.raises(BadInput, match=r"登记申请书，原件1份。”36\.0 秒"):
        shortened(CLIP, said(3, 36, 2, 2))


def test_approved_words_are_said_whole_or_refused_with_all_their_seconds() -> None:
    kept, timeline = unshortened(CLIP, said(4, 15, 8, 4))
    assert kept == (0, 1, 2, 3)
    assert timeline == timed(said(4, 15, 8, 4))
    with pytest.raises(BadInput, match=r"要 44\.3 秒，须短于 40 秒.*15\.0 秒.*14\.0 秒.*8\.0 秒"):
        unshortened(CLIP, said(4, 15, 14, 8))


def test_the_length_of_a_film_is_known_before_it_is_spoken() -> None:
    """As the film itself is timed: label, silence, and the last card with its code."""
    seconds = {text: float(n) for n, (text, _, _) in enumerate(said_in(CLIP, FACTS, "end"), 3)}
    spoken = [
        Spoken(text, n, part, "a", seconds[text]) for text, n, part in said_in(CLIP, FACTS, "end")
    ]
    assert film_seconds(CLIP, FACTS, seconds.__getitem__) == timed(spoken).seconds
    less = film_seconds(CLIP, FACTS, seconds.__getitem__, "off")
    assert timed(spoken).seconds - less == pytest.approx(seconds["以上语音由人工智能生成。"])


def test_a_short_question_waits_for_the_cover() -> None:
    timeline = timed(said(0.5, 3, 3, 2))
    assert timeline.lines[1].start == COVER
    assert [line.said.part for line in timeline.lines[-2:]] == [Part.END, Part.END]
    assert timeline.end_starts == timeline.lines[-2].start


def test_subtitles_hold_each_line_and_no_markup() -> None:
    lines = [Line(Spoken("先看<清单> --> 再办", 1, Part.BODY, "a", 61.5), 2.25)]
    assert "00:00:02.250 --> 00:01:03.750\n先看&lt;清单&gt; --&gt; 再办" in vtt(lines)
    assert vtt(lines).startswith("WEBVTT\n\nNOTE 本字幕由人工智能生成\n")
    assert "1\n00:00:02,250 --> 00:01:03,750\n先看<清单> → 再办\n" in srt(lines)


def test_the_digest_is_that_of_the_words() -> None:
    assert clip_digest(CLIP) == clip_digest(replace(CLIP, id="clip9", seconds=12.5))
    other = replace(CLIP, sentences=(*CLIP.sentences[:-1], Sentence("再见。")))
    assert clip_digest(CLIP) != clip_digest(other)
    assert clip_digest(CLIP) != clip_digest(CLIP, {"clip1.1": "k"})
    facts = replace(CLIP, sentences=(replace(CLIP.sentences[0], facts=()), *CLIP.sentences[1:]))
    assert clip_digest(CLIP) != clip_digest(facts)
