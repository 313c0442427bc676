"""A guide's fields as text: exact, with labels and units, and silent where the guide is silent."""

import pytest

from assistant.domain.source import (
    Basis,
    Channel,
    Faq,
    LimitUnit,
    Location,
    Material,
    Online,
    QuestionAnswer,
    ServiceGuide,
    SourceKind,
    Step,
    TimeLimit,
)
from assistant.retrieval.guide_passages import faq_passages, guide_passages
from assistant.retrieval.guide_render import FIELD_LABELS, render_field

pytestmark = pytest.mark.unit

FULL = ServiceGuide(
    id="g",
    name="居民身份证补领",
    aliases=("补办身份证",),
    parent="居民身份证办理",
    authority="示例县公安局",
    audience=("自然人", "未成年人"),
    conditions="身份证丢失的，可以申请补领。",
    materials=(
        Material("户口簿", originals=1, copies=0, form="纸质", required=True),
        Material("照片回执"),
    ),
    steps=(Step(Channel.WINDOW, "提交材料"), Step(Channel.ANY, "领取证件")),
    statutory_limit=TimeLimit(60, LimitUnit.DAY),
    promised_limit=TimeLimit(0.5, LimitUnit.WORKDAY, "自受理之日起"),
    fee="40元/证",
    locations=(Location("户籍大厅", "示例路1号", "3号窗口", "9:00—17:00", "0755-12345"),),
    consult_phone="12345",
    online=Online(available=False),
    visits=0,
    appointment=True,
    courier=False,
    result="居民身份证",
    basis=(Basis("中华人民共和国居民身份证法", None, "第十一条", "应当申请补领。"),),
    faqs=(QuestionAnswer("能代办吗", "不能。"), QuestionAnswer("多久", "见时限。")),
)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("conditions", "身份证丢失的，可以申请补领。"),
        ("audience", "服务对象：自然人、未成年人"),
        ("materials", "申请材料：\n1. 户口簿（原件1份、不要复印件；纸质；必要）\n2. 照片回执"),
        ("steps", "办理流程：\n1. （窗口）提交材料\n2. 领取证件"),
        ("statutory_limit", "法定办结时限：60天"),
        ("promised_limit", "承诺办结时限：0.5个工作日（自受理之日起）"),
        (
            "locations",
            "办理地点：户籍大厅，示例路1号，3号窗口；办理时间：9:00—17:00；电话：0755-12345",
        ),
        ("online", "网上办理：不能网上办理"),
        ("visits", "到现场次数：0次"),
        ("courier", "快递送达：不提供快递送达"),
        ("basis", "设定依据：《中华人民共和国居民身份证法》第十一条：应当申请补领。"),
        ("complaint_phone", None),
    ],
)
def test_field_text(field: str, text: str | None) -> None:
    assert render_field(FULL, field) == text


def test_a_silent_guide_states_only_its_name() -> None:
    silent = ServiceGuide("g", "事项", materials=(), locations=(Location(),), fee=" ")
    assert [p.field for p in guide_passages(silent)] == ["name"]
    assert {field for field in FIELD_LABELS if render_field(silent, field)} == {"name"}


def test_each_stated_field_is_one_passage_and_each_faq_another() -> None:
    passages = guide_passages(FULL)
    fields = [passage.field for passage in passages]
    assert fields.count("faqs") == 2
    assert len(set(fields)) == len(fields) - 1
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    for passage in passages:
        assert passage.locator == FIELD_LABELS[passage.field or ""]
        assert "补办身份证" in passage.context
        assert passage.text in (render_field(FULL, passage.field or "") or "")


def test_a_pair_is_one_passage_found_by_its_questions() -> None:
    (passage,) = faq_passages(Faq("f", "怎么补办", "到窗口办。", similar_questions=("丢了咋办",)))
    assert (passage.kind, passage.text) == (SourceKind.FAQ, "到窗口办。")
    assert passage.context == "怎么补办\n丢了咋办"
