"""Old office files through a real LibreOffice."""

import io

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


def test_a_doc_is_read() -> None:
    word = docx.Document()
    word.add_paragraph("第一条　按月发放。")
    out = io.BytesIO()
    word.save(out)
    data = office.convert(out.getvalue(), ".odt", Limits())
    assert data.startswith(b"PK")


def test_a_file_that_it_cannot_read_is_reported() -> None:
    with pytest.raises(UnreadableFile):
        read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "坏.doc", limits=Limits())
