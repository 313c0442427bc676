"""Zip, OFD and old office files: guarded, reported, read where they can be."""

import io
import struct
import zipfile

import pytest

from assistant.domain.source import PolicyDocument
from assistant.errors import UnreadableFile
from assistant.retrieval.readers import Limits, office, read_bytes
from assistant.retrieval.readers.kinds import kind_of

pytestmark = pytest.mark.unit


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def code_of(data: bytes, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, name, limits=limits or Limits())
    return caught.value.code


def test_members_are_read_and_bad_ones_named() -> None:
    data = zipped(
        {
            "通知/甲.txt": "第一条　按月发放津贴。".encode(),
            "通知/乙.pdf": b"%PDF-1.4 junk",
            "__MACOSX/._甲.txt": b"\x00",
            "图.jpg": b"\xff\xd8\xff",
        }
    )
    result = read_bytes(data, "资料.zip", limits=Limits())
    assert [source.id for source in result.sources] == ["资料.zip/通知/甲.txt"]
    assert [warning.split("：")[0] for warning in result.warnings] == [
        "资料.zip/图.jpg",
        "资料.zip/通知/乙.pdf",
    ]


def test_names_written_by_chinese_windows_are_read() -> None:
    data = zipped({"aaaa.txt": "津贴按月发放。".encode()}).replace(b"aaaa", "甲乙".encode("gbk"))
    (source,) = read_bytes(data, "z.zip", limits=Limits()).sources
    assert source.id == "z.zip/甲乙.txt"


def test_a_member_that_expands_too_much_is_a_bomb() -> None:
    assert code_of(zipped({"a.txt": b"0" * 20_000_000}), "z.zip") == "bomb"


def test_many_members_are_a_bomb() -> None:
    data = zipped({f"{n}.txt": b"a" for n in range(40)})
    assert code_of(data, "z.zip", Limits(members=30)) == "bomb"


def test_a_total_over_the_limit_is_a_bomb() -> None:
    data = zipped({f"{n}.txt": bytes([65 + n]) * 500 for n in range(20)})
    assert code_of(data, "z.zip", Limits(unpacked_bytes=5_000)) == "bomb"


def test_a_directory_that_lies_about_sizes_does_not_help() -> None:
    data = bytearray(zipped({"a.txt": b"0" * 3_000_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert code_of(bytes(data), "z.zip") in {"bomb", "broken", "empty"}


def test_zips_in_zips_are_followed_only_so_far() -> None:
    data = "津贴按月发放。".encode()
    name = "a.txt"
    for depth in range(4):
        data, name = zipped({name: data}), f"{depth}.zip"
    assert code_of(data, name) == "empty"
    assert read_bytes(
        zipped({"b.zip": zipped({"a.txt": "津贴。".encode()})}), "c.zip", limits=Limits()
    ).sources


def test_a_locked_zip_is_reported() -> None:
    data = bytearray(zipped({"a.txt": b"abc"}))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(data), "z.zip") == "encrypted"


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, zipped({"a.txt": b"a" * 99})[:60]],
    ids=["head", "end", "cut"],  # the bytes hold the time of the day
)
def test_broken_zips_are_reported(data: bytes) -> None:
    assert code_of(data, "z.zip") in {"broken", "empty"}


def test_bombs_in_gzip_are_refused() -> None:
    import gzip

    assert code_of(gzip.compress(b"0" * 100_000), "a.txt.gz", Limits(unpacked_bytes=1000)) == "bomb"
    assert code_of(b"\x1f\x8b\x08broken", "a.txt.gz") == "broken"


OFD_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(lines: list[tuple[float, float, float, str]]) -> bytes:
    objects = "".join(
        f'<ofd:TextObject Boundary="{x} {y} {width} 4">'
        f'<ofd:TextCode X="0" Y="3">{text}</ofd:TextCode></ofd:TextObject>'
        for x, y, width, text in lines
    )
    layer = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
    page = f'<?xml version="1.0"?><ofd:Page {OFD_SPACE}>{layer}</ofd:Page>'
    return zipped({"OFD.xml": b"<a/>", "Doc_0/Pages/Page_0/Content.xml": page.encode()})


def test_ofd_text_is_put_in_lines_and_paragraphs() -> None:
    lines = [
        (60.0, 20.0, 60.0, "示例县津贴办法"),
        (38.0, 40.0, 142.0, "第一条　为了方便群众办理高龄津贴，根据有关规"),
        (30.0, 50.0, 60.0, "定，制定本办法。"),
        (38.0, 60.0, 40.0, "第二条　"),
        (80.0, 60.0, 40.0, "按月发放。"),
    ]
    (source,) = read_bytes(ofd(lines[::-1]), "办法.ofd", limits=Limits()).sources
    assert isinstance(source, PolicyDocument)
    assert source.text.split("\n") == [
        "示例县津贴办法",
        "第一条　为了方便群众办理高龄津贴，根据有关规定，制定本办法。",
        "第二条　按月发放。",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ofd([]), "scan"),
        (zipped({"OFD.xml": b"<a/>", "Doc_0/Pages/Page_0/Content.xml": b"<a"}), "broken"),
        (zipped({"OFD.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "bomb"),
        (zipped({"a.xml": b"<a/>"}), "broken"),
        (b"PK", "broken"),
    ],
)
def test_ofd_that_cannot_be_read_is_reported(data: bytes, code: str) -> None:
    assert code_of(data, "文件.ofd") == code


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def test_locked_office_files_are_reported() -> None:
    assert code_of(OLE + "EncryptedPackage".encode("utf-16-le"), "锁.docx") == "encrypted"


def test_without_libreoffice_old_files_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "soffice", lambda: None)
    with pytest.raises(UnreadableFile, match="LibreOffice") as caught:
        read_bytes(OLE + "WordDocument".encode("utf-16-le"), "旧.doc", limits=Limits())
    assert caught.value.code == "unsupported"


@pytest.mark.parametrize("name", ["旧.doc", "旧.wps", "旧.xls", "旧.et", "旧.rtf"])
@pytest.mark.parametrize("data", [OLE, b"junk", "按月发放。".encode()])
def test_what_is_no_office_file_never_reaches_libreoffice(
    name: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "soffice", lambda: pytest.fail("reached"))
    assert code_of(data, name) == "broken"


@pytest.mark.parametrize(
    ("data", "suffix", "kind"),
    [
        (b"%PDF-1.4", ".txt", "pdf"),
        (zipped({"word/document.xml": b""}), ".doc", "docx"),
        (zipped({"xl/workbook.xml": b""}), ".bin", "xlsx"),
        (zipped({"word/document.xml": b""}), ".zip", "zip"),
        (OLE, ".wps", "office"),
        (OLE, ".docx", "office"),
        (b"text", ".md", "markdown"),
    ],
)
def test_content_tells_the_kind(data: bytes, suffix: str, kind: str) -> None:
    assert kind_of(data, suffix) == kind


@pytest.mark.parametrize(
    ("name", "code"), [("a.jpg", "scan"), ("a.exe", "unsupported"), ("a", "unsupported")]
)
def test_other_files_are_told_apart(name: str, code: str) -> None:
    assert code_of(b"MZ\x00", name) == code
