"""Which regions lie above which."""

import pytest

from assistant.domain.region import Region, RegionTree

pytestmark = pytest.mark.unit

TREE = RegionTree(
    [
        Region("000000", "全国", None),
        Region("990000", "示例省", "000000"),
        Region("990100", "甲市", "990000"),
        Region("990101", "乙县", "990100"),
        Region("990101100", "丙镇", "990101"),
        Region("999004", "省直管市", "990000"),
        Region("990101400", "开发区代管镇", "999004"),
    ]
)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("990101001", ("990101001", "990101", "990100", "990000", "000000")),
        ("990101001003", ("990101001003", "990101001", "990101", "990100", "990000", "000000")),
        ("990101100003", ("990101100003", "990101100", "990101", "990100", "990000", "000000")),
        ("999004001", ("999004001", "999004", "990000", "000000")),
        ("990101400001", ("990101400001", "990101400", "999004", "990000", "000000")),
        ("990199", ("990199", "000000")),
        ("990199001", ("990199001", "000000")),
        ("000000", ("000000",)),
    ],
)
def test_lineage(code: str, line: tuple[str, ...]) -> None:
    assert TREE.lineage(code) == line


def test_a_village_sees_its_town_and_county_and_no_neighbour() -> None:
    seen = {"990101001", "990101", "990100", "990000", "000000"}
    others = {"990101002", "990101001002", "999004", "990101100"}
    assert all(TREE.sees("990101001001", code) for code in seen)
    assert not any(TREE.sees("990101001001", code) for code in others)


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("990101", True),
        ("990101001", True),
        ("990101001001", True),
        ("999999", False),
        ("990199", False),
        ("990199001", False),
        ("99010100", False),
    ],
)
def test_knows(code: str, *, known: bool) -> None:
    assert TREE.knows(code) is known
