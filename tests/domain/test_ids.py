"""ULIDs: sorted by time, never twice, not to be guessed."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from assistant.domain.ids import Ulids, new_ulid

pytestmark = pytest.mark.unit


def test_an_id_is_a_ulid_of_its_time() -> None:
    made = Ulids(lambda: 1_772_409_600_123_000_000)()
    assert ULID.from_str(made).milliseconds == 1_772_409_600_123


@given(st.lists(st.integers(0, 2_000), min_size=2, max_size=60))
def test_ids_grow_even_when_the_clock_stands_or_goes_back(steps: list[int]) -> None:
    times = iter(steps)
    ids = Ulids(lambda: next(times) * 100_000)
    made = [ids() for _ in steps]
    assert made == sorted(set(made))


def test_neighbours_of_one_millisecond_are_far_apart() -> None:
    ids = Ulids(lambda: 0)
    numbers = [int(ULID.from_str(ids())) for _ in range(100)]
    gaps = {b - a for a, b in pairwise(numbers)}
    assert len(gaps) == 99


def test_threads_are_never_given_the_same_id() -> None:
    made: list[str] = []

    def make() -> None:
        made.extend([new_ulid() for _ in range(2_000)])

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000
