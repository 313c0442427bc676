"""The pieces of the static embedding: the commonest words of the training texts, and characters."""

import random
from collections import Counter
from collections.abc import Sequence
from math import log

import jieba
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "<unk>"
_LONGEST_PIECE = 6


def train_tokenizer(texts: Sequence[str], size: int, sample: int, rng: random.Random) -> Tokenizer:
    """A unigram tokenizer of `size` pieces; probabilities are counted on `sample` texts.

    jieba's segmentation names the words: training a unigram model from nothing takes 150 s for
    the same texts and gives pieces across word borders.
    """
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"[a-z]+|\p{N}+"), "isolated"),
        ]
    )
    counts = _counts(tokenizer, rng.sample(texts, min(sample, len(texts))))
    tokenizer.model = models.Unigram(_scored(counts, size), unk_id=0, byte_fallback=False)
    return tokenizer


def _counts(tokenizer: Tokenizer, texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        folded = tokenizer.normalizer.normalize_str(text)
        for stretch, _ in tokenizer.pre_tokenizer.pre_tokenize_str(folded):
            counts.update(jieba.cut(stretch, HMM=False))
            counts.update(dict.fromkeys(stretch, 0))
    return counts


def _scored(counts: Counter[str], size: int) -> list[tuple[str, float]]:
    """Every character, then the commonest words; logarithms of their share."""
    characters = [piece for piece in counts if len(piece) == 1]
    words = [w for w, _ in counts.most_common() if 1 < len(w) <= _LONGEST_PIECE]
    kept = sorted(characters) + words[: size - 1 - len(characters)]
    total = sum(counts[piece] for piece in kept)
    lowest = log(0.5 / total)
    scores = [(piece, log(counts[piece] / total) if counts[piece] else lowest) for piece in kept]
    return [(UNKNOWN, lowest - 10), *scores]
