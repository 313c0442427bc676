"""Saved pages: the document is kept whole, what surrounds it is lost."""

import base64
import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.source import PolicyDocument
from assistant.errors import UnreadableFile
from assistant.retrieval.readers import Limits, read_bytes
from assistant.retrieval.readers.html import read_html
from tests.retrieval.readers.pages import LAYOUTS, OWN_BODY, OWN_TEXT, TITLE, national
from tests.retrieval.shared import DATA, needs_data, rows, squeezed

pytestmark = pytest.mark.unit

layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
Layout = Callable[[str, str], str]


def text_of(html: str) -> str:
    return squeezed(read_html(html.encode()).text)


@layouts
def test_a_page_loses_its_surroundings_and_nothing_else(layout: Layout) -> None:
    assert text_of(layout(TITLE, OWN_BODY)) == squeezed(OWN_TEXT)
    assert read_html(layout(TITLE, OWN_BODY).encode()).title == TITLE


@layouts
def test_the_encoding_that_a_page_declares_is_used(layout: Layout) -> None:
    html = layout(TITLE, OWN_BODY).replace("charset=utf-8", "charset=gb2312")
    html = html.replace('charset="utf-8"', 'charset="gb2312"')
    assert squeezed(read_html(html.encode("gb18030")).text) == squeezed(OWN_TEXT)


def test_the_metadata_table_is_declared_and_not_text() -> None:
    (source,) = read_bytes(national(TITLE, OWN_BODY).encode(), "通知.html", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert (source.id, source.title, source.issuer) == ("通知.html", TITLE, "示例县人民政府")
    assert source.document_number == "示政发〔2024〕12号"
    assert source.published_on == date(2024, 4, 18)
    assert source.effective_from == date(2024, 5, 1)
    assert source.effective_to == date(2029, 4, 30)
    assert "索引号" not in source.text.replace(" ", "")


def test_rows_of_a_table_stay_lines_and_merged_cells_are_marked() -> None:
    lines = read_html(OWN_BODY.encode()).text.split("\n")
    at = lines.index("类别\t对象\t每月标准")
    assert lines[at + 1] == "高龄津贴\t80至89周岁\t100元"
    assert lines[at + 2].split("\t") == ["\u2003", "90周岁以上", "200元"]


def test_a_title_shown_twice_is_kept_once() -> None:
    html = (
        f"<body><div><h1>{TITLE}</h1><p>{TITLE}</p><p>第一条　按月发放，当月领取。</p></div></body>"
    )
    assert text_of(html).count(TITLE) == 1


def test_links_in_sentences_and_lists_of_the_document_stay() -> None:
    items = "".join(
        f"<li>第{n}项材料，<a href='/{n}'>样表</a>须加盖公章后提交。</li>" for n in range(5)
    )
    body = f"<p>申请人应当提交下列材料，逐项核对。</p><ul>{items}</ul><p>以上材料一式两份。</p>" * 3
    assert text_of(national(TITLE, body)).count("样表须加盖公章") == 15
    assert text_of(f"<html><body>{body}</body></html>").count("样表须加盖公章") == 15


def test_headings_without_numbers_become_headings() -> None:
    html = f"<h2>申请条件</h2><p>{'年满六十周岁。' * 9}</p><h2>一、材料</h2>"
    assert read_html(html.encode()).text.startswith("## 申请条件\n")
    assert "\n一、材料" in read_html(html.encode()).text


def test_cells_saved_without_their_table_are_read() -> None:
    html = f"<tbody><tr><td id='UCAP-CONTENT'><p>{'正文一句。' * 20}</p></td></tr></tbody>"
    assert text_of(f"<div class='nav'><a href='/'>首页</a></div>{html}") == "正文一句。" * 20


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html><body></body></html>",
        "<script>var a=1</script>",
        "<div hidden>无</div>",
        "<!-- -->",
    ],
)
def test_a_page_without_text_is_reported(html: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(html.encode(), "空.html", limits=Limits())
    assert caught.value.code == "empty"


@pytest.mark.parametrize("tag", ["div", "b", "table", "a"])
def test_a_page_nested_without_end_is_refused_at_once(tag: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_html((f"<{tag}>" * 200_000 + "字").encode())
    assert caught.value.code == "broken"


@needs_data
def test_real_pages_give_the_text_given() -> None:
    expected = {row["id"]: row["text"] for row in rows("govcn_docs.jsonl.gz")}
    for path in sorted((DATA / "govcn_html").glob("*.html")):
        document = read_html(path.read_bytes())
        assert squeezed(document.text) == squeezed(expected[path.stem]), path.name


@needs_data
@layouts
def test_real_pages_saved_whole_give_the_text_given(layout: Layout) -> None:
    expected = {row["id"]: row for row in rows("govcn_docs.jsonl.gz")}
    for path in sorted((DATA / "govcn_html").glob("*.html")):
        row = expected[path.stem]
        saved = path.read_text(encoding="utf-8").split("</title>", 1)[1]
        inner = re.search(r'id="UCAP-CONTENT"[^>]*>(.*)</td>\s*</tr>\s*<tr>', saved, re.DOTALL)
        for body in (saved, inner[1] if inner else saved):
            assert text_of(layout(row["title"], body)) == squeezed(row["text"]), path.name


LINES = [
    "申请人应当如实提交材料。",
    "（一）年满六十周岁；",
    "一、申领条件",
    "对符合条件的，自受理之日起七个工作日内作出决定，并书面告知申请人。",
    "联系人：张某，电话：0000-1234567。",
    "地址：示例路1号。",
    "示例县民政局",
    "2024年4月18日",
    "特此公告。",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=40), st.sampled_from(["p", "div"]))
def test_no_line_of_a_document_is_lost_however_short_it_is(lines: list[str], tag: str) -> None:
    body = "".join(f"<{tag}>{line}</{tag}>" for line in (TITLE, *lines))
    for layout in LAYOUTS.values():
        text = text_of(layout(TITLE, body))
        assert squeezed("".join((TITLE, *lines))) in text, layout.__name__
        assert "网站标识码" not in text


def test_places_and_phones_of_the_document_stay() -> None:
    body = f"<p>{'窗口开放。' * 9}</p><p>地址：示例路1号　电话：1</p><p>{'周末休息。' * 9}</p>"
    for layout in LAYOUTS.values():
        assert "地址：示例路1号" in text_of(layout(TITLE, body)), layout.__name__


def test_a_document_in_two_containers_of_one_name_is_read_whole() -> None:
    part = "<div class='TRS_Editor'><p>{}</p></div>"
    html = part.format("正文一句。" * 40) + part.format("附件1 申请表填写说明。" * 20)
    assert text_of(f"<body><div>{html}</div></body>").endswith("填写说明。")


def test_an_annex_beside_the_text_is_no_side_column() -> None:
    text = f"<div><p>{TITLE}</p>{'<p>正文一句。</p>' * 40}</div>"
    annex = f"<div><h3>附件</h3>{'<p>申请表一行。</p>' * 15}</div>"
    assert text_of(f"<title>{TITLE}</title><body>{text}{annex}</body>").count("申请表一行。") == 15


def test_a_page_saved_in_one_file_is_read() -> None:
    page = base64.encodebytes(national(TITLE, OWN_BODY).encode()).decode()
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n'
    part = f"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n{page}\n--x--\n"
    (source,) = read_bytes(f"{head}{part}".encode(), "通知.mhtml", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert squeezed(source.text) == squeezed(OWN_TEXT)


@pytest.mark.parametrize("data", [b"x", b"Content-Type: text/plain\n\nx", b"\xff\x00"])
def test_an_archive_without_a_page_is_reported(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, "坏.mht", limits=Limits())
    assert caught.value.code == "broken"
