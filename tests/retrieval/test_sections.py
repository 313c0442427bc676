"""Documents into passages: nothing lost, nothing added, cut where a reader would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.passage import Passage
from assistant.domain.source import PolicyDocument
from assistant.retrieval.pieces import LONGEST
from assistant.retrieval.sections import passages_of, sections
from tests.retrieval.shared import needs_data, rows, squeezed

pytestmark = pytest.mark.unit

SENTENCE = "申请人应当如实提交有关材料和反映真实情况，并对其申请材料实质内容的真实性负责。"

MEASURES = f"""示例县办事管理办法
示政发〔2024〕12号
（2024年4月18日示例县人民政府发布　自2024年5月1日起施行）
第一章　总则
第一条　为了方便群众，制定本办法。
第二条　本办法适用于下列事项：
（一）申领；
（二）换领。
按照第一条规定的，从其规定。
第二章　申请
第三条　{SENTENCE * 12}
附件1
申请表
一、填写要求
用黑色笔填写。
附件2
告知书
如实告知。"""


def cut(text: str, title: str = "题") -> tuple[Passage, ...]:
    return passages_of(PolicyDocument("d", title, text))


def locators(text: str) -> list[str]:
    return [passage.locator for passage in cut(text)]


pieces_of_law = st.sampled_from(
    [
        "第一条 内容。",
        "第二章　总则",
        "一、要求",
        "（一）条件。",
        "1.材料；",
        "# 标题",
        "附件1",
        "附件：1.表",
        "| a | b |",
        "甲\t乙\t丙",
        SENTENCE,
        SENTENCE * 9,
        "无标点的长句" * 100,
        "<table><tr><td>一</td></tr></table>",
        "",
        "\u3000",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(pieces_of_law | st.text(max_size=30), min_size=1, max_size=12),
    st.sampled_from("\n \u3000"),
)
def test_passages_joined_are_the_text(parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    passages = cut(text)
    assert squeezed("".join(passage.text for passage in passages)) == squeezed(text)
    assert all(passage.text in text and passage.text.strip() for passage in passages)
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces_of_law, min_size=1, max_size=12))
def test_sections_follow_each_other_without_gaps(parts: list[str]) -> None:
    text = "\n".join(parts)
    ends = [0]
    for section in sections(text):
        assert section.start == ends[-1]
        ends.append(section.end)
    assert ends[-1] == len(text)


def test_articles_chapters_and_annexes_become_locators() -> None:
    assert locators(MEASURES) == [
        "正文",
        "第一章 第一条",
        "第一章 第二条",
        "第二章 第三条",
        "第二章 第三条",
        "附件1",
        "附件2",
    ]


def test_an_article_keeps_its_items_and_its_mentions_of_others() -> None:
    second = next(p for p in cut(MEASURES) if p.locator.endswith("第二条"))
    assert second.text.startswith("第二条")
    assert second.text.endswith("从其规定。")


def test_context_names_document_and_headings_and_text_does_not_repeat_them() -> None:
    document = PolicyDocument(
        "d", "示例县办事管理办法", MEASURES, document_number="示政发〔2024〕12号"
    )
    third = next(p for p in passages_of(document) if p.locator.endswith("第三条"))
    assert third.context.split("\n")[:3] == [
        "示例县办事管理办法",
        "示政发〔2024〕12号",
        "第二章",
    ] or ("第二章" in third.context)
    assert "示政发" not in third.text


def test_numbered_sections_become_paths() -> None:
    long = SENTENCE * 5
    text = f"关于某事的通知\n各乡镇：\n一、要求\n（一）{long}\n（二）{long}\n二、保障\n{long}"
    assert locators(text) == ["正文", "一、（一）", "一、（二）", "二、"]


def test_short_lists_stay_together() -> None:
    text = f"通知\n一、材料\n（一）身份证；\n（二）户口簿。\n二、其他\n{SENTENCE * 8}"
    assert locators(text) == ["正文", "一、", "二、"]
    assert any("身份证；\n（二）户口簿。" in passage.text for passage in cut(text))


NOTICE = """# 关于某事的通知

示医保发〔2025〕22号

各镇（街道）：

一、缴费标准

（一）普通居民个人缴费标准为每人每年660元。

（二）在校学生个人缴费标准为每人每年430元。

二、缴费时间

集中缴费期为2025年11月1日至12月25日。

{annexes}示例县医疗保障局

2025年10月20日
"""


@pytest.mark.parametrize(
    "annexes", ["", "附件：1.一览表\n\n", "附件：1.一览表\n      2.申请表\n\n"]
)
def test_a_short_notice_is_cut_at_its_sections_and_before_its_signature(annexes: str) -> None:
    passages = cut(NOTICE.format(annexes=annexes))
    places = ["正文", "一、（一）", "一、（二）", "二、", "落款"]
    assert [passage.locator for passage in passages] == places
    assert passages[3].text.endswith("12月25日。")
    assert squeezed(passages[4].text) == squeezed(f"{annexes}示例县医疗保障局2025年10月20日")


def test_an_organ_and_a_date_above_the_body_are_no_signature() -> None:
    text = f"某办法\n示例县人民政府\n2024年4月18日\n第一条　{SENTENCE}\n第二条　{SENTENCE}"
    assert locators(text) == ["正文", "第一条", "第二条"]


@pytest.mark.parametrize("heading", ["附件：限价表", "附件1：限价表", "附件1", "## 附件：限价表"])
def test_an_annex_that_follows_numbered_sections_is_not_part_of_them(heading: str) -> None:
    table = "| 药 | 价 |\n|---|---|\n| 甲 | 4.5 |"
    text = "\n\n".join(["# 题", "一、目的", SENTENCE, "二、资金", SENTENCE, heading, table])
    label = "附件1" if "1" in heading else "附件"
    assert locators(text)[-2:] == ["二、", label]


def test_headings_of_markdown_carry_their_clauses() -> None:
    clauses = f"（一）{SENTENCE}\n\n（二）{SENTENCE}"
    text = "\n\n".join(["# 题", "## 救助标准", clauses, "## 三、程序", clauses])
    assert locators(text)[-4:] == ["救助标准 （一）", "救助标准 （二）", "三、（一）", "三、（二）"]


def test_a_section_without_its_mark_follows_on_one_with_it() -> None:
    text = (
        f"# 题\n\n## 三、标准\n\n{SENTENCE}\n\n### 1. 发放\n\n{SENTENCE}\n\n四、附则\n\n{SENTENCE}"
    )
    assert locators(text)[-2:] == ["三、1.", "四、"]


def test_titles_above_articles_are_not_the_words_of_the_article_before() -> None:
    text = f"题\n一、总则\n第一条　{SENTENCE}\n二、申请程序\n第二条　{SENTENCE}"
    passages = cut(text)
    assert [p.locator for p in passages] == ["正文", "一、第一条", "二、第二条"]
    assert "申请程序" not in passages[1].text


def test_markdown_headings_and_their_numbers() -> None:
    text = f"# 题\n## 第一章 总则\n**第一条** 甲。\n第二条 乙。\n## 申请条件\n{SENTENCE}"
    assert locators(text)[-3:] == ["第一章 第一条", "第一章 第二条", "申请条件"]


def test_decimal_numbers_are_whole_locators() -> None:
    text = "1 总则\n1.1 编制目的\n" + SENTENCE * 9 + "\n1.2 编制依据\n" + SENTENCE * 9
    assert {"1.1", "1.2"} <= set(locators(text))


def test_a_list_of_annexes_is_not_an_annex() -> None:
    text = f"通知\n{SENTENCE}\n附件：1.申请表\n2.告知书\n示例县人民政府\n2024年4月18日"
    assert all("附件" not in locator for locator in locators(text))
    assert "2." not in locators(text)


@pytest.mark.parametrize("bar", ["| {0} | {1} |", "{0}\t{1}"])
def test_a_long_table_is_cut_between_rows_and_keeps_its_header_in_sight(bar: str) -> None:
    table = "\n".join(
        [bar.format("区划", "标准"), *(bar.format(f"第{n}镇中心", n * 17) for n in range(80))]
    )
    passages = cut(f"标准如下：\n{table}\n以上。")
    inside = [p for p in passages if "镇中心" in p.text]
    assert len(inside) > 1
    for passage in inside[1:]:
        assert "区划 标准" in passage.context
        assert all(
            line in table.split("\n") for line in passage.text.split("\n") if line != "以上。"
        )


def test_a_cut_table_carries_the_merged_cell_that_goes_on() -> None:
    rows = [
        "类别\t对象\t标准",
        f"高龄津贴\t{'甲' * 200}\t1",
        *(f"\u2003\t{'乙' * 200}\t{n}" for n in range(6)),
    ]
    later = cut("\n".join(rows))[1:]
    assert later
    assert all("高龄津贴" in passage.context for passage in later)


def test_a_short_table_stays_whole() -> None:
    table = "类别\t标准\n甲\t1元\n乙\t2元"
    assert any(table in passage.text for passage in cut(f"{SENTENCE * 9}\n{table}\n{SENTENCE * 9}"))


def test_one_run_of_sentences_is_cut_near_300_characters_at_sentence_ends() -> None:
    passages = cut(("通知 " + SENTENCE * 3 + " ") * 12)
    assert len(passages) > 3
    assert all(len(passage.text) <= LONGEST for passage in passages)
    assert all(passage.text.endswith("。") for passage in passages[:-1])
    assert passages[0].locator == "正文第1段"


def test_clauses_inside_one_run_are_found_where_they_count_up() -> None:
    text = f"通知 {SENTENCE * 4} 一、{SENTENCE * 5} 二、{SENTENCE * 5} 三、{SENTENCE * 5}"
    assert locators(text) == ["正文", "一、", "二、", "三、"]


@needs_data
@pytest.mark.parametrize("name", ["ncp_docs.jsonl", "govcn_docs.jsonl.gz", "drug_docs.jsonl"])
def test_real_documents_lose_nothing(name: str) -> None:
    for row in rows(name):
        passages = cut(row["text"], row["title"])
        assert squeezed("".join(passage.text for passage in passages)) == squeezed(row["text"])
        assert max(len(passage.text) for passage in passages) <= 2 * LONGEST
