"""Changing words: places, times and notes follow; what states the same facts is marked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Comment
from assistant.errors import NotFound
from assistant.studio.anchors import Anchored, anchor
from assistant.studio.differing import Op, differences, pieces
from assistant.studio.likeness import nearest, runs, share
from assistant.studio.naming import place_name
from assistant.studio.places import insert, put, spot, spots
from assistant.studio.resting import marked, of_facts, shifted
from tests.studio.sample import draft

pytestmark = pytest.mark.unit
NOW = datetime(2026, 8, 1, tzinfo=UTC)
PLACES = [one.place for one in spots(draft())]
WORDS = st.text("办理材料不收费，。1原件", min_size=1, max_size=20)


def notes(one: StreamDraft) -> str:
    return "".join(slide.notes for slide in one.deck.slides)


def script(one: StreamDraft) -> str:
    return "".join(s.text for segment in one.segments for s in segment.sentences)


@given(st.sampled_from(PLACES), WORDS)
def test_what_is_put_stands_there_and_nowhere_else_changes(place: str, text: str) -> None:
    before = draft()
    after = put(before, place, text)
    assert spot(after, place).text == text
    others = {one.place: one.text for one in spots(before) if one.place != place}
    assert {one.place: one.text for one in spots(after) if one.place != place} == others


@given(st.lists(st.tuples(st.sampled_from(["s1.1", "s1.2", "s2.1", "s2.2"]), WORDS), max_size=6))
def test_notes_are_the_script_whatever_is_changed(edits: list[tuple[str, str]]) -> None:
    one = draft()
    for place, text in edits:
        one = put(one, place, text)
    assert notes(one) == script(one)
    assert [s.starts for s in one.segments] == [0, round(one.segments[0].seconds, 1)]
    assert [s.seconds for s in one.outline] == [s.seconds for s in one.segments]


def test_a_sentence_is_put_in_and_taken_out() -> None:
    more = insert(draft(), "s2.1", "申请书可以现场领取。")
    assert spot(more, "s2.2").text == "申请书可以现场领取。"
    assert spot(more, "s2.3").text == "办理不收费。"
    assert notes(more) == script(more)
    assert put(more, "s2.2", "").segments[1].sentences == draft().segments[1].sentences
    for bad in ("s2.9", "s9.1", "s2.x", "slide cover.title"):
        with pytest.raises(NotFound):
            insert(draft(), bad, "一句")


def test_an_edit_marks_all_that_states_the_same_fact() -> None:
    marks = marked(draft(), "s2.1", (), NOW, "第2段")
    assert [one.place for one in marks] == ["slide materials", "clip1.1", "announcement"]
    assert all(one.facts == ("f2",) and "第2段" in one.why for one in marks)
    fee = marked(draft(), "s2.2", (), NOW)
    assert [one.place for one in fee] == ["slide materials"]
    line = marked(draft(), "slide materials.line.2", (), NOW)
    assert [one.place for one in line] == ["s2.2"]


def test_a_marked_part_that_is_changed_is_marked_no_more() -> None:
    marks = marked(draft(), "s2.1", (), NOW)
    left = marked(draft(), "announcement", marks, NOW)
    assert "announcement" not in [one.place for one in left]
    assert {"slide materials", "clip1.1", "s2.1"} == {one.place for one in left}
    assert marked(draft(), "s1.2", marks, NOW) == marks


def test_a_changed_source_marks_what_rests_on_it() -> None:
    places = [one.place for one in of_facts(draft(), ["f3"], "依据改了", (), NOW)]
    assert places == ["s2.2", "slide materials"]


def test_marks_move_with_their_sentences() -> None:
    marks = of_facts(draft(), ["f3"], "依据改了", (), NOW)
    assert [one.place for one in shifted(marks, "s2.1", 1)] == ["s2.3", "slide materials"]
    assert [one.place for one in shifted(marks, "s1.1", 1)] == ["s2.2", "slide materials"]


def test_a_comment_follows_its_sentence() -> None:
    one = Comment("c", "st", "s2.2", "办理不收费。", "对吗", "ann", NOW)
    assert anchor(one, draft()).how is Anchored.HERE
    moved = anchor(one, insert(draft(), "s2.1", "多一句。"))
    assert (moved.how, moved.place) == (Anchored.MOVED, "s2.3")
    changed = anchor(one, put(draft(), "s2.2", "全程免费。"))
    assert (changed.how, changed.place) == (Anchored.CHANGED, "s2.2")
    gone = anchor(replace(one, place="s2.9", quote="没有了。"), draft())
    assert (gone.how, gone.place) == (Anchored.CHANGED, "")


@given(WORDS, WORDS)
def test_the_pieces_of_a_difference_give_both_texts_back(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(one.text for one in found if one.op is not Op.OUT) == new
    assert "".join(one.text for one in found if one.op is not Op.IN) == old


def test_a_new_sentence_is_one_difference_not_many() -> None:
    found = differences(draft(), insert(draft(), "s2.1", "申请书可以现场领取。"))
    spoken = [one for one in found if one.place.startswith("s2")]
    assert [(one.place, [p.op for p in one.pieces]) for one in spoken] == [("s2.2", [Op.IN])]
    assert differences(draft(), draft()) == []
    gone = differences(draft(), put(draft(), "s2.1", ""))
    assert [p.op for one in gone for p in one.pieces] == [Op.OUT]


def test_places_have_names_for_people() -> None:
    named = [place_name(place, draft()) for place in PLACES]
    assert "第2段“材料”第1句" in named
    assert "幻灯片第2页第1行" in named
    assert "直播方案“风险”" in named
    assert len(set(named)) == len(named)
    assert place_name("", draft()) == "整份稿子"


def test_a_script_that_was_said_before_is_near() -> None:
    own = runs(draft())
    assert share(own, own) == 1.0
    other = runs(put(put(draft(), "s1.1", "完全不同的一句开场白说给大家听。"), "s2.1", "别的。"))
    found = nearest(own, [("a", "旧", other), ("b", "同", own)])
    assert found
    assert (found.stream_id, found.share) == ("b", 1.0)
    assert nearest(own, [("a", "无关", frozenset())]) is None
    assert share(frozenset(), own) == 0.0
