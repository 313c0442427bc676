"""The rules of going on air: what is in doubt never becomes bolder."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.duty import Hold
from assistant.domain.live import OutcomeKind
from assistant.domain.verdict import Action
from assistant.live.flow import Conditions, rule, state_of

pytestmark = pytest.mark.unit
CONDITIONS = st.builds(
    Conditions,
    automatic=st.booleans(),
    hold=st.sampled_from(Hold),
    wait=st.floats(0, 1000),
    patience=st.just(180.0),
    unsafe=st.sampled_from(["", "含有个人信息"]),
    same=st.sampled_from([None, "q1"]),
)


@given(st.sampled_from(Action), CONDITIONS)
def test_spoken_only_where_everything_allows_it(action: Action, on: Conditions) -> None:
    spoken = rule(action, (), on).kind is OutcomeKind.SPOKEN
    allowed = on.automatic and not on.hold and not on.unsafe and on.same is None
    assert spoken == (action is Action.ANSWER and allowed and on.wait <= on.patience)


@given(st.sampled_from(Action), CONDITIONS)
def test_an_unsafe_text_goes_out_by_no_way(action: Action, on: Conditions) -> None:
    kind = rule(action, (), replace(on, unsafe="x")).kind
    assert kind in (OutcomeKind.QUEUED_FOR_REVIEW, OutcomeKind.SET_ASIDE)


@given(st.sampled_from([Action.REVIEW, Action.ANSWER, Action.CLARIFY]), CONDITIONS)
def test_a_question_is_never_set_aside(action: Action, on: Conditions) -> None:
    assert rule(action, (), on).kind is not OutcomeKind.SET_ASIDE


@given(st.sampled_from(Action), CONDITIONS)
def test_every_ruling_has_a_state_and_a_reason(action: Action, on: Conditions) -> None:
    ruling = rule(action, (), on)
    assert ruling.reason
    assert state_of(ruling)


@given(st.sampled_from(Action), CONDITIONS)
def test_while_the_room_is_held_nothing_is_given_by_itself(action: Action, on: Conditions) -> None:
    kind = rule(action, (), replace(on, hold=Hold.DUTY)).kind
    assert kind in (OutcomeKind.QUEUED_FOR_REVIEW, OutcomeKind.SET_ASIDE)
