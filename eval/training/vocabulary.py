"""The pieces of the static embedding: common words of laws, of everyday speech, and characters.

Three shares decide how common a word is: among the clauses, among our everyday questions and lay
terms, and in jieba's dictionary, which knows words that no law uses.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from math import log

import jieba
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "<unk>"
_LONGEST_PIECE = 6
_WEIGHTS = (0.5, 0.25, 0.25)
_RAREST = 1e-8
_HAN = re.compile(r"[\u3400-\u9fff]+")


def train_tokenizer(
    texts: Sequence[str], everyday: Sequence[str], size: int, sample: int, rng: random.Random
) -> Tokenizer:
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
    shares = [
        _shares(_counts(tokenizer, rng.sample(texts, min(sample, len(texts))))),
        _shares(_counts(tokenizer, everyday) + Counter(filter(_is_word, everyday))),
        _shares(_dictionary()),
    ]
    mixed: Counter[str] = Counter()
    for share, weight in zip(shares, _WEIGHTS, strict=True):
        for word, value in share.items():
            mixed[word] += weight * value
    tokenizer.model = models.Unigram(_scored(mixed, size), unk_id=0, byte_fallback=False)
    return tokenizer


def _counts(tokenizer: Tokenizer, texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        folded = tokenizer.normalizer.normalize_str(text)
        for stretch, _ in tokenizer.pre_tokenizer.pre_tokenize_str(folded):
            counts.update(jieba.cut(stretch, HMM=False))
            counts.update(dict.fromkeys(stretch, 0))
    return counts


def _dictionary() -> Counter[str]:
    """The Chinese words of jieba's dictionary, by its own frequencies."""
    jieba.initialize()
    found = jieba.dt.FREQ.items()
    return Counter({word: count for word, count in found if count and _HAN.fullmatch(word)})


def _is_word(text: str) -> bool:
    return 1 < len(text) <= _LONGEST_PIECE and bool(_HAN.fullmatch(text))


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


def _scored(shares: Counter[str], size: int) -> list[tuple[str, float]]:
    """Every character, then the commonest words; logarithms of their share."""
    characters = [piece for piece in shares if len(piece) == 1]
    words = [w for w, _ in shares.most_common() if 1 < len(w) <= _LONGEST_PIECE]
    kept = sorted(characters) + words[: size - 1 - len(characters)]
    lowest = log(_RAREST)
    scores = [(piece, max(lowest, log(shares[piece] or _RAREST))) for piece in kept]
    return [(UNKNOWN, lowest - 10), *scores]
