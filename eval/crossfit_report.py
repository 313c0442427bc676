"""The figures of `eval.crossfit report`, a table for each bound."""

from collections.abc import Mapping, Sequence

from assistant.domain.rates import upper_bound
from assistant.evaluation import selective
from eval.crossfit import Said, crossfit
from eval.crossfit_groups import Rows, set_of

Figures = dict[str, float | int | None]


def figures(said: Sequence[Said], confidence: float) -> Figures:
    """What a set's cases came to."""
    points = [selective.Scored(one.probability, one.right) for one in said]
    able = [selective.Scored(one.probability, one.answerable) for one in said]
    answered = [one for one in said if one.said]
    wrong = sum(not one.right for one in answered)
    right = [one for one in said if one.right]
    absent = [one for one in said if not one.answerable]
    at = threshold_for(said, 0.03)
    return {
        "cases": len(said),
        "auroc_right": selective.auroc(points),
        "auroc_answerable": selective.auroc(able),
        "aurc": selective.aurc(points),
        "brier": selective.brier(points),
        "ece": selective.ece(points),
        "coverage_at_2pct": selective.coverage_at(points, 0.02),
        "answered": len(answered),
        "wrong": wrong,
        "risk": wrong / len(answered) if answered else 0.0,
        "risk_upper": upper_bound(wrong, len(answered), confidence) if answered else None,
        "right_answered": sum(one.said for one in right) / len(right) if right else None,
        "absent": len(absent),
        "absent_answered": sum(one.said for one in absent),
        "right_answered_at_3pct_absent": (
            sum(one.probability >= at for one in right) / len(right) if absent and right else None
        ),
    }


def threshold_for(said: Sequence[Said], share: float) -> float:
    """The probability above which at most `share` of the cases without an answer lie."""
    absent = sorted((one.probability for one in said if not one.answerable), reverse=True)
    return absent[int(share * len(absent))] + 1e-9 if absent else 0.0


def report(rows: Rows, bounds: Sequence[float], confidence: float) -> dict[str, dict[str, Figures]]:
    """Pooled out-of-fold figures of each set, alone and together, under each bound."""
    ncp = [row for row in rows if set_of(row) == "ncp"]
    alone = crossfit(ncp, bounds, confidence) if ncp else {}
    return {
        f"{bound:.0%}": _tables(said, alone.get(bound, []), confidence)
        for bound, said in crossfit(rows, bounds, confidence).items()
    }


def _tables(said: Sequence[Said], ncp: Sequence[Said], confidence: float) -> dict[str, Figures]:
    """By set, by kind of answer, and together; `ncp alone` is fitted on nothing else."""
    tables = {name: [one for one in said if one.set == name] for name in _names(said, "set")}
    tables["gd+sets"] = [one for one in said if one.set in {"gd", "sets"}]
    tables |= {f"kind {k}": [one for one in said if one.kind == k] for k in _names(said, "kind")}
    tables |= {"all": list(said), "ncp alone": list(ncp)}
    return {name: figures(of, confidence) for name, of in tables.items() if of}


def _names(said: Sequence[Said], of: str) -> list[str]:
    return [*dict.fromkeys(getattr(one, of) for one in said)]


def shown(found: Mapping[str, Mapping[str, Figures]]) -> str:
    """The report as lines."""
    lines = []
    for bound, tables in found.items():
        lines.append(f"bound {bound}")
        for name, of in tables.items():
            cells = (f"{k} {v:.4g}" if v is not None else f"{k} -" for k, v in of.items())
            lines.append(f"  {name:12} " + "  ".join(cells))
    return "\n".join(lines)
