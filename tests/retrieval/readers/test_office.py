"""Old office files through a real LibreOffice."""

from pathlib import Path

import docx
import pytest

from assistant.domain.source import PolicyDocument
from assistant.errors import UnreadableFile
from assistant.retrieval.readers import Limits, office, read_bytes

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed"),
]


def test_rich_text_is_read() -> None:
    words = "".join(f"\\u{ord(char)}?" for char in "第一条　按月发放。")
    data = ("{\\rtf1\\ansi " + words + "}").encode()
    (source,) = read_bytes(data, "办法.rtf", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert source.text == "第一条　按月发放。"


def test_an_old_document_with_a_table_is_read(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph("第一条　按月发放。")
    table = word.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "标准", "100元"
    word.add_paragraph("第二条　另行规定。")
    word.save(str(tmp_path / "办法.docx"))
    office._run(office.soffice() or "", tmp_path / "办法.docx", "doc", 60)
    data = (tmp_path / "办法.doc").read_bytes()
    (source,) = read_bytes(data, "办法.wps", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert source.text == "第一条　按月发放。\n标准\t100元\n第二条　另行规定。"
    assert source.id == "办法.wps"


def test_a_file_that_it_cannot_read_is_reported() -> None:
    with pytest.raises(UnreadableFile):
        read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "坏.doc", limits=Limits())
