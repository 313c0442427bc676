"""The PDF holds the same text, in an embedded typeface, with both labels."""

import io

import pypdf
import pytest

from assistant.printing.marking import label_in
from assistant.studio.deck import render_pdf
from assistant.studio.deck.laying import laid_out
from assistant.studio.deck.shapes import texts
from tests.studio.deck.samples import EMPTY, EVERY_KIND, LONG

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("deck", [EVERY_KIND, LONG, EMPTY], ids=["every kind", "long", "empty"])
def test_every_page_holds_the_text_of_its_slide(deck) -> None:
    pages = pypdf.PdfReader(io.BytesIO(render_pdf(deck))).pages
    laid = laid_out(deck)
    assert len(pages) == len(laid)
    for page, one in zip(pages, laid, strict=True):
        shown = "".join(page.extract_text().split())
        for text in texts(one.wide):
            assert sorted("".join(text.split())) == sorted(
                c for c in "".join(text.split()) if c in shown
            )


def test_it_has_the_hidden_label_and_our_typeface() -> None:
    data = render_pdf(EVERY_KIND)
    assert label_in("pdf", data) is not None
    assert label_in("pdf", render_pdf(EVERY_KIND, labelled=False)) is None
    fonts = pypdf.PdfReader(io.BytesIO(data)).pages[1]["/Resources"]["/Font"].values()
    assert all("NotoSansSC" in str(font.get_object()["/BaseFont"]) for font in fonts)
