"""Word files: body in order, merged cells repeated, numbers that Word counts, furniture apart."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from assistant.domain.source import PolicyDocument
from assistant.errors import UnreadableFile
from assistant.retrieval.closing import CLOSING
from assistant.retrieval.readers import Limits, read_bytes
from assistant.retrieval.readers.word import read_docx
from assistant.retrieval.readers.word_numbering import chinese
from assistant.retrieval.sections import policy_passages
from tests.retrieval.shared import DATA, needs_data, squeezed

pytestmark = pytest.mark.unit


def saved(word: Any) -> bytes:
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def text_of(word: Any) -> str:
    return read_docx(saved(word), Limits()).text


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info.filename))
        new.writestr(name, content)
    return out.getvalue()


def test_paragraphs_and_tables_come_in_order_between_header_and_footer() -> None:
    word = docx.Document()
    word.sections[0].header.paragraphs[0].text = "页眉"
    word.sections[0].footer.paragraphs[0].text = "- 1 -"
    word.add_paragraph("前文。")
    table = word.add_table(2, 2)
    for cell, text in zip(table._cells, ["材料", "份数", "户口簿", "原件1份"], strict=True):
        cell.text = text
    word.add_paragraph("后文。")
    assert text_of(word) == "页眉\n前文。\n材料\t份数\n户口簿\t原件1份\n后文。\n- 1 -"


def test_a_page_header_is_no_part_of_the_title() -> None:
    word = docx.Document()
    word.sections[0].header.paragraphs[0].text = "清溪县政务服务管理局"
    word.add_paragraph("清溪县居住证管理办法")
    word.add_paragraph("第一条 为了规范居住证管理，制定本办法。")
    assert read_docx(saved(word), Limits()).title == "清溪县居住证管理办法"


def test_merged_cells_repeat_their_value() -> None:
    word = docx.Document()
    table = word.add_table(3, 3)
    cells = ["类别", "对象", "标准", "高龄津贴", "80岁", "100元", "", "90岁", ""]
    for cell, text in zip(table._cells, cells, strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(2, 1).merge(table.cell(2, 2))
    assert text_of(word).split("\n")[1:] == ["高龄津贴\t80岁\t100元", "高龄津贴\t90岁\t90岁"]


def test_a_tab_in_a_paragraph_makes_no_table() -> None:
    word = docx.Document()
    word.add_paragraph("姓名\t张三")
    assert "\t" not in text_of(word)


def test_headings_without_numbers_are_marked_and_the_title_is_not() -> None:
    word = docx.Document()
    word.add_heading("示例县津贴办法", 1)
    word.add_heading("申请条件", 2)
    word.add_heading("一、材料", 2)
    assert text_of(word).split("\n") == ["示例县津贴办法", "## 申请条件", "一、材料"]


def numbered(word: Any, style: str, text: str) -> str:
    """Define a list in the document's numbering part; gives its id."""
    root = word.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for tag, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
        child = OxmlElement(tag)
        child.set(qn("w:val"), value)
        level.append(child)
    abstract.append(level)
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "77")
    target = OxmlElement("w:abstractNumId")
    target.set(qn("w:val"), "77")
    number.append(target)
    root.append(number)
    return "77"


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        ("chineseCountingThousand", "第%1条　", ["第一条　甲", "第二条　乙"]),
        ("decimal", "%1.", ["1.甲", "2.乙"]),
        ("decimalEnclosedCircle", "%1", ["①甲", "②乙"]),
        ("bullet", "·", ["甲", "乙"]),
    ],
)
def test_numbers_that_word_counts_are_in_the_text(
    style: str, text: str, expected: list[str]
) -> None:
    word = docx.Document()
    number = numbered(word, style, text)
    for words in ("甲", "乙"):
        properties = word.add_paragraph(words)._p.get_or_add_pPr()
        reference = properties.get_or_add_numPr()
        reference.get_or_add_numId().val = int(number)
        reference.get_or_add_ilvl().val = 0
    assert text_of(word).split("\n") == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十")],
)
def test_chinese_numbers(value: int, text: str) -> None:
    assert chinese(value) == text


def test_text_boxes_are_read_once_and_deletions_not_at_all() -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("正文")._p
    box = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Fallback></mc:AlternateContent>"
        "<w:del><w:r><w:t>删去</w:t></w:r></w:del></w:r>"
    )
    paragraph.append(docx.oxml.parse_xml(box))
    assert text_of(word) == "正文\n框内"


def test_footnotes_come_at_the_end() -> None:
    word = docx.Document()
    word.add_paragraph("正文。")
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    notes = f'<w:footnotes xmlns:w="{space}"><w:footnote w:type="separator" w:id="0"/>'
    notes += '<w:footnote w:id="2"><w:p><w:r><w:t>指户籍地。</w:t></w:r></w:p></w:footnote>'
    data = with_part(saved(word), "word/footnotes.xml", f"{notes}</w:footnotes>".encode())
    assert read_docx(data, Limits()).text == "正文。\n注1：指户籍地。"


def test_a_rule_with_its_number_and_dates() -> None:
    word = docx.Document()
    for line in (
        "公安部规章",
        "示例管理办法",
        "（2005年6月7日公安部令第78号发布 自2005年10月1日起施行）",
    ):
        word.add_paragraph(line)
    word.add_paragraph("第一条　制定本办法。")
    (source,) = read_bytes(saved(word), "示例管理办法.docx", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert (source.id, source.title) == ("示例管理办法.docx", "示例管理办法")
    assert source.document_number == "公安部令第78号"
    assert str(source.effective_from) == "2005-10-01"


def test_a_document_type_in_a_part_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'
    with pytest.raises(UnreadableFile) as caught:
        read_docx(with_part(saved(docx.Document()), "word/document.xml", bomb), Limits())
    assert caught.value.code == "bomb"


@pytest.mark.parametrize("name", ["word/document.xml", "[Content_Types].xml", "word/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<a>", b"\xff\xfe", b"<w:x xmlns:w='y'/>"])
def test_broken_parts_are_reported(name: str, content: bytes) -> None:
    data = with_part(saved(docx.Document()), name, content)
    with pytest.raises(UnreadableFile):
        read_bytes(data, "坏.docx", limits=Limits())


@needs_data
def test_real_files_give_the_text_given() -> None:
    for path in sorted((DATA / "word").glob("*.docx")):
        expected = path.with_suffix(".txt").read_text(encoding="utf-8")
        assert squeezed(read_docx(path.read_bytes(), Limits()).text) == squeezed(expected)


@needs_data
def test_page_furniture_of_real_files_stands_apart_from_the_articles() -> None:
    for path in sorted((DATA / "word").glob("*.docx")):
        text = read_docx(path.read_bytes(), Limits()).text
        passages = policy_passages(PolicyDocument("d", "题", text))
        assert passages[-1].locator == CLOSING
        assert passages[-1].text.startswith("- 1 -")
        assert not any("- 1 -" in passage.text for passage in passages[:-1])
