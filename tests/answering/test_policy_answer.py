from datetime import date

import pytest

from assistant.answering.clauses import _BOUNDARY
from assistant.answering.policy_answer import PolicyAnswerer
from assistant.answering.verify import unsupported
from assistant.domain.answer import NO_DRAFT, Draft, Route
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import SourceHeader, SourceKind

pytestmark = pytest.mark.unit

RULES = (
    "第一条 为了规范示例县高龄津贴发放工作，根据有关法律法规，结合本县实际，制定本办法。",
    "第二条 具有示例县户籍、年满八十周岁的老年人，可以申领高龄津贴。",
    (
        "第三条 高龄津贴标准为：80至89周岁每人每月60元，90至99周岁每人每月150元，"
        "100周岁以上每人每月500元。"
    ),
    "第四条 申请人可以到户籍所在地乡镇便民服务中心提出申请，也可以委托村民委员会代办。",
    "第五条 乡镇人民政府应当自受理申请之日起十个工作日内完成审核。",
    "第六条 咨询电话为0000-1234567，投诉电话为0000-7654321。",
    (
        "第七条 有下列情形之一的，停发高龄津贴：一是本人死亡的；二是户籍迁出示例县的；"
        "三是被判处有期徒刑正在服刑的；四是弄虚作假骗取津贴的；五是自愿放弃的。"
    ),
    "第八条 本办法自2025年1月1日起施行。",
)
HEADER = SourceHeader(
    "gaoling",
    SourceKind.POLICY,
    1,
    "示例县高龄津贴发放办法",
    document_number="示民规〔2025〕1号",
    published_on=date(2024, 12, 20),
)
OTHER = SourceHeader("chezhu", SourceKind.POLICY, 1, "示例县机动车停放管理办法")
REGIONS = RegionTree(
    [
        Region("000000", "全国", None),
        Region("510000", "四川省", "000000", ("四川",)),
        Region("150000", "内蒙古自治区", "000000", ("内蒙古",)),
    ]
)


def ranking(question: str, texts=RULES, header=HEADER) -> Ranking:
    """A ranking as search gives it: by shared character pairs."""
    hits = [_hit(question, header, n, text) for n, text in enumerate(texts)]
    hits.append(_hit(question, OTHER, 0, "第一条 车辆应当停放在划定的泊位内，收费另行规定。"))
    return Ranking(tuple(sorted(hits, key=lambda hit: -hit.scores.total)))


def _hit(question: str, header: SourceHeader, ordinal: int, text: str) -> Hit:
    passage = Passage(header.id, SourceKind.POLICY, ordinal, text[:3], text, header.title)
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    score = sum(pair in header.title + text for pair in pairs) / max(len(pairs), 1)
    return Hit(passage, header, Scores(score, score, score, score, score))


def draft(question: str, texts=RULES) -> Draft:
    answerer = PolicyAnswerer(regions=REGIONS)
    return answerer.draft(Question(question, date(2026, 1, 5)), ranking(question, texts))


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("90岁老人高龄津贴每月多少钱？", "90至99周岁每人每月150元"),
        ("高龄津贴的咨询电话是多少？", "0000-1234567"),
        ("高龄津贴办法什么时候开始施行？", "2025年1月1日"),
        ("高龄津贴去哪里申请？", "乡镇便民服务中心"),
        ("乡镇审核高龄津贴要多久？", "十个工作日"),
        ("年满多少周岁可以申领高龄津贴？", "八十周岁"),
    ],
)
def test_the_spoken_form_holds_the_answer(question: str, wanted: str) -> None:
    found = draft(question)
    assert found.route is Route.POLICY
    assert wanted in found.spoken
    assert len(found.spoken) <= 150


@pytest.mark.parametrize("question", ["高龄津贴每月多少钱", "津贴什么情形停发", "谁能领高龄津贴"])
def test_quotes_are_verbatim_and_carry_every_figure(question: str) -> None:
    found = draft(question)
    texts = set(RULES)
    quotes = [citation.quote for citation in found.citations]
    assert quotes
    assert all(any(quote in text for text in texts) for quote in quotes)
    assert unsupported(found.spoken, quotes) == []
    assert all(quote in found.text for quote in quotes)


def test_the_source_line_names_document_number_date_and_clause() -> None:
    found = draft("高龄津贴的咨询电话是多少？")
    line = found.text.splitlines()[-1]
    assert line == "——《示例县高龄津贴发放办法》（示民规〔2025〕1号，2024-12-20）第六条"
    citation = found.citations[0]
    assert (citation.source_id, citation.locator) == ("gaoling", "第六条")
    assert citation.document_number == "示民规〔2025〕1号"


def test_without_policy_passages_there_is_no_draft() -> None:
    question = Question("高龄津贴多少钱", date(2026, 1, 5))
    assert PolicyAnswerer().draft(question, Ranking()) is NO_DRAFT
    guide = SourceHeader("g", SourceKind.GUIDE, 1, "高龄津贴申领")
    passage = Passage("g", SourceKind.GUIDE, 0, "申请材料", "身份证。")
    hits = (Hit(passage, guide, Scores()),)
    assert PolicyAnswerer().draft(question, Ranking(hits)) is NO_DRAFT


def test_support_is_higher_for_what_the_documents_answer() -> None:
    inside = draft("90岁老人高龄津贴每月多少钱？").support
    outside = draft("生育津贴要交满几年社保才能领？").support
    assert inside.features["source"] > outside.features["source"]
    assert inside.features["words"] > outside.features["words"]


def test_support_tells_a_question_for_something_exact_from_an_open_one() -> None:
    assert draft("90岁老人高龄津贴每月多少钱？").support.features["open"] == 0.0
    assert draft("90岁老人的高龄津贴怎么申请？").support.features["open"] == 1.0


def test_every_number_of_the_support_lies_within_0_and_1() -> None:
    for question in ("高龄津贴", "?", "四川省90岁老人《办法》第3条多少钱", "a" * 500):
        support = draft(question).support
        numbers = [support.match, support.margin, support.asked, support.coverage, support.dense]
        assert all(0.0 <= n <= 1.0 for n in [*numbers, *support.features.values()])


def test_a_place_that_the_evidence_lacks_is_told() -> None:
    assert draft("示例县高龄津贴多少钱").support.features["places"] == 1.0
    elsewhere = draft("四川高龄津贴多少钱")
    assert elsewhere.support.features["places"] == 0.0
    assert "依据没有提到所问的地区" in elsewhere.notes


def test_a_number_or_quoted_name_that_the_evidence_lacks_is_told() -> None:
    assert draft("“三个优先”是什么").support.features["names"] == 0.0
    assert draft("8岁儿童津贴多少钱").support.features["names"] == 0.0
    assert draft("80至89周岁津贴多少钱").support.features["names"] == 1.0


def test_neighbouring_passages_are_read_as_one() -> None:
    texts = ("高龄津贴由县民政局发放，发放方式为", "每月10日前打入本人社会保障卡账户。")
    found = draft("高龄津贴什么方式发放", texts)
    assert "社会保障卡" in found.spoken
    assert all(len(c.quote) < 40 for c in found.citations)


@pytest.mark.parametrize("text", ["", "   ", "。。。，，", "\n\n", "a", "甲" * 2000])
def test_any_passage_can_be_read(text: str) -> None:
    found = draft("津贴多少钱", (text,))
    assert len(found.spoken) <= 150


def test_a_quote_never_runs_from_one_article_into_the_next() -> None:
    for question in ("谁能领高龄津贴", "高龄津贴的标准", "在哪申请高龄津贴", "什么情形停发"):
        assert draft(question).spoken.count("条") <= 1
    whole = draft("高龄津贴的咨询电话是多少？", ("\n".join(RULES),))
    assert "0000-1234567" in whole.spoken
    assert "第五条" not in whole.spoken
    assert "第七条" not in whole.spoken


LONG_LIST = (
    "第九条 有下列情形之一的，停发高龄津贴："
    + "".join(
        f"（{mark}）第{mark}种需要停止发放津贴的具体情形说明；" for mark in "一二三四五六七八"
    )
    + "（九）法律、法规规定的其他情形。停发津贴应当书面告知本人。"
)


def test_a_list_cut_short_is_voiced_with_its_count_and_a_pointer() -> None:
    found = draft("什么情形停发高龄津贴？", (LONG_LIST,))
    assert found.spoken.startswith("有下列情形之一的，停发高龄津贴：（一）")
    assert found.spoken.endswith("。一共九项，完整清单见屏幕。")
    assert len(found.spoken) <= 150
    assert "（九）法律、法规规定的其他情形" in found.text


def test_a_list_that_may_go_on_elsewhere_is_not_counted() -> None:
    open_end = LONG_LIST.split("（九）", maxsplit=1)[0]
    found = draft("什么情形停发高龄津贴？", (open_end,))
    assert found.spoken.endswith("。完整清单见屏幕。")
    assert "一共" not in found.spoken


def test_a_list_voiced_whole_has_no_pointer() -> None:
    assert "完整清单" not in draft("津贴什么情形停发").spoken


def test_a_date_written_with_spaces_is_one_piece() -> None:
    assert _BOUNDARY.split("更新时间：2015 - 12 - 25\n文学院") == [
        "更新时间",
        "2015 - 12 - 25",
        "文学院",
    ]
