"""The parts of an approved script: its slides, the check before each part, where it goes on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.broadcast import Position, Taking, may_answer
from assistant.domain.studio import Sentence, StreamDraft
from assistant.domain.studio_flow import Approval, frozen_digest
from assistant.errors import BadInput
from assistant.studio.drafting.checking import states_nothing
from assistant.studio.places import put
from assistant.studio.rundown import INSTEAD, Rundown, placed
from assistant.studio.standing import Grounds
from tests.studio.conftest import Shelf, guide
from tests.studio.sample import DAY, draft

pytestmark = pytest.mark.unit
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def approval(words: StreamDraft) -> Approval:
    return Approval(frozen_digest(words), 1, "bob", NOW)


def shelf() -> Shelf:
    held = Shelf()
    held.put(guide())
    return held


def test_only_the_approved_words_make_a_rundown() -> None:
    words = draft()
    assert len(Rundown(words, approval(words))) == 2
    with pytest.raises(BadInput):
        Rundown(put(words, "s1.2", "别的话。"), approval(words))


async def test_a_part_whose_source_fell_is_an_approved_line() -> None:
    words, held = draft(), shelf()
    rundown = Rundown(words, approval(words))
    part = await rundown.part(1, Grounds(held), DAY)
    assert part == rundown.planned(1)
    assert part.sentences == ("登记申请书，原件1份。", "办理不收费。")
    assert (part.slides, part.sources) == ({0: "materials"}, ("guide-1",))
    held.put(guide(fee="收费20元"))
    fallen = await rundown.part(1, Grounds(held), DAY)
    assert (fallen.sentences, "有改动" in fallen.fallen) == ((INSTEAD,), True)
    assert (await rundown.part(0, Grounds(held), DAY)).fallen == ""
    held.retire("guide-1")
    assert "已停用" in (await rundown.part(0, Grounds(held), DAY)).fallen
    assert states_nothing(INSTEAD)


def test_slides_come_with_their_sentences() -> None:
    words = draft()
    said = tuple(Sentence(text) for text in ("一。", "二。", "三。"))
    first = replace(words.deck.slides[0], notes="一。")
    more = replace(first, id="cover~2", notes="二。三。")
    segment = replace(words.segments[0], sentences=said)
    deck = replace(words.deck, slides=(first, more))
    assert placed(segment, replace(words, deck=deck)) == {0: "cover", 1: "cover~2"}


@given(st.lists(st.sampled_from(["end", "answer", "pause", "go", "jump"]), max_size=30))
def test_a_whole_sentence_is_never_said_again(acts: list[str]) -> None:
    at, length = Position(), 3
    for act in acts:
        before = at
        if at.over and act != "jump":
            break
        if act == "end":
            at = at.ended(length)
            assert at.over or (at.part, at.sentence) == (before.part + 1, 0)
        elif act == "answer":
            at = at.interrupted(before.sentence + 1)
            assert (at.part, at.sentence) == (before.part, before.sentence + 1)
        elif act == "jump":
            at = at.jumped(1, length)
            assert (at.part, at.sentence, at.over) == (1, 0, False)
        else:
            at = at.held(paused=act == "pause")
            assert (at.part, at.sentence) == (before.part, before.sentence)


def test_questions_wait_for_the_end_of_a_part_where_they_should() -> None:
    inside = Position(1, 2)
    assert may_answer(Taking.AT_ONCE, inside)
    assert not may_answer(Taking.BETWEEN, inside)
    assert may_answer(Taking.BETWEEN, inside.ended(3))
    with pytest.raises(IndexError):
        inside.jumped(3, 3)
