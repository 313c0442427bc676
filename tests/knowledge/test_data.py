"""Regions, gazetteer and lexicons: well-formed, no orphan, nothing that misleads."""

import csv
import json
from functools import cache
from typing import Any

import pytest

from assistant.domain.region import Region, RegionTree
from tests.knowledge import shipped

pytestmark = pytest.mark.unit

REGIONS = shipped.KNOWLEDGE / "regions"
LEXICON = shipped.KNOWLEDGE / "lexicon"
DATA_FOLDERS = ("lexicon", "regions", "rules", "mappings")
SAFE_SINGLES = set("咋啥冇仨俩俺侬娃崽甭嘅麽攞")
"""One-character dialect words that mean nothing else in a question to a service desk."""


@cache
def tree() -> dict[str, Region]:
    with (REGIONS / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    regions = [
        Region(
            row["code"], row["name"], row["parent"] or None, tuple(row["short_names"].split("|"))
        )
        for row in rows
    ]
    found = {region.code: region for region in regions}
    assert len(found) == len(rows)
    return found


def jsonl(path: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("folder", DATA_FOLDERS)
def test_data_folders_are_not_sources(folder: str) -> None:
    assert (shipped.KNOWLEDGE / folder / ".notsources").exists()


def test_every_parent_exists() -> None:
    assert len(tree()) > 3000
    roots = [region.code for region in tree().values() if region.parent is None]
    assert roots == ["000000"]
    assert all(region.parent in tree() for region in tree().values() if region.parent)


def test_every_region_reaches_the_nation_through_the_table() -> None:
    lineage = RegionTree(tree().values()).lineage
    assert all(2 <= len(lineage(code)) <= 5 for code in tree() if code != "000000")


@pytest.mark.parametrize(
    ("code", "name", "parent"),
    [
        ("419001", "济源市", "410000"),
        ("429004", "仙桃市", "420000"),
        ("429021", "神农架林区", "420000"),
        ("469005", "文昌市", "460000"),
        ("659001", "石河子市", "650000"),
        ("110105", "朝阳区", "110000"),
        ("500229", "城口县", "500000"),
        ("320576", "苏州工业园区", "320500"),
        ("330383", "龙港市", "330300"),
    ],
)
def test_real_parents(code: str, name: str, parent: str) -> None:
    assert (tree()[code].name, tree()[code].parent) == (name, parent)


def test_no_group_that_is_no_region() -> None:
    names = {region.name for region in tree().values()}
    assert not {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"} & names


def test_the_model_county_is_plainly_an_example() -> None:
    model = [region for region in tree().values() if region.code.startswith("99")]
    assert len(model) >= 8
    assert all(region.name.startswith("示例") for region in model)
    assert tree()["990181003"].parent == "990181"


def test_no_short_name_is_an_everyday_word() -> None:
    short = {name for region in tree().values() for name in region.short_names if name}
    assert all(len(name) >= 2 for name in short)
    assert not short & {"公安", "合作", "通道", "大方", "平安", "长寿", "互助", "惠民", "城区"}


def test_gazetteer_places_lie_in_towns() -> None:
    rows = jsonl(REGIONS / "gazetteer.jsonl")
    assert len(rows) >= 30
    names = [name for row in rows for name in (row["place"], *row["aliases"])]
    assert len(names) == len(set(names))
    for row in rows:
        assert set(row) == {"place", "region", "office", "aliases"}
        town = tree()[row["region"]]
        assert len(town.code) == 9
        assert town.name.removeprefix("示例").removeprefix("邻县") in row["office"]
        assert "示例" in row["office"]


def test_gazetteer_offices_are_places_of_guides() -> None:
    places = {place.name for guide in shipped.guides() for place in guide.locations or ()}
    offices = {row["office"] for row in jsonl(REGIONS / "gazetteer.jsonl")}
    assert {office for office in offices if "邻县" not in office} <= places


def test_everyday_words() -> None:
    rows = jsonl(LEXICON / "everyday.jsonl")
    assert len(rows) >= 250
    words = [word for row in rows for word in row["everyday"]]
    assert len(words) == len(set(words))
    for row in rows:
        assert set(row) == {"everyday", "official", "note"}
        assert row["everyday"]
        assert row["official"]
        assert all(len(word) >= 2 for word in (*row["everyday"], *row["official"]))


@pytest.mark.parametrize(
    ("everyday", "official"),
    [
        ("营业执照", "个体工商户登记"),
        ("社保卡", "社会保障卡"),
        ("五险", "社会保险"),
        ("落户", "户口迁移"),
        ("注销", "注销登记"),
        ("公积金贷款", "住房公积金个人住房贷款"),
        ("房本", "不动产权证书"),
        ("准生证", "生育登记"),
        ("残疾本", "残疾人证办理"),
        ("法考", "国家统一法律职业资格考试"),
    ],
)
def test_an_everyday_word_has_its_official_one(everyday: str, official: str) -> None:
    rows = jsonl(LEXICON / "everyday.jsonl")
    assert any(everyday in row["everyday"] and official in row["official"] for row in rows)


def test_dialect_words() -> None:
    rows = jsonl(LEXICON / "dialect.jsonl")
    assert len(rows) >= 120
    said = [row["from"] for row in rows]
    assert len(said) == len(set(said))
    assert all(set(row) == {"from", "to"} and row["to"] for row in rows)
    assert {word for word in said if len(word) == 1} <= SAFE_SINGLES


def test_putting_dialect_into_standard_speech_ends() -> None:
    rows = jsonl(LEXICON / "dialect.jsonl")
    said = {row["from"] for row in rows}
    assert not [row for row in rows if any(word in row["to"] for word in said)]
