"""The card as a Word file that an office can change and print."""

import io
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from assistant.printing.qr import qr_png
from assistant.printing.word import QUIET, add_table, centred, new_document, run
from assistant.studio.card import TITLE, Card, Fact

HEADS = ("序号", "材料名称", "原件", "复印件", "形式", "是否必要", "说明")
WIDTHS = (1.1, 5.2, 1.4, 1.6, 2.2, 1.8, 3.7)


def docx_of(card: Card) -> bytes:
    """The card as .docx, without its hidden label (see `printing.marking`)."""
    document = new_document(2, 1.8)
    _heading(document, card)
    for fact in card.before:
        _fact(document, fact)
    _materials(document, card)
    for fact in card.after:
        _fact(document, fact)
    _foot(document, card)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _heading(document: Any, card: Card) -> None:
    centred(document, TITLE, 18, bold=True)
    centred(document, card.name, 14, bold=True)
    centred(document, f"{card.region}　{card.validity}", 9)


def _fact(document: Any, fact: Fact) -> None:
    first, *others = fact.values
    paragraph = document.add_paragraph()
    run(paragraph, f"{fact.label}：", bold=True)
    run(paragraph, first)
    for value in others:
        run(document.add_paragraph(), value)


def _materials(document: Any, card: Card) -> None:
    run(document.add_paragraph(), "申请材料：", bold=True)
    if not card.materials:
        run(document.add_paragraph(), card.materials_line)
        return
    rows = [
        [[str(text)] for text in (r.number, r.name, r.originals, r.copies, r.form, r.need, r.note)]
        for r in card.materials
    ]
    add_table(document, HEADS, rows, WIDTHS, 9)


def _foot(document: Any, card: Card) -> None:
    code = document.add_paragraph()
    code.alignment = WD_ALIGN_PARAGRAPH.CENTER
    code.add_run().add_picture(io.BytesIO(qr_png(card.link)), width=Cm(3.2))
    centred(document, f"{card.link_words}：{card.link}", 9)
    label = centred(document, f"{card.label}（{card.made_on.isoformat()}）", 9)
    label.font.color.rgb = QUIET
