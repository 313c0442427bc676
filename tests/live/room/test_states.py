"""The table of states: every allowed move and no other; a closed room speaks to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.live import RoomState
from assistant.errors import Conflict
from assistant.live.states import ON_AIR, TRANSITIONS, Move, after, state_name

pytestmark = pytest.mark.unit
MOVES = st.lists(st.sampled_from(Move), max_size=30)


@given(MOVES)
def test_no_way_skips_a_state(moves: list[Move]) -> None:
    """On air only through `open`, closed only through `closing`, whatever people try."""
    state = RoomState.IDLE
    for move in moves:
        try:
            reached = after(state, move)
        except Conflict:
            continue
        if reached in ON_AIR and state not in ON_AIR:
            assert move is Move.OPEN
        if reached is RoomState.CLOSED:
            assert state is RoomState.CLOSING
        if state is RoomState.CLOSING:
            assert reached is RoomState.CLOSED
        state = reached


@given(MOVES)
def test_every_room_on_air_can_be_closed(moves: list[Move]) -> None:
    state = RoomState.IDLE
    for move in moves:
        state = TRANSITIONS.get((state, move), state)
    if state in ON_AIR and state is not RoomState.CLOSING:
        state = after(state, Move.CLOSE)
    if state is RoomState.CLOSING:
        assert after(state, Move.CLOSED) is RoomState.CLOSED


def test_every_state_has_a_name_for_staff() -> None:
    assert all(state_name(state) for state in RoomState)
