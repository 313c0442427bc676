"""How long a text takes to say, and the choice of optional blocks that fills the time asked for.

240 characters a minute is what people follow (DOMAIN §5). Digits and signs count as they are read.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.studio import SectionKind, Sentence, StreamKind
from assistant.studio.drafting.parts import DETAIL, MUST, Block, Part

PER_MINUTE = 240
TOLERANCE = 0.08
_SILENT = re.compile(r"[\s，。！？、；：“”‘’（）《》〈〉【】…·,.!?;:()\"'|｜—-]")
_OPEN_USUALLY = (0.12, 0.25, 0.55)
_OPEN = {
    StreamKind.POLICY: (0.10, 0.2, 0.5),
    StreamKind.QUESTIONS: (0.30, 0.4, 0.55),
    StreamKind.HELPING: (0.25, 0.35, 0.6),
}
"""Least, wished and greatest share of a stream that is kept open for viewers, by its kind."""

_FRAME = frozenset(
    {SectionKind.OPENING, SectionKind.AGENDA, SectionKind.SCENARIO, SectionKind.QUESTIONS}
)
"""Parts that may stand without stating a fact; any other that has nothing left to state goes."""

Pace = Callable[[str], float]
"""Seconds that a sentence takes."""


def characters(text: str) -> int:
    """Spoken characters: what is read, without marks. A year or an amount reads a little longer."""
    plain = _SILENT.sub("", text)
    tens = sum(max(0, len(run) - 1) for run in re.findall(r"(?<![\d-])\d{2,3}(?![\d-])", text))
    return len(plain) + tens


def estimated(text: str) -> float:
    """Seconds by characters alone, where no voice was heard yet."""
    return characters(text) * 60 / PER_MINUTE


@dataclass(frozen=True, slots=True)
class Timed:
    """A part with the blocks that are said. `open_seconds` are the viewers'."""

    part: Part
    blocks: tuple[Block, ...]
    seconds: float
    open_seconds: float

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All that is said."""
        return tuple(one for block in self.blocks for one in block.sentences)


def fit(parts: Sequence[Part], minutes: int, pace: Pace, kind: StreamKind) -> list[Timed]:
    """Choose blocks and open time so that all together last `minutes`; parts without words go.

    Where even what must be said is too long, it is said in its shorter form; what is still over
    is over, and the caller says so.
    """
    total = minutes * 60.0
    least, wished, most = _OPEN.get(kind, _OPEN_USUALLY)
    chosen = _chosen(parts, total * (1 - least), total * (1 - wished), pace)
    spoken = sum(_seconds(block.sentences, pace) for blocks in chosen for block in blocks)
    left = max(0.0, min(total - spoken, most * total))
    shares = sum(part.open_share for part in parts) or 1.0
    return [
        _timed(part, blocks, left * part.open_share / shares, pace)
        for part, blocks in zip(parts, chosen, strict=True)
        if blocks and (part.kind in _FRAME or any(map(_states, blocks)))
    ]


def carried(parts: Sequence[Part], minutes: int, pace: Pace, kind: StreamKind) -> int:
    """`minutes` where all there is to say makes them, else the longest stream that it makes.

    That one is filled whole, with as much open time as there may be.
    """
    *_, most = _OPEN.get(kind, _OPEN_USUALLY)
    spoken = sum(_seconds(block.sentences, pace) for part in parts for block in part.blocks) / 60
    if spoken + most * minutes >= (1 - TOLERANCE) * minutes:
        return minutes
    return int(spoken / (1 - most))


def _states(block: Block) -> bool:
    return any(one.facts for one in block.sentences)


def refit(timed: Sequence[Timed], minutes: int, pace: Pace, kind: StreamKind) -> list[Timed]:
    """The same again after words changed: what was chosen stays first, the rest makes the time."""
    return fit([one.part for one in timed], minutes, pace, kind)


def _timed(part: Part, blocks: Sequence[Block], open_seconds: float, pace: Pace) -> Timed:
    said = sum(_seconds(block.sentences, pace) for block in blocks)
    opened = round(open_seconds, 1)
    return Timed(part, tuple(blocks), round(said + opened, 1), opened)


def _chosen(parts: Sequence[Part], room: float, wished: float, pace: Pace) -> list[list[Block]]:
    """All that must be said; then by rank, turn by turn through the parts, what still fits.

    Details only fill what is left over beside the time that viewers are wished to have.
    """
    forms = {id(b): b for part in parts for b in part.blocks if b.rank == MUST}
    if _all_seconds(forms.values(), pace) > room:
        forms = {key: _shortest(block) for key, block in forms.items()}
    used = _all_seconds(forms.values(), pace)
    for block in _by_rank(parts):
        seconds = _seconds(block.sentences, pace)
        if used + seconds <= (wished if block.rank >= DETAIL else room):
            used += seconds
            forms[id(block)] = block
    return [[forms[id(b)] for b in part.blocks if id(b) in forms] for part in parts]


def _by_rank(parts: Sequence[Part]) -> list[Block]:
    """Optional blocks, those of a low rank first; within a rank turn by turn through the parts."""
    turns = [
        (block.rank, place, number, block)
        for number, part in enumerate(parts)
        for place, block in enumerate(b for b in part.blocks if b.rank != MUST)
    ]
    return [block for *_, block in sorted(turns, key=lambda turn: turn[:3])]


def _shortest(block: Block) -> Block:
    return replace(block, sentences=block.brief) if block.brief else block


def _seconds(sentences: Iterable[Sentence], pace: Pace) -> float:
    return sum(pace(one.text) for one in sentences)


def _all_seconds(blocks: Iterable[Block], pace: Pace) -> float:
    return sum(_seconds(block.sentences, pace) for block in blocks)
