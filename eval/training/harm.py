"""Trains the learned part of the screen (assistant.safety.harm).

`python -m eval.training.harm --data ../shared/data --out assistant/safety/data/harm.npz`

Fitted on one part of COLD train and of ordinary texts, the threshold is chosen on a second, and the
figures are told on a third and on COLD dev. Deterministic for a seed; needs the extra `models`.
"""

import argparse
import json
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from assistant.safety.folding import fold
from assistant.safety.harm import BITS, HarmModel, places
from eval.live.moderation_sets import cold, column, lines, noise

SEED = 20261121
EPOCHS = 6
BATCH = 256
RATE = 0.05
DECAY = 2e-6
WANTED = 0.94
"""Share of COLD's offensive texts (second part) that the threshold lets through as harmful."""
MOST_LAWS = 12_000
MOST_NOISE = 12_000
MOST_TITLES = 6_000
MOST_BODIES = 6_000
MOST_SENTENCES = 10_000


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts with one label; `weight` is how much one of them counts while fitting."""

    name: str
    label: int
    texts: tuple[str, ...]
    weight: float = 1.0

    def part(self, wanted: Callable[[int], bool]) -> "Texts":
        """The texts of some tenths (by a hash of the text)."""
        kept = tuple(t for t in self.texts if wanted(zlib.crc32(t.encode()) % 10))
        return Texts(self.name, self.label, kept, self.weight)


def fitted(tenth: int) -> bool:
    """Tenths that the weights see."""
    return tenth < 6


def chosen(tenth: int) -> bool:
    """Tenths that the threshold sees."""
    return 6 <= tenth < 8


def reported(tenth: int) -> bool:
    """Tenths that nothing but the report sees."""
    return tenth >= 8


def sources(data: Path) -> list[Texts]:
    """What is learned from: COLD, and ordinary texts whose use allows it."""
    moderation = data / "moderation" / "cold_train.csv.gz"
    return [
        Texts("cold 1", 1, cold(moderation, "1")),
        Texts("cold 0", 0, cold(moderation, "0")),
        Texts("gd questions", 0, column(data / "gd_cases.jsonl", "question"), 2.0),
        Texts("stard questions", 0, column(data / "stard_cases.jsonl", "question"), 3.0),
        Texts("laws", 0, clauses(data)),
        Texts("danmaku noise", 0, noise(data)[:MOST_NOISE], 0.5),
        Texts("citizen titles", 0, titles(data), 1.0),
        Texts("citizen bodies", 0, bodies(data), 1.0),
        Texts("citizen sentences", 0, sentences(data), 1.0),
        Texts("own live texts", 0, own_texts(), 6.0),
    ]


def clauses(data: Path) -> tuple[str, ...]:
    """Sentences of laws, evenly drawn."""
    found = (
        sentence.strip()
        for row in lines(data / "laws_cn.jsonl.gz")
        for sentence in str(row["text"]).split("。")
    )
    good = sorted({s for s in found if 8 <= len(s) <= 80}, key=lambda s: zlib.crc32(s.encode()))
    return tuple(good[:MOST_LAWS])


def titles(data: Path) -> tuple[str, ...]:
    """Titles of citizens' messages: complaints, which are no offences."""
    rows = lines(data / "citizen_messages_dev.jsonl.gz")
    return tuple(str(row["title"]) for row in rows)[:MOST_TITLES]


def bodies(data: Path) -> tuple[str, ...]:
    """Some of those messages whole."""
    rows = lines(data / "citizen_messages_dev.jsonl.gz")
    return tuple(str(row["message"]) for row in rows)[:MOST_BODIES]


def sentences(data: Path) -> tuple[str, ...]:
    """Their sentences: short, plain-spoken, often angry."""
    rows = lines(data / "citizen_messages_dev.jsonl.gz")
    found = {s.strip() for row in rows for s in re.split("[。！？!?；;]", str(row["message"]))}
    good = sorted((s for s in found if 6 <= len(s) <= 60), key=lambda s: zlib.crc32(s.encode()))
    return tuple(good[:MOST_SENTENCES])


def own_texts() -> tuple[str, ...]:
    """What viewers ask and tell, in our own words (written for the triage)."""
    folder = Path(__file__).parent / "triage"
    names = ("questions", "statements", "off_topic", "complaints", "situations")
    texts = (
        text for name in names for text in (folder / f"{name}.txt").read_text("utf-8").splitlines()
    )
    others = (Path(__file__).parent / "harm_ordinary.txt").read_text("utf-8").splitlines()
    return tuple(text for text in (*texts, *others) if text.strip())


def learn(parts: Sequence[Texts]) -> HarmModel:
    """Fit the weights by Adam on the weighted log-loss."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rows = [
        (torch.from_numpy(places(fold(text).squeezed).astype(np.int64)), part.label, part.weight)
        for part in parts
        for text in part.texts
        if fold(text).squeezed
    ]
    table = torch.nn.EmbeddingBag(1 << BITS, 1, mode="sum")
    torch.nn.init.zeros_(table.weight)
    bias = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.Adam([*table.parameters(), bias], lr=RATE)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(rows)).tolist()
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for at in range(0, len(order), BATCH):
            _step([rows[i] for i in order[at : at + BATCH]], table, bias, optimiser)
    weights = table.weight.detach().numpy()[:, 0]
    scale = float(np.abs(weights).max()) / 127
    return HarmModel(np.round(weights / scale).astype(np.int8), scale, float(bias.detach()), 0.0)


def _step(
    batch: Sequence[tuple[torch.Tensor, int, float]],
    table: torch.nn.EmbeddingBag,
    bias: torch.nn.Parameter,
    optimiser: torch.optim.Optimizer,
) -> None:
    lengths = torch.tensor([len(row[0]) for row in batch])
    offsets = torch.cat([torch.zeros(1, dtype=torch.long), lengths.cumsum(0)[:-1]])
    each = torch.repeat_interleave(lengths.float().rsqrt(), lengths)
    scores = table(torch.cat([row[0] for row in batch]), offsets, per_sample_weights=each)
    labels = torch.tensor([float(row[1]) for row in batch])
    weight = torch.tensor([row[2] for row in batch])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        scores[:, 0] + bias, labels, weight=weight
    )
    loss = loss + DECAY * (table.weight**2).sum()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def threshold(model: HarmModel, parts: Sequence[Texts]) -> float:
    """The highest score that still finds the wanted share of offensive texts."""
    scores = sorted(_scores(model, (t for part in parts if part.label for t in part.texts)))
    return scores[int((1 - WANTED) * len(scores))]


def _scores(model: HarmModel, texts: Iterable[str]) -> list[float]:
    return [model.score(fold(text).squeezed) for text in texts]


def share(model: HarmModel, texts: Sequence[str]) -> float:
    """Which share of texts counts as harmful."""
    return sum(s >= model.threshold for s in _scores(model, texts)) / max(len(texts), 1)


def main() -> None:
    """Train, write, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    every = sources(options.data)
    model = learn([part.part(fitted) for part in every])
    at = threshold(model, [part.part(chosen) for part in every])
    model = HarmModel(model.weights, model.scale, model.bias, at)
    np.savez_compressed(
        options.out, weights=model.weights, scale=model.scale, bias=model.bias, threshold=at
    )
    report = {part.name: round(share(model, part.part(reported).texts), 4) for part in every}
    dev = options.data / "moderation" / "cold_dev.csv.gz"
    report |= {f"cold_dev {label}": round(share(model, cold(dev, label)), 4) for label in "10"}
    report["threshold"] = round(at, 4)
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
