"""What a guide does not state is said to be so, and what it does not offer has no address."""

from dataclasses import replace

import pytest

from assistant.answering.asking_back import clarify
from assistant.answering.items import Catalogue
from assistant.domain.answer import Support
from assistant.domain.source import LimitUnit, Online, ServiceGuide, TimeLimit
from assistant.retrieval.guide_render import render_field
from tests.answering.guides.sample import CLOSE_SHOP, ELDERLY, LEXICON, OPEN_SHOP, REGIONS, ask

pytestmark = pytest.mark.unit

GRANT = ServiceGuide(
    id="grant",
    name="护理津贴发放",
    region="880121",
    authority="丙丁县民政局",
    conditions="长期卧床的本县户籍居民。",
    promised_limit=TimeLimit(1, LimitUnit.MONTH),
    visits=0,
)


@pytest.mark.parametrize(
    "question", ["护理津贴法定时限多久", "护理津贴法定办结时限是多久", "护理津贴发放法定几天"]
)
def test_a_statutory_limit_that_is_not_stated_is_not_the_promised_one(question: str) -> None:
    text = ask(question, GRANT, OPEN_SHOP).text
    assert "未载明法定办结时限" in text
    assert "1个月" not in text


def test_of_both_limits_the_unstated_one_is_said_too() -> None:
    text = ask("护理津贴发放法定几天承诺几天", GRANT, OPEN_SHOP).text
    assert text.index("未载明法定办结时限") < text.index("承诺办结时限：1个月")
    other = ask("高龄津贴申领法定几天承诺几天", GRANT, ELDERLY).text
    assert "法定办结时限：20个工作日" in other
    assert "未载明承诺办结时限" in other


@pytest.mark.parametrize(
    "question",
    ["护理津贴发放怎么办，收费吗，跑几趟", "怎么办理护理津贴发放？收费吗？跑几趟？"],
)
def test_no_asked_field_is_dropped(question: str) -> None:
    text = ask(question, GRANT, OPEN_SHOP).text
    assert "未载明办理流程" in text
    assert "未载明收费" in text
    assert "0次" in text


def test_how_to_beside_another_field_is_no_question_of_its_own() -> None:
    text = ask("个体工商户设立登记怎么办理需要什么材料").text
    assert "申请材料" in text
    assert "办理流程" not in text


def test_no_address_for_what_cannot_be_done_online() -> None:
    guide = replace(CLOSE_SHOP, online=Online(False, "甲省办", "https://no.example.cn/x"))
    assert render_field(guide, "online") == "网上办理：不能网上办理"
    draft = ask("个体工商户注销登记能网上办吗", guide, OPEN_SHOP)
    shown = draft.text + draft.spoken + "".join(c.quote for c in draft.citations)
    assert "不能网上办理" in draft.text
    assert "甲省办" not in shown
    assert "http" not in shown


def test_an_option_without_an_authority_shows_the_regions_name() -> None:
    guides = [replace(GRANT, id=f"g{n}", name=f"津贴{n}", authority=None) for n in range(2)]
    catalogue = Catalogue.build(guides, REGIONS, LEXICON)
    draft = clarify(guides, Support(), catalogue)
    assert draft.options == ("津贴0（丙丁县）", "津贴1（丙丁县）")
    assert "880121" not in draft.text
