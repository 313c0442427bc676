"""From labelled answers to a calibration: reviewers' decisions, test cases, or both.

The shipped weights never saw an office's labels, so that its labels are a fair test of them: the
probability is bent by two numbers (Platt), and any bound is asked of the labels themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.answering.calibration import KIND_NAMES, Calibration, Kind
from assistant.answering.decide import RoutePolicy, VerdictPolicy, value
from assistant.answering.drift import spread_of
from assistant.answering.promise import Scored
from assistant.domain.answer import Route, Support
from assistant.domain.verdict import Action
from assistant.evaluation.judging import Judged

BY_CHANCE = "spot_check"
AT_THE_DESK = "desk"
FEWEST = 20
"""With fewer right or fewer wrong answers the probability is not bent."""
_TOWARDS_NONE = 1.0


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer that somebody judged; `given` is its probability where it cannot be made anew."""

    route: Route
    support: Support
    right: bool
    stratum: str = ""
    weight: float = 1.0
    given: float = 0.0


def of_reviews(lines: Iterable[Mapping[str, Any]], share: float) -> Iterator[Labelled]:
    """What people decided (`assistant eval labels`).

    Of what the machine said by itself a random `share` has a label, of what went to the desk all.
    Answers that were taken back are not drawn by chance and are left out.
    """
    for line in lines:
        if line["source"] not in {BY_CHANCE, AT_THE_DESK} or line["route"] not in KIND_NAMES:
            continue
        chance = line["source"] == BY_CHANCE
        yield Labelled(
            route=Route(line["route"]),
            support=Support(**line["support"]),
            right=bool(line["label"]),
            stratum=line["source"],
            weight=1.0 / share if chance and share else 1.0,
            given=float(line["confidence"]),
        )


def of_cases(judged: Iterable[Judged]) -> Iterator[Labelled]:
    """The surest draft of each case, whatever was decided about it."""
    for one in judged:
        draft = one.draft
        if draft is None or draft.route not in KIND_NAMES or one.result.action is Action.REFUSE:
            continue
        right, given = one.judgement.draft_correct, one.result.confidence
        yield Labelled(draft.route, draft.support, right, given=given)


def calibrated(
    labelled: Iterable[Labelled],
    policy: VerdictPolicy,
    fingerprint: Mapping[str, str],
    made: str,
    basis: str,
) -> Calibration:
    """A calibration from all labels, kind by kind."""
    rows: dict[Route, list[Labelled]] = defaultdict(list)
    for one in labelled:
        rows[one.route].append(one)
    kinds = {route: _kind(of, policy.routes.get(route)) for route, of in sorted(rows.items())}
    return Calibration(made, basis, fingerprint, kinds)


def _kind(rows: Sequence[Labelled], rules: RoutePolicy | None) -> Kind:
    if rules is None:  # a chat model's words: as sure as the draft that they stand for
        return Kind(tuple(Scored(r.given, r.right, r.stratum, r.weight) for r in rows))
    raw = [rules.confidence(row.support) for row in rows]
    slope, shift = platt(raw, [row.right for row in rows], [row.weight for row in rows])
    bent = rules.bent(slope, shift)
    given = [(row, bent.confidence(row.support)) for row in rows]
    return Kind(
        scored=tuple(
            Scored(p, r.right, r.stratum, r.weight)
            for r, p in given
            if not bent.is_withheld(r.support, p)  # said at no threshold: no promise speaks of it
        ),
        slope=slope,
        shift=shift,
        spreads={n: spread_of([value(r.support, n) for r in rows]) for n in rules.weights},
    )


def platt(
    raw: Sequence[float], right: Sequence[bool], weights: Sequence[float]
) -> tuple[float, float]:
    """Slope and shift of the log-odds that fit the labels best; (1, 0) where there are too few."""
    if min(sum(right), len(right) - sum(right)) < FEWEST:
        return 1.0, 0.0
    p = np.clip(np.array(raw), 1e-4, 1 - 1e-4)
    x = np.stack([np.log(p / (1 - p)), np.ones(len(p))], axis=1)
    y, w = np.array(right, dtype=float), np.array(weights) / np.mean(weights)
    none, beta = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    for _ in range(30):
        q = 1 / (1 + np.exp(-x @ beta))
        slope = x.T @ (w * (y - q)) - _TOWARDS_NONE * (beta - none)
        curve = (x.T * (w * q * (1 - q))) @ x + _TOWARDS_NONE * np.eye(2)
        beta += np.linalg.solve(curve, slope)
    return max(float(beta[0]), 0.05), float(beta[1])
