"""Whether a comment is a question for us, and whether a person must know at once (issue 3).

Danger to life is decided first, by words and a model of its own. Obvious noise goes out in
microseconds. The rest is scored by a learned model, so no single mark or word makes a question.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain.live import Urgency
from assistant.live.seams import CommentKind, Triaged
from assistant.live.triage_danger import Dangers, emergency
from assistant.live.triage_model import COMPLAINT, OFF_TOPIC, QUESTION, TriageModel
from assistant.live.triage_rules import TriageRules, shipped_rules
from assistant.live.triage_text import Features, Vocabulary, fold, is_noise

__all__ = ["LearnedTriage", "emergency"]

_TALK = (CommentKind.GREETING, CommentKind.PRAISE, CommentKind.OFF_TOPIC)
_COMPLAINS = 0.5
"""Least probability of a complaint that no rule knows."""


@dataclass(frozen=True, slots=True)
class LearnedTriage:
    """The `Triage` of the live room. Pure; a few microseconds for noise, about 0.2 ms else."""

    model: TriageModel
    features: Features
    rules: TriageRules
    dangers: Dangers

    @classmethod
    def shipped(cls, words: Iterable[str] = ()) -> "LearnedTriage":
        """With the shipped model and rules.

        `words` are those of the trade: everyday words of the lexicon, names and aliases of the
        items that are loaded. Make a new one when the knowledge changes; it takes milliseconds.
        """
        features = Features.shipped(Vocabulary(words))
        return cls(TriageModel.shipped(), features, shipped_rules(), Dangers.shipped())

    def __call__(self, text: str) -> Triaged:
        """What the comment is. A question that is also a danger to life is an emergency."""
        folded = fold(text)
        urgency, call = self.dangers(folded)
        if is_noise(folded) and not call:
            return Triaged(self._talk(folded), 0.0)
        odds = self.model.probabilities(folded, self.features(folded))
        kind = self._kind(folded, odds)
        if urgency is Urgency.URGENT and kind is not CommentKind.COMPLAINT:
            kind = CommentKind.QUESTION
        return Triaged(kind, float(odds[QUESTION]), urgency, call)

    def _kind(self, folded: str, odds: NDArray[np.float32]) -> CommentKind:
        """Identity and complaints by their words, then a question by its score, then talk."""
        for kind in (CommentKind.IDENTITY, CommentKind.COMPLAINT):
            if self.rules.is_kind(kind, folded):
                return kind
        if odds[QUESTION] >= self.model.threshold:
            return CommentKind.QUESTION
        if odds[COMPLAINT] >= _COMPLAINS:
            return CommentKind.COMPLAINT
        return self._talk(folded, off_topic=int(odds.argmax()) == OFF_TOPIC)

    def _talk(self, folded: str, *, off_topic: bool = False) -> CommentKind:
        known = (kind for kind in _TALK if self.rules.is_kind(kind, folded))
        return next(known, CommentKind.OFF_TOPIC if off_topic else CommentKind.CHATTER)
