from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.live import Comment
from assistant.domain.screening import Severity
from assistant.safety.floods import FloodLimits, RoomFloods

pytestmark = pytest.mark.unit

START = datetime(2026, 3, 2, tzinfo=UTC)
LIMITS = FloodLimits(seconds=30, same_text=4, same_text_of_viewer=2, of_viewer=5, most_keys=50)


def comment(text: str, viewer: str = "v", second: float = 0, platform: str = "page") -> Comment:
    at = START + timedelta(seconds=second)
    return Comment("id", "room", "session", platform, "e", at, viewer, text)


def rules(*comments: Comment) -> list[str]:
    floods = RoomFloods(LIMITS)
    return [floods(one).rule for one in comments]


def test_one_viewer_with_the_same_text_again_and_again() -> None:
    same = [comment("点关注！", second=n) for n in range(3)]
    assert rules(*same) == ["", "", "floods/same_text"]


def test_the_same_text_in_disguise_is_the_same() -> None:
    assert (
        rules(comment("点关注"), comment("点 关 注"), comment("點關注~"))[-1] == "floods/same_text"
    )


def test_the_same_text_by_many() -> None:
    crowd = [comment("来了来了", viewer=str(n)) for n in range(5)]
    assert rules(*crowd) == ["", "", "", "", "floods/same_text"]


def test_one_viewer_with_many_texts() -> None:
    many = [comment(f"话{n}", second=n) for n in range(6)]
    assert rules(*many) == ["", "", "", "", "", "floods/same_viewer"]


def test_the_window_passes() -> None:
    slow = [comment("点关注", second=20 * n) for n in range(6)]
    assert set(rules(*slow)) == {""}


def test_viewers_of_two_platforms_are_two() -> None:
    assert set(rules(*(comment("好", platform=p) for p in ("a", "b", "c")))) == {""}


def test_stretched_nonsense() -> None:
    assert rules(comment("哈哈哈哈哈哈哈哈")) == ["floods/stretched"]
    assert rules(comment("社保怎么缴")) == [""]


def test_what_is_out_of_the_window_is_forgotten() -> None:
    floods = RoomFloods(LIMITS)
    for number in range(9):
        floods(comment(f"问{number}", viewer=str(number), second=number))
    floods(comment("在吗", second=36))
    assert len(floods._seen) == 3 * 4


def test_memory_is_bounded() -> None:
    floods = RoomFloods(LIMITS)
    for number in range(500):
        found = floods(comment(f"问{number}", viewer=str(number)))
        assert found.severity is Severity.CLEAN
    assert len(floods._seen) <= LIMITS.most_keys
