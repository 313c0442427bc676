"""What a question insists on: its content, offices, places and counts."""

import pytest

from assistant.answering.asked import read_question
from assistant.answering.clause_features import Grid, grid_of
from assistant.answering.clauses import clauses_of
from assistant.answering.policy_terms import (
    all_places_held,
    content_held,
    count_shown,
    offices_held,
)
from assistant.answering.quotes import shown
from assistant.answering.span_model import Window
from assistant.domain.evidence import Hit, Scores
from assistant.domain.passage import Passage
from assistant.domain.source import SourceHeader, SourceKind

pytestmark = pytest.mark.unit


def _grid(question: str, text: str) -> Grid:
    passage = Passage("s", SourceKind.POLICY, 0, "一", text)
    header = SourceHeader("s", SourceKind.POLICY, 1, "关于示例事项的通知")
    return grid_of(read_question(question), clauses_of([Hit(passage, header, Scores())]))


def _whole(grid: Grid) -> Window:
    return Window(0, grid.count - 1, 1.0, 0.0, 0.0)


def test_asking_words_need_not_stand_in_the_document() -> None:
    asked = read_question("示例市对困难职工提出了哪些措施")
    assert content_held(asked, "示例市困难职工") == 1.0
    assert content_held(asked, "示例市") < 1.0


def test_an_office_is_held_by_its_short_name_too() -> None:
    question = "向示例市交通委申请复议怎么寄"
    assert offices_held(question, "示例市交通委员会") == 1.0
    assert offices_held(question, "示例市公安局") == 0.0
    assert offices_held("怎么寄", "") == 1.0


def test_half_of_the_places_is_another_place() -> None:
    assert all_places_held({"甲", "乙"}, "甲和乙") == 1.0
    assert all_places_held({"甲", "乙"}, "只有甲") == 0.0


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("渠道有网站、热线、窗口。", 1.0),
        ("一是网站，二是热线，三是窗口。", 1.0),
        ("可以通过各类渠道办理。", 0.0),
    ],
)
def test_a_count_asked_for_wants_a_list(text: str, held: float) -> None:
    grid = _grid("可以通过哪三类渠道办理", text)
    assert count_shown("可以通过哪三类渠道办理", grid, _whole(grid)) == held


def test_without_a_count_no_list_is_wanted() -> None:
    grid = _grid("通过什么渠道办理", "通过窗口办理。")
    assert count_shown("通过什么渠道办理", grid, _whole(grid)) == 1.0


LONG = "意见提出三项措施。支持企业复工。减免两个月租金。延长缴费期限。"


def test_what_is_shown_goes_on_with_the_next_sentences() -> None:
    grid = _grid("意见提出哪些措施", LONG)
    assert shown(grid, Window(0, 0, 1.0, 0.0, 0.0))[0].text == LONG


def test_a_date_is_shown_alone() -> None:
    grid = _grid("什么时候开始", LONG)
    assert shown(grid, Window(0, 0, 1.0, 0.0, 0.0))[0].text == "意见提出三项措施。"


def test_an_item_is_shown_without_the_next_item() -> None:
    text = "（一）支持企业复工。减免租金。\n（二）延长期限。"
    grid = _grid("有哪些支持措施", text)
    assert shown(grid, Window(0, 0, 1.0, 0.0, 0.0))[0].text == "（一）支持企业复工。减免租金。"


def test_no_more_is_shown_than_fits() -> None:
    grid = _grid("意见提出哪些措施", "意见提出措施。" + "支持企业尽快复工复产。" * 60)
    assert len(shown(grid, Window(0, 0, 1.0, 0.0, 0.0))[0].text) <= 400


def test_a_link_is_not_cut_at_its_question_mark() -> None:
    text = "见通知http://www.example.cn/news.do?method=info&id=1。在哪里办理？"
    clauses = _grid("见什么通知", text).clauses
    assert [text[c.piece.start : c.piece.end] for c in clauses] == [text[:-6], text[-6:]]
