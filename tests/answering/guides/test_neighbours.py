"""Near neighbours: a word that tells another item apart shows in the numbers."""

from dataclasses import replace

import pytest

from assistant.answering.items import Catalogue
from assistant.answering.matching import Fit, estimate, measure
from assistant.answering.mention import read_mention
from assistant.domain.answer import Route
from assistant.domain.evidence import Ranking
from assistant.domain.source import ServiceGuide
from tests.answering.guides.sample import ELDERLY, LEXICON, OPEN_SHOP, REGIONS, ask

pytestmark = pytest.mark.unit

NAMES = (
    "内地居民收养登记",
    "饲料经营许可证核发",
    "个体工商户注销登记",
    "船舶所有权转移登记",
    "灵活就业人员社会保险参保登记",
    "机动车驾驶证补证",
    "住房公积金提取（租房）",
)
GUIDES = [
    replace(ELDERLY, id=f"n{n}", name=name, aliases=(), parent=None) for n, name in enumerate(NAMES)
]
NEAR: tuple[ServiceGuide, ...] = (*GUIDES, OPEN_SHOP, ELDERLY)


def fit(question: str, name: str) -> Fit:
    catalogue = Catalogue.build(NEAR, REGIONS, LEXICON)
    fits = measure(read_mention(question, catalogue), catalogue, Ranking())
    return next(one for one in fits if one.profile.name == name.replace("（", "").replace("）", ""))


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("离婚登记要什么材料", "内地居民收养登记"),
        ("兽药经营许可证几天", "饲料经营许可证核发"),
        ("企业注销登记要什么材料", "个体工商户注销登记"),
        ("犬只登记注销多少钱", "个体工商户注销登记"),
        ("船舶所有权异议登记几天", "船舶所有权转移登记"),
        ("职工社会保险参保登记要什么", "灵活就业人员社会保险参保登记"),
        ("机动车行驶证补证多少钱", "机动车驾驶证补证"),
        ("住房公积金提取离职要什么材料", "住房公积金提取（租房）"),
    ],
)
def test_a_word_in_anothers_place_counts_fully(question: str, name: str) -> None:
    odd = fit(question, name)
    assert odd.extra == odd.missing == odd.lack == odd.against == 1.0
    assert odd.left >= 0.2
    assert not odd.is_slip
    assert not odd.is_clean
    assert estimate(odd) < 0.6


@pytest.mark.parametrize("question", ["临时驾驶证补证要什么", "新能源机动车驾驶证补证要什么"])
def test_a_word_too_many_counts_fully(question: str) -> None:
    odd = fit(question, "机动车驾驶证补证")
    assert odd.extra == odd.missing == 1.0


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("我妈想弄机动车驾驶证补证要啥", "机动车驾驶证补证"),
        ("饲料经营许可证要带什么", "饲料经营许可证核发"),
        ("收养登记去哪里", "内地居民收养登记"),
        ("饲料经营许坷证几天", "饲料经营许可证核发"),
        ("开店执照几天", "个体工商户设立登记"),
    ],
)
def test_what_makes_no_other_item_does_not_count(question: str, name: str) -> None:
    assert fit(question, name).missing < 1.0


def test_what_only_one_name_holds_means_that_item() -> None:
    assert ask("收养登记要什么条件", *NEAR).support.match >= 0.6
    assert ask("注销登记要什么条件", *NEAR).support.match < 0.8
    twice = replace(GUIDES[0], id="foreign", name="涉外收养登记", conditions="另有规定。")
    draft = ask("收养登记要什么条件", *NEAR, twice)
    assert draft.route is not Route.GUIDE or draft.support.match < 0.6


def test_a_name_cut_out_of_a_longer_word_is_not_the_item() -> None:
    alias = replace(GUIDES[0], id="wed", name="内地居民结婚登记", aliases=("领结婚证",))
    question = "补领结婚证要什么条件"
    assert ask(question, alias, *NEAR[1:]).support.match < 0.6
    assert ask("我要领结婚证要什么条件", alias, *NEAR[1:]).support.match >= 0.6


def test_a_neighbour_is_not_answered() -> None:
    for question in ("离婚登记要什么条件", "兽药经营许可证几天", "犬只登记注销要带啥"):
        assert ask(question, *NEAR).support.match < 0.6
