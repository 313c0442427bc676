"""What the confidence of a run is worth, each number with its bootstrap interval.

`auroc` tells right drafts from wrong ones, `auroc_answerable` questions that have an answer from
those that have none; `coverage_at_risk_…`, `aurc`, `brier` and `ece` are those of `selective`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from assistant.domain.verdict import Action
from assistant.evaluation import selective
from assistant.evaluation.intervals import bootstrap_of
from assistant.evaluation.judging import Judged

Metrics = dict[str, float | list[float]]
Measure = Callable[[Sequence[selective.Scored]], float | None]
_RISKS = (0.01, 0.02, 0.05)


def scored(judged: Iterable[Judged]) -> list[selective.Scored]:
    """Confidence against the truth of the draft; refused questions have no draft to judge."""
    return [
        selective.Scored(one.result.confidence, one.judgement.draft_correct)
        for one in judged
        if one.result.action is not Action.REFUSE
    ]


def _answerable(judged: Iterable[Judged]) -> list[selective.Scored]:
    """Confidence against whether the question has an answer here at all."""
    asked = (one for one in judged if one.case.expected_action in {Action.ANSWER, Action.REVIEW})
    return [
        selective.Scored(one.result.confidence, one.case.expected_action is Action.ANSWER)
        for one in asked
        if one.result.action is not Action.REFUSE
    ]


def confidence_metrics(judged: Sequence[Judged]) -> Metrics:
    """All of them; none where nothing was drafted."""
    points = scored(judged)
    if not points:
        return {}
    metrics = _resampled("", points, SELECTIVE)
    return metrics | _resampled("_answerable", _answerable(judged), {"auroc": selective.auroc})


SELECTIVE: dict[str, Measure] = {
    "aurc": selective.aurc,
    "auroc": selective.auroc,
    "brier": selective.brier,
    "ece": selective.ece,
    **{
        f"coverage_at_risk_{risk:.0%}".replace("%", "pct"): partial(
            selective.coverage_at, risk=risk
        )
        for risk in _RISKS
    },
}
"""What is measured of a confidence; each gets a bootstrap interval."""


def _resampled(
    suffix: str,
    points: Sequence[selective.Scored],
    measures: Mapping[str, Measure],
) -> Metrics:
    values = {name: value for name, of in measures.items() if (value := of(points)) is not None}
    ends = bootstrap_of({name: measures[name] for name in values}, points)
    metrics: Metrics = {}
    for name, value in values.items():
        metrics[f"{name}{suffix}"] = round(value, 6)
        metrics[f"{name}{suffix}_ci95"] = [round(end, 6) for end in ends[name]]
    return metrics
