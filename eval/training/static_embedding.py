"""Train the built-in embedding: `python -m eval.training.static_embedding --data DIR --out DIR`.

A vector a piece, summed over the pieces of a text. It is learned by contrast: a clause must be
nearer to its own title, its neighbour and parts of itself than to 2,047 other clauses. Seeded;
settings and figures are in README.md beside this file.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from eval.training.texts import Document, documents
from eval.training.vocabulary import train_tokenizer


@dataclass(frozen=True)
class Settings:
    """All that decides the result, besides the texts."""

    seed: int = 20250510
    pieces: int = 32_000
    dimensions: int = 256
    vocabulary_sample: int = 60_000
    batch: int = 2_048
    steps: int = 600
    learning_rate: float = 0.02
    temperature: float = 0.05
    longest: int = 128
    drop: float = 0.3


Pair = tuple[np.ndarray, np.ndarray]


class Pairs:
    """Draws pairs of texts that belong together, as arrays of piece ids."""

    def __init__(self, docs: Sequence[Document], tokenizer: Tokenizer, settings: Settings) -> None:
        self._settings = settings
        self._rng = np.random.default_rng(settings.seed)
        self._clauses: list[np.ndarray] = []
        self._titles: list[np.ndarray] = []
        self._next: list[int] = []
        for doc in docs:
            self._add(doc, tokenizer)

    def _add(self, doc: Document, tokenizer: Tokenizer) -> None:
        titles = [f"{doc.title} {heading}" for heading in doc.headings]
        for title, clause in zip(
            tokenizer.encode_batch(titles), tokenizer.encode_batch(list(doc.clauses)), strict=True
        ):
            if clause.ids:
                self._next.append(len(self._clauses) + 1)
                self._clauses.append(np.array(clause.ids[:400], np.int64))
                self._titles.append(np.array(title.ids[:64], np.int64))
        if doc.clauses and self._next:
            self._next[-1] = len(self._clauses) - 1

    def batch(self) -> list[Pair]:
        """`settings.batch` pairs of different clauses."""
        chosen = self._rng.choice(len(self._clauses), self._settings.batch, replace=False)
        return [self._pair(int(place)) for place in chosen]

    def _pair(self, place: int) -> Pair:
        clause, draw = self._clauses[place], self._rng.random()
        if draw < 0.25:
            return self._thinned(self._titles[place]), self._crop(clause)
        if draw < 0.4:
            return self._crop(clause), self._crop(self._clauses[self._next[place]])
        return self._split(clause)

    def _split(self, clause: np.ndarray) -> Pair:
        """A short, thinned part as the question, what is left as its answer."""
        length = int(self._rng.integers(3, max(4, min(24, len(clause) // 2 + 1))))
        start = int(self._rng.integers(0, max(1, len(clause) - length)))
        question = self._thinned(clause[start : start + length])
        rest = np.concatenate([clause[:start], clause[start + length :]])
        return question, self._crop(rest if len(rest) > 3 else clause)

    def _thinned(self, ids: np.ndarray) -> np.ndarray:
        kept = ids[self._rng.random(len(ids)) >= self._settings.drop]
        return kept if len(kept) else ids

    def _crop(self, ids: np.ndarray) -> np.ndarray:
        length = int(self._rng.integers(8, self._settings.longest))
        start = int(self._rng.integers(0, max(1, len(ids) - length)))
        return ids[start : start + length]


def train(pairs: Pairs, size: int, settings: Settings) -> np.ndarray:
    """Vectors of all pieces, float32, pieces × dimensions."""
    torch.manual_seed(settings.seed)
    bag = torch.nn.EmbeddingBag(size, settings.dimensions, mode="mean")
    torch.nn.init.normal_(bag.weight, std=0.1)
    optimizer = torch.optim.Adam(bag.parameters(), lr=settings.learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, settings.steps, pct_start=0.1
    )
    targets = torch.arange(settings.batch)
    began = time.perf_counter()
    for step in range(settings.steps):
        batch = pairs.batch()
        left, right = (_embedded(bag, [pair[side] for pair in batch]) for side in (0, 1))
        logits = left @ right.T / settings.temperature
        loss = torch.nn.functional.cross_entropy(logits, targets)
        loss = (loss + torch.nn.functional.cross_entropy(logits.T, targets)) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == settings.steps - 1:
            print(
                f"step {step} loss {loss.item():.3f} {time.perf_counter() - began:.0f} s",
                flush=True,
            )
    return bag.weight.detach().numpy()


def _embedded(bag: torch.nn.EmbeddingBag, texts: Sequence[np.ndarray]) -> torch.Tensor:
    offsets = np.cumsum([0, *(len(text) for text in texts[:-1])])
    summed = bag(torch.from_numpy(np.concatenate(texts)), torch.from_numpy(offsets))
    return torch.nn.functional.normalize(summed, dim=1)


def save(weights: np.ndarray, tokenizer: Tokenizer, settings: Settings, out: Path) -> None:
    """Write bytes with one scale a piece, the tokenizer, and what they were made with."""
    out.mkdir(parents=True, exist_ok=True)
    scales = np.abs(weights).max(axis=1, keepdims=True) / 127
    np.save(out / "static_embedding.npy", np.rint(weights / scales).astype(np.int8))
    np.save(out / "static_embedding_scales.npy", scales.astype(np.float32).ravel())
    tokenizer.save(str(out / "static_tokenizer.json"), pretty=False)
    text = json.dumps(asdict(settings), indent=2)
    (out / "static_embedding.json").write_text(text + "\n", "utf-8")


def main() -> None:
    """Read the texts, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the shared data")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--out", type=Path, default=Path("assistant/models/data"))
    for name in ("steps", "batch"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Settings, name))
    given = parser.parse_args()
    settings = Settings(steps=given.steps, batch=given.batch)
    docs = list(documents(given.data, given.knowledge))
    texts = [text for doc in docs for text in (doc.title, *doc.clauses)]
    rng = random.Random(settings.seed)
    tokenizer = train_tokenizer(texts, settings.pieces, settings.vocabulary_sample, rng)
    pairs = Pairs(docs, tokenizer, settings)
    save(train(pairs, tokenizer.get_vocab_size(), settings), tokenizer, settings, given.out)


if __name__ == "__main__":
    main()
