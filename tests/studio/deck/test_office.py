"""LibreOffice opens every file and shows every character of it (python -m eval.deck_check)."""

import shutil

import pytest

from assistant.studio.deck import render_on_template, render_pptx
from eval.deck_check import rendered
from tests.studio.deck.samples import EVERY_KIND, LONG
from tests.studio.deck.test_own_template import template

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice"),
]


@pytest.mark.parametrize("name", ["every", "long", "template"])
def test_it_shows_everything(name: str, tmp_path) -> None:
    file = tmp_path / f"{name}.pptx"
    if name == "template":
        file.write_bytes(render_on_template(EVERY_KIND, template()).data)
    else:
        file.write_bytes(render_pptx(EVERY_KIND if name == "every" else LONG))
    assert rendered(file) == []
