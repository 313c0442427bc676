"""What is said first; one viewer cannot fill the queue."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.live import Urgency
from assistant.live.priority import Standing, in_order, weight

pytestmark = pytest.mark.unit
PLAIN = Standing("c1", False, Urgency.NORMAL, 1, 10.0, on_topic=False, turn=0)
STANDINGS = st.builds(
    Standing,
    cue_id=st.uuids().map(str),
    is_personal=st.booleans(),
    urgency=st.sampled_from([Urgency.NORMAL, Urgency.URGENT]),
    asked_by=st.integers(1, 500),
    waited=st.floats(0, 400),
    on_topic=st.booleans(),
    turn=st.integers(0, 5),
)


@pytest.mark.parametrize(
    "better",
    [
        replace(PLAIN, urgency=Urgency.URGENT),
        replace(PLAIN, asked_by=37),
        replace(PLAIN, waited=60.0),
        replace(PLAIN, on_topic=True),
        replace(PLAIN, is_personal=True),
    ],
)
def test_what_counts_goes_first(better: Standing) -> None:
    other = replace(PLAIN, cue_id="c0")
    assert in_order([other, better])[0] is better


def test_a_second_turn_waits_behind_others() -> None:
    mine = replace(PLAIN, cue_id="c0", turn=1)
    assert in_order([mine, PLAIN])[0] is PLAIN


@given(STANDINGS, st.floats(0, 400))
def test_waiting_never_lowers_a_place(one: Standing, longer: float) -> None:
    assert weight(replace(one, waited=one.waited + longer)) >= weight(one)


@given(st.lists(STANDINGS, max_size=8, unique_by=lambda one: one.cue_id), st.randoms())
def test_the_order_does_not_depend_on_how_it_is_listed(some: list[Standing], chance) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert in_order(shuffled) == in_order(some)
