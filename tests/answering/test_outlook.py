"""What a bound would let through, and which bound is refused with which reason."""

import pytest

from assistant.answering.calibration import Calibration, Kind
from assistant.answering.outlook import outlook, refusal
from assistant.answering.promise import Scored
from assistant.answering.standing import Bound
from assistant.domain.answer import Route

pytestmark = pytest.mark.unit


def made(**kinds: list[bool]) -> Calibration:
    """Labelled answers of some kinds, the surest first."""
    return Calibration(
        "2026-11-30",
        "标注",
        {},
        {
            Route(name): Kind(tuple(Scored(1 - i / 1000, right) for i, right in enumerate(rows)))
            for name, rows in kinds.items()
        },
    )


def test_a_bound_lets_through_what_each_kinds_labels_support() -> None:
    bound = Bound(0.02)
    kinds = outlook(made(guide=[True] * 300, policy=[i % 3 > 0 for i in range(300)]), bound)
    guide, policy = kinds
    assert (guide.name, guide.is_supported, guide.why_not) == ("指南栏目", True, "")
    assert guide.promise.share == 1.0
    assert not policy.is_supported
    assert "有 300 条标注，但最有把握的也错得太多" in policy.why_not
    assert refusal(kinds, bound) == ""


def test_a_bound_that_no_label_supports_is_refused_with_the_number_it_would_need() -> None:
    bound = Bound(0.02)
    kinds = outlook(made(guide=[True] * 148, faq=[True] * 12), bound)
    told = refusal(kinds, bound)
    assert "保证不了“最多错 2.0%（可信度 95%）”" in told
    assert "指南栏目只有 148 条标注，至少要 149 条全对" in told
    assert "常见问题只有 12 条标注" in told
    enough = outlook(made(guide=[True] * 149, faq=[True] * 12), bound)
    assert refusal(enough, bound) == ""
    assert "还没有校准数据" in refusal((), bound)
