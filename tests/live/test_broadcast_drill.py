"""The drill's own counting: what it must not let pass."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.domain.broadcast import Broadcast, BroadcastState, FallenPart, Position
from assistant.domain.studio_flow import Approval
from assistant.studio.rundown import INSTEAD
from eval.drills.broadcast_checks import Figures, Wanted, figures
from eval.drills.broadcast_page import Heard

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROW = Broadcast(
    "b1", "hall", "s1", "st1", "讲稿", Approval("digest", 1, "bob", NOW), "甲", NOW,
    position=Position(3, over=True), state=BroadcastState.DONE, fallen=(FallenPart(1, "到期"),),
)  # fmt: skip
WANTED = [
    Wanted(("一句。", "两句。"), fell=False),
    Wanted(("三句。", "四句。"), fell=True),
    Wanted(("五句。",), fell=False),
]


def heard(spoken: str, whole: int, kind: str = "script") -> Heard:
    """A cue of which so many sentences were heard."""
    texts = [f"{one}。" for one in spoken.split("。") if one]
    sentences = {number: {"text": text, "seconds": 1.0} for number, text in enumerate(texts)}
    return Heard(spoken, kind, spoken, "", ("a",), len(texts), sentences, done=whole)


GOOD = [
    heard("一句。两句。", 1),
    heard("答复。", 1, "answer"),
    heard("两句。", 1),
    heard("三句。四句。", 1),
    heard(INSTEAD, 1, "fixed_line"),
    heard("五句。", 1),
]


def counted(rows: list[Heard]) -> Figures:
    return figures(rows, WANTED, ROW, 1, 0, "in_review")


def test_a_good_run_holds() -> None:
    found = counted(GOOD)
    assert (found.sentences, found.heard_once, found.said_again, found.fell) == (3, 3, 2, 1)
    assert (found.answers_between, found.answers_within_parts) == (1, 1)
    assert found.holds(asked=1, between=False)
    assert not found.holds(asked=1, between=True)
    assert not found.holds(asked=2, between=False)


@pytest.mark.parametrize(
    "rows",
    [
        GOOD[:5],  # a sentence is missing
        [*GOOD, GOOD[5]],  # one twice
        [GOOD[5], *GOOD[:5]],  # out of order
        [*GOOD[:4], GOOD[5]],  # no line in place of the part
        [*GOOD[:5], heard("三句。", 1), GOOD[5]],  # of a part that fell
        [replace(GOOD[0], done=2), *GOOD[1:]],  # a whole sentence again
    ],
)
def test_what_must_not_be_is_found(rows: list[Heard]) -> None:
    assert not counted(rows).holds(asked=1, between=False)
