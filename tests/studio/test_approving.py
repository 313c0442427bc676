"""What blocks an approval: each seeded fault is found at its place, and a sound draft passes."""

from datetime import UTC, date, datetime

import pytest

from assistant.domain.screening import Severity
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Comment, Problem, Stale
from assistant.safety.packs import Hit
from assistant.studio.approving import late, problems
from assistant.studio.places import put
from assistant.studio.standing import Ground
from tests.studio.sample import GUIDE, draft

pytestmark = pytest.mark.unit
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def found(one: StreamDraft, **more: object) -> list[Problem]:
    parts = {"marks": (), "grounds": (), "comments": (), "screen": None} | more
    return problems(one, parts["marks"], parts["grounds"], parts["comments"], parts["screen"])


def blocking(one: StreamDraft, **more: object) -> list[tuple[str, str]]:
    return [(p.place, p.code) for p in found(one, **more) if p.blocks]


def test_a_sound_draft_is_not_blocked() -> None:
    assert blocking(draft()) == []


@pytest.mark.parametrize(
    "name", ["platform", "content", "procedure", "time", "frequency", "cost", "risk"]
)
def test_a_blank_field_of_the_plan_blocks(name: str) -> None:
    assert blocking(put(draft(), f"plan.{name}", " ")) == [(f"plan.{name}", "blank")]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("s2.1", "登记申请书，原件3份。"),
        ("s1.2", "请拨打 0471-1234567 咨询。"),
        ("clip1.1", "8月9日前带申请书。"),
        ("slide materials.line.1", "登记申请书，原件2份"),
        ("announcement", "周三讲个体户设立，收费50元。"),
    ],
)
def test_a_sentence_that_no_fact_bears_out_blocks(place: str, text: str) -> None:
    assert (place, "unsupported") in blocking(put(draft(), place, text))


def test_banned_words_block_with_their_place() -> None:
    one = put(draft(), "s1.2", "我们是全国第一，保证通过。")
    assert {place for place, code in blocking(one) if code == "words"} == {"s1.2"}
    hit = Hit("own", "r", "own", Severity.SET_ASIDE, "单位规定", "留言")
    screened = found(draft(), screen=lambda text: [hit] if "留言" in text else [])
    assert any(p.words == "留言" and p.blocks for p in screened)


def test_sources_and_marks_block_and_comments_do_not() -> None:
    grounds = [Ground(GUIDE, "个体工商户设立登记", 2, "已废止", ("f2",))]
    told = [p for p in found(draft(), grounds=grounds) if p.code == "source"]
    assert [(p.place, p.blocks) for p in told] == [("s1.1", True), ("s2.1", True)]
    mark = Stale("announcement", ("f2",), "请核对", NOW)
    assert blocking(draft(), marks=(mark,)) == [("announcement", "stale")]
    comment = Comment("c", "st", "s2.2", "", "对吗", "ann", NOW)
    remarks = [p for p in found(draft(), comments=(comment,)) if p.code == "comments"]
    assert [(p.place, p.blocks) for p in remarks] == [("s2", False)]


def test_a_day_that_is_over_blocks() -> None:
    assert late(draft(), date(2026, 8, 5)) is None
    assert late(draft(), date(2026, 8, 6)) is not None
