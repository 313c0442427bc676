"""Two items in one question: each part answered by its own guide, and none dropped."""

from dataclasses import replace

import pytest

from assistant.domain.answer import Draft, Route
from assistant.domain.source import Material, ServiceGuide
from tests.answering.guides.sample import ELDERLY, OPEN_SHOP, ask

pytestmark = pytest.mark.unit

SHOP = replace(OPEN_SHOP, aliases=("小店证",))
CARD = ServiceGuide(
    id="card",
    name="敬老优待证申领",
    aliases=("敬老证",),
    region="880121",
    fee="15元",
    materials=(Material("近期照片", 2),),
    consult_phone="0888-6100001",
)


def unsure(draft: Draft) -> bool:
    return draft.route is Route.NONE or draft.support.match < 0.6


@pytest.mark.parametrize(
    "question",
    [
        "小店证几天？敬老证要啥材料？",
        "小店证几天能好，敬老证要带什么",
        "小店证几天 敬老证要带什么",
    ],
)
def test_each_part_is_answered_by_its_own_item(question: str) -> None:
    draft = ask(question, SHOP, CARD, ELDERLY)
    assert draft.source_ids == ("shop-open", "card")
    own, other = draft.text.split("事项：敬老优待证申领")
    assert "事项：个体工商户设立登记" in own
    assert "1个工作日" in own
    assert "近期照片" in other
    assert "经营者身份证" not in draft.text
    assert "个体工商户设立登记，" in draft.spoken
    assert "敬老优待证申领，" in draft.spoken


def test_the_same_field_of_two_items() -> None:
    draft = ask("小店证多少钱，敬老证多少钱", SHOP, CARD, ELDERLY)
    assert "不收费" in draft.text
    assert "15元" in draft.text
    listed = ask("小店证和敬老证要什么材料", SHOP, CARD, ELDERLY)
    assert listed.source_ids == ("shop-open", "card")


@pytest.mark.parametrize(
    "question",
    [
        "敬老证多少钱？养蜂证要啥材料？",
        "养蜂证几天，敬老证要啥材料",
        "养蜂登记和敬老证分别要什么材料",
        "敬老证和养蜂登记各要什么材料",
        "养蜂登记和放羊许可分别几天",
    ],
)
def test_a_part_without_an_item_leaves_all_to_people(question: str) -> None:
    assert unsure(ask(question, SHOP, CARD, ELDERLY))


def test_one_item_stays_one_question() -> None:
    draft = ask("敬老证多少钱？优待证要啥材料", SHOP, CARD, ELDERLY)
    assert draft.source_ids in {("card",), ()}
    assert ask("敬老证要身份证吗，要带户口本不", CARD, SHOP).source_ids == ("card",)
    assert ask("敬老优待证申领也就是敬老证，多少钱", CARD, SHOP).source_ids == ("card",)


def test_the_voice_of_many_items_stays_short() -> None:
    guides = [
        replace(CARD, id=f"g{n}", name=f"{word}类特种作业场所许可证核发", aliases=())
        for n, word in enumerate("甲乙丙丁戊己庚辛")
    ]
    draft = ask("，".join(f"{guide.name}多少钱" for guide in guides), *guides)
    assert len(draft.source_ids) == len(guides)
    assert len(draft.spoken) <= 150


def test_papers_that_are_asked_about_are_items_of_their_own() -> None:
    """Not brought along: asked how often one must come for each of them."""
    divorce = replace(CARD, id="divorce", name="离婚登记", aliases=("离婚证",), visits=2)
    wedding = replace(CARD, id="wedding", name="结婚登记", aliases=(), visits=1)
    draft = ask("离婚证要跑几趟，结婚证要跑几趟", divorce, wedding)
    assert draft.source_ids != ("divorce",)
    assert ask("离婚证要身份证吗，身份证要几份", divorce, wedding).source_ids == ("divorce",)


@pytest.mark.parametrize(
    "question", ["补一张小店证和补一张敬老证各多少钱", "小店证补领和敬老证补领各多少钱"]
)
def test_a_measure_word_or_each_parts_no_name(question: str) -> None:
    shop = replace(SHOP, aliases=("小店证补领", "补小店证"))
    card = replace(CARD, aliases=("敬老证补领", "补敬老证"))
    draft = ask(question, shop, card, ELDERLY)
    assert draft.source_ids == ("shop-open", "card")
    assert draft.support.match > 0.9
    assert "15元" in draft.text
