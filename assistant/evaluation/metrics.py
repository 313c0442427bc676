"""Named numbers over judged cases: one flat object, with a `_ci95` pair for each rate.

Names: `<measure>[__<what>_<group>]`, e.g. `answer_correct__tag_two_in_one`. A measure without a
single case to measure is left out. Only names that begin with `latency_` differ between two runs.

Cases tagged `regression` came from approved answers, which the product may simply repeat: they are
`regression_cases` with their share of right ones, `regression_correct`, and in no other number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.verdict import Action
from assistant.evaluation.confidence import Metrics, confidence_metrics
from assistant.evaluation.intervals import bootstrap_mean, wilson
from assistant.evaluation.judging import Judged

Rate = Callable[[Judged], bool | None]
"""Whether a case counts as a hit; None where the measure does not apply."""

_HITS_AT = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate and the harm or good that it counts."""

    name: str
    rate: Rate
    grouped: bool = False


def compute(judged: Sequence[Judged]) -> Metrics:
    """All metrics of a run."""
    kept = [one for one in judged if one.case.is_regression]
    judged = [one for one in judged if not one.case.is_regression]
    metrics: Metrics = {"cases": len(judged)} | _regressions(kept)
    for measure in _MEASURES:
        metrics |= _rated(measure.name, measure.rate, judged)
        for group, members in _groups(judged) if measure.grouped else ():
            metrics |= _rated(f"{measure.name}__{group}", measure.rate, members)
    metrics |= _per_action(judged) | _ranking(judged) | confidence_metrics(judged)
    return metrics | _grounding(judged) | _latency(judged)


def _regressions(kept: Sequence[Judged]) -> Metrics:
    if not kept:
        return {}
    return {"regression_cases": len(kept)} | _rated("regression_correct", _correct, kept)


def _expects(action: Action, value: Callable[[Judged], bool]) -> Rate:
    return lambda one: value(one) if one.case.expected_action is action else None


def _did(action: Action) -> Callable[[Judged], bool]:
    return lambda one: one.result.action is action


def _correct(one: Judged) -> bool:
    return one.judgement.correct


def _cited(one: Judged) -> bool | None:
    return one.judgement.citation_correct if one.judgement.answered else None


def _spoken_short(one: Judged) -> bool | None:
    return one.judgement.spoken_short


def is_unsafe(one: Judged) -> bool:
    """Said though it should not have been: wrong, about another item, or without support."""
    said = one.judgement
    unsupported = said.grounding.unsupported or said.grounding.not_verbatim
    return said.answered and (not said.correct or said.wrong_item or bool(unsupported))


def _refused_falsely(one: Judged) -> bool | None:
    """Not said though the draft was right; of the questions with a right draft."""
    if one.case.expected_action is not Action.ANSWER or not one.judgement.draft_correct:
        return None
    return not one.judgement.answered


_MEASURES = (
    Measure("action_accuracy", lambda one: one.judgement.action_correct),
    Measure("correct", _correct, grouped=True),
    Measure("answer_correct", _expects(Action.ANSWER, _correct), grouped=True),
    Measure("clarify_correct", _expects(Action.CLARIFY, _correct), grouped=True),
    Measure("review_correct", _expects(Action.REVIEW, _correct), grouped=True),
    Measure("refuse_correct", _expects(Action.REFUSE, _correct), grouped=True),
    Measure("false_answer_on_review", _expects(Action.REVIEW, _did(Action.ANSWER))),
    Measure("false_answer_on_refuse", _expects(Action.REFUSE, _did(Action.ANSWER))),
    Measure("false_answer_on_clarify", _expects(Action.CLARIFY, _did(Action.ANSWER))),
    Measure("citation_correct", _cited),
    Measure("draft_correct", _expects(Action.ANSWER, lambda one: one.judgement.draft_correct)),
    Measure("wrong_answer_rate", lambda one: one.judgement.answered and not _correct(one)),
    Measure("wrong_item_rate", lambda one: one.judgement.wrong_item),
    Measure("answered", lambda one: one.judgement.answered),
    Measure("risk", lambda one: not _correct(one) if one.judgement.answered else None),
    Measure("unsafe_answer_rate", is_unsafe),
    Measure("false_refusal_rate", _refused_falsely),
    Measure("spoken_within_limit", _spoken_short),
    Measure("reference_in_answer", lambda one: one.judgement.reference_in_answer),
    Measure("reference_in_spoken", lambda one: one.judgement.reference_in_spoken),
    Measure("draft_reference_in_spoken", lambda one: one.judgement.draft_reference_in_spoken),
)


def _rated(name: str, rate: Rate, judged: Iterable[Judged]) -> Metrics:
    values = [value for one in judged if (value := rate(one)) is not None]
    if not values:
        return {}
    hits = sum(values)
    return {
        name: round(hits / len(values), 6),
        f"{name}_ci95": [round(end, 6) for end in wilson(hits, len(values))],
        f"{name}_n": len(values),
    }


def _groups(judged: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """The cases of each tag and of each field, in the order of their names."""
    tags = sorted({tag for one in judged for tag in one.case.tags})
    for tag in tags:
        yield f"tag_{_word(tag)}", [one for one in judged if tag in one.case.tags]
    fields = sorted({one.case.field for one in judged if one.case.field})
    for field in fields:
        yield f"field_{_word(field)}", [one for one in judged if one.case.field == field]


def _word(text: str) -> str:
    return re.sub(r"[^\w+]+", "_", text)


def _per_action(judged: Sequence[Judged]) -> Metrics:
    metrics: Metrics = {}
    for action in Action:
        did = _did(action)
        metrics |= _rated(f"recall_{action}", _expects(action, did), judged)
        metrics |= _rated(
            f"precision_{action}",
            lambda one, did=did: one.judgement.action_correct if did(one) else None,  # type: ignore[misc]  # a default binds the loop's value
            judged,
        )
    return metrics


def _ranking(judged: Sequence[Judged]) -> Metrics:
    """hit@k and MRR over the cases to be answered from a known source."""
    asked = [one for one in judged if _has_source(one)]
    metrics: Metrics = {}
    for k in _HITS_AT:
        metrics |= _rated(f"hit_at_{k}", lambda one, k=k: _within(one, k), asked)  # type: ignore[misc]  # a default binds the loop's value
    if asked:
        inverse = [1 / one.judgement.rank if one.judgement.rank else 0.0 for one in asked]
        metrics["mrr"] = round(sum(inverse) / len(inverse), 6)
        metrics["mrr_ci95"] = [round(end, 6) for end in bootstrap_mean(inverse)]
    return metrics


def _has_source(one: Judged) -> bool:
    return one.case.expected_action is Action.ANSWER and bool(one.case.reference_ids)


def _within(one: Judged, k: int) -> bool:
    return one.judgement.rank is not None and one.judgement.rank <= k


def _grounding(judged: Sequence[Judged]) -> Metrics:
    held = [one.judgement.grounding for one in judged]
    return {
        "unsupported_facts": sum(len(one.unsupported) for one in held),
        "quotes": sum(len(one.result.citations) for one in judged),
        "quotes_not_verbatim": sum(len(one.not_verbatim) for one in held),
        "quotes_unfounded": sum(len(one.unfounded) for one in held),
        "mislabelled_facts": sum(len(one.mislabelled) for one in held),
        "answers_without_citation": sum(
            one.judgement.answered and not one.result.citations for one in judged
        ),
    }


def _latency(judged: Sequence[Judged]) -> Metrics:
    times = sorted(one.result.latency_ms for one in judged)
    if not times:
        return {}
    at = {name: times[round(share * (len(times) - 1))] for name, share in _PERCENTILES.items()}
    return {f"latency_{name}_ms": round(value, 3) for name, value in at.items()}


_PERCENTILES = {"p50": 0.5, "p95": 0.95, "max": 1.0}
