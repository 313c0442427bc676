"""How well repeated questions are merged, beside two simpler ways.

python -m eval.live.merging --data ../shared/data --out FILE [--danmaku EVENTS TRUTH]
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.folding import fold
from assistant.live.merging import SlotMerger
from assistant.live.merging_reading import Reading, Understands, plain_slots
from assistant.live.merging_score import plain_score, score, threshold
from assistant.models.static_embedding import StaticEmbedding
from eval.live.merging_lay import lay_pairs
from eval.live.merging_parts import KNOWLEDGE, desk_reading, guides_of
from eval.training.merging import SEED, Reader, labelled
from eval.training.merging_pairs import (
    CHOOSE,
    REPORT,
    Asked,
    Pair,
    own_pairs,
    paraphrases,
    part_of,
    recording,
)

_WINDOW = 600.0
"""Seconds in which a question can be repeated."""

Score = Callable[[str, str], float]
Figures = dict[str, float]


def jaccard(one: str, other: str) -> float:
    """Shared character pairs of the folded texts."""
    a, b = (_pairs(fold(text)) for text in (one, other))
    return len(a & b) / (len(a | b) or 1)


def _pairs(folded: str) -> set[str]:
    return {folded[i : i + 2] for i in range(len(folded) - 1)} or {folded}


def exact(one: str, other: str) -> float:
    """1 for the same folded text."""
    return float(fold(one) == fold(other))


def best_threshold(pairs: Sequence[Pair], of: Score) -> float:
    """The threshold with the best F0.5 (precision counts more) on these pairs."""
    scores = np.array([of(pair.a, pair.b) for pair in pairs])
    same = np.array([pair.same for pair in pairs], bool)
    return max((float(x) for x in np.unique(scores)), key=lambda x: _f_half(scores >= x, same))


def _f_half(merged: NDArray[np.bool_], same: NDArray[np.bool_]) -> float:
    hits = int((merged & same).sum())
    return 1.25 * hits / (0.25 * int(same.sum()) + int(merged.sum()) or 1.0)


def on_pairs(pairs: Sequence[Pair], of: Score, least: float) -> Figures:
    """Recall of the same, share of the different that are merged (also by kind), AUROC."""
    scores = np.array([of(pair.a, pair.b) for pair in pairs])
    same = np.array([pair.same for pair in pairs], bool)
    merged = scores >= least
    figures = {
        "pairs": len(pairs),
        "recall": float(merged[same].mean()),
        "false_merges": float(merged[~same].mean()),
        "precision": float(same[merged].mean()) if merged.any() else 1.0,
        "auroc": auroc(scores, same),
        "threshold": least,
    }
    kinds = [pair.kind for pair in pairs if pair.kind and not pair.same]
    for kind, size in Counter(kinds).items():
        of_kind = np.array([pair.kind == kind and not pair.same for pair in pairs])
        figures[f"false_merges_{kind} (of {size})"] = float(merged[of_kind].mean())
    return {name: round(value, 4) for name, value in figures.items()}


def auroc(scores: NDArray[np.float64], same: NDArray[np.bool_]) -> float:
    """How often a same pair scores above a different one; ties count half."""
    values, rank = np.unique(scores, return_inverse=True)
    good = np.bincount(rank[same], minlength=len(values))
    bad = np.bincount(rank[~same], minlength=len(values))
    below = np.cumsum(bad) - bad
    return float((good * (below + bad / 2)).sum() / (good.sum() * bad.sum()))


def clusters(asked: Sequence[Asked], understands: Understands) -> tuple[list[str], list[float]]:
    """The question that each comment is merged into, in stream order; and the seconds it took."""
    merger = SlotMerger(StaticEmbedding().embed_array, understands)
    last: dict[str, float] = {}
    given, took = [], []
    for one in asked:
        merger.forget(old := [key for key, at in last.items() if one.at - at > _WINDOW])
        for key in old:
            del last[key]
        began = time.perf_counter()
        match = merger.find(one.text)
        question = match.question_id if match else one.event_id
        merger.add(question, one.text)
        took.append(time.perf_counter() - began)
        last[question] = one.at
        given.append(question)
    return given, took


def simple_clusters(asked: Sequence[Asked], of: Score, least: float) -> list[str]:
    """The same by a plain score against every wording in the window."""
    given: list[str] = []
    for place, one in enumerate(asked):
        near = [
            (of(one.text, asked[i].text), given[i])
            for i in range(place)
            if one.at - asked[i].at <= _WINDOW
        ]
        best, question = max(near, default=(0.0, ""))
        given.append(question if near and best >= least else one.event_id)
    return given


def pairwise(asked: Sequence[Asked], given: Sequence[str]) -> Figures:
    """Precision and recall over pairs of comments: same cluster against same group."""
    truth = _paired(Counter(one.group for one in asked))
    found = _paired(Counter(given))
    right = _paired(Counter((one.group, key) for one, key in zip(asked, given, strict=True)))
    return {
        "questions": len(asked),
        "groups": len({one.group for one in asked}),
        "clusters": len(set(given)),
        "precision": round(right / found if found else 1.0, 4),
        "recall": round(right / truth if truth else 1.0, 4),
    }


def _paired(sizes: Counter[object] | Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def main() -> None:
    """Print and write all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--danmaku", type=Path, nargs=2, help="events and truth")
    parser.add_argument("--paraphrases", type=int, default=12000)
    given = parser.parse_args()
    names = ("danmaku_dev.jsonl.gz", "danmaku_dev_truth.jsonl.gz")
    asked = recording(*(given.danmaku or [given.data / name for name in names]))
    gd = [*KNOWLEDGE, given.data / "gd_guides.jsonl"]
    out = evaluate(given.data, asked, gd, given.paraphrases)
    given.out.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(out, ensure_ascii=False, indent=1))


def evaluate(
    data: Path, asked: Sequence[Asked], gd: Sequence[Path], count: int
) -> dict[str, object]:
    """All figures by set and way."""
    choosing = [
        pair
        for pair in labelled(data, 0)
        if pair.part == CHOOSE and pair.source in {"pairs_training", "stream", "guide"}
    ]
    plain = best_threshold(choosing, jaccard)
    own, room = desk_reading(guides_of(KNOWLEDGE)), desk_reading(guides_of(gd))
    pairs = own_pairs(Path("eval/live/sets/pairs.jsonl"), part=REPORT)
    chat = [p for p in paraphrases(data / "paraphrase_dev.tsv.gz", count, SEED) if p.part == REPORT]
    sets = {"pairs": (pairs, own), "pairs, no guides": (pairs, plain_slots)}
    sets |= {"gd_lay beside official wording": (lay_pairs(data), room), "paraphrase": (chat, own)}
    return {
        "danmaku": _streams(asked, {"guides loaded": room, "no guides": plain_slots}, plain),
        **{name: _ways(one, reading, plain) for name, (one, reading) in sets.items()},
    }


def _streams(
    asked: Sequence[Asked], readings: dict[str, Understands], plain: float
) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for name, reading in readings.items():
        given, took = clusters(asked, reading)
        late = [i for i, one in enumerate(asked) if part_of(one.group) == REPORT]
        found[name] = pairwise(asked, given)
        found[f"{name}, groups of the report part"] = pairwise(
            [asked[i] for i in late], [given[i] for i in late]
        )
        found[name]["find_and_add_ms_p50"] = round(float(np.percentile(took, 50)) * 1e3, 2)
        found[name]["find_and_add_ms_p95"] = round(float(np.percentile(took, 95)) * 1e3, 2)
    found["baseline: exact text"] = pairwise(asked, simple_clusters(asked, exact, 1.0))
    found["baseline: bigram Jaccard"] = pairwise(asked, simple_clusters(asked, jaccard, plain))
    return found


def _ways(pairs: Sequence[Pair], reading: Understands, plain: float) -> dict[str, Figures]:
    reader = Reader(reading)

    def by(rate: Callable[[Reading, Reading], float]) -> Score:
        return lambda a, b: rate(reader(a), reader(b))

    return {
        "slots and score": on_pairs(pairs, by(score), threshold()),
        "score without vetoes": on_pairs(pairs, by(plain_score), threshold()),
        "baseline: exact text": on_pairs(pairs, exact, 1.0),
        "baseline: bigram Jaccard": on_pairs(pairs, jaccard, plain),
    }


if __name__ == "__main__":
    main()
