"""The hidden label is in every kind of file, once, and read back."""

import io
import struct
import zipfile

import pytest
from docx import Document
from fpdf import FPDF
from openpyxl import Workbook, load_workbook
from PIL import Image

from assistant.domain.speech import Sound
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import label_in, marked
from assistant.printing.mp4 import boxes, inside, made, top
from assistant.voice import sound as sounds

pytestmark = pytest.mark.unit
LABEL = AigcLabel.first("001191440300" + "0" * 15, "card/guide-1/1/2026-11-30")
SECOND = AigcLabel.first("0" * 27, "second")


def _docx() -> bytes:
    made = io.BytesIO()
    Document().save(made)
    return made.getvalue()


def _xlsx() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def _pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    return bytes(pdf.output())


def _png() -> bytes:
    made = io.BytesIO()
    Image.new("P", (8, 8)).save(made, "PNG")
    return made.getvalue()


def _sound() -> Sound:
    return Sound(bytes(2 * 2400), 24_000)


def _wav() -> bytes:
    return sounds.wav(_sound())


def _mp3() -> bytes:
    return sounds.mp3(_sound())


def _mp4(*, moov_first: bool = True) -> bytes:
    """Boxes as a film has them: one chunk, which the table of offsets must go on to point at."""

    def film(at: int) -> tuple[bytes, bytes]:
        table = made(b"stco", bytes(4), struct.pack(">II", 1, at))
        tables = made(b"mdia", made(b"minf", made(b"stbl", table)))
        other = made(b"udta", made(b"name", b"kept"), made(b"meta", bytes(4)))
        return made(b"moov", made(b"mvhd", bytes(100)), made(b"trak", tables), other), at

    head, body = made(b"ftyp", b"isom" + bytes(4)), made(b"mdat", b"CHUNK")
    length = len(film(0)[0])
    before = len(head) + (length if moov_first else 0)
    moov = film(before + 8)[0]
    return head + (moov + body if moov_first else body + moov)


FILES = {
    "docx": _docx,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "png": _png,
    "wav": _wav,
    "mp3": _mp3,
    "mp4": _mp4,
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_written_is_read_back_and_written_once(kind: str) -> None:
    plain = FILES[kind]()
    assert label_in(kind, plain) is None
    once = marked(kind, plain, LABEL)
    assert label_in(kind, once) == LABEL
    assert label_in(kind, marked(kind, once, SECOND)) == SECOND


def test_office_programs_still_open_it() -> None:
    Document(io.BytesIO(marked("docx", _docx(), LABEL)))
    again = marked("docx", marked("docx", _docx(), LABEL), SECOND)
    with zipfile.ZipFile(io.BytesIO(again)) as file:
        assert file.namelist().count("docProps/custom.xml") == 1
        assert file.read("[Content_Types].xml").count(b"custom.xml") == 1
        assert file.read("_rels/.rels").count(b"custom.xml") == 1
    book = load_workbook(io.BytesIO(marked("xlsx", _xlsx(), LABEL)))
    assert [one.name for one in book.custom_doc_props.props] == ["AIGC"]


def test_a_sound_is_still_heard() -> None:
    twice = marked("wav", marked("wav", _wav(), LABEL), SECOND)
    assert twice.count(b"AIGC") == 1
    assert sounds.read_wav(twice).samples == _sound().samples
    again = marked("mp3", marked("mp3", _mp3(), LABEL), SECOND)
    assert again.count(b"AIGC") == 1
    assert sounds.decoded(again).seconds == pytest.approx(0.1, abs=0.1)


def test_a_label_that_cannot_be_read_back_gives_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.printing import marking

    broken = dict(marking._BY_KIND) | {"png": (lambda data, label: data, lambda data: None)}
    monkeypatch.setattr(marking, "_BY_KIND", broken)
    with pytest.raises(RuntimeError, match="cannot be read back"):
        marked("png", _png(), LABEL)


def test_both_wrappings_are_read() -> None:
    assert AigcLabel.read(LABEL.text()) == LABEL
    assert AigcLabel.read('{"AIGC":' + LABEL.text() + "}") == LABEL
    with pytest.raises(ValueError, match="no AIGC"):
        AigcLabel.read("{}")


def test_only_ascii_is_a_label() -> None:
    with pytest.raises(ValueError, match="produce_id"):
        AigcLabel.first("0" * 27, "清单")


@pytest.mark.parametrize("moov_first", [True, False])
def test_a_films_chunks_are_found_where_they_lie(moov_first: bool) -> None:
    again = marked("mp4", marked("mp4", _mp4(moov_first=moov_first), LABEL), SECOND)
    moov = top(again, b"moov")
    table = inside(again, moov, b"trak", b"mdia", b"minf", b"stbl", b"stco")
    (at,) = struct.unpack_from(">I", again, table.body + 8)
    assert again[at : at + 5] == b"CHUNK"
    udta = inside(again, moov, b"udta")
    assert [one.kind for one in boxes(again, udta.body, udta.end)] == [b"name", b"meta"]


@pytest.mark.parametrize(
    "broken", [b"", b"RIFF", made(b"ftyp", b"isom") + b"\0\0\0\x40moov", b"x" * 64]
)
def test_what_is_no_film_is_said_so(broken: bytes) -> None:
    with pytest.raises(ValueError, match="not an MP4"):
        marked("mp4", broken, LABEL)
