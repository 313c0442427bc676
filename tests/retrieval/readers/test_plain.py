"""Text and Markdown: encodings told apart, front matter read strictly."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.source import PolicyDocument, Status
from assistant.errors import FormatError, UnreadableFile
from assistant.retrieval.readers import Limits, read_bytes
from assistant.retrieval.readers.encoding import decode
from assistant.retrieval.readers.plain import front_matter

pytestmark = pytest.mark.unit

TEXT = "示例县津贴办法\n第一条　为了方便群众办理高龄津贴，制定本办法。\n第二条　津贴按月发放。\n"
BIG5 = "高齡津貼發放辦法：為了方便民眾辦理高齡津貼，依據有關規定，制定本辦法並自發布日施行。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_usual_encodings_are_told_apart(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)).lstrip("\ufeff") == TEXT


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1))
def test_utf8_is_always_read(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BIG5.encode("big5"), "encoding"),
        ("日本語の申請書について、必要な書類を提出してください。".encode("shift-jis"), "encoding"),
        (TEXT.encode() + b"\xe5\x8a", "encoding"),
        (TEXT.encode("gb18030") + b"\xff\xff", "encoding"),
        (TEXT.encode("utf-16")[:-1], "encoding"),
        ("锟斤拷锟斤拷一办法锟斤拷".encode(), "encoding"),
        (b"\x00\x01\x02\x03" * 9, "binary"),
        (bytes(range(1, 256)), "binary"),
        ("\ufffd\ufffd\ufffd办法".encode(), "encoding"),
        (b"", "empty"),
        (b" \n\r\n\t", "empty"),
        ("\ufeff".encode(), "empty"),
    ],
)
def test_what_cannot_be_read_is_reported(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, "文件.txt", limits=Limits())
    assert caught.value.code == code


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(TEXT.encode(), "文件.txt", limits=Limits(file_bytes=10))
    assert caught.value.code == "huge"


def test_a_text_file_is_a_document_named_after_the_file() -> None:
    (source,) = read_bytes(TEXT.encode("gb18030"), "津贴.txt", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert (source.id, source.title, source.text) == ("津贴.txt", "示例县津贴办法", TEXT.strip())


MARKDOWN = """---
id: jintie
title: "示例县津贴办法"
document_number: 示政发〔2024〕12号
region: 330383
effective_from: 2024-05-01
status: amended
supersedes: [old-1, "old-2"]
tags: 民政
source_url:
# a remark
---
# 另一个标题

第一条　津贴按月发放。
"""


def test_front_matter_gives_the_keys() -> None:
    (source,) = read_bytes(MARKDOWN.encode(), "津贴.md", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert (source.id, source.title, source.region) == ("jintie", "示例县津贴办法", "330383")
    assert (source.status, source.supersedes, source.tags) == (
        Status.AMENDED,
        ("old-1", "old-2"),
        ("民政",),
    )
    assert source.source_url is None
    assert source.text.startswith("# 另一个标题")


@pytest.mark.parametrize(
    "line",
    ["colour: red", "effective_from: 2024-5-1", "status: gone", "region: 33", "id: a\nid: b", "键"],
)
def test_wrong_front_matter_is_a_format_error_with_its_file(line: str) -> None:
    data = MARKDOWN.replace("# a remark", line).encode()
    with pytest.raises(FormatError):
        read_bytes(data, "津贴.md", limits=Limits())


@given(st.text(max_size=80))
def test_front_matter_is_keys_or_an_error(block: str) -> None:
    with suppress(FormatError):
        assert isinstance(front_matter(block), dict)


def test_markdown_without_front_matter_takes_its_heading_as_title() -> None:
    (source,) = read_bytes("# 津贴办法\n\n按月发放。".encode(), "a.md", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert (source.id, source.title) == ("a.md", "津贴办法")
