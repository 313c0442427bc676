"""Questions back: among items that share a name, and no answer to what is only to be confirmed."""

from dataclasses import replace

import pytest

from assistant.answering.decide import decide, default_policy
from assistant.answering.resolving import to_confirm
from assistant.domain.answer import Route
from assistant.domain.source import Online
from assistant.domain.verdict import Action
from tests.answering.guides.sample import CLOSE_SHOP, ELDERLY, OPEN_SHOP, RESIDENCE_C, ask

pytestmark = pytest.mark.unit

PORTAL = Online(True, "甲省政务服务网", "https://zwfw.example.cn")
OPEN = replace(OPEN_SHOP, online=PORTAL)
CLOSE = replace(CLOSE_SHOP, online=PORTAL, fee="不收费")


def test_items_that_share_all_that_is_said_are_asked_about() -> None:
    rented = replace(ELDERLY, id="rented", name="公租房租金补贴申请", aliases=(), fee="5元")
    loan = replace(ELDERLY, id="loan", name="公租房保障资格申请", aliases=(), fee="8元")
    draft = ask("公租房要多少钱", rented, loan, OPEN)
    assert draft.route is Route.CLARIFY
    assert set(draft.source_ids) == {"rented", "loan"}
    assert decide(draft, default_policy()).action is Action.CLARIFY


def test_what_stands_above_several_items_names_none_of_them() -> None:
    draft = ask("个体工商户登记网上怎么弄", OPEN, CLOSE, ELDERLY)
    assert draft.route is Route.CLARIFY
    assert set(draft.source_ids) == {"shop-open", "shop-close"}


def test_what_is_surely_asked_and_the_same_for_all_of_them_is_said() -> None:
    draft = ask("个体工商户登记要多少钱", OPEN, CLOSE, ELDERLY)
    assert draft.route is Route.GUIDE
    assert "不收费" in draft.text


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("把材料寄来就行，人不用来对吧", "人不用来"),
        ("办居住证不要钱吧？", "办居住证不要钱"),
        ("居住证要多少钱", None),
        ("居住证好办吗", None),
    ],
)
def test_what_a_question_asks_to_confirm(question: str, claim: str | None) -> None:
    assert to_confirm(question) == claim


def test_a_claim_that_no_field_speaks_of_is_not_answered_by_another_field() -> None:
    card = replace(RESIDENCE_C, materials=OPEN_SHOP.materials, fee="20元")
    assert ask("居住证申领把材料寄过去就行，孩子不用带去对吧", card, ELDERLY).route is Route.NONE
    assert "20元" in ask("居住证申领不要钱对吧", card, ELDERLY).text
