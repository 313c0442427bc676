"""Questions that go on from the last one: the same item, another kind of it, or none known."""

from dataclasses import replace

import pytest

from assistant.domain.answer import Route
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide
from tests.answering.guides.sample import ELDERLY, OPEN_SHOP, TODAY, answerer, ask

pytestmark = pytest.mark.unit

REISSUE = ServiceGuide(
    id="reissue", name="渔民证补领", parent="渔民证办理", region="880121", fee="40元"
)
RENEW = replace(REISSUE, id="renew", name="渔民证换领", fee="20元")
ADOPT = ServiceGuide(
    id="adopt", name="内地居民收养登记", region="880121", fee="不收费", conditions="年满30周岁。"
)


@pytest.mark.parametrize(
    ("history", "text", "item"),
    [
        ("渔民证补领多少钱", "那换领呢", "renew"),
        ("渔民证补领多少钱", "换领呢", "renew"),
        ("渔民证换领多少钱", "那补领呢？", "reissue"),
        ("渔民证换领多少钱", "那个要几天", "renew"),
        ("渔民证换领几天", "多少钱呢", "renew"),
    ],
)
def test_the_kind_named_last_is_the_one_meant(history: str, text: str, item: str) -> None:
    draft = ask(text, REISSUE, RENEW, ELDERLY, history=(history,))
    assert draft.source_ids == (item,)


@pytest.mark.parametrize(
    ("history", "text"),
    [
        ("收养登记要什么条件", "那送养呢"),
        ("内地居民收养登记要什么条件", "那解除收养关系呢"),
        ("内地居民收养登记收费吗", "那殡葬呢"),
        ("渔民证补领多少钱", "那注销呢"),
    ],
)
def test_another_kind_that_is_not_known_is_not_answered_by_the_last(
    history: str, text: str
) -> None:
    draft = ask(text, ADOPT, REISSUE, OPEN_SHOP, history=(history,))
    assert draft.route is Route.NONE or draft.support.match < 0.6


@pytest.mark.parametrize(
    "text", ["一个人能养两条船吗", "渔船能卖不 要啥材料", "开饭馆要什么条件", "高龄津贴申领几天"]
)
def test_a_question_of_its_own_does_not_go_on(text: str) -> None:
    desk = answerer(REISSUE, RENEW, ELDERLY)
    assert not desk.understand(Question(text, TODAY, "880121", ("渔民证补领",))).is_follow_up


@pytest.mark.parametrize("text", ["要几天", "那要多少钱？", "在哪办", "委托书要原件吗", "它收费吗"])
def test_a_question_without_an_item_goes_on(text: str) -> None:
    desk = answerer(OPEN_SHOP, ELDERLY)
    history = ("个体工商户设立登记要什么材料",)
    reading = desk.understand(Question(text, TODAY, "880121", history))
    assert reading.is_follow_up
    assert reading.parts[0].mention.parts == ("个体工商户设立登记",)


def test_it_goes_on_from_both_items() -> None:
    history = ("个体工商户设立登记和高龄津贴申领要什么条件",)
    draft = ask("那要几天", history=history)
    assert draft.source_ids == ("shop-open", "elderly")


def test_a_second_reading_puts_the_last_item_in_front() -> None:
    desk = answerer(REISSUE, RENEW, ELDERLY)
    after = Question("最多用几年", TODAY, "880121", ("渔民证补领多少钱",))
    again = desk.going_on(after)
    assert again is not None
    assert again.text == "渔民证补领 最多用几年"
    assert desk.going_on(replace(after, text="渔民证换领几天")) is None
    assert desk.going_on(replace(after, history=())) is None
