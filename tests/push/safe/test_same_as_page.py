"""What is drawn here says the same as the page does: its numbers are the page's."""

import json
import re
from pathlib import Path

import pytest

from assistant.push.safe import idling, line, played, player, showing
from assistant.push.safe.mouth import SHAPES
from assistant.push.safe.places import THEMES

pytestmark = pytest.mark.unit
STATIC = Path("assistant/web/static")


def constants(root: Path, file: str) -> dict[str, float]:
    text = (root / STATIC / file).read_text("utf-8")
    found = re.findall(r"^const ([A-Z_]+) = ([\d_.]+);", text, re.MULTILINE)
    return {name: float(value.replace("_", "")) for name, value in found}


@pytest.fixture
def root() -> Path:
    return Path(__file__).parents[3]


def test_the_players_seconds_are_the_pages(root: Path) -> None:
    page = constants(root, "stage-player.js")
    assert page
    assert {name: getattr(player, name) for name in page} == page


def test_it_reconnects_as_the_page_does(root: Path) -> None:
    page = constants(root, "stage-line.js")
    assert page == {"FIRST_WAIT": line.FIRST_WAIT * 1000, "LAST_WAIT": line.LAST_WAIT * 1000}


def test_memory_idle_pages_and_slides_are_the_pages(root: Path) -> None:
    assert constants(root, "stage-played.js")["KEPT"] == played.KEPT
    card = constants(root, "stage-card.js")
    assert (card["TURN"] / 1000, card["AT_ONCE"]) == (idling.TURN, idling.AT_ONCE)
    assert card["AGAIN"] / 1000 == line.FACTS_AGAIN
    assert constants(root, "stage-slides.js")["LINGER"] / 1000 == showing.LINGER


def test_the_mouth_has_the_pages_shapes(root: Path) -> None:
    text = (root / STATIC / "stage-mouth.js").read_text("utf-8")
    rows = re.findall(r"^  ([A-Z]): (\{.*\}),$", text, re.MULTILINE)
    page = {name: json.loads(re.sub(r"(\w+):", r'"\1":', row)) for name, row in rows}
    assert len(page) == len(SHAPES)
    for shape, lips in SHAPES.items():
        ours = {name: getattr(lips, name) for name in lips.__slots__}
        assert ours == {name: page[shape.value][name] for name in ours}


def test_the_colours_are_the_pages(root: Path) -> None:
    text = (root / STATIC / "stage-themes.css").read_text("utf-8")
    for name, theme in THEMES.items():
        block = re.search(rf'data-theme="{name}"\] \{{(.*?)\}}', text, re.DOTALL)
        assert block
        page = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", block[1]))
        assert theme.back == tuple(page[f"back-{n}"] for n in (1, 2, 3))
        assert theme.desk == tuple(page[f"desk-{n}"] for n in (1, 2))
        for one in ("ink", "soft", "accent", "mark", "paper", "line", "strip"):
            assert getattr(theme, one) == page[one]
        assert theme.mark_ink == page["mark-ink"]
