"""A deck whose every slide has room: what does not fit in the least size is divided.

Fit → shrink to 18 points → divide the slide and its notes. Joined again, the parts hold what the
slide held, in its order.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.domain.studio import Deck, Slide, Table
from assistant.studio.deck.cards import is_answer
from assistant.studio.deck.cleaning import cleaned
from assistant.studio.deck.frames import TALL, WIDE, Frame
from assistant.studio.deck.pages import Around, page_at, title_fits
from assistant.studio.deck.theme import SIZES

MOST_LINES = 6
"""Lines, steps or rows of a slide (DOMAIN §5)."""
_ENDS = "。！？；!?;\n"
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]+[”’」』）]*|[^。！？!?\n]+")
FRAMES = (WIDE, TALL)
_MARK = "~"


class DoesNotFit(ValueError):
    """Not even one character of it has room, in the least size."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not divided while a page can hold it: a line, a row or a step."""

    kind: str
    cells: tuple[str, ...]


def fitted(deck: Deck, frames: Sequence[Frame] = FRAMES) -> Deck:
    """The deck with slides divided where they must be. Fitting it again changes nothing.

    The first part keeps the slide's id, others add "~2", "~3" …; `part` counts them.
    """
    deck = cleaned(deck)
    around = Around(deck.office, day_words(deck), number=1)
    slides = [part for slide in deck.slides for part in _parts(slide, frames, around)]
    return replace(deck, slides=tuple(_numbered(slides)))


def base_id(slide: Slide) -> str:
    """The id of the slide that a part was made of."""
    return slide.id.rpartition(_MARK)[0] if _MARK in slide.id and slide.part else slide.id


def day_words(deck: Deck) -> str:
    """The day as it stands on the cover."""
    return f"{deck.day.year}年{deck.day.month}月{deck.day.day}日" if deck.day else ""


def _parts(slide: Slide, frames: Sequence[Frame], around: Around) -> list[Slide]:
    def fits(one: Slide) -> bool:
        return len(_units(one)) <= MOST_LINES and all(
            page_at(one, frame, SIZES[-1], around) is not None for frame in frames
        )

    slide = _short_title(slide, frames)
    if fits(slide):
        return [slide]
    # A part is marked before it is measured: the mark takes room beside the title.
    marked = replace(slide, part=slide.part or "10/10")
    units = _small_enough(marked, fits)
    chunks = _glued(marked, units, fits)
    groups = _balanced(marked, chunks, _greedy(marked, chunks, fits), fits)
    notes = _shared_notes(slide.notes, groups)
    return [
        replace(_with(marked, group), notes=said, id=slide.id if at == 0 else "")
        for at, (group, said) in enumerate(zip(groups, notes, strict=True))
    ]


def _numbered(slides: Sequence[Slide]) -> list[Slide]:
    """Ids and parts of slides that belong together; "" as id is a part of what stands before."""
    runs: list[list[Slide]] = []
    for slide in slides:
        if runs and (not slide.id or (slide.part and base_id(slide) == base_id(runs[-1][0]))):
            runs[-1].append(slide)
        else:
            runs.append([slide])
    return [slide for run in runs for slide in _run(run)]


def _run(run: Sequence[Slide]) -> list[Slide]:
    if len(run) == 1:
        return list(run)
    base = base_id(run[0])
    return [
        replace(slide, id=base if at == 1 else f"{base}{_MARK}{at}", part=f"{at}/{len(run)}")
        for at, slide in enumerate(run, start=1)
    ]


def _units(slide: Slide) -> list[_Unit]:
    units = [_Unit("line", (line,)) for line in slide.lines]
    units += [_Unit("row", row) for row in (slide.table.rows if slide.table else ())]
    return units + [_Unit("step", (step,)) for step in slide.flow]


def _with(slide: Slide, units: Sequence[_Unit]) -> Slide:
    """The slide with these units only; a table stands where one of its rows does."""
    rows = tuple(unit.cells for unit in units if unit.kind == "row")
    table = slide.table and (Table(slide.table.header, rows) if rows else None)
    return replace(
        slide,
        lines=tuple(unit.cells[0] for unit in units if unit.kind == "line"),
        table=table,
        flow=tuple(unit.cells[0] for unit in units if unit.kind == "step"),
    )


Fits = Callable[[Slide], bool]


def _small_enough(slide: Slide, fits: Fits) -> list[_Unit]:
    """Units each of which fits alone; a longer one is cut, at a sentence's end where it has one."""
    done: list[_Unit] = []
    for unit in _units(slide):
        rest: _Unit | None = unit
        while rest is not None:
            head, rest = _cut(slide, rest, fits)
            done.append(head)
    return done


def _cut(slide: Slide, unit: _Unit, fits: Fits) -> tuple[_Unit, _Unit | None]:
    if fits(_with(slide, [unit])):
        return unit, None
    low, high = 0, max(map(len, unit.cells))
    while high - low > 1:
        at = (low + high) // 2
        low, high = (at, high) if fits(_with(slide, [_until(unit, at)])) else (low, at)
    if low == 0:
        raise DoesNotFit(f"slide {slide.id}: {unit.kind} has no room")
    if len(unit.cells) == 1:
        low = _at_end(unit.cells[0], low)
    return _until(unit, low), replace(unit, cells=tuple(cell[low:] for cell in unit.cells))


def _until(unit: _Unit, at: int) -> _Unit:
    return replace(unit, cells=tuple(cell[:at] for cell in unit.cells))


def _at_end(text: str, most: int) -> int:
    """Where to cut: behind the last end of a sentence in the second half, a comma, or here."""
    for ends in (_ENDS, "，、,：:"):
        found = max((text.rfind(end, most // 2, most) for end in ends), default=-1)
        if found >= 0:
            return found + 1
    return most


def _glued(slide: Slide, units: Sequence[_Unit], fits: Fits) -> list[list[_Unit]]:
    """Units with what may not be parted from them: an answer stands below its question."""
    chunks: list[list[_Unit]] = []
    for unit in units:
        is_part = unit.kind == "line" and is_answer(unit.cells[0])
        if chunks and is_part and fits(_with(slide, [*chunks[-1], unit])):
            chunks[-1].append(unit)
        else:
            chunks.append([unit])
    return chunks


def _greedy(slide: Slide, chunks: Sequence[Sequence[_Unit]], fits: Fits) -> list[list[_Unit]]:
    groups: list[list[_Unit]] = []
    for chunk in chunks:
        if groups and fits(_with(slide, [*groups[-1], *chunk])):
            groups[-1].extend(chunk)
        else:
            groups.append(list(chunk))
    return groups


def _balanced(
    slide: Slide, chunks: Sequence[Sequence[_Unit]], groups: list[list[_Unit]], fits: Fits
) -> list[list[_Unit]]:
    """As many groups, of about as many units each, where each fits: no lone last row."""
    count = len(groups)
    bounds = [round(len(chunks) * at / count) for at in range(count + 1)]
    even = [
        [unit for chunk in chunks[start:end] for unit in chunk] for start, end in pairwise(bounds)
    ]
    return even if all(group and fits(_with(slide, group)) for group in even) else groups


def _short_title(slide: Slide, frames: Sequence[Frame]) -> Slide:
    """The slide with so much of its title as has room; the rest goes on as its first line."""
    marked = replace(slide, part="10/10")
    if all(title_fits(marked, frame) for frame in frames):
        return slide
    low, high = 0, len(slide.title)
    while high - low > 1:
        at = (low + high) // 2
        ok = all(title_fits(replace(marked, title=slide.title[:at]), frame) for frame in frames)
        low, high = (at, high) if ok else (low, at)
    if low == 0:
        raise DoesNotFit(f"slide {slide.id}: its title has no room")
    low = _at_end(slide.title, low)
    return replace(slide, title=slide.title[:low], lines=(slide.title[low:], *slide.lines))


def _shared_notes(notes: str, groups: Sequence[Sequence[_Unit]]) -> list[str]:
    """The notes by sentences: each part has those of its share. Joined they are the notes."""
    said = _SENTENCE.findall(notes)
    count, whole = len(groups), sum(map(len, groups))
    starts = [0]
    passed = 0
    for group, following in pairwise(groups):
        passed += len(group)
        even = round(len(said) * passed / whole)
        starts.append(max(starts[-1], _first_about(said, following, starts[-1], even)))
    starts.append(len(said))
    return ["".join(said[starts[at] : starts[at + 1]]) for at in range(count)]


def _first_about(said: Sequence[str], group: Sequence[_Unit], after: int, even: int) -> int:
    """Where the notes first speak of a group; `even` where they never do."""
    names = [cell for unit in group[:1] for cell in unit.cells if len(cell) > 1]
    for at in range(after, len(said)):
        if any(name in said[at] for name in names):
            return at
    return even
