"""The summary of a stream on air: what was said, in step or not, and how long it took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.domain.live import Cue
from eval.bench.bench_table import percentile
from eval.drills import on_air_checks as checks
from eval.drills import on_air_times as times
from eval.drills.on_air_desk import Approved
from eval.drills.on_air_page import StageWatch


def said(heard: Sequence[checks.Heard], watch: StageWatch, cues: Sequence[Cue]) -> dict[str, Any]:
    """What was said, and how well it was in step."""
    placed = [one for one in heard if one.place and not one.is_cut]
    steps = [abs(one) for one in checks.steps(heard, watch)]
    return {
        "cues by state": dict(Counter(str(cue.state) for cue in cues)),
        "answers begun on the stage": len({one.cue_id for one in heard}),
        "sentences": len([one for one in heard if not one.is_cut]),
        "sentences found in the sound": sum(one.is_heard for one in placed),
        "least correlation": round(
            min((one.place.match for one in placed if one.place), default=0), 3
        ),
        "seconds of speech": round(sum(end - start for start, end in checks.spans(heard)), 1),
        "caption beside sound, s, P50": spread(steps, 0.5),
        "caption beside sound, s, P95": spread(steps, 0.95),
        "captions within 120 ms, share": round(
            sum(one <= checks.IN_STEP for one in steps) / max(1, len(steps)), 4
        ),
        "engines": dict(Counter(watch.sentences[one.cue_id, one.index]["engine"] for one in heard)),
    }


def waited(
    heard: Sequence[checks.Heard],
    cues: Sequence[Cue],
    lines: Sequence[Mapping[str, Any]],
    sent: Mapping[str, float],
    approved: Sequence[Approved],
) -> dict[str, Any]:
    """How long it took, and where it was silent."""
    every, free = times.latencies(heard, cues, lines, sent)
    first = times.first_sounds(heard)
    desk = [
        first[cue.id] - one.at
        for one in approved
        for cue in cues
        if cue.question_id == one.question_id and cue.id in first and first[cue.id] > one.at
    ]
    late = [abs(one) for one in times.acknowledged(heard, cues)]
    return {
        f"comment to first sound, s, of {len(every)}": both(every),
        f"of these on a free stage, s, of {len(free)}": both(free),
        f"approved at the desk to first sound, s, of {len(approved)}": both(desk),
        "approved and not said": len(approved) - len(desk),
        "stored start beside sound, s, P95": spread(late, 0.95),
        "gap between sentences of a cue, s, longest": spread(times.gaps(heard), 1.0),
        "longest silence while something waited, s": spread(times.silences(heard, cues), 1.0),
    }


def both(values: Sequence[float]) -> dict[str, float | None]:
    """Median, P95 and the most."""
    return {"p50": spread(values, 0.5), "p95": spread(values, 0.95), "max": spread(values, 1.0)}


def spread(values: Sequence[float], share: float) -> float | None:
    """A percentile; None of nothing."""
    return round(percentile(values, share), 3) if values else None


def fps(watch: StageWatch) -> list[float]:
    """What the page reported of its frames; the first one came before it drew."""
    return [one["fps"] for _, one in watch.said if one["type"] == "status" and one["fps"]]
