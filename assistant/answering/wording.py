"""How alike a question's words and an item's name are: coverage both ways, and typing slips."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from assistant.answering.mention import is_weak
from assistant.answering.strangers import held
from assistant.answering.surface_index import SurfaceIndex

_COMMON = re.compile(
    "中华人民共和国|[\u4e00-\u9fff]{2}省|全国|全省|[省市县区的]"
    "|审批|核准|许可|登记|备案|认定|审核|申请|办理|业务|事项|服务"
)
"""What many names share and people leave out."""
_MARGIN = 2


def said(surface: str, pairs: Mapping[str, float], index: SurfaceIndex) -> float:
    """Share of a name's character pairs, by rarity, that the question has."""
    weights, whole = index.weights(surface)
    return sum(weight * pairs[pair] for pair, weight in weights if pair in pairs) / whole


def explained(part: str, text: str) -> tuple[float, float]:
    """Weight of a part's characters that an item's names hold, and of all of them."""
    weights, whole = _weights(part)
    return sum(w * share for w, share in zip(weights, held(part, text), strict=True)), whole


@lru_cache(maxsize=4096)
def _weights(part: str) -> tuple[tuple[float, ...], float]:
    weights = tuple(0.1 if is_weak(char) else 1.0 for char in part)
    return weights, sum(weights)


@dataclass(frozen=True, slots=True)
class Slips:
    """Where a question and a name differ in letters.

    `near`: 1 = letter by letter the same. `extra`, `lack`: longest run too many and left out, in
    characters. `words`: how many dictionary words of the question hold a letter that differs: a
    typing slip seldom makes another word, another item does (植物 for 动物).
    """

    near: float = 0.0
    extra: int = 4
    lack: int = 4
    words: int = 4


def slips(folded: str, spans: Sequence[tuple[int, int]], surface: str) -> Slips:
    """Lay a name beside the stretch of the question that is most like it."""
    start, end = _window(folded, surface)
    window = folded[start:end]
    odd: set[int] = set()
    extra = lack = wrong = 0
    for step in Levenshtein.opcodes(window, surface):
        at_edge = step.tag == "delete" and (step.src_start == 0 or step.src_end == len(window))
        if step.tag == "equal" or at_edge:
            continue
        added = _run(window[step.src_start : step.src_end])
        left = _run(surface[step.dest_start : step.dest_end])
        extra, lack, wrong = max(extra, added), max(lack, left), wrong + max(added, left)
        odd.update(range(start + step.src_start, start + step.src_end))
    words = sum(any(place in odd for place in range(*span)) for span in spans)
    return Slips(max(0.0, 1 - wrong / len(surface)), extra, lack, words)


def _window(folded: str, surface: str) -> tuple[int, int]:
    if len(surface) >= len(folded):
        return 0, len(folded)
    found = fuzz.partial_ratio_alignment(surface, folded)
    if found is None:
        return 0, len(folded)
    return max(0, found.dest_start - _MARGIN), min(len(folded), found.dest_end + _MARGIN)


def _run(text: str) -> int:
    return len(_COMMON.sub("", text))
