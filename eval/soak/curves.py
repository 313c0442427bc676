"""A curve as a picture of its own (SVG), each life of the process a line of its own."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from eval.soak.slope import Sample

WIDE, HIGH, EDGE = 720, 160, 28


def curve(title: str, series: Sequence[Sample]) -> str:
    """From zero up to the highest value, over hours."""
    most = max((one.value for one in series), default=0.0) or 1.0
    last = max((one.at for one in series), default=0.0) or 1.0
    lives = [list(life) for _, life in groupby(series, key=lambda one: one.life)]
    lines = "".join(
        '<polyline fill="none" stroke="#1f5fa8" points="'
        + " ".join(_point(one, last, most) for one in life)
        + '"/>'
        for life in lives
    )
    words = f"{escape(title)}, 0 to {most:.0f}, {last / 3600:.2f} h"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-size="12">'
    frame = f'<path d="M0 {HIGH - 1}H{WIDE}" stroke="#888"/><text x="4" y="16">{words}</text>'
    return f"{head}{frame}{lines}</svg>\n"


def _point(one: Sample, last: float, most: float) -> str:
    x, y = one.at / last * WIDE, HIGH - 1 - one.value / most * (HIGH - EDGE)
    return f"{x:.1f},{y:.1f}"
