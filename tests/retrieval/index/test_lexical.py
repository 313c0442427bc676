"""BM25 against a plain rendering of its formula, over segments, tombstones and merges."""

from collections import Counter
from math import log1p

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval import lexical, postings
from assistant.retrieval.analysis import TermKind, query_terms, terms_of
from assistant.retrieval.lexical import Level
from assistant.retrieval.weights import Bm25

pytestmark = pytest.mark.unit

PASSAGE = Bm25(1.4, 0.7, {kind: 0.5 + kind for kind in TermKind})

TEXT = st.text(alphabet="办理营业执照身份证补12 ", max_size=20)
SEGMENTS = st.lists(st.lists(st.tuples(TEXT, st.booleans()), min_size=1, max_size=6), max_size=4)


def level_of(segments: list[list[tuple[str, bool]]], bm25: Bm25 = PASSAGE) -> Level:
    parts = [postings.build(*terms_of([t for t, _ in rows]), len(rows)) for rows in segments]
    live = np.array([alive for rows in segments for _, alive in rows], np.bool_)
    return Level.of(parts, live, bm25)


def plain_bm25(rows: list[tuple[str, bool]], question: str, bm25: Bm25) -> list[float]:
    bags = [Counter(terms_of([text])[0].tolist()) for text, _ in rows]
    alive = [bag for bag, (_, live) in zip(bags, rows, strict=True) if live]
    mean = max(sum(bag.total() for bag in alive) / max(len(alive), 1) if alive else 1.0, 1.0)
    asked = query_terms(question)
    scores = [0.0] * len(rows)
    for term, kind in zip(asked.terms.tolist(), asked.kinds, strict=True):
        df = sum(term in bag for bag in alive)
        idf = log1p((len(alive) - df + 0.5) / (df + 0.5))
        for row, bag in enumerate(bags):
            norm = bm25.k1 * (1 - bm25.b + bm25.b * bag.total() / mean)
            weight = bm25.kinds[TermKind(kind)] * idf * (bm25.k1 + 1)
            scores[row] += weight * bag[term] / (bag[term] + norm) if bag[term] else 0.0
    return scores


@given(SEGMENTS, TEXT)
def test_scores_are_those_of_the_formula(
    segments: list[list[tuple[str, bool]]], question: str
) -> None:
    level = level_of(segments)
    rows = [row for segment in segments for row in segment]
    scores, _ = level.query(query_terms(question)).weigh(np.arange(len(rows)))
    assert scores == pytest.approx(plain_bm25(rows, question, PASSAGE), rel=1e-4, abs=1e-5)


@given(SEGMENTS, TEXT)
def test_merging_changes_no_score(segments: list[list[tuple[str, bool]]], question: str) -> None:
    level = level_of(segments)
    if not segments:
        return
    kept = np.split(level.live, level.starts[1:-1])
    merged = postings.merge(level.parts, kept)
    single = Level.of([merged], np.ones(len(merged.lengths), np.bool_), PASSAGE)
    asked = query_terms(question)
    before, covered = level.query(asked).weigh(np.flatnonzero(level.live))
    after, still = single.query(asked).weigh(np.arange(len(merged.lengths)))
    assert after == pytest.approx(before, rel=1e-4, abs=1e-5)
    assert still == pytest.approx(covered, abs=1e-5)


@given(SEGMENTS, TEXT)
def test_top_proposes_the_best_eligible_rows(
    segments: list[list[tuple[str, bool]]], question: str
) -> None:
    level = level_of(segments)
    found = level.query(query_terms(question))
    scores, _ = found.weigh(np.arange(len(level.live)))
    proposed = found.top(2, level.live)
    left_out = np.setdiff1d(np.flatnonzero(level.live), proposed)
    assert level.live[proposed].all()
    assert max(scores[left_out], default=0.0) <= min(scores[proposed], default=0.0) + 1e-4


def test_terms_that_occur_almost_everywhere_still_count_in_the_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lexical, "BUDGET", 0)
    rows = [("办理", True)] * 40 + [("办理身份证", True), ("补齐身份证", True)]
    found = level_of([rows]).query(query_terms("办理身份证"))
    proposed = np.sort(found.top(2, np.ones(42, np.bool_)))
    scores, _ = found.weigh(proposed)
    assert proposed.tolist() == [40, 41]
    assert scores[0] > scores[1]


def test_coverage_is_the_share_of_the_weight_that_occurs() -> None:
    found = level_of([[("营业执照补办", True), ("身份证", True)]]).query(
        query_terms("营业执照补办")
    )
    _, covered = found.weigh(np.array([0, 1]))
    assert covered == pytest.approx([1.0, 0.0])
