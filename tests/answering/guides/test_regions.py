"""Regions: seen from above only, nearest first, never guessed."""

import pytest

from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.places import NOWHERE, Gazetteer, Named
from assistant.domain.answer import Route
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import ServiceGuide
from tests.answering.guides.sample import GAZETTEER, REGIONS, ask

pytestmark = pytest.mark.unit

C, W, TOWN = "880121", "880122", "880121001"


def test_the_nearer_guide_of_the_same_base_code_answers() -> None:
    assert ask("居住证申领几天", region=C).source_ids == ("residence-c",)
    assert ask("居住证申领几天", region=TOWN).source_ids == ("residence-c",)
    assert ask("居住证办理几天", region=C).source_ids == ("residence-c",)
    assert ask("居住证办理几天", region="880100").source_ids == ("residence-p",)


def test_a_sibling_is_never_heard() -> None:
    for question in ("居住证申领几天", "居住证申领打哪个电话", "居住证申领归谁管"):
        assert "戊己" not in ask(question, region=C).text
        assert "6200110" not in ask(question, region=C).text
        assert "9个工作日" not in ask(question, region=C).text


def test_what_only_a_sibling_has_is_not_answered() -> None:
    draft = ask("高龄津贴申领的条件是什么", region=W)
    assert "80周岁" not in draft.text
    assert draft.source_ids != ("elderly",)


def test_a_question_about_a_sibling_is_left_to_a_person() -> None:
    draft = ask("在戊己县办居住证申领几天", region=C)
    assert draft.route is Route.NONE
    assert "别的地区" in draft.notes[0]


def test_without_a_region_differing_answers_are_asked_back() -> None:
    draft = ask("居住证申领几天", region=None)
    assert draft.route is Route.CLARIFY
    assert "丙丁县公安局" in draft.text
    assert "戊己县公安局" in draft.text


def test_a_named_region_decides_where_the_viewer_has_none() -> None:
    assert ask("戊己县居住证申领几天", region=None).source_ids == ("residence-w",)
    assert ask("居住证申领在丙丁这边几天", region=None).source_ids == ("residence-c",)


def test_a_named_authority_decides() -> None:
    assert ask("戊己县公安局的居住证申领几天", region=None).source_ids == ("residence-w",)


def test_a_province_without_any_item_is_elsewhere() -> None:
    regions = RegionTree([*REGIONS, Region("990000", "壬省", "000000", ("壬州",))])
    served = {"880121", "880100", "880000", "000000"}
    asked = "壬州那边居住证申领收多少钱"
    assert Gazetteer(regions).named(asked, None, served).elsewhere
    assert Gazetteer(regions).named(asked, None) == NOWHERE
    assert not Gazetteer(regions).named("我壬州的，要办居住证", None, served).elsewhere
    assert not Gazetteer(regions).named("甲省居住证申领收多少钱", None, served).elsewhere


def test_a_province_in_an_items_name_is_not_elsewhere() -> None:
    office = ServiceGuide("bureau", "壬州律师事务所驻县代表机构设立", region="880121", fee="不收费")
    regions = RegionTree([*REGIONS, Region("990000", "壬州省", "000000", ("壬州",))])
    lawyers = Catalogue.build([office], regions, Lexicon({}))
    named = Gazetteer(regions).named("壬州 律师事务所 设立 多少钱", None, lawyers.served)
    assert not named.elsewhere


def test_an_everyday_place_stands_for_its_town() -> None:
    draft = ask("龙潭大峡谷附近个体户营业执照在哪办", region=None)
    assert draft.source_ids == ("shop-open",)
    assert "人民路18号" in draft.text


def test_a_place_in_the_sibling_county_is_elsewhere() -> None:
    assert GAZETTEER.named("龙潭大峡谷附近", W).elsewhere
    assert ask("龙潭大峡谷附近个体户营业执照在哪办", region=W).route is Route.NONE


@pytest.mark.parametrize(
    ("text", "viewer", "region"),
    [
        ("丙丁县怎么办", None, C),
        ("在丙丁办", None, C),
        ("丙丁戊己各要几天", None, None),
        ("乙市丙丁县怎么办", None, C),
        ("溪口镇在哪办", C, TOWN),
        ("甲省的规定", None, None),
        ("没有说地方", C, None),
        ("庚辛镇在哪办", C, "880122001"),
    ],
)
def test_named(text: str, viewer: str | None, region: str | None) -> None:
    assert GAZETTEER.named(text, viewer).region == region


def test_a_name_that_two_regions_share_is_not_guessed() -> None:
    tree = RegionTree(
        [
            *REGIONS,
            Region("870000", "辛省", "000000"),
            Region("870100", "壬市", "870000"),
            Region("870121", "丙丁县", "870100"),
        ]
    )
    shared = Gazetteer(tree)
    assert shared.named("丙丁县怎么办", None).region is None
    assert shared.named("丙丁县怎么办", None).unclear == "丙丁县"
    assert shared.named("丙丁县怎么办", "880100").region == C


def test_a_short_name_before_an_item_is_where() -> None:
    assert ask("丙丁居住证申领几天", region=None).source_ids == ("residence-c",)
    assert ask("戊己的居住证申领几天", region=None).source_ids == ("residence-w",)
    assert ask("甲省乙市戊己居住证申领要几天", region=None).source_ids == ("residence-w",)
    assert ask("我想问下戊己居住证申领要几天", region=None).source_ids == ("residence-w",)


@pytest.mark.parametrize(
    "question",
    [
        "戊己居住证申领几天",
        "戊己的居住证申领承诺几天",
        "请问戊己居住证申领收费吗",
        "居住证申领，戊己几天",
    ],
)
def test_a_sibling_by_its_short_name_is_elsewhere(question: str) -> None:
    assert ask(question, region=C).route is Route.NONE


@pytest.mark.parametrize(
    "text", ["戊己路怎么走", "戊己大学毕业生落户", "黄戊己的低保", "大戊己社区怎么办居住证"]
)
def test_a_short_name_within_a_longer_word_is_no_place(text: str) -> None:
    assert GAZETTEER.named(text, C).region is None


def test_a_name_within_a_provinces_name_is_no_place() -> None:
    tree = RegionTree(
        [
            *REGIONS,
            Region("870000", "天津市", "000000", ("天津",)),
            Region("880123", "津市市", "880100", ("津市",)),
        ]
    )
    named = Gazetteer(tree).named
    assert named("天津市居住证怎么办", None).region is None
    assert named("津市居住证怎么办", None).region == "880123"
    assert named("津市居住证怎么办", C).elsewhere


@pytest.mark.parametrize("text", ["辛省居住证怎么办", "我想问下辛省的居住证", "在辛省办居住证"])
def test_another_province_is_elsewhere_and_ones_own_is_nothing_special(text: str) -> None:
    named = Gazetteer(RegionTree([*REGIONS, Region("870000", "辛省", "000000")])).named
    assert named(text, C).elsewhere
    assert named(text, None) == NOWHERE
    assert named(text.replace("辛省", "甲省"), C) == Named(words=("甲省",))
    assert named(text.replace("辛省", "辛省大学"), C) == NOWHERE
