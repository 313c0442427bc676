"""Answers from documents with headings, tables and signatures: words, never layout."""

from datetime import date

import pytest

from assistant.answering.markup import plain, tables, voiced
from assistant.answering.policy_answer import PolicyAnswerer
from assistant.answering.verify import unsupported
from assistant.domain.answer import Draft, Route
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.question import Question
from assistant.domain.source import PolicyDocument, SourceHeader, SourceKind
from assistant.retrieval.sections import passages_of

pytestmark = pytest.mark.unit

TEXT = """# 示例县养犬管理办法

示政发〔2023〕17号

各镇（街道）：

## 一、登记

（一）重点管理区内个人养犬的，**登记费**为每只300元。

（二）办理养犬登记应当携犬到示例县公安局犬类管理所提出申请。

## 二、禁养

重点管理区内禁止饲养烈性犬，目录见附件1。

示例县人民政府

2023年2月1日

附件1：禁养犬种目录

| 序号 | 犬种 | 成年体高 |
|---|---|---|
| 1 | 藏獒 | 71厘米 |
| 2 | 比特斗牛犬 | 56厘米 |
"""
TABS = (
    "第三条 校服限价按下表执行。\n学段\t夏装限价\t冬装限价\n小学\t120元\t260元\n初中\t135元\t285元"
)
MARKS = ("#", "|", "**", "--", "\t")


def draft(question: str, text: str = TEXT) -> Draft:
    document = PolicyDocument("d", "示例县养犬管理办法", text)
    header = SourceHeader("d", SourceKind.POLICY, 1, document.title)
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    hits = []
    for passage in passages_of(document):
        score = sum(pair in passage.text for pair in pairs) / len(pairs)
        hits.append(Hit(passage, header, Scores(score, score, score, score, score)))
    ranking = Ranking(tuple(sorted(hits, key=lambda hit: -hit.scores.total)))
    return PolicyAnswerer().draft(Question(question, date(2026, 1, 5)), ranking)


QUESTIONS = (
    "养犬登记费多少钱",
    "养犬登记去哪里办",
    "藏獒成年体高多少",
    "禁养犬种目录",
    "养犬管理办法哪天发布的",
    "重点管理区禁止饲养什么犬",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_marks_are_shown_or_voiced_and_quotes_stay_verbatim(question: str) -> None:
    found = draft(question)
    assert found.route is Route.POLICY
    assert not any(mark in found.spoken + found.text for mark in MARKS)
    quotes = [citation.quote for citation in found.citations]
    assert quotes
    assert all(quote in TEXT for quote in quotes)
    assert unsupported(found.spoken, quotes) == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_neither_title_nor_heading_nor_signature_is_quoted(question: str) -> None:
    for citation in draft(question).citations:
        assert not citation.quote.startswith(("#", "附件"))
        assert "2023年2月1日" not in citation.quote
        assert "示政发" not in citation.quote


def test_a_signature_above_an_enclosed_text_is_not_quoted() -> None:
    text = (
        "关于印发办法的通知\n各镇：\n现印发停车办法，请遵照执行。\n示例县人民政府\n2024年1月2日\n"
        "停车办法\n第一章 总则\n第一条 停车每小时3元。"
    )
    found = draft("哪个单位印发停车办法，哪天印发", text)
    assert all("2024年1月2日" not in c.quote.split("\n")[-1] for c in found.citations)


def test_a_row_is_voiced_by_its_columns() -> None:
    assert draft("藏獒成年体高多少").spoken == "序号：1，犬种：藏獒，成年体高：71厘米。"
    assert "学段：小学，夏装限价：120元" in draft("小学校服夏装限价多少", TABS).spoken


def test_a_table_of_which_no_row_is_meant_is_left_to_the_screen() -> None:
    found = draft("禁养犬种目录")
    assert found.spoken == "表格见屏幕。"
    assert "藏獒" in found.text


def test_tables_of_a_text() -> None:
    (first, second) = tables(f"{TABS}\n以上。\n| 甲 | 乙 |\n|:-:|---|\n| 1 | |")
    assert first.header.cells == ("学段", "夏装限价", "冬装限价")
    assert voiced(second, second.rows[0]) == "甲：1。"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## 三、**程序**", "三、程序"),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "甲\u3000乙\n1\u30002"),
        ("拨打12345#2", "拨打12345#2"),
        ("甲|乙选一", "甲|乙选一"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown
