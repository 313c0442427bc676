"""How much may be said so that at most a stated share of it is wrong.

The threshold is chosen by Learn-then-Test with fixed sequences (Angelopoulos et al. 2021): from a
strict threshold to looser ones, each tested by an exact upper bound of the error rate (Clopper and
Pearson), until one fails. The order is fixed before any label is seen, so that choosing costs no
confidence. Several strict beginnings share the confidence (Bonferroni): one of them may be unlucky.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.rates import at_most, least_cases, upper_bound

_WRONG_AT_START = (0, 3, 12)
"""A sequence begins with so few answers that the bound holds with these many wrong ones."""
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Scored:
    """A labelled answer: its probability, whether it was right, and how it came to a label.

    `weight` is the number of answers that it stands for: 1 where all of its `stratum` have a label,
    33 where a random 3 % have one.
    """

    score: float
    right: bool
    stratum: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Promise:
    """What can be promised of a kind of answer.

    `threshold` is the least probability that may be said, None where the labels support no
    promise. `share`, `answered` and `wrong` are of the labelled answers, `upper` is the bound of
    the error rate that was shown. `needed`: so many answers without a wrong one support it at all.
    """

    bound: float
    confidence: float
    threshold: float | None
    share: float
    answered: int
    wrong: int
    upper: float
    needed: int


def promise(scored: Sequence[Scored], bound: float, confidence: float) -> Promise:
    """The loosest threshold at which at most `bound` of what is said is wrong."""
    ordered = sorted(scored, key=lambda one: -one.score)
    starts = _starts(len(ordered), bound, confidence)
    level = 1.0 - (1.0 - confidence) / max(len(starts), 1)
    reached = max((_down(ordered, start, bound, level) for start in starts), default=0)
    return _made(ordered, reached, bound, confidence, level)


def _starts(total: int, bound: float, confidence: float) -> list[int]:
    """How many answers each sequence begins with; told by their number alone."""
    rungs = range(1, len(_WRONG_AT_START) + 1)
    for count in reversed(rungs):
        level = 1.0 - (1.0 - confidence) / count
        sizes = [least_cases(bound, level, wrong) for wrong in _WRONG_AT_START[:count]]
        if sizes[-1] <= total:
            return sizes
    return []


def _down(ordered: Sequence[Scored], start: int, bound: float, level: float) -> int:
    """How many answers may be said when a sequence begins with `start` of them."""
    reached, step = 0, max(1, len(ordered) // _STEPS)
    for size in _sizes(ordered, start, step):
        if not _holds(ordered[:size], bound, level):
            break
        reached = size
    return reached


def _sizes(ordered: Sequence[Scored], start: int, step: int) -> list[int]:
    """Ever more answers; those with equal scores come together."""
    sizes: list[int] = []
    for rough in range(start, len(ordered) + step, step):
        size = min(rough, len(ordered))
        while size < len(ordered) and ordered[size].score == ordered[size - 1].score:
            size += 1
        if not sizes or size > sizes[-1]:
            sizes.append(size)
    return sizes


def _holds(said: Sequence[Scored], bound: float, level: float) -> bool:
    """Whether the upper bound of the error rate is within the bound."""
    if len({one.stratum for one in said}) == 1:  # the same by one sum instead of sixty
        return at_most(_wrong(said), len(said), bound) <= 1.0 - level
    return _upper(said, level) <= bound


def _upper(said: Sequence[Scored], level: float) -> float:
    """Upper bound of the error rate of all answers that the labelled ones stand for."""
    strata: dict[str, list[Scored]] = defaultdict(list)
    for one in said:
        strata[one.stratum].append(one)
    each = 1.0 - (1.0 - level) / len(strata)
    bounds = [
        (sum(one.weight for one in rows), _wrong(rows), len(rows)) for rows in strata.values()
    ]
    total = sum(weight for weight, _, _ in bounds)
    return sum(weight * upper_bound(wrong, n, each) for weight, wrong, n in bounds) / total


def _wrong(rows: Sequence[Scored]) -> int:
    return sum(not one.right for one in rows)


def _made(
    ordered: Sequence[Scored], reached: int, bound: float, confidence: float, level: float
) -> Promise:
    said = ordered[:reached]
    everything = sum(one.weight for one in ordered)
    return Promise(
        bound=bound,
        confidence=confidence,
        threshold=said[-1].score if said else None,
        share=sum(one.weight for one in said) / everything if said else 0.0,
        answered=len(said),
        wrong=_wrong(said),
        upper=_upper(said, level) if said else 1.0,
        needed=least_cases(bound, confidence),
    )
