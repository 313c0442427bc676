"""Says what is wrong with a deck file, by reading the file again and measuring it.

Off the slide, text higher than its box, texts over each other, colours that cannot be read,
faces without Chinese, signs that no typeface has, labels, elements out of order, and texts that
differ from those of the stage.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from selectolax.lexbor import LexborHTMLParser

from assistant.printing import typefaces
from assistant.printing.marking import label_in
from assistant.studio.deck import measure
from assistant.studio.deck.order import misplaced
from assistant.studio.deck.reading import ReadDeck, ReadSlide, Run, Shown, read
from assistant.studio.deck.shapes import Box, Para
from assistant.studio.deck.theme import LANG, LEAST_CONTRAST, SIZES, contrast

_SPARE = 0.6
"""Points that rounding to Office's units may err by."""
_LABEL_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `slide` counts from 1; 0 is the file."""

    slide: int
    rule: str
    what: str


def lint(data: bytes, html: Sequence[str] | None = None) -> list[Finding]:
    """Everything wrong with a file; with the stage's slides also where their texts differ."""
    deck = read(data)
    found = [Finding(0, "schema", wrong) for wrong in misplaced(data)]
    found += _faces(deck)
    if label_in("pptx", data) is None:
        found.append(Finding(0, "label", "no hidden AIGC label"))
    for slide in deck.slides:
        found += _slide(slide, deck)
    return found + (list(_agreement(deck, html)) if html is not None else [])


def _faces(deck: ReadDeck) -> list[Finding]:
    return [
        Finding(0, "fonts", f"theme has no face for {kind}")
        for kind, face in deck.faces.items()
        if not face
    ]


def _slide(slide: ReadSlide, deck: ReadDeck) -> Iterator[Finding]:
    rules = (
        ("off-slide", _off_slide(slide, deck)),
        ("overflow", _overflow(slide)),
        ("overlap", _overlap(slide)),
        ("contrast", _contrast(slide)),
        ("fonts", _fonts(slide)),
        ("glyphs", _glyphs(slide)),
        ("empty", (one.name for one in slide.shown if one.is_placeholder and not one.text)),
        ("label", _label(slide, deck)),
    )
    for rule, wrong in rules:
        yield from (Finding(slide.number, rule, what) for what in wrong)


def _off_slide(slide: ReadSlide, deck: ReadDeck) -> Iterator[str]:
    for one in slide.shown:
        box = one.box
        if min(box.x, box.y) < -_SPARE or (
            box.right > deck.width + _SPARE or box.bottom > deck.height + _SPARE
        ):
            yield one.name


def _paras(one: Shown) -> list[Para]:
    """Its paragraphs as we measure them, each in the largest of its sizes."""
    return [
        Para(
            "".join(run.text for run in runs),
            max((run.size or SIZES[-1]) for run in runs),
            bold=any(run.bold for run in runs),
        )
        for runs in one.paragraphs
    ]


def _overflow(slide: ReadSlide) -> Iterator[str]:
    for one in slide.shown:
        room = one.box.inside(one.inset)
        paras = _paras(one)
        high = measure.height(paras, room.w)
        wide = max((measure.widest(para, room.w) for para in paras), default=0)
        if high > room.h + _SPARE or wide > room.w + _SPARE:
            yield f"{one.name}: {one.text[:20]}"


def _written(one: Shown) -> Box:
    """Where its text stands; for a picture all of it."""
    if one.kind == "picture":
        return one.box
    room = one.box.inside(one.inset)
    high = measure.height(_paras(one), room.w)
    top = room.y + ((room.h - high) / 2 if one.middle else 0)
    return Box(room.x, top, room.w, high)


def _overlap(slide: ReadSlide) -> Iterator[str]:
    told = [(one, _written(one)) for one in slide.shown if one.text or one.kind == "picture"]
    for (one, here), (other, there) in combinations(told, 2):
        across = min(here.right, there.right) - max(here.x, there.x)
        down = min(here.bottom, there.bottom) - max(here.y, there.y)
        if across > _SPARE and down > _SPARE:
            yield f"{one.name} / {other.name}"


def _contrast(slide: ReadSlide) -> Iterator[str]:
    for at, one in enumerate(slide.shown):
        ground = one.fill or _under(slide.shown[:at], one) or slide.ground
        for run in _all_runs(one):
            if run.colour is None or ground is None:
                yield f"{one.name}: colour not stated"
            elif contrast(run.colour, ground) < LEAST_CONTRAST:
                yield f"{one.name}: {run.colour} on {ground}"


def _all_runs(one: Shown) -> list[Run]:
    return [run for runs in one.paragraphs for run in runs if run.text.strip()]


def _under(before: Sequence[Shown], one: Shown) -> str | None:
    """The fill of the last shape drawn before that lies under the middle of its text."""
    box = _written(one)
    x, y = box.x + box.w / 2, box.y + box.h / 2
    for other in reversed(before):
        inside = other.box.x <= x <= other.box.right and other.box.y <= y <= other.box.bottom
        if other.fill and inside:
            return other.fill
    return None


def _fonts(slide: ReadSlide) -> Iterator[str]:
    for one in slide.shown:
        for run in _all_runs(one):
            if len(run.faces) < 3 or run.lang != LANG:
                yield f"{one.name}: no Chinese face or language"
            if run.size is None or run.size < SIZES[-1]:
                yield f"{one.name}: {run.size} pt"


@cache
def _characters_here() -> frozenset[int]:
    """What the machine's own Chinese typeface has beyond ours."""
    from fontTools.ttLib import TTFont

    path = typefaces.fallback()
    if path is None:
        return frozenset()
    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap() or ())


def _is_drawn(character: str) -> bool:
    """Whether the faces of offices have it (all of GBK), or this machine's."""
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return ord(character) in _characters_here()
    return True


def _glyphs(slide: ReadSlide) -> Iterator[str]:
    for one in slide.shown:
        lacking = [c for c in typefaces.missing(one.text) if not _is_drawn(c)]
        if lacking:
            yield f"{one.name}: {''.join(lacking)}"


def _label(slide: ReadSlide, deck: ReadDeck) -> Iterator[str]:
    """AI or 人工智能, and 生成 or 合成, as high as the rules ask of pictures (DOMAIN §3)."""
    least = min(deck.width, deck.height) * _LABEL_SHARE
    for one in slide.shown:
        text = one.text
        named = ("AI" in text or "人工智能" in text) and ("生成" in text or "合成" in text)
        if named and min((run.size or 0) for run in _all_runs(one)) >= least:
            return
    yield "no visible AI label of its height"


def _agreement(deck: ReadDeck, html: Sequence[str]) -> Iterator[Finding]:
    if len(html) != len(deck.slides):
        yield Finding(
            0, "stage", f"{len(html)} slides on the stage, {len(deck.slides)} in the file"
        )
    for slide, markup in zip(deck.slides, html, strict=False):
        here = Counter(_squeezed(p) for one in slide.shown for p in one.text.split("\n"))
        there = Counter(map(_squeezed, stage_texts(markup)))
        del here[""], there[""]
        for text in sorted(_apart(here, there)):
            yield Finding(slide.number, "stage", text)


def _apart(here: Counter[str], there: Counter[str]) -> set[str]:
    """Texts that only one of both holds; joined first, as a paragraph may have line ends."""
    if "".join(here.elements()) == "".join(there.elements()):
        return set()
    return set(here - there) | set(there - here)


def stage_texts(markup: str, page: str = "deck-wide") -> list[str]:
    """The paragraphs of a slide on the stage."""
    tree = LexborHTMLParser(markup)
    found = (node.text(deep=True) for node in tree.css(f".{page} text"))
    return [text for text in found if text]


def _squeezed(text: str) -> str:
    return "".join(text.split())
