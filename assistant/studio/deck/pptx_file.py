"""A deck as .pptx: native shapes on our own template, the script as notes, both AI labels."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from assistant.domain.studio import Deck, SlideKind
from assistant.printing.aigc import AigcLabel
from assistant.printing.marking import marked
from assistant.studio.deck.laying import laid_out, own_label
from assistant.studio.deck.pptx_draw import Drawer
from assistant.studio.deck.pptx_template import CONTENT, COVER, own_template
from assistant.studio.deck.theme import LANG

_MADE = (2026, 1, 1, 0, 0, 0)
"""One time for every file in the archive: the same deck gives the same bytes."""


def render_pptx(deck: Deck, label: AigcLabel | None = None, *, labelled: bool = True) -> bytes:
    """The deck as a file that can be edited. `label` is the hidden one, ours by default.

    `labelled=False` is for a deck that a person wrote (DOMAIN §3). Raises DoesNotFit, RuntimeError
    where the hidden label cannot be read back.
    """
    laid = laid_out(deck, labelled=labelled)
    presentation = own_template()
    layouts = presentation.slide_layouts
    for one in laid:
        layout = layouts[COVER if one.slide.kind is SlideKind.COVER else CONTENT]
        slide = blank_slide(presentation, layout)
        Drawer(slide, one.wide, themed=True).draw()
        add_notes(slide, one.slide.notes)
    describe(presentation, deck)
    return finished(presentation, deck, label, labelled=labelled)


def blank_slide(presentation: Any, layout: Any) -> Any:
    """A slide whose placeholders are ours to draw."""
    slide = presentation.slides.add_slide(layout)
    for shape in list(slide.placeholders):
        shape._element.getparent().remove(shape._element)  # noqa: SLF001 - drawn anew
    return slide


def add_notes(slide: Any, notes: str) -> None:
    """What is said while the slide stands."""
    if not notes:
        return
    frame = slide.notes_slide.notes_text_frame
    frame.text = notes
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().set("lang", LANG)  # noqa: SLF001 - python-pptx has no zh-CN


def describe(presentation: Any, deck: Deck) -> None:
    """Title, author and language of the file."""
    about = presentation.core_properties
    about.title, about.author, about.language = deck.title, deck.office, LANG
    about.last_modified_by = deck.office
    about.subject, about.keywords = "", ""
    about.created = about.modified = datetime(*_MADE[:3], tzinfo=UTC).replace(tzinfo=None)


def finished(presentation: Any, deck: Deck, label: AigcLabel | None, *, labelled: bool) -> bytes:
    """The file's bytes with the hidden label, read back."""
    made = io.BytesIO()
    presentation.save(made)
    data = same_bytes(made.getvalue())
    if not labelled:
        return data
    return same_bytes(marked("pptx", data, label or own_label(deck)))


def same_bytes(data: bytes) -> bytes:
    """The archive with one time on all its files."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return made.getvalue()
