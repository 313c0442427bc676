"""The crash drill's verdict: any loss and any double makes it fail."""

import pytest

from eval.drills.verdict import MUST_BE_ZERO, holds

pytestmark = pytest.mark.unit

GOOD = dict.fromkeys(MUST_BE_ZERO, 0) | {
    "comments sent": 10,
    "comments acknowledged": 10,
    "replies received": 5,
    "cues begun": 2,
    "left at the end": {"idle": True},
}


def test_all_is_well() -> None:
    assert holds(GOOD)


@pytest.mark.parametrize(
    "bad",
    [
        *({name: 1} for name in MUST_BE_ZERO),
        {"comments acknowledged": 9},
        {"comments sent": 0, "comments acknowledged": 0},
        {"replies received": 0},
        {"cues begun": 0},
        {"left at the end": {"idle": False, "cues": 1}},
        {"left at the end": {}},
    ],
    ids=str,
)
def test_one_fault_is_enough(bad: dict[str, object]) -> None:
    assert not holds(GOOD | bad)
