"""Nothing overflows and nothing is lost, whatever the length: by decks and by property."""

from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.studio import Deck, Slide, SlideKind, Table
from assistant.studio.deck import measure
from assistant.studio.deck.cleaning import cleaned
from assistant.studio.deck.fitting import MOST_LINES, base_id, fitted
from assistant.studio.deck.laying import laid_out
from assistant.studio.deck.shapes import Code, Drawing, Grid, Page, Panel, texts
from assistant.studio.deck.theme import SIZES
from tests.studio.deck.samples import DAY, EMPTY, EVERY_KIND, LINK, LONG

pytestmark = pytest.mark.unit
DECKS = {"every kind": EVERY_KIND, "long": LONG, "empty": EMPTY}


def squeezed(text: str) -> str:
    return "".join(text.split())


def overflowing(page: Page) -> list[str]:
    """What stands outside its page or its box, measured at the full width."""
    wrong = []
    for item in page.items:
        corners = item.points if isinstance(item, Drawing) else ()
        if isinstance(item, Panel | Grid | Code):
            corners = ((item.box.x, item.box.y), (item.box.right, item.box.bottom))
        wrong += [f"off page: {item}" for corner in corners if not _on(page, *corner)]
        if isinstance(item, Panel) and item.paras:
            room = item.box.inside(item.inset)
            high = measure.height(item.paras, room.w)
            wide = max(measure.widest(para, room.w) for para in item.paras)
            if high > room.h + 0.01 or wide > room.w + 0.01:
                wrong.append(f"overflow: {item}")
        if isinstance(item, Grid):
            for box, para, _ in item.cells():
                room = box.inside(item.inset)
                if measure.height([para], room.w) > room.h + 0.01:
                    wrong.append(f"overflow: {para}")
    return wrong


def _on(page: Page, x: float, y: float) -> bool:
    return -0.01 <= x <= page.width + 0.01 and -0.01 <= y <= page.height + 0.01


def stated(slide: Slide) -> list[str]:
    cells = [cell for row in (slide.table.rows if slide.table else ()) for cell in row]
    return [text for text in (slide.title, *slide.lines, *cells, *slide.flow) if text]


def rejoined(deck: Deck) -> list[tuple[str, ...]]:
    """What each slide says, its parts joined again."""
    made = []
    for _, group in groupby(deck.slides, base_id):
        parts = list(group)
        columns = max((len(row) for p in parts if p.table for row in p.table.rows), default=0)
        made.append((
            "".join(line for part in parts for line in part.lines),
            *(
                "".join(row[at] for p in parts if p.table for row in p.table.rows if at < len(row))
                for at in range(columns)
            ),
            "".join(step for part in parts for step in part.flow),
            "".join(part.notes for part in parts),
        ))  # fmt: skip
    return made


def check(deck: Deck) -> None:
    laid = laid_out(deck)
    for one in laid:
        assert overflowing(one.wide) == []
        assert overflowing(one.tall) == []
        for page in (one.wide, one.tall):
            shown = squeezed("".join(texts(page)))
            assert [text for text in stated(one.slide) if squeezed(text) not in shown] == []
        units = len(one.slide.lines) + len(one.slide.flow)
        assert units + len(one.slide.table.rows if one.slide.table else ()) <= MOST_LINES
        sizes = [p.size for i in one.wide.items if isinstance(i, Panel) for p in i.paras]
        assert min(sizes, default=SIZES[-1]) >= SIZES[-1]
    whole = fitted(deck)
    assert whole.slides == tuple(one.slide for one in laid)
    assert fitted(whole) == whole


@pytest.mark.parametrize("name", DECKS)
def test_every_deck_fits_and_holds_its_texts(name: str) -> None:
    check(DECKS[name])


@pytest.mark.parametrize("name", DECKS)
def test_parts_joined_again_are_the_slide(name: str) -> None:
    deck = cleaned(DECKS[name])
    assert rejoined(fitted(deck)) == rejoined(deck)


def test_parts_are_counted_and_keep_the_first_id() -> None:
    parts = [slide for slide in fitted(LONG).slides if base_id(slide) == "m"]
    assert len(parts) > 9
    assert [slide.id for slide in parts[:3]] == ["m", "m~2", "m~3"]
    assert [slide.part for slide in parts] == [
        f"{n}/{len(parts)}" for n in range(1, len(parts) + 1)
    ]
    assert {slide.table.header for slide in parts if slide.table} == {LONG.slides[1].table.header}


def test_what_is_said_of_a_row_goes_with_its_part() -> None:
    for slide in fitted(LONG).slides:
        if base_id(slide) == "m" and slide.table:
            first = slide.table.rows[0][1][:6].rstrip("中华")
            assert first in slide.notes


def test_short_decks_are_not_divided() -> None:
    assert fitted(EVERY_KIND) == EVERY_KIND


def test_text_of_ordinary_slides_is_not_small() -> None:
    for one in laid_out(EVERY_KIND):
        if one.slide.table is None:
            body = [p.size for i in one.wide.items if isinstance(i, Panel) and i.role == "body"
                    for p in i.paras if p.text in one.slide.lines]  # fmt: skip
            assert min(body, default=24) >= 24, one.slide.title


def test_an_answer_stands_with_its_question() -> None:
    lines = tuple(line for n in range(9) for line in (f"问：第{n}个问题？", f"答：{'好' * 70}。"))
    deck = replace(EVERY_KIND, slides=(Slide("q", SlideKind.QUESTIONS, "问答", lines),))
    parts = fitted(deck).slides
    assert len(parts) > 2
    assert all(part.lines[0].startswith("问") for part in parts)


def test_steps_count_on_over_their_parts() -> None:
    flow = Slide("f", SlideKind.FLOW, "流程", ("一行说明", "又一行"), flow=LONG.slides[2].flow)
    numbers: list[str] = []
    for one in laid_out(replace(LONG, slides=(flow,))):
        badges = [i for i in one.wide.items if isinstance(i, Panel) and i.name.startswith("badge")]
        numbers += [badge.paras[0].text for badge in badges]
    assert numbers == [str(n) for n in range(1, 12)]


TEXT = st.text(
    st.one_of(st.sampled_from("政务服务材料，。：“”（）1份Aa. \n—"), st.characters()), max_size=240
)
SHORT = st.text(st.sampled_from("政务服务，。：（）12Ab- "), max_size=40)
TABLE = st.builds(
    lambda header, rows: Table(tuple(header), tuple(map(tuple, rows))),
    st.lists(SHORT, max_size=5),
    st.lists(st.lists(st.one_of(SHORT, TEXT), max_size=5), max_size=8),
)
SLIDE = st.builds(
    Slide,
    st.just("x"),
    st.sampled_from(SlideKind),
    TEXT,
    st.lists(TEXT, max_size=8).map(tuple),
    st.none() | TABLE,
    st.lists(TEXT, max_size=8).map(tuple),
    st.sampled_from(["", LINK, "不是网址", "https://example.gov.cn/?q=" + "a" * 3000]),
    TEXT,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(SLIDE, SHORT, SHORT)
def test_nothing_overflows_or_is_lost(slide: Slide, title: str, office: str) -> None:
    deck = Deck(title, office, DAY, (slide, replace(slide, id="y")))
    check(deck)
    assert rejoined(fitted(deck))[0][-1] == cleaned(deck).slides[0].notes
