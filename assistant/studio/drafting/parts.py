"""Unfinished segments: blocks of sentences of which the optional ones make the length.

A block is said whole or not at all. What must be said has rank 0; the higher the rank, the later a
block is put in, and the earlier it is left out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.domain.studio import Fact, SectionKind, Sentence, Slide

_REMARK = re.compile(r"[（(][^（()）\d一二三四五六七八九十]{1,8}[)）]$")
_LEFT = re.compile(r"[；;，,、]$")

MUST = 0
TELLING = 1
"""Scenes and what makes it spoken."""
ANSWERS = 2
AGAIN = 3
"""Once more, in other words, for those who came late."""
FILLING = 4
DETAIL = 5
"""Further places one by one, clauses of the basis read aloud: only where time is left."""


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences that are said together while slide `slide` of their part stands.

    `brief` are said instead where the whole would be too long; empty: nothing shorter.
    """

    sentences: tuple[Sentence, ...]
    rank: int = MUST
    slide: int = 0
    brief: tuple[Sentence, ...] = ()


@dataclass
class Part:
    """A segment before its length is made. `open_share` weighs its time for viewers' questions."""

    kind: SectionKind
    title: str
    source_id: str = ""
    blocks: list[Block] = field(default_factory=list)
    slides: list[Slide] = field(default_factory=list)
    caption: str = ""
    interaction: str = ""
    open_share: float = 0.0

    def say(
        self,
        *sentences: Sentence | None,
        rank: int = MUST,
        slide: int = 0,
        brief: Iterable[Sentence | None] = (),
    ) -> None:
        """Add a block of what is not empty."""
        said = tuple(one for one in sentences if one and one.text)
        if said:
            short = tuple(one for one in brief if one and one.text)
            self.blocks.append(Block(said, rank, slide, short))


def plain(text: str) -> Sentence | None:
    """A connecting sentence; none for ""."""
    return Sentence(text) if text else None


def told(text: str, *facts: Fact | None) -> Sentence:
    """A sentence that states facts."""
    return Sentence(closed(text), tuple(dict.fromkeys(fact.id for fact in facts if fact)))


def closed(text: str) -> str:
    """With a full stop where nothing stands; a comma or semicolon at the end becomes one."""
    text = text.strip()
    if not text or text[-1] in "。！？!?”":
        return text if not text.endswith("”") or text[-2:-1] in "。！？" else text + "。"
    return _LEFT.sub("", text).rstrip("：:") + "。"


def voiced(value: str) -> str:
    """A name, address or phone for the ear: a remark in brackets at its end stays on screen."""
    return _REMARK.sub("", value.strip()).strip() or value.strip()


def listed(names: Sequence[str]) -> str:
    """Names for the ear: A、B，还有C."""
    if len(names) < 2:
        return "".join(names)
    return f"{'、'.join(names[:-1])}，还有{names[-1]}"


def inner(text: str) -> str:
    """A value inside a sentence: without a stop at its end."""
    return re.sub(r"[。；;，,]+$", "", text.strip())
