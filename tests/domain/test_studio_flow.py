"""The laws of a stream's way to air: no state is skipped, and only what was frozen counts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.studio_flow import (
    FROZEN,
    MOVES,
    STATE_NAMES,
    WRITABLE,
    Step,
    StreamState,
    frozen_digest,
    moved,
    steps_from,
)
from tests.studio.sample import draft

pytestmark = pytest.mark.unit
BEFORE = {
    StreamState.IN_REVIEW: {
        *WRITABLE,
        StreamState.APPROVED,
        StreamState.SCHEDULED,
        StreamState.ON_AIR,
    },
    StreamState.CHANGES_ASKED: {StreamState.IN_REVIEW, StreamState.APPROVED, StreamState.SCHEDULED},
    StreamState.APPROVED: {StreamState.IN_REVIEW, StreamState.SCHEDULED, StreamState.ON_AIR},
    StreamState.SCHEDULED: {StreamState.APPROVED, StreamState.SCHEDULED},
    StreamState.ON_AIR: {StreamState.APPROVED, StreamState.SCHEDULED},
    StreamState.AIRED: {StreamState.ON_AIR},
    StreamState.ARCHIVED: {StreamState.AIRED},
    StreamState.DROPPED: WRITABLE,
    StreamState.DRAFT: {StreamState.IN_REVIEW},
}
"""From where each state can be reached, written by hand."""


@given(st.lists(st.sampled_from(Step), max_size=60))
def test_no_state_is_ever_skipped(steps: list[Step]) -> None:
    state, way = StreamState.DRAFT, [StreamState.DRAFT]
    for step in steps:
        after = moved(state, step)
        if after is None:
            continue
        assert state in BEFORE[after]
        state = after
        way.append(state)
    if StreamState.AIRED in way:
        order = [StreamState.IN_REVIEW, StreamState.APPROVED, StreamState.ON_AIR]
        assert [way.index(one) for one in order] == sorted(way.index(one) for one in order)


@given(st.lists(st.sampled_from(Step), max_size=60))
def test_words_change_only_where_no_approval_holds(steps: list[Step]) -> None:
    """Between any change of words and the air there is always an approval."""
    state, approved = StreamState.DRAFT, False
    for step in steps:
        if (after := moved(state, step)) is None:
            continue
        state = after
        approved = (approved or step is Step.APPROVE) and state not in WRITABLE
        approved = approved and step is not Step.RETURN
        assert (state in FROZEN) == approved


def test_archived_and_dropped_are_ends() -> None:
    ends = {state for state in StreamState if not steps_from(state)}
    assert ends == {StreamState.ARCHIVED, StreamState.DROPPED}
    assert set(MOVES.values()) | {StreamState.DRAFT} == set(STATE_NAMES)


def test_the_digest_is_of_words_slides_and_sound() -> None:
    one = draft()
    digest = frozen_digest(one)
    assert digest == frozen_digest(draft())
    slide = replace(one.deck.slides[0], title="别的")
    deck = replace(one.deck, slides=(slide, *one.deck.slides[1:]))
    others = [
        replace(one, deck=deck),
        replace(one, announcement=replace(one.announcement, text="别的")),
        replace(one, plan=replace(one.plan, risk="别的")),
        replace(one, segments=one.segments[1:]),
    ]
    digests = {frozen_digest(other) for other in others} | {frozen_digest(one, {"s1.1": "a" * 40})}
    assert len(digests) == 5
    assert digest not in digests
