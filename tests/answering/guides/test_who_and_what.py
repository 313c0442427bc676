"""Who may apply, what the guide is filed under, one of the materials, and what is no field."""

from dataclasses import replace

import pytest

from assistant.answering.mention import content_of
from assistant.domain.answer import Route
from assistant.domain.source import Material
from tests.answering.guides.sample import ELDERLY, OPEN_SHOP, ask

pytestmark = pytest.mark.unit

SHOP = replace(
    OPEN_SHOP,
    code="11880121MB00001",
    item_type="行政许可",
    audience=("自然人", "个体工商户"),
    conditions="应当在开业前30日内申请。",
    materials=(
        Material("个体工商户登记申请书", 1),
        Material("经营场所使用证明", None, 1, None, True),
        Material("健康证明", 1, 3, None, False),
        Material("一寸照片", 2),
    ),
)
NAME = SHOP.name


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (f"{NAME}什么人能办", "服务对象：自然人、个体工商户"),
        (f"{NAME}办给谁", "服务对象：自然人、个体工商户"),
        (f"个人能办{NAME}吗", "服务对象：自然人、个体工商户"),
        (f"{NAME}的实施编码是多少", "实施编码：11880121MB00001"),
        (f"{NAME}属于什么事项类型", "事项类型：行政许可"),
        (f"{NAME}要提前多久申请", "开业前30日内"),
        (f"{NAME}网上办的流程", "（网上）网上提交"),
    ],
)
def test_fields_by_other_words(question: str, words: str) -> None:
    draft = ask(question, SHOP, ELDERLY)
    assert words in draft.text
    assert "承诺办结时限" not in draft.text


def test_who_must_come_is_more_than_how_often() -> None:
    shop = replace(SHOP, conditions="须由经营者本人到窗口办理。")
    draft = ask(f"{NAME}要不要本人去", shop, ELDERLY)
    assert "到现场次数" in draft.text
    assert "须由经营者本人到窗口办理" in draft.text
    assert "受理条件" not in ask(f"{NAME}要跑几趟", shop, ELDERLY).text


def test_without_an_audience_the_conditions_say_who() -> None:
    assert "80周岁" in ask("高龄津贴申领办给谁", SHOP, ELDERLY).text


def test_how_long_before_is_not_the_limit() -> None:
    draft = ask(f"{NAME}提前多久", replace(SHOP, conditions="经营场所合法。"), ELDERLY)
    assert draft.route is Route.NONE


@pytest.mark.parametrize(
    ("question", "history", "line"),
    [
        (f"{NAME}的经营场所使用证明要几份", (), "经营场所使用证明（复印件1份；必要）"),
        (f"{NAME}必须交健康证明吗", (), "健康证明（原件1份、复印件3份；非必要）"),
        (f"{NAME}要几张照片", (), "一寸照片（原件2份）"),
        ("健康证明必须要交吗", (f"{NAME}要什么材料",), "健康证明（原件1份、复印件3份；非必要）"),
    ],
)
def test_one_of_the_materials(question: str, history: tuple[str, ...], line: str) -> None:
    draft = ask(question, SHOP, ELDERLY, history=history)
    assert line in draft.text
    assert "登记申请书" not in draft.text
    assert draft.support.match >= 0.6
    assert any(line in citation.quote for citation in draft.citations)


@pytest.mark.parametrize(
    "question",
    [
        f"{NAME}可以转让给别人吗",
        f"网店卖杂货要不要{NAME}",
        f"{NAME}面积多大才行",
        f"为什么要有{NAME}",
        f"{NAME}和去年比有变化么",
    ],
)
def test_what_is_no_field_gets_no_overview(question: str) -> None:
    draft = ask(question, SHOP, ELDERLY)
    assert draft.route is Route.NONE or "承诺办结时限" not in draft.text


@pytest.mark.parametrize(
    "question", [NAME, f"咨询一下{NAME}", f"我想了解{NAME}的情况", f"{NAME}？"]
)
def test_hardly_more_than_the_name_gets_one(question: str) -> None:
    assert "承诺办结时限" in ask(question, SHOP, ELDERLY).text


def test_a_word_is_not_respelt_by_ear() -> None:
    text = ask("个体户营业执照健康证明必须交吗", SHOP, ELDERLY).text
    assert "健康证明（原件1份" in text


def test_a_word_that_sounds_like_another_word_is() -> None:
    assert ask("个体工商户社立登计要带什么", SHOP, ELDERLY).source_ids == (SHOP.id,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("补个身份证要多少钱", ("补身份证",)),
        ("换本驾驶证要啥", ("换驾驶证",)),
        ("会议纪要怎么查", ("会议纪要",)),
        ("开个小卖部要啥", ("开小卖部",)),
    ],
)
def test_measure_words_and_modal_verbs_name_no_item(text: str, words: tuple[str, ...]) -> None:
    assert content_of(text) == words
