"""The curves of the report as points of small drawings; the template draws them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.selective import Scored, curve, reliability

WIDTH, HEIGHT = 300.0, 150.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin of the reliability diagram, `size` growing with the replies in it."""

    x: float
    y: float
    size: float
    told: str


@dataclass(frozen=True, slots=True)
class Charts:
    """Risk over coverage as a polyline, drawn up to `top_risk`; and the reliability diagram."""

    risk: str
    top_risk: float
    dots: tuple[Dot, ...]


def charts_of(scored: Sequence[Scored]) -> Charts:
    """Both drawings of a run's confidence."""
    points = curve(scored)
    top = max(0.05, *(point.risk for point in points)) if points else 0.05
    line = " ".join(
        f"{p.coverage * WIDTH:.1f},{HEIGHT - p.risk / top * HEIGHT:.1f}" for p in points
    )
    return Charts(line, top, tuple(_dots(scored)))


def _dots(scored: Sequence[Scored]) -> list[Dot]:
    return [
        Dot(
            x=round(one.confidence * HEIGHT, 1),
            y=round(HEIGHT - one.right * HEIGHT, 1),
            size=round(2 + 8 * (one.count / len(scored)) ** 0.5, 1),
            told=f"置信度 {one.confidence:.2f}：{one.count} 题，答对 {one.right:.1%}",
        )
        for one in reliability(scored)
    ]
