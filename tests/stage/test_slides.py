"""The store of slides takes drawings and nothing else."""

from datetime import date
from pathlib import Path

import pytest

from assistant.domain.studio import Deck, Slide, SlideKind, Table
from assistant.errors import BadInput
from assistant.stage.slides import SlideStore
from assistant.studio.deck import slide_markup

pytestmark = pytest.mark.unit
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>&\"'"
DECK = Deck(
    HOSTILE,
    HOSTILE,
    date(2026, 3, 2),
    (
        Slide("1", SlideKind.COVER, HOSTILE),
        Slide("2", SlideKind.MATERIALS, "材料", lines=(HOSTILE, "身份证")),
        Slide("3", SlideKind.FLOW, "流程", flow=("申请", HOSTILE)),
        Slide("4", SlideKind.PLACES, "地点", table=Table(("窗口", "地址"), (("1", HOSTILE),))),
        Slide("5", SlideKind.CODE, "扫码", link="https://www.gov.cn/a?b=1&c=2"),
    ),
)


def test_every_kind_of_slide_that_the_studio_draws_is_taken(tmp_path: Path) -> None:
    store = SlideStore(tmp_path / "slides")
    drawn = slide_markup(DECK)
    names = [store.put(one) for one in drawn]
    assert len(set(names)) == len(drawn) >= 5
    for name, markup in zip(names, drawn, strict=True):
        file = store.file(name)
        assert file is not None
        assert file.read_text(encoding="utf-8") == markup


def test_the_same_slide_is_stored_once(tmp_path: Path) -> None:
    store = SlideStore(tmp_path)
    assert store.put("<section></section>") == store.put("<section></section>")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<section onclick=alert(1)></section>",
        '<svg><image href="https://example.com/a.png"/></svg>',
        '<svg><rect fill="url(https://example.com/a)"/></svg>',
        '<svg><a href="https://example.com"><text>a</text></a></svg>',
        "<style>@import 'https://example.com/a.css'</style>",
        '<section style="position:fixed"></section>',
        "<svg><foreignObject></foreignObject></svg>",
        "<iframe></iframe>",
        "<!-- <script> --><section></section>",
        "<section/onclick=alert(1)>",
        "<section" + " " * 400_000 + ">",
    ],
)
def test_what_is_more_than_a_drawing_is_refused(tmp_path: Path, markup: str) -> None:
    with pytest.raises(BadInput):
        SlideStore(tmp_path).put(markup)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "../slides/a", "A" * 32, "0" * 32, "0" * 31])
def test_no_other_file_is_given(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.html").write_text("a")
    assert SlideStore(tmp_path).file(name) is None
