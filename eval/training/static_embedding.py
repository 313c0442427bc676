"""Train the built-in embedding: `python -m eval.training.static_embedding --data DIR --out DIR`.

A vector a piece, summed over the pieces of a text. It begins with what a teacher says of each piece
(`teacher.py`), and is learned by contrast over `pairs.py` while it keeps to what the teacher says
of whole texts. Seeded; data, settings and figures are in README.md beside this file.
"""

import argparse
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from eval.training.everyday_corpus import lay_terms, services
from eval.training.pairs import Clauses, Ids, Named, Pair, encoded
from eval.training.teacher import Floats, Teacher
from eval.training.texts import documents
from eval.training.vocabulary import train_tokenizer

_CUT = 7

Bag = torch.nn.EmbeddingBag


@dataclass(frozen=True)
class Settings:
    """All that decides the result, besides the texts."""

    seed: int = 20261130
    pieces: int = 48_000
    known: int = 16_000
    dimensions: int = 256
    vocabulary_sample: int = 60_000
    taught: int = 1_500
    taught_length: int = 15
    steps: int = 200
    learning_rate: float = 0.004
    temperature: float = 0.05
    longest: int = 128
    drop: float = 0.3
    clauses: int = 512
    asks: int = 700
    terms: int = 512
    weight_clauses: float = 1.0
    weight_asks: float = 0.5
    weight_terms: float = 0.25
    weight_taught: float = 4.0
    frequent: float = 1e-3


@dataclass(frozen=True)
class Material:
    """What is learned from; `start` is the vector of each piece before."""

    start: Floats
    clauses: Clauses
    asks: Named
    terms: Named
    taught: tuple[list[Ids], Floats]


def material(data: Path, knowledge: Path, kept: Path, s: Settings) -> tuple[Material, Tokenizer]:
    """Read the texts, make the pieces, ask the teacher."""
    rng = random.Random(s.seed)
    docs = list(documents(data, knowledge))
    fit = [each for each in services() if each.part == "fit"]
    terms = lay_terms()
    everyday = [ask for each in fit for ask in (*each.asks, each.service, *each.aliases)]
    everyday += [word for term in terms for word in (term.lay, *term.official)]
    texts = [text for doc in docs for text in (doc.title, *doc.clauses)]
    tokenizer = train_tokenizer(texts, everyday, s.pieces, s.vocabulary_sample, rng)
    start, taught, said = asked(
        Teacher(kept), tokenizer, everyday + _cut(texts, s.taught, random.Random(_CUT)), s
    )
    made = Material(
        start,
        Clauses(docs, tokenizer, s.drop, s.longest),
        Named.of_services(fit, tokenizer),
        Named.of_terms(terms, tokenizer),
        (encoded(tokenizer, taught), said),
    )
    return made, tokenizer


def _cut(texts: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """Stretches of 8 to 20 characters."""
    found = []
    for text in rng.sample(texts, min(count, len(texts))):
        length = rng.randint(8, 20)
        begin = rng.randint(0, max(0, len(text) - length))
        found.append(text[begin : begin + length])
    return found


def asked(
    teacher: Teacher, tokenizer: Tokenizer, texts: Sequence[str], s: Settings
) -> tuple[Floats, list[str], Floats]:
    """The vector of each piece, the texts taught, and what the teacher says of these.

    Turned so that the first dimensions vary most, and centred on the mean text: the teacher's
    vectors all lie close together. Frequent pieces count less (Arora et al. 2017).
    """
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    pieces = [piece for piece, _ in vocabulary]
    share = np.exp([score for _, score in vocabulary])
    texts = sorted({text for text in texts if len(text) <= s.taught_length})
    common = sorted(range(1, len(pieces)), key=lambda i: (-share[i], i))[: s.known]
    said, alone = teacher.vectors(texts), teacher.vectors([pieces[i] for i in common])
    _, _, turned = np.linalg.svd(said - said.mean(axis=0), full_matrices=False)
    turned = turned[: s.dimensions].T
    known = _unit((alone - alone.mean(axis=0)) @ turned)
    vectors = _guessed(pieces, dict(zip(common, known, strict=True)), s.dimensions)
    vectors *= (s.frequent / (s.frequent + share))[:, None]
    return vectors, texts, _unit((said - said.mean(axis=0)) @ turned)


def _guessed(pieces: Sequence[str], known: Mapping[int, Floats], dimensions: int) -> Floats:
    """A piece that the teacher was not asked for is the mean of words that share its characters."""
    sums: dict[str, np.ndarray] = {}
    for place, vector in known.items():
        for character in pieces[place]:
            sums[character] = sums.get(character, np.zeros(dimensions)) + vector
    none = np.zeros(dimensions)
    guessed = [sum((sums.get(c, none) for c in piece), none) for piece in pieces]
    vectors = _unit(np.array(guessed)) * np.float32(0.5)
    for place, vector in known.items():
        vectors[place] = vector
    return vectors


def _unit(rows: np.ndarray) -> Floats:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.maximum(norms, 1e-9)).astype(np.float32)  # type: ignore[no-any-return]


def train(made: Material, s: Settings) -> Floats:
    """Vectors of all pieces, float32, pieces × dimensions."""
    torch.manual_seed(s.seed)
    rng = np.random.default_rng(s.seed)
    bag = Bag.from_pretrained(torch.from_numpy(made.start), freeze=False, mode="sum")
    optimizer = torch.optim.Adam(bag.parameters(), lr=s.learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, s.learning_rate, s.steps, pct_start=0.1
    )
    began = time.perf_counter()
    for step in range(s.steps):
        losses = _losses(bag, made, s, rng)
        optimizer.zero_grad()
        torch.stack(list(losses.values())).sum().backward()
        optimizer.step()
        schedule.step()
        if step % 25 == 0 or step == s.steps - 1:
            shown = " ".join(f"{name} {loss.item():.3f}" for name, loss in losses.items())
            print(f"step {step} {shown} {time.perf_counter() - began:.0f} s", flush=True)
    return bag.weight.detach().numpy()  # type: ignore[no-any-return]


def _losses(
    bag: Bag, made: Material, s: Settings, rng: np.random.Generator
) -> dict[str, torch.Tensor]:
    return {
        "clauses": s.weight_clauses * _contrast(bag, made.clauses.batch(s.clauses, rng), s),
        "asks": s.weight_asks * _contrast(bag, made.asks.batch(s.asks, s.drop / 2, rng), s),
        "terms": s.weight_terms * _contrast(bag, made.terms.batch(s.terms, 0.0, rng), s),
        "taught": s.weight_taught * _apart(bag, made.taught, s, rng),
    }


def _contrast(bag: Bag, pairs: Sequence[Pair], s: Settings) -> torch.Tensor:
    left, right = (_embedded(bag, [pair[side] for pair in pairs]) for side in (0, 1))
    logits = left @ right.T / s.temperature
    targets = torch.arange(len(pairs))
    loss = torch.nn.functional.cross_entropy(logits, targets)
    return (loss + torch.nn.functional.cross_entropy(logits.T, targets)) / 2


def _apart(
    bag: Bag, taught: tuple[list[Ids], Floats], s: Settings, rng: np.random.Generator
) -> torch.Tensor:
    """How far texts lie from where the teacher has them: 1 less the cosine."""
    texts, said = taught
    chosen = rng.choice(len(texts), min(s.clauses, len(texts)), replace=False)
    own = _embedded(bag, [texts[i] for i in chosen])
    return (1 - (own * torch.from_numpy(said[chosen])).sum(dim=1)).mean()


def _embedded(bag: Bag, texts: Sequence[Ids]) -> torch.Tensor:
    offsets = np.cumsum([0, *(len(text) for text in texts[:-1])])
    summed = bag(torch.from_numpy(np.concatenate(texts)), torch.from_numpy(offsets))
    return torch.nn.functional.normalize(summed, dim=1)


def save(weights: Floats, tokenizer: Tokenizer, settings: Settings, out: Path) -> None:
    """Write bytes with one scale a piece, the tokenizer, and what they were made with."""
    out.mkdir(parents=True, exist_ok=True)
    scales = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-9) / 127
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
    parser.add_argument("--taught-folder", type=Path, default=Path("/tmp/taught"))
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    paths = (given.pop("data"), given.pop("knowledge"), given.pop("taught_folder"))
    out = given.pop("out")
    settings = Settings(**given)
    made, tokenizer = material(*paths, settings)
    save(train(made, settings), tokenizer, settings, out)


if __name__ == "__main__":
    main()
