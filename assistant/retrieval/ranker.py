"""The second look at the best hits: policy passages are put in order by a learned sum of features.

Guides and FAQs keep the places that the first sum gave them; the policy passages change places
among themselves only and take over the totals of those places, so that totals mean for every kind
what they meant before (`Scores.total` orders the hits).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
import structlog

from assistant.domain.evidence import Hit
from assistant.domain.source import SourceKind
from assistant.errors import ModelFailed
from assistant.retrieval.lexical import Floats
from assistant.retrieval.rank_features import NAMES, features

log = structlog.get_logger()

Judge = Callable[[str, Sequence[str]], Sequence[float]]
"""A cross-encoder: question and texts → a number a text."""

DEPTH = 30
"""Policy passages that are looked at again."""
JUDGED = 20
"""Hits that a cross-encoder, where one is set, looks at."""


@dataclass(frozen=True)
class Ranker:
    """A weight for each feature of `rank_features.NAMES`; a feature without one does not count."""

    weights: Mapping[str, float]

    def scores(self, table: Floats) -> Floats:
        """One number a row of `features`, more is better."""
        column = np.array([self.weights.get(name, 0.0) for name in NAMES], np.float32)
        made: Floats = table @ column
        return made

    def ranked(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same hits in their new order."""
        places = [i for i, hit in enumerate(hits) if hit.source.kind is SourceKind.POLICY][:DEPTH]
        if len(places) < 2:
            return list(hits)
        table = features(question, [hits[place] for place in places])
        return reordered(hits, places, self.scores(table))


def judged(judge: Judge, question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The first hits of every kind in the order of a cross-encoder.

    Where it fails or gives what is no number, the order stays. The question goes on.
    """
    places = list(range(min(JUDGED, len(hits))))
    texts = [f"{hits[i].passage.context}\n{hits[i].passage.text}" for i in places]
    try:
        scores = np.array(judge(question, texts), np.float32)
    except ModelFailed as error:
        log.warning("searched_without_cross_encoder", reason=str(error))
        return list(hits)
    return reordered(hits, places, scores) if np.isfinite(scores).all() else list(hits)


def reordered(hits: Sequence[Hit], places: Sequence[int], scores: Floats) -> list[Hit]:
    """The hits at some places, best first by other scores; each place keeps its total."""
    made = list(hits)
    for place, best in zip(places, np.argsort(-scores, kind="stable").tolist(), strict=True):
        hit = hits[places[best]]
        made[place] = replace(hit, scores=replace(hit.scores, total=hits[place].scores.total))
    return made


@cache
def shipped_ranker() -> Ranker:
    """The ranker in use: `data/ranker.json`."""
    text = (files("assistant.retrieval") / "data" / "ranker.json").read_text("utf-8")
    return Ranker(json.loads(text)["weights"])
