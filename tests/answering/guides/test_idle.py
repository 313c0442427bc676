"""What viewers say beside their question, and what they say that may change the answer."""

import pytest

from assistant.answering.idle import without_idle
from assistant.domain.answer import Route
from tests.answering.guides.sample import OPEN_SHOP, answerer, ask

pytestmark = pytest.mark.unit

ASKED = f"{OPEN_SHOP.name}要什么材料"


@pytest.mark.parametrize(
    "idle", ["晚来了一步，", "这声音真好听～", "坐等开播 ", "吃着火锅看直播！！"]
)
def test_idle_talk_is_left_out(idle: str) -> None:
    assert without_idle(idle + ASKED, answerer().catalogue).strip("？") == ASKED
    assert ask(idle + ASKED).support.match == ask(ASKED).support.match


@pytest.mark.parametrize(
    "told", ["我是外地的，", "没有身份证，", "孩子三岁，", "店里刚着过火，", "居住证要吗，"]
)
def test_what_may_change_the_answer_stays(told: str) -> None:
    assert without_idle(told + ASKED, answerer().catalogue) == told + ASKED


def test_talk_without_a_question_stays_whole() -> None:
    assert without_idle("这声音真好听，坐等开播", answerer().catalogue) == "这声音真好听，坐等开播"
    assert ask("这声音真好听，坐等开播").route is Route.NONE


def test_a_name_said_in_pieces_stays_whole() -> None:
    apart = "个体 工商户 设立 登记 要什么材料"
    assert without_idle(apart, answerer().catalogue) == apart
