"""The region of an issuer: the named one, or none."""

import pytest

from assistant.domain.region import Region, RegionTree
from assistant.retrieval.issuing_region import IssuingRegions
from assistant.retrieval.readers import FileReader

pytestmark = pytest.mark.unit

REGIONS = IssuingRegions(
    RegionTree(
        Region(code, name, parent)
        for code, name, parent in (
            ("000000", "全国", None),
            ("320000", "江苏省", "000000"),
            ("320100", "南京市", "320000"),
            ("320106", "鼓楼区", "320100"),
            ("320300", "徐州市", "320000"),
            ("320302", "鼓楼区", "320300"),
            ("320324", "睢宁县", "320300"),
        )
    )
)


@pytest.mark.parametrize(
    ("issuer", "code"),
    [
        ("江苏省人民政府办公厅", "320000"),
        ("南京市鼓楼区民政局", "320106"),
        ("江苏省徐州市鼓楼区人民政府", "320302"),
        ("江苏省南京市民政局", "320100"),
        ("睢宁县人民政府", "320324"),
        ("鼓楼区人民政府", None),
        ("国务院办公厅", None),
        ("国家税务总局江苏省税务局", "320000"),
        ("国家税务总局", None),
        ("民政部", None),
        ("全国人民代表大会常务委员会", None),
        ("", None),
    ],
)
def test_regions_of_issuers(issuer: str, code: str | None) -> None:
    assert REGIONS(issuer) == code


def test_a_document_takes_its_issuers_region_unless_it_declares_one() -> None:
    reader = FileReader(region_of=REGIONS)
    text = "睢宁县津贴办法\n第一条　按月发放。\n睢宁县人民政府\n2024年4月18日"
    (source,) = reader.read_bytes(text.encode(), "a.txt").sources
    (declared,) = reader.read_bytes(f"---\nregion: 320300\n---\n{text}".encode(), "a.md").sources
    (plain,) = FileReader().read_bytes(text.encode(), "a.txt").sources
    assert (source.region, declared.region, plain.region) == ("320324", "320300", "000000")


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("# 睢宁县停车收费办法\n\n睢发改〔2024〕52号\n\n第一条　每小时3元。", "320324"),
        ("# 关于印发《徐州市鼓楼区停车办法》的通知\n\n第一条　每小时3元。", "320302"),
        ("# 鼓楼区停车收费办法\n\n第一条　每小时3元。", "000000"),
        ("# 国务院关于南京市总体规划的批复\n\n原则同意。", "000000"),
        ("# 停车收费办法\n\n第一条　每小时3元。", "000000"),
    ],
)
def test_a_document_without_an_issuer_takes_the_region_of_its_title(text: str, region: str) -> None:
    result = FileReader(region_of=REGIONS).read_bytes(text.encode(), "a.md")
    assert result.sources[0].region == region
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("# 停车收费办法\n\n睢发改〔2024〕52号\n\n第一条　每小时3元。", True),
        ("# 停车收费办法\n\n第一条　本市道路停车每小时3元。", True),
        ("# 停车收费办法\n\n国发〔2024〕52号\n\n第一条　各省、自治区、直辖市人民政府。", False),
        ("# 睢宁县停车收费办法\n\n第一条　本县停车每小时3元。", False),
    ],
)
def test_a_local_looking_document_without_a_region_is_noted(text: str, *, noted: bool) -> None:
    result = FileReader(region_of=REGIONS).read_bytes(text.encode(), "a.md")
    assert bool(result.notes) is noted
    assert FileReader().read_bytes(text.encode(), "a.md").notes == ()
