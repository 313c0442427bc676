"""The masks against the domain's own rules, source by source."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.question import Scope
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import (
    SourceHeader,
    SourceKind,
    Status,
    in_force,
    supersessions,
)
from assistant.retrieval.eligibility import Eligibility

pytestmark = pytest.mark.unit

REGIONS = RegionTree(
    [
        Region("000000", "全国", None),
        Region("440000", "省", "000000"),
        Region("440300", "市", "440000"),
        Region("440305", "区", "440300"),
        Region("440400", "邻市", "440000"),
    ]
)
CODES = ["000000", "440000", "440300", "440305", "440400", "999999"]
TODAY = date(2025, 5, 10)
DAYS = st.none() | st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def headers(draw: st.DrawFn) -> list[SourceHeader]:
    count = draw(st.integers(0, 6))
    return [
        SourceHeader(
            f"s{number}",
            draw(st.sampled_from([SourceKind.POLICY, SourceKind.FAQ])),
            1,
            "标题",
            region=draw(st.sampled_from(CODES)),
            published_on=draw(DAYS),
            effective_from=draw(DAYS),
            effective_to=draw(DAYS),
            status=draw(st.none() | st.sampled_from(Status)),
            supersedes=tuple(draw(st.lists(st.integers(0, 6).map("s{}".format), max_size=1))),
            tags=tuple(draw(st.lists(st.sampled_from("甲乙"), max_size=2))),
        )
        for number in range(count)
    ]


@given(headers(), st.none() | st.sampled_from(CODES), st.frozensets(st.sampled_from("甲乙")))
def test_masks_follow_the_rules_of_the_domain(
    found: list[SourceHeader], region: str | None, tags: frozenset[str]
) -> None:
    kinds = frozenset({SourceKind.POLICY}) if "乙" in tags else None
    mask = Eligibility(found, REGIONS).mask(Scope(TODAY, region, tags, kinds))
    ends = supersessions(found)
    for header, flag in zip(found, mask, strict=True):
        allowed = in_force(header, TODAY, ends.get(header.id))
        allowed = allowed and REGIONS.sees(region, header.region)
        allowed = allowed and (not tags or bool(tags & set(header.tags)))
        assert flag == (allowed and (kinds is None or header.kind in kinds))


def guide(source_id: str, region: str, **more: str) -> SourceHeader:
    return SourceHeader(source_id, SourceKind.GUIDE, 1, more.pop("title", "名称"), region, **more)  # type: ignore[arg-type]  # the remaining fields are strings


def seen(guides: list[SourceHeader], region: str | None) -> set[str]:
    mask = Eligibility(guides, REGIONS).mask(Scope(TODAY, region))
    return {g.id for g, flag in zip(guides, mask, strict=True) if flag}


def test_a_nearer_guide_of_the_same_base_code_overrides() -> None:
    guides = [
        guide("省", "440000", base_code="x", title="甲"),
        guide("市", "440300", base_code="x", title="乙"),
        guide("另", "440000", base_code="y", title="甲"),
    ]
    assert seen(guides, "440305") == {"市", "另"}
    assert seen(guides, "440400") == {"省", "另"}
    assert seen(guides, None) == {"省", "市", "另"}


def test_without_a_base_code_the_same_name_and_parent_override() -> None:
    guides = [
        guide("省", "440000", base_code="x"),
        guide("区", "440305"),
        guide("他", "440000", parent="别的主项"),
    ]
    assert seen(guides, "440305") == {"区", "他"}


def test_a_nearer_guide_that_is_not_in_force_overrides_nothing() -> None:
    later = SourceHeader(
        "区", SourceKind.GUIDE, 1, "名称", "440305", effective_from=date(2025, 5, 11)
    )
    assert seen([guide("省", "440000"), later], "440305") == {"省"}
