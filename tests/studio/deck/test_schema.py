"""Decks are as the schemas of ISO/IEC 29500 say (Open XML SDK's, by openxml-audit)."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from assistant.studio.deck import render_on_template, render_pptx
from eval.deck_schema import schema_errors
from tests.studio.deck.samples import EVERY_KIND, LONG
from tests.studio.deck.test_own_template import template

pytestmark = pytest.mark.integration
SLIDE, THEME = r"slides/slide2\.xml$", r"theme1\.xml$"
BROKEN = {
    "element": (SLIDE, b"</p:spTree>", b"<p:other/></p:spTree>", "Unexpected element"),
    "order": (SLIDE, b"<a:bodyPr", b"<a:p/><a:bodyPr", "Unexpected element"),
    "attribute": (SLIDE, b"<a:off x=", b'<a:off other="1" x=', "not declared"),
    "number": (SLIDE, b'<a:off x="', b'<a:off x="wide', "Invalid integer"),
    "choice": (SLIDE, b'anchor="ctr"', b'anchor="middle"', "not in allowed values"),
    "relation": (r"slides/slide\d+\.xml$", b'r:embed="rId', b'r:embed="rIdx', "does not exist"),
    "table": (r"slides/slide\d+\.xml$", b"<a:tblGrid>", b"<a:tblGrid><a:p/>", "Unexpected"),
    "layout": (r"slideLayout1\.xml$", b"<p:cSld", b"<p:other/><p:cSld", "cSld"),
    "theme": (THEME, b"<a:dk1><", b"<a:other/><a:dk1><", "dk1"),
    "xml": (THEME, b"<a:dk1>", b"<a:dk9>", "mismatch"),
    "label": (r"custom\.xml$", b'pid="2"', b"", "pid"),
    "notes": (r"notesSlide1\.xml$", b"<p:cSld", b"<p:other/><p:cSld", "cSld"),
}


@pytest.fixture(scope="module")
def every() -> bytes:
    return render_pptx(EVERY_KIND)


def put(folder: Path, data: bytes) -> Path:
    file = folder / "deck.pptx"
    file.write_bytes(data)
    return file


def test_our_decks_hold(every: bytes, tmp_path: Path) -> None:
    assert schema_errors(put(tmp_path, every)) == []
    assert schema_errors(put(tmp_path, render_pptx(LONG))) == []


def test_a_deck_on_an_offices_own_template_holds(tmp_path: Path) -> None:
    made = render_on_template(EVERY_KIND, template())
    assert schema_errors(put(tmp_path, made.data)) == []


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found(name: str, every: bytes, tmp_path: Path) -> None:
    part, old, new, word = BROKEN[name]
    assert any(
        word in wrong for wrong in schema_errors(put(tmp_path, other(every, part, old, new)))
    )


def other(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The file with a part changed once."""
    made, changed = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            if re.search(part, name):
                body, was = body.replace(old, new, 1), body
                changed += body != was
            after.writestr(name, body)
    assert changed
    return made.getvalue()
