"""Answers, questions back and silence, from a small invented catalogue."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.guide_speech import say
from assistant.domain.answer import Draft, Route
from assistant.domain.source import Location, Material, ServiceGuide
from assistant.retrieval.guide_render import FIELD_LABELS, render_field
from tests.answering.guides.sample import (
    CLOSE_SHOP,
    ELDERLY,
    ENGINEERS,
    GUIDES,
    OPEN_SHOP,
    PASSPORT_NEW,
    PASSPORT_OLD,
    ask,
)

pytestmark = pytest.mark.unit


def test_materials_are_complete_with_counts() -> None:
    draft = ask("个体工商户设立登记要带啥")
    assert draft.route is Route.GUIDE
    assert draft.source_ids == ("shop-open",)
    for material in OPEN_SHOP.materials or ():
        assert material.name in draft.text
    assert "原件1份、复印件2份" in draft.text
    assert "委托书（原件1份；非必要）" in draft.text
    assert "共4项" in draft.spoken


def test_statutory_and_promised_limit_are_never_mixed() -> None:
    assert "承诺办结时限：1个工作日" in ask("个体工商户设立登记几天能办好").text
    assert "15" not in ask("个体工商户设立登记几天能办好").text
    assert "法定办结时限：15个工作日" in ask("个体工商户设立登记法定几天").text
    assert "承诺" not in ask("个体工商户设立登记法定几天").text
    both = ask("个体工商户设立登记法定和承诺时限分别是多久").text
    assert "15个工作日" in both
    assert "承诺办结时限：1个工作日" in both


def test_a_promised_limit_that_is_not_stated_is_said_to_be_so() -> None:
    plain = ask("高龄津贴申领多久能办好").text
    assert "未载明承诺办结时限" in plain
    assert "法定办结时限为20个工作日" in plain
    assert "0888-6105678" in plain
    assert "20" not in ask("高龄津贴申领承诺几天办结").text


def test_not_stated_gives_the_consult_phone_with_its_citation() -> None:
    draft = ask("高龄津贴申领要什么材料")
    assert "办事指南未载明申请材料。咨询电话：0888-6105678" in draft.text
    assert any("0888-6105678" in citation.quote for citation in draft.citations)


def test_no_phone_no_invented_phone() -> None:
    draft = ask("普通护照签发咨询电话多少")
    assert "未载明咨询电话" in draft.text
    assert not re.search(r"\d{5,}", draft.text)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("个体工商户注销登记能网上办吗", "不能网上办理"),
        ("高龄津贴申领在哪办", "无线下办理窗口"),
        ("个体工商户设立登记要跑几趟", "0次，不用到现场"),
        ("个体工商户注销登记要跑几趟", "1次"),
        ("个体工商户设立登记收费吗", "不收费"),
        ("个体工商户设立登记几点上班", "工作日9:00至17:00"),
        ("高龄津贴申领周末办不办", "未载明办理时间"),
        ("个体工商户设立登记依据哪个文件", "国令第755号"),
        ("个体工商户设立登记办完发什么证", "营业执照"),
        ("个体工商户设立登记归谁管", "丙丁县市场监督管理局"),
        ("个体工商户设立登记网址是什么", "https://zwfw.example.cn/shop"),
        ("个体户营业执照能邮寄吗", "可以快递送达"),
    ],
)
def test_stated_fields(question: str, words: str) -> None:
    assert words in ask(question).text


@pytest.mark.parametrize(
    "question",
    [
        "《个体工商户设立登记》 要带啥",
        "个体工商户（设立）登记要带啥",
        "个体工商户设立登计要带啥",
        "个体工商户设力登记要带啥",
        "个体工商户设立登记 我老婆问要带啥",
        "主播好，请问一下办理个体工商户设立登记需要准备些什么材料呀",
    ],
)
def test_names_typed_otherwise(question: str) -> None:
    draft = ask(question)
    assert draft.source_ids == ("shop-open",)
    assert draft.support.match >= 0.6


def test_the_word_that_tells_items_apart_decides() -> None:
    assert ask("个体工商户注销登记几天").source_ids == ("shop-close",)
    assert ask("个体工商户变更登记几天").support.match < 0.6


@pytest.mark.parametrize(
    "question",
    ["殡葬服务许可要带啥", "狗狗上牌几天能好", "你吃饭了吗", "个体工商户贷款贴息要什么材料"],
)
def test_what_is_not_in_the_catalogue_is_not_answered(question: str) -> None:
    draft = ask(question)
    assert draft.route is Route.NONE or draft.support.match < 0.6


def test_a_parent_with_differing_items_is_asked_back() -> None:
    draft = ask("注册消防工程师注册审批承诺几天", region=None)
    assert draft.route is Route.CLARIFY
    assert "（一级）" in draft.text
    assert "（二级）" in draft.text
    assert len(draft.options) == 2


def test_a_parent_whose_items_agree_is_answered() -> None:
    draft = ask("注册消防工程师注册审批收费吗", region=None)
    assert draft.route is Route.GUIDE
    assert "不收费" in draft.text


def test_at_most_four_options_are_named() -> None:
    many = [
        replace(ENGINEERS[0], id=f"e{n}", name=f"审批事项（第{n}类）", fee=f"{n}元")
        for n in range(7)
    ]
    draft = ask("注册消防工程师注册审批收费吗", *many, region=None)
    assert len(draft.options) == 4
    assert "等7项" in draft.text


def test_a_guide_answers_only_while_it_is_in_force() -> None:
    assert "160元" in ask("普通护照签发多少钱", as_of=date(2025, 5, 9)).text
    assert "120元" in ask("普通护照签发多少钱", as_of=date(2025, 5, 10)).text
    assert not ask("普通护照签发多少钱", PASSPORT_OLD, as_of=date(2025, 5, 10)).statements
    assert not ask("普通护照签发多少钱", PASSPORT_NEW, as_of=date(2025, 5, 9)).statements


def test_two_items_in_one_question() -> None:
    draft = ask("个体工商户注销登记要跑几趟，高龄津贴申领打哪个电话")
    assert draft.source_ids == ("shop-close", "elderly")
    assert "1次" in draft.text
    assert "0888-6105678" in draft.text


def test_no_field_gives_a_short_overview() -> None:
    draft = ask("个体工商户设立登记")
    assert "受理条件" in draft.text
    assert "申请材料" in draft.text
    assert draft.support.asked < 0.8


def test_it_goes_on_from_the_last_question() -> None:
    history = ("个体工商户设立登记要带啥",)
    assert "承诺办结时限：1个工作日" in ask("那个几天能好", history=history).text
    assert ask("那注销呢", history=history).source_ids == ("shop-close",)
    later = (*history, "那个几天能好")
    assert "0888-12345" in ask("投诉打哪个电话", history=later).text


def test_a_named_item_does_not_go_on() -> None:
    draft = ask("高龄津贴申领的条件是什么", history=("个体工商户设立登记要带啥",))
    assert draft.source_ids == ("elderly",)


FIELDS = sorted(set(FIELD_LABELS) - {"name", "faqs"})


def _values(guide: ServiceGuide) -> str:
    return " ".join(filter(None, (render_field(guide, field) for field in FIELD_LABELS)))


@given(st.sampled_from(GUIDES), st.sampled_from(FIELDS))
def test_every_number_said_is_the_guides_own(guide: ServiceGuide, field: str) -> None:
    said = say(guide, field)
    known = set(re.findall(r"\d+", _values(guide)))
    counts = {str(len(guide.materials or ())), str(len(guide.locations or ()))}
    assert set(re.findall(r"\d+", said.text)) <= known
    assert set(re.findall(r"\d+", said.spoken)) <= known | counts


@given(st.sampled_from(GUIDES), st.sampled_from(FIELDS))
def test_every_quote_is_the_guides_own_words_or_its_rendered_field(
    guide: ServiceGuide, field: str
) -> None:
    for citation in say(guide, field).citations:
        assert citation.field is not None
        stated = getattr(guide, citation.field)
        rendered = render_field(guide, citation.field)
        assert citation.quote == (stated if isinstance(stated, str) else rendered)
        assert citation.quote in (rendered or "")


@given(
    st.lists(
        st.text(alphabet="甲乙丙丁戊己申请表证明材料原件", min_size=2, max_size=30), max_size=40
    )
)
def test_all_materials_are_shown_and_the_voice_stays_short(names: list[str]) -> None:
    guide = replace(OPEN_SHOP, materials=tuple(Material(name) for name in names) or None)
    draft: Draft = ask("个体工商户设立登记要带啥", guide)
    assert all(name in draft.text for name in names)
    assert len(draft.spoken) <= 150


def test_a_shop_that_closes_is_not_one_that_opens() -> None:
    draft = ask("个体户不干了 执照怎么注销 要带什么", OPEN_SHOP, CLOSE_SHOP, ELDERLY)
    assert draft.source_ids[:1] != ("shop-open",) or draft.support.match < 0.6


def test_what_fits_is_voiced_whole() -> None:
    draft = ask("个体工商户设立登记要带啥，几天能办好")
    assert "完整清单" not in draft.spoken
    assert all(material.name in draft.spoken for material in OPEN_SHOP.materials or ())
    assert "承诺办结时限是1个工作日" in draft.spoken


def test_a_list_too_long_is_voiced_by_count_and_first_names() -> None:
    names = [f"第{n}号机构出具的有关情况的证明材料" for n in "甲乙丙丁戊己庚辛壬癸"]
    guide = replace(OPEN_SHOP, materials=tuple(Material(name) for name in names))
    spoken = ask("个体工商户设立登记要带啥", guide).spoken
    assert "共10项" in spoken
    assert names[0] in spoken
    assert spoken.endswith("完整清单见屏幕。")


def test_of_several_locations_the_one_near_the_place_is_said() -> None:
    guide = replace(
        GUIDES[0],
        locations=(
            Location("示例县政务服务中心", "示例大道1号"),
            Location("峡谷镇便民服务中心", "峡谷镇峡谷路6号"),
        ),
    )
    said = say(guide, "locations", near=("峡谷镇便民服务中心（示例）", "峡谷镇"))
    assert "峡谷路6号" in said.spoken
    assert "示例大道" not in said.text + said.spoken
    assert said.citations[0].quote == render_field(guide, "locations")


def test_a_place_without_a_location_of_its_own_hides_none() -> None:
    guide = replace(
        GUIDES[0], locations=(Location("甲中心", "甲路1号"), Location("乙中心", "乙路2号"))
    )
    assert "甲路1号" in say(guide, "locations", near=("丙镇",)).text
