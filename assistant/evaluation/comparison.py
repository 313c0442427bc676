"""Two runs of one test set compared case by case, with paired significance."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import BadInput, FormatError
from assistant.evaluation.intervals import mcnemar, paired_difference
from assistant.evaluation.judging import Judged

OUTCOMES = "judgements.json"
"""What a run leaves for comparisons: case id → measure → true, false or null."""

Outcomes = dict[str, dict[str, bool | None]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure over the cases that both runs judged.

    `gained` and `lost` count cases that only the second, or only the first run got. `p` is that
    of McNemar's exact test, two-sided; the interval is of the difference of rates, bootstrapped.
    """

    measure: str
    cases: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    gained: int
    lost: int
    p: float


def outcomes_of(judged: Sequence[Judged]) -> Outcomes:
    """What `write` keeps of a run."""
    return {one.case.id: _measures(one) for one in judged}


def read_outcomes(folder: Path) -> Outcomes:
    """The judgements of the run in a folder.

    Raises:
        FormatError: the folder holds no run.
    """
    path = folder / OUTCOMES
    try:
        outcomes: Outcomes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError("这里没有评测结果", where=str(path)) from error
    return outcomes


def compare(first: Outcomes, second: Outcomes) -> list[Difference]:
    """Each measure that both runs have, over the cases that both have.

    Raises:
        BadInput: the runs share no case.
    """
    shared = [case_id for case_id in first if case_id in second]
    if not shared:
        raise BadInput("两次评测没有相同的题")
    names = dict.fromkeys(name for case_id in shared for name in first[case_id])
    pairs = ((name, _pairs(name, shared, first, second)) for name in names)
    return [_difference(name, held) for name, held in pairs if held]


def as_rows(differences: Sequence[Difference]) -> list[dict[str, object]]:
    """For `--json`."""
    return [asdict(difference) for difference in differences]


def _measures(one: Judged) -> dict[str, bool | None]:
    judgement = one.judgement
    if one.case.is_regression:
        return {"regression_correct": judgement.correct}
    return {
        "correct": judgement.correct,
        "action_correct": judgement.action_correct,
        "facts_stated": judgement.facts_stated,
        "citation_correct": judgement.citation_correct,
        "wrong_item": judgement.wrong_item,
        "wrong_answer": judgement.answered and not judgement.correct,
        "hit_at_1": _hit(one, 1),
        "hit_at_5": _hit(one, 5),
        "reference_in_answer": judgement.reference_in_answer,
        "reference_in_spoken": judgement.reference_in_spoken,
        "grounded": not any(asdict(judgement.grounding).values()),
    }


def _hit(one: Judged, k: int) -> bool | None:
    if not one.case.reference_ids:
        return None
    return one.judgement.rank is not None and one.judgement.rank <= k


def _pairs(
    name: str,
    shared: Sequence[str],
    first: Mapping[str, Mapping[str, bool | None]],
    second: Mapping[str, Mapping[str, bool | None]],
) -> list[tuple[bool, bool]]:
    values = ((first[case_id].get(name), second[case_id].get(name)) for case_id in shared)
    return [(a, b) for a, b in values if a is not None and b is not None]


def _difference(name: str, pairs: Sequence[tuple[bool, bool]]) -> Difference:
    a, b = [float(x) for x, _ in pairs], [float(y) for _, y in pairs]
    difference, (low, high) = paired_difference(a, b)
    gained = sum(y and not x for x, y in pairs)
    lost = sum(x and not y for x, y in pairs)
    return Difference(
        measure=name,
        cases=len(pairs),
        first=round(sum(a) / len(a), 6),
        second=round(sum(b) / len(b), 6),
        difference=round(difference, 6),
        low=round(low, 6),
        high=round(high, 6),
        gained=gained,
        lost=lost,
        p=mcnemar(lost, gained),
    )
