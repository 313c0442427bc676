"""What is never said whatever its support; all examples are made up here."""

from datetime import date

import pytest

from assistant.answering.disagreement import contradicts, disagreement
from assistant.answering.policy_support import Places
from assistant.answering.premises import CORRECTION, asserted, checked
from assistant.answering.vetoes import Vetting
from assistant.domain.answer import Citation, Draft, Route, Statement, Support
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.source import SourceHeader, SourceKind

pytestmark = pytest.mark.unit

DAY = date(2026, 11, 30)
RULE = "对首次创业的高校毕业生，按每人5000元给予一次性创业补贴，20个工作日内拨付。"


def quoted(text: str, source: str = "a", route: Route = Route.POLICY, field: str = "") -> Draft:
    cited = Citation(source, "第三条", text, title=f"{source}办法", field=field or None)
    return Draft(route, (Statement(text, text, (cited,)),), support=Support(), source_ids=(source,))


def hit(source: str, text: str, title: str = "", region: str = "000000", field: str = "") -> Hit:
    kind = SourceKind.GUIDE if field else SourceKind.POLICY
    header = SourceHeader(source, kind, 1, title or f"{source}办法", region=region)
    return Hit(Passage(source, kind, 0, "第三条", text, field=field or None), header, Scores())


def ranking(*hits: Hit) -> Ranking:
    return Ranking(hits)


@pytest.mark.parametrize(
    ("question", "granted"),
    [
        ("创业补贴每人一万怎么领", ["1万"]),
        ("听说租房补贴每月给1500元，去哪里申请？", ["1500元"]),
        ("医保报销百分之九十的话要带什么", ["百分之九十"]),
        ("营业执照三天就能办好，去哪个窗口", ["三天"]),
        ("单身租房一年能提五万公积金，材料有啥", ["五万"]),
        ("公积金最多能贷五十万怎么办", ["五十万"]),
        ("我工资八千元能申请公租房吗", []),
        ("交了5年社保怎么转走", []),
        ("创业补贴是多少元", []),
        ("补贴是5000元还是8000元", []),
        ("2月6日发布的通知补贴谁", []),
        ("贷款30万要多久放款", []),
    ],
)
def test_what_a_question_takes_for_granted(question: str, granted: list[str]) -> None:
    assert len(list(asserted(question))) == len(granted)


def test_a_wrong_amount_is_corrected_from_the_source() -> None:
    found = checked("首次创业补贴每人一万怎么领", quoted(RULE), ranking(hit("a", RULE)))
    assert found.vetoes == ()
    assert found.draft.text.startswith(CORRECTION)
    assert "5000元" in found.draft.spoken


def test_an_amount_that_the_source_never_names_goes_to_a_person() -> None:
    words = "创业补贴由人力资源和社会保障局受理。"
    found = checked("首次创业补贴每人一万去哪领", quoted(words), ranking(hit("a", words)))
    assert found.draft.text == words
    assert "一万" in found.vetoes[0]


@pytest.mark.parametrize("question", ["创业补贴每人5千元怎么领", "创业补贴5000元怎么领"])
def test_a_right_amount_is_left_alone(question: str) -> None:
    draft = quoted(RULE)
    assert checked(question, draft, ranking(hit("a", RULE))).draft is draft
    elsewhere = quoted("由社保局受理。")
    held = checked(question, elsewhere, ranking(hit("a", RULE)))
    assert (held.draft, held.vetoes) == (elsewhere, ())


def test_free_of_charge_is_not_accepted_where_the_guide_names_a_fee() -> None:
    draft = quoted("办理地点：政务大厅2号窗口", "g", Route.GUIDE, "locations")
    fee = hit("g", "收费：工本费40元", field="fee")
    assert checked("补领居住证免费的，去哪个窗口办", draft, ranking(fee)).vetoes
    assert not checked("补领居住证免费吗，去哪个窗口办", draft, ranking(fee)).vetoes
    free = hit("g", "收费：不收费", field="fee")
    assert not checked("补领居住证免费的，去哪个窗口办", draft, ranking(free)).vetoes


OTHER = RULE.replace("5000", "8000")


def test_two_sources_that_disagree_are_a_conflict_and_shown_with_both_sides() -> None:
    told = disagreement(
        "首次创业补贴多少钱", quoted(RULE), ranking(hit("a", RULE), hit("b", OTHER)), Places()
    )
    assert told.startswith("两份现行文件说法不同")
    assert "5000元" in told
    assert "8000元" in told
    same = ranking(hit("a", RULE), hit("b", f"各地{RULE}"))
    assert disagreement("首次创业补贴多少钱", quoted(RULE), same, Places()) == ""
    apart = ranking(hit("a", RULE), hit("b", "住房补贴每人每月8000元，由住建局发放。"))
    assert disagreement("首次创业补贴多少钱", quoted(RULE), apart, Places()) == ""


def test_documents_of_two_places_need_the_place_and_do_not_conflict() -> None:
    both = ranking(
        hit("a", RULE, "青山区创业补贴办法", "990101"),
        hit("b", OTHER, "绿水区创业补贴办法", "990102"),
    )
    told = disagreement("首次创业补贴多少钱", quoted(RULE), both, Places())
    assert told.startswith("没有说明是哪个地区")
    assert disagreement("青山区首次创业补贴多少钱", quoted(RULE), both, Places()) == ""


def test_a_guide_and_a_faq_may_not_name_different_amounts() -> None:
    faq = quoted("工本费20元，15个工作日办结。", "f", Route.FAQ)
    assert contradicts(faq, quoted("收费：40元", "g", Route.GUIDE))
    assert not contradicts(faq, quoted("承诺办结时限：15个工作日", "g", Route.GUIDE))
    assert not contradicts(faq, quoted("咨询电话：0000-1234567", "g", Route.GUIDE))


def test_no_citation_no_quote_for_a_figure_or_no_force_forbid_a_draft() -> None:
    vetting, asked = Vetting(lambda source_id, as_of: source_id != "old"), Question("几天", DAY)
    assert vetting(asked, quoted("7个工作日"), Ranking()).vetoes == ()
    bare = Draft(Route.FAQ, (Statement("7个工作日", "七个工作日"),))
    assert "没有可以引用的依据" in vetting(asked, bare, Ranking()).vetoes
    assert vetting(asked, quoted("7个工作日", "old"), Ranking()).vetoes == ("依据已失效或尚未生效",)
    cited = Citation("a", "时限", "7个工作日")
    wrong = Draft(Route.POLICY, (Statement("9个工作日", "九个工作日", (cited,)),))
    assert vetting(asked, wrong, Ranking()).vetoes == ("依据中没有“9个工作日”",)


@pytest.mark.parametrize(
    ("question", "vetoed"),
    [("内地居民补办要带什么", True), ("外国人补办要带什么", False), ("补办要带什么", False)],
)
def test_a_clause_about_other_people_is_not_said(question: str, vetoed: bool) -> None:
    draft = quoted("外国人补办的，应当出具有效护照。")
    found = Vetting()(Question(question, DAY), draft, ranking())
    assert ("依据讲的是另一类人" in found.vetoes) is vetoed
