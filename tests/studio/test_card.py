"""A card holds what its guide states, every material and no more; the unsaid is said so."""

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest
from docx import Document
from PIL import Image

from assistant.bundled import bundled
from assistant.domain.source import LimitUnit, Material, Online, ServiceGuide, TimeLimit
from assistant.printing.typefaces import missing
from assistant.retrieval.formats import read_jsonl
from assistant.studio.card import NOT_STATED, Card, Place, card_of
from assistant.studio.card_docx import docx_of
from assistant.studio.card_pdf import PICTURE_WIDTH, pdf_of, png_of
from eval.deck_schema import schema_errors

pytestmark = pytest.mark.integration
DAY = date(2026, 11, 30)
PLACE = Place("示例县", "http://desk.example/sources/g", DAY)
GUIDES = [
    guide
    for file in sorted(Path(bundled("knowledge"), "guides").glob("*.jsonl"))
    for guide in read_jsonl(file)
]


def _values(card: Card, label: str) -> tuple[str, ...]:
    return next(fact.values for fact in (*card.before, *card.after) if fact.label == label)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.id)
def test_the_materials_are_the_guides_own(guide: ServiceGuide) -> None:
    card = card_of(guide, PLACE)
    assert [row.name for row in card.materials or ()] == [m.name for m in guide.materials or ()]
    for row, material in zip(card.materials or (), guide.materials or (), strict=True):
        assert row.originals == _counted(material.originals)
        assert row.copies == _counted(material.copies)


def _counted(count: int | None) -> str:
    return {None: "—", 0: "不要"}.get(count, f"{count}份")


def test_what_the_guide_does_not_say_is_said_so() -> None:
    card = card_of(ServiceGuide("g", "某事项"), PLACE)
    assert card.materials is None
    assert card.materials_line == NOT_STATED
    for label in ("受理条件", "办理流程", "法定办结时限", "承诺办结时限", "收费", "咨询电话"):
        assert _values(card, label) == (NOT_STATED,)
    assert card.link == PLACE.page


def test_limits_keep_their_names_and_units() -> None:
    guide = ServiceGuide(
        "g",
        "某事项",
        statutory_limit=TimeLimit(20, LimitUnit.WORKDAY),
        promised_limit=TimeLimit(1, LimitUnit.DAY, "自受理之日起"),
    )
    card = card_of(guide, PLACE)
    assert _values(card, "法定办结时限") == ("20个工作日",)
    assert _values(card, "承诺办结时限") == ("1天（自受理之日起）",)


def test_the_code_leads_to_handling_only_where_it_can_be_done_online() -> None:
    online = Online(available=True, url="https://example.gov.cn/x")
    assert card_of(ServiceGuide("g", "n", online=online), PLACE).link == "https://example.gov.cn/x"
    closed = Online(available=False, url="https://example.gov.cn/x")
    assert card_of(ServiceGuide("g", "n", online=closed), PLACE).link == PLACE.page
    script = Online(available=True, url="javascript:alert(1)")
    assert card_of(ServiceGuide("g", "n", online=script), PLACE).link == PLACE.page


def test_no_materials_is_a_statement() -> None:
    assert card_of(ServiceGuide("g", "n", materials=()), PLACE).materials_line == "不需要提交材料"


@pytest.fixture(scope="module")
def card() -> Card:
    return card_of(max(GUIDES, key=lambda guide: len(guide.materials or ())), PLACE)


def test_the_pdf_holds_the_words(card: Card) -> None:
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(card))).pages
    text = _bare("".join(page.extract_text() for page in pages))
    for row in card.materials or ():
        assert _bare(row.name) in text
    assert _bare(card.label) in text


def test_the_word_file_holds_a_row_for_each_material(card: Card) -> None:
    document = Document(io.BytesIO(docx_of(card)))
    names = [row.cells[1].text for row in document.tables[0].rows[1:]]
    assert names == [row.name for row in card.materials or ()]
    assert card.label in "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_word_file_is_as_the_schemas_of_office_say(card: Card, tmp_path: Path) -> None:
    file = tmp_path / "card.docx"
    file.write_bytes(docx_of(card))
    assert schema_errors(file) == []


def test_the_picture_is_as_wide_as_a_phone_and_not_empty(card: Card) -> None:
    with Image.open(io.BytesIO(png_of(card))) as image:
        assert abs(image.width - PICTURE_WIDTH) <= 1
        rows = image.convert("L").resize((1, image.height))
        dark = [y for y in range(image.height) if rows.getpixel((0, y)) < 250]
    assert dark[0] < 120
    assert image.height - dark[-1] < 120  # nothing is cut off, and no tail of empty paper


def test_a_hundred_materials_run_over_pages() -> None:
    many = tuple(Material(f"材料{n}", originals=1) for n in range(100))
    pages = pypdf.PdfReader(
        io.BytesIO(pdf_of(card_of(ServiceGuide("g", "n", materials=many), PLACE)))
    ).pages
    assert len(pages) > 1
    text = _bare("".join(page.extract_text() for page in pages))
    assert all(f"材料{n}" in text for n in range(100))


def test_our_typeface_has_every_character_of_the_shipped_guides() -> None:
    texts = (str(card_of(guide, PLACE)) for guide in GUIDES)
    assert missing("".join(texts)) == ""


def _bare(text: str) -> str:
    return "".join(text.split())
