"""The file read again: texts, notes, faces, placeholders, connectors, codes, both labels."""

import io
import zipfile

import pytest
from pptx import Presentation
from pptx.util import Emu

from assistant.domain.studio import SlideKind
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import label_in
from assistant.studio.deck import fitted, render_pptx
from assistant.studio.deck.laying import laid_out
from assistant.studio.deck.shapes import texts
from assistant.studio.deck.theme import AI_LABEL, AI_LABEL_LONG, FACE, HEX, PAIRS, contrast
from tests.studio.deck.samples import EMPTY, EVERY_KIND, LONG

pytestmark = pytest.mark.integration
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module")
def data() -> bytes:
    return render_pptx(EVERY_KIND)


@pytest.fixture(scope="module")
def slides(data: bytes) -> list:
    return list(Presentation(io.BytesIO(data)).slides)


def shown(slide) -> list[str]:
    """Texts of a slide in drawing order, as a reader of the file finds them."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return [text.replace("\v", "\n") for text in found if text]


def test_it_is_16_to_9(data: bytes) -> None:
    presentation = Presentation(io.BytesIO(data))
    assert presentation.slide_width * 9 == presentation.slide_height * 16
    assert Emu(presentation.slide_height).pt == 540


@pytest.mark.parametrize("deck", [EVERY_KIND, LONG, EMPTY], ids=["every kind", "long", "empty"])
def test_it_holds_the_texts_of_the_pages_and_the_notes(deck) -> None:
    laid = laid_out(deck)
    made = list(Presentation(io.BytesIO(render_pptx(deck))).slides)
    assert [shown(slide) for slide in made] == [texts(one.wide) for one in laid]
    for slide, one in zip(made, laid, strict=True):
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        assert notes == one.slide.notes


def test_titles_numbers_and_offices_are_placeholders(slides: list) -> None:
    for slide in slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
    kinds = {shape.placeholder_format.type.name for shape in slides[1].placeholders}
    assert kinds == {"TITLE", "FOOTER", "SLIDE_NUMBER"}


def test_every_run_names_chinese_faces_and_language(slides: list) -> None:
    for slide in slides:
        runs = list(slide._element.iter(f"{A}rPr"))
        assert runs
        for run in runs:
            assert run.get("lang") == "zh-CN"
            faces = {run.find(f"{A}{kind}").get("typeface")[:3] for kind in ("latin", "ea", "cs")}
            assert len(faces) == 1


def test_the_theme_names_chinese_faces(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        theme = file.read("ppt/theme/theme1.xml").decode()
    assert theme.count(f'<a:ea typeface="{FACE}"') == 2
    assert theme.count(f'<a:latin typeface="{FACE}"') == 2


def test_tables_are_native_with_their_header(slides: list) -> None:
    table = next(shape.table for shape in slides[3].shapes if shape.has_table)
    assert [cell.text for cell in table.rows[0].cells] == list(EVERY_KIND.slides[3].table.header)
    assert table.first_row
    assert len(table.rows) == 5


def test_steps_are_joined_by_connectors(slides: list) -> None:
    joints = [
        (element.find(f".//{A}stCxn").get("id"), element.find(f".//{A}endCxn").get("id"))
        for element in slides[4]._element.iter(
            "{http://schemas.openxmlformats.org/presentationml/2006/main}cxnSp"
        )
    ]
    ids = {str(shape.shape_id): shape for shape in slides[4].shapes}
    assert len(joints) == len(EVERY_KIND.slides[4].flow) - 1
    assert all(start in ids and end in ids for start, end in joints)


def test_ids_of_shapes_are_unique(slides: list) -> None:
    for slide in slides:
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(ids) == len(set(ids))


def test_codes_are_pictures_that_say_where_they_lead(slides: list) -> None:
    pictures = [shape for shape in slides[11].shapes if shape.shape_type.name == "PICTURE"]
    assert len(pictures) == 1
    assert EVERY_KIND.slides[11].link in pictures[0]._element.nvPicPr.cNvPr.get("descr")


def test_the_label_is_visible_on_every_slide_and_high_enough(slides: list) -> None:
    for slide, deck_slide in zip(slides, EVERY_KIND.slides, strict=True):
        words = AI_LABEL_LONG if deck_slide.kind is SlideKind.COVER else AI_LABEL
        found = [s for s in slide.shapes if s.has_text_frame and s.text_frame.text == words]
        assert len(found) == 1
        assert found[0].text_frame.paragraphs[0].runs[0].font.size.pt >= 540 * 0.05


def test_the_hidden_label_is_read_back(data: bytes) -> None:
    label = label_in("pptx", data)
    assert label is not None
    assert label.produce_id.startswith("deck-")
    own = AigcLabel.first("0" * 26 + "1", "x")
    assert label_in("pptx", render_pptx(EVERY_KIND, own)) == own


def test_a_deck_by_a_person_has_no_label() -> None:
    data = render_pptx(EVERY_KIND, labelled=False)
    assert label_in("pptx", data) is None
    for slide in Presentation(io.BytesIO(data)).slides:
        assert not {AI_LABEL, AI_LABEL_LONG} & set(shown(slide))


def test_the_same_deck_gives_the_same_bytes(data: bytes) -> None:
    assert render_pptx(fitted(EVERY_KIND)) == data


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_colours_can_be_read(pair) -> None:
    assert contrast(*(HEX[colour] for colour in pair)) >= 4.5
