"""What the ranker reads of each hit: numbers, most in 0..1, that compare a question with a passage.

All come from the question, the passages found and their sources' headings, so that they need no
table of the corpus: a pair of characters weighs more, the fewer of the hits hold it.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from assistant.domain.evidence import Hit
from assistant.retrieval.analysis import fold
from assistant.retrieval.lexical import Floats

NAMES = (
    "lexical", "document", "dense", "coverage",
    "in_text", "in_heading", "in_either", "in_source", "in_sentence", "in_title",
    "title_asked", "rare", "phrase", "phrase_heading", "figures", "named",
    "source_dense", "source_share", "first", "early", "short", "answers",
)  # fmt: skip
"""The columns of `features`, in order."""

_HAN = re.compile(r"[\u3400-\u9fff]+")
_RUN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)*")
_NAMED = re.compile(r"[“\"《「『]([^”\"》」』]{2,30})[”\"》」』]")
_CUT = re.compile(r"[。！？；\n]+")
_ASKING = re.compile(
    "怎么样|怎么|怎样|什么|多少|哪些|哪[里儿个]|几[天个次]|如何|是否|可以|能不能|请问|吗|呢|吧|啊|么"
)
_COUNTED = re.compile(r"\d|[一二三四五六七八九十百]+[个日年月倍]")
_LISTED = re.compile(r"[一二三四五][、是]|\d[.、）)]|[；;]")
_PHONE = re.compile(r"\d{3,4}-?\d{7,8}|1\d{10}|(?<!\d)1\d{4}(?!\d)")
_KINDS = (
    (re.compile("电话|号码|热线"), _PHONE),
    (re.compile("多少|几[个天次年岁月]|金额|比例|标准|多久|多长"), _COUNTED),
    (re.compile("什么时候|何时|时间|哪天|日期"), re.compile(r"\d+[年月日时点:：]")),
    (re.compile("哪些|哪几|什么条件|什么材料|措施|要求"), _LISTED),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart: pairs of characters and runs, figures, names in quotation marks."""

    text: str
    words: tuple[str, ...]
    figures: tuple[str, ...]
    named: tuple[str, ...]

    @classmethod
    def of(cls, question: str) -> "Asked":
        """Words of asking are left out, unless nothing else is left."""
        folded = fold(question)
        text = _ASKING.sub(" ", folded)
        words = tuple(dict.fromkeys(words_of(text))) or tuple(dict.fromkeys(words_of(folded)))
        return cls(folded, words, tuple(_RUN.findall(folded)), tuple(_NAMED.findall(folded)))


def words_of(folded: str) -> Iterable[str]:
    """Pairs of Chinese characters, and Latin or number runs."""
    for han in _HAN.findall(folded):
        yield from (left + right for left, right in pairwise(han)) if len(han) > 1 else (han,)
    yield from _RUN.findall(folded)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(filter(None, _CUT.split(fold(text))))


@lru_cache(maxsize=4096)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(words_of(fold(title)))


def features(question: str, hits: Sequence[Hit]) -> Floats:
    """One row a hit, columns as in `NAMES`."""
    asked = Asked.of(question)
    texts = [_folded(hit.passage.text) for hit in hits]
    headings = [_folded(f"{hit.source.title}\n{hit.passage.context}") for hit in hits]
    in_text, in_heading = _held(asked.words, texts), _held(asked.words, headings)
    either = in_text | in_heading
    weight = np.log1p(len(hits) / (either.sum(axis=0) + 0.5))
    share = weight / max(float(weight.sum()), 1e-9)
    rare = share * (share >= np.sort(share)[-3:].min(initial=0))
    rare /= max(float(rare.sum()), 1e-9)
    sources = [hit.source.id for hit in hits]
    scores = np.array([_scores(hit) for hit in hits]).reshape(len(hits), 4)
    columns = (
        *scores.T,
        in_text @ share,
        in_heading @ share,
        either @ share,
        _of_source(sources, either) @ share,
        np.array([_in_sentence(asked.words, share, hit) for hit in hits]),
        *_titles(asked, share, hits),
        either @ rare,
        np.array([longest_run(asked.text, text) for text in texts]) / 8,
        np.array([longest_run(asked.text, text) for text in headings]) / 8,
        _said(asked.figures, texts, headings),
        _said(asked.named, texts, headings),
        *_sources(sources, scores),
        np.array([hit.passage.ordinal == 0 for hit in hits]),
        np.array([1 / (1 + hit.passage.ordinal) for hit in hits]),
        np.array([1 / math.log2(4 + len(text)) for text in texts]),
        _answering(asked.text, texts),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _scores(hit: Hit) -> tuple[float, ...]:
    scores = hit.scores
    return scores.lexical, scores.document, scores.dense, scores.coverage


def _held(words: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    found = [[word in text for word in words] for text in texts]
    return np.array(found, np.bool_).reshape(len(texts), len(words))


def _of_source(sources: Sequence[str], held: np.ndarray) -> np.ndarray:
    """What any hit of the same source holds."""
    together: dict[str, np.ndarray] = {}
    for source, row in zip(sources, held, strict=True):
        together[source] = together[source] | row if source in together else row
    return np.stack([together[source] for source in sources]) if sources else held


def _in_sentence(words: Sequence[str], share: np.ndarray, hit: Hit) -> float:
    """The weight that one sentence of the passage holds at best."""
    held = _held(words, _sentences(hit.passage.text))
    return float((held @ share).max(initial=0.0))


def _titles(asked: Asked, share: np.ndarray, hits: Sequence[Hit]) -> tuple[np.ndarray, np.ndarray]:
    """The weight that the title holds, and the share of the title that was asked."""
    words = frozenset(asked.words)
    titles = [_title_words(hit.source.title) for hit in hits]
    held = np.array([[word in title for word in asked.words] for title in titles], np.bool_)
    asked_of = [len(title & words) / max(len(title), 1) for title in titles]
    return held.reshape(len(hits), len(asked.words)) @ share, np.array(asked_of)


def longest_run(text: str, other: str) -> int:
    """Length of the longest stretch of a text that another holds."""
    best = start = 0
    for end in range(1, len(text) + 1):
        while text[start:end] not in other:
            start += 1
        best = max(best, end - start)
    return best


def _said(names: Sequence[str], texts: Sequence[str], headings: Sequence[str]) -> np.ndarray:
    """The share of the names that a hit holds; 1 where none was asked."""
    if not names:
        return np.ones(len(texts))
    share: np.ndarray = (_held(names, texts) | _held(names, headings)).mean(axis=1)
    return share


def _sources(sources: Sequence[str], scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best cosine of the source's hits, and its share of all hits."""
    dense: dict[str, float] = {}
    for source, row in zip(sources, scores, strict=True):
        dense[source] = max(dense.get(source, 0.0), float(row[2]))
    count = {source: sources.count(source) / len(sources) for source in dense}
    return np.array([dense[s] for s in sources]), np.array([count[s] for s in sources])


def _answering(asked: str, texts: Sequence[str]) -> np.ndarray:
    """Whether a text has what was asked for: a phone, a figure, a date, a list; 1 where nothing."""
    wanted = [shape for cue, shape in _KINDS if cue.search(asked)]
    if not wanted:
        return np.ones(len(texts))
    return np.array([any(shape.search(text) for shape in wanted) for text in texts], np.float64)
