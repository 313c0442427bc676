"""The stage without a browser, as a viewer sees it: codes scan, labels stand, nothing spills."""

import io
import re
from itertools import pairwise

import numpy as np
import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from assistant.domain.speech import Viseme
from assistant.printing.qr import qr_png
from assistant.push.safe.canvas import Canvas
from assistant.push.safe.caption import caption, lines_of
from assistant.push.safe.card import clipped
from assistant.push.safe.cards import off_air
from assistant.push.safe.edges import label
from assistant.push.safe.facts import Facts
from assistant.push.safe.painter import Painter
from assistant.push.safe.places import LABEL_FACE, TALL, THEMES, WIDE, Places
from assistant.push.safe.scene import Answer, Basis, Idle, Pictures, Scene
from assistant.push.safe.slide import draw_slide
from assistant.stage.labels import LABEL, LABEL_PERSON, LABEL_SAID, LABELS
from assistant.studio.deck import slide_markup
from tests.studio.deck.samples import EVERY_KIND
from tests.support.drawn import seen

pytestmark = pytest.mark.unit
LINK = "https://zwfw.example.gov.cn/guide/440300/insurance?id=11440300MB2D1234"
LONG = (
    "年满十六周岁，未在用人单位参加企业职工基本养老保险（个体经营、非全日制用工、新就业形态等），"
    * 6
)
BOTH = pytest.mark.parametrize("places", [WIDE, TALL], ids=["wide", "tall"])
BASIS = Basis("《参保办事指南》 〔2026〕12号 申请材料", LONG, "g1")
CARD = Answer(LONG, LONG, "王**", 12, (BASIS, BASIS), 0.5)
SCENE = Scene("示例县政务服务中心", "社保专场", "10:24:36", label=LABEL, card=CARD)


def painter(places: Places) -> Painter:
    pictures = Pictures()
    with Image.open(io.BytesIO(qr_png(LINK, 1))) as code:
        pictures.keep_code("g1", code.convert("RGB"))
    side = places.side
    table = draw_slide(slide_markup(EVERY_KIND)[6], (side[2] - side[0], side[3] - side[1]))
    pictures.keep_slide("table", table)
    return Painter(places, THEMES["blue"], "woman", pictures)


def look(one: Painter) -> Image.Image:
    return seen(one.canvas.data, one.canvas.size)


def test_colours_come_back_as_they_were() -> None:
    canvas = Canvas((16, 16))
    for colour in [(20, 37, 58), (246, 196, 83), (255, 255, 255), (0, 0, 0), (138, 29, 21)]:
        canvas.put(Image.new("RGB", (16, 16), colour))
        shown = seen(canvas.data, (16, 16)).getpixel((8, 8))
        assert np.abs(np.subtract(shown, colour)).max() <= 3


def test_a_patch_lies_where_it_was_put_and_nowhere_else() -> None:
    canvas = Canvas((32, 16))
    canvas.put(Image.new("RGB", (8, 4), "white"), (16, 6))
    bright = np.asarray(seen(canvas.data, (32, 16)).convert("L")) > 128
    assert bright[6:10, 16:24].all()
    assert bright.sum() == 32
    with pytest.raises(ValueError, match="even"):
        canvas.put(Image.new("RGB", (8, 4)), (15, 6))


@BOTH
def test_the_code_of_the_clause_is_read_from_the_picture(places: Places) -> None:
    drawn = painter(places)
    drawn.paint(SCENE)
    assert [one.text for one in zxingcpp.read_barcodes(look(drawn))] == [LINK]


@BOTH
def test_the_code_on_a_slide_is_read_from_the_picture(places: Places) -> None:
    drawn = painter(places)
    drawn.paint(Scene(label=LABEL, slide="table"))
    found = [one.text for one in zxingcpp.read_barcodes(look(drawn))]
    assert found == ["https://www.example.gov.cn/portal/v2/guide/11440300"]


@BOTH
@pytest.mark.parametrize("words", LABELS.values())
def test_the_label_stands_whole_at_the_lower_edge(places: Places, words: str) -> None:
    drawn = painter(places)
    drawn.paint(Scene(label=words, card=CARD, is_person=words == LABEL_PERSON))
    strip = look(drawn).crop(places.label)
    wanted = label(words, places, THEMES["blue"])
    off = np.abs(np.asarray(strip.convert("L"), float) - np.asarray(wanted.convert("L"), float))
    assert off.mean() < 2
    assert LABEL_FACE.width(words) <= strip.width
    assert LABEL_FACE.ink("生成") >= 0.05 * min(places.size)


@BOTH
def test_the_card_of_an_interruption_has_the_label_and_lives(places: Places) -> None:
    pictures = off_air(places, Facts("示例县政务服务中心" * 3, "warm", phone="0755-12345678"))
    assert {one.size for one in pictures} == {places.size}
    assert all(ImageChops.difference(a, b).getbbox() for a, b in pairwise([*pictures, pictures[0]]))
    wanted = label(LABEL, places, THEMES["warm"])
    assert not ImageChops.difference(pictures[0].crop(places.label), wanted).getbbox()
    without = off_air(places, Facts("示例县政务服务中心" * 3, "warm"))[0]
    assert ImageChops.difference(pictures[0], without).getbbox()


@given(text=st.text(st.sampled_from("办理条件，。（《一二AB0123 -："), min_size=1, max_size=260))
@example(text=LONG)
@settings(max_examples=40, deadline=None)
def test_no_caption_leaves_its_strip_and_none_loses_a_word(text: str) -> None:
    for places in (WIDE, TALL):
        left, upper, right, lower = places.caption
        found = lines_of(text, places)
        assert all(len(page) * found.face.leading <= lower - upper for page in found.pages)
        lines = [line for page in found.pages for _, line in page]
        assert all(found.face.width(line) <= right - left for line in lines)
        assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@BOTH
def test_a_long_caption_is_turned_by_the_voice(places: Places) -> None:
    found = lines_of(LONG, places)
    assert len(found.pages) > 1
    begins = [page[0][0] for page in found.pages]
    assert [found.page(at + 1) for at in begins] == list(found.pages)
    assert found.page(0) == found.pages[0]


@BOTH
def test_what_is_heard_lights_up(places: Places) -> None:
    light = [
        np.asarray(caption("请带身份证原件。", said, places, THEMES["blue"]).convert("L")).sum()
        for said in (0, 3, 8)
    ]
    assert light == sorted(light)
    assert light[0] < light[1] < light[2]


@BOTH
@pytest.mark.parametrize(
    "card", [CARD, Idle(LONG, LONG), Idle("欢迎", asks=(LONG,) * 9), Answer(LONG)]
)
def test_nothing_stands_outside_the_card(places: Places, card: Answer | Idle) -> None:
    """Beside the side's place the picture is the same whatever the card says."""
    one, other = painter(places), painter(places)
    one.paint(Scene(label=LABEL))
    other.paint(Scene(label=LABEL, card=card, next=(LONG, LONG)))
    box = ImageChops.difference(look(one), look(other)).getbbox()
    assert box is not None
    left, upper, right, lower = places.side
    assert box[0] >= left - 2
    assert box[1] >= upper - 2
    assert box[2] <= right + 2
    assert box[3] <= lower + 2


@given(text=st.text(st.sampled_from("办理条件，。AB01"), max_size=120), most=st.integers(1, 4))
@settings(max_examples=50, deadline=None)
def test_what_is_cut_says_so(text: str, most: int) -> None:
    face = WIDE.small
    lines = clipped(text, 300, face, most)
    assert len(lines) <= most
    kept = "".join(lines).removesuffix("…")
    assert re.sub(r"\s", "", text).startswith(re.sub(r"\s", "", kept))


def test_only_what_changed_is_drawn_anew() -> None:
    drawn = painter(WIDE)
    drawn.paint(SCENE)
    before = drawn.painted
    drawn.paint(SCENE)
    assert drawn.painted == before
    drawn.paint(Scene(**{**_fields(SCENE), "clock": "10:24:37"}))
    assert drawn.painted == before + 1


def test_the_mouth_moves_with_the_voice_and_rests_without() -> None:
    drawn = painter(WIDE)
    pictures = []
    for shape in (Viseme.REST, Viseme.D, Viseme.F, Viseme.REST):
        drawn.paint(Scene(**{**_fields(SCENE), "mouth": (shape, shape)}))
        pictures.append(look(drawn).crop(WIDE.host))
    assert ImageChops.difference(pictures[0], pictures[1]).getbbox()
    assert ImageChops.difference(pictures[1], pictures[2]).getbbox()
    assert not ImageChops.difference(pictures[0], pictures[3]).getbbox()


def test_a_person_takes_the_presenters_place_and_gives_it_back() -> None:
    drawn = painter(TALL)
    drawn.paint(SCENE)
    before = look(drawn)
    drawn.paint(Scene(**{**_fields(SCENE), "is_person": True, "label": LABEL_PERSON}))
    assert ImageChops.difference(before, look(drawn)).getbbox()
    drawn.paint(SCENE)
    assert not ImageChops.difference(before, look(drawn)).getbbox()


@pytest.mark.parametrize("markup", ["<section></section>", "<section><p>x</p></section>"])
def test_what_is_no_slide_is_refused(markup: str) -> None:
    with pytest.raises(ValueError, match="drawing"):
        draw_slide(markup, (100, 100))


def test_the_taller_drawing_is_shown_in_a_tall_place() -> None:
    markup = slide_markup(EVERY_KIND)[0]
    assert draw_slide(markup, (400, 600)).size == (400, 600)
    wide, tall = draw_slide(markup, (600, 400)), draw_slide(markup, (400, 600))
    assert ImageChops.difference(wide.resize((400, 600)), tall).getbbox()


def _fields(scene: Scene) -> dict[str, object]:
    return {name: getattr(scene, name) for name in Scene.__slots__}


def test_a_persons_words_are_labelled_as_such() -> None:
    assert "人工智能" in LABEL
    assert "AI合成" in LABEL_SAID
