"""One self-contained page about a run, with every failure readable (FORMATS §4)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.verdict import Action
from assistant.evaluation.charts import charts_of
from assistant.evaluation.confidence import Metrics, scored
from assistant.evaluation.gates import GateResult
from assistant.evaluation.judging import Judged
from assistant.evaluation.metrics import is_unsafe
from assistant.evaluation.running import Run

ACTION_NAMES = {
    Action.ANSWER: "回答",
    Action.CLARIFY: "反问",
    Action.REVIEW: "转人工",
    Action.REFUSE: "拒答",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of figures."""

    name: str
    value: str
    interval: str
    count: str
    group: str


def render(title: str, run: Run, gates: Sequence[GateResult]) -> str:
    """The page as HTML. Nothing in it is loaded from elsewhere."""
    from jinja2 import Environment, FileSystemLoader

    folder = Path(__file__).parent
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    bad = [one for one in run.judged if faults(one)]
    return environment.get_template("report.html.j2").render(
        title=title,
        run=run,
        gates=gates,
        rows=_rows(run.metrics),
        failures=[(one, faults(one)) for one in bad],
        kinds=Counter(fault for one in bad for fault in faults(one)),
        tags=_choices(tag for one in bad for tag in one.case.tags),
        fields=_choices(one.case.field for one in bad if one.case.field),
        actions=ACTION_NAMES,
        confusion=_confusion(run.judged),
        charts=charts_of(scored(one for one in run.judged if not one.case.is_regression)),
        worst=worst(run.judged),
    )


def faults(one: Judged) -> list[str]:
    """What is wrong with a reply, in words for the reader; empty where nothing is."""
    judgement = one.judgement
    said = {
        "处理方式不对": not judgement.action_correct,
        "要点不符": judgement.action_correct and not judgement.facts_stated,
        "引用来源不对": judgement.answered and judgement.citation_correct is False,
        "答了别的事项": judgement.wrong_item,
        "口播过长": judgement.spoken_short is False,
        "数字无依据": bool(judgement.grounding.unsupported),
        "引文与原文不符": bool(judgement.grounding.not_verbatim),
        "引文数字不在指南": bool(judgement.grounding.unfounded),
        "名称与数值错配": bool(judgement.grounding.mislabelled),
        "没有引用": judgement.answered and not one.result.citations,
    }
    return [name for name, is_so in said.items() if is_so]


def _rows(metrics: Metrics) -> list[Row]:
    return [_row(name, metrics) for name in metrics if not name.endswith(("_ci95", "_n"))]


def _row(name: str, metrics: Metrics) -> Row:
    value, interval, count = metrics[name], metrics.get(f"{name}_ci95"), metrics.get(f"{name}_n")
    ends = "" if not isinstance(interval, list) else f"{interval[0]:.3f} – {interval[1]:.3f}"
    _, _, group = name.partition("__")
    return Row(
        name, f"{value:g}", ends, f"{count:g}" if isinstance(count, int | float) else "", group
    )


def _choices(values: Iterable[str]) -> list[str]:
    return sorted(set(values))


def _confusion(judged: Sequence[Judged]) -> list[tuple[str, list[int]]]:
    counts = Counter((one.case.expected_action, one.result.action) for one in judged)
    return [(ACTION_NAMES[want], [counts[want, got] for got in Action]) for want in Action]


def worst(judged: Sequence[Judged], limit: int = 20) -> list[Judged]:
    """What was said and wrong, the surest first."""
    wrong = (one for one in judged if is_unsafe(one) and not one.case.is_regression)
    return sorted(wrong, key=lambda one: -one.result.confidence)[:limit]
