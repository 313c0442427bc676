"""Fit the estimate that a service item is the one meant (`assistant/answering/data/items.json`).

    python -m eval.training.items --guides GUIDES.jsonl [--cases CASES.jsonl …] [--write ITEMS.json]

Questions are made from the guides themselves: names typed with slips, names within a context, and
names of items that were taken out of the catalogue, to which nothing is right. Cases (those about
an item, and those that no guide answers) are added. Every other question of each kind is for
fitting; the others are reported: right and wrong among the best fits at each threshold.
"""

import argparse
import asyncio
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.folding import fold
from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.matching import Fit, measure
from assistant.answering.places import Gazetteer
from assistant.answering.sounds import syllable
from assistant.answering.understand import understand
from assistant.bootstrap import Assistant, Settings, open_assistant
from assistant.bundled import bundled
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide
from assistant.retrieval.formats import read_jsonl

TODAY = date(2026, 1, 1)
ASK = (
    *(
        "{}需要什么材料",
        "{}多久能办好",
        "请问{}在哪办",
        "想办{}要带啥",
        "{}的咨询电话",
        "办{}要跑几趟",
    ),
    *("{}能网上办吗", "{} 几天能下来", "{}归谁管", "{}的条件是什么", "{}怎么收费", "{}法定几天"),
)
CONTEXTS = (
    *(
        "我公司刚成立，",
        "主播好，",
        "我是外地来的 ",
        "我妈今年六十二了，",
        "上周去了一趟没办成，",
        "急急急 ",
    ),
    *(
        "之前办过一次忘了，",
        "孩子明年毕业 ",
        "我们单位要申请",
        "我是个体户 ",
        "听说政策变了 ",
        "你好，第一次办",
    ),
)
WEIGHT = {"case": 3.0, "left out": 3.0}
RIDGE = 1.0
CANDIDATES = 12


@dataclass(frozen=True)
class Asked:
    """A question of a kind, the ids that are right, and the ids taken out of the catalogue."""

    kind: str
    text: str
    right: frozenset[str]
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """A question's best candidates: numbers, whether each is right, whether it is exact."""

    kind: str
    fits: Sequence[tuple[dict[str, float], bool, bool]]


def made(guides: Sequence[ServiceGuide], catalogue: Catalogue, seed: int) -> Iterator[Asked]:
    """Questions made from guides; each guide serves one kind."""
    chance = random.Random(seed)
    letters = _letters(guides)
    for place, guide in enumerate(chance.sample(guides, len(guides))):
        text, right = chance.choice(ASK), _called(catalogue, guide.name)
        if place % 3 == 0:
            yield Asked("slip", text.format(_slipped(guide.name, letters, chance)), right)
        elif place % 3 == 1:
            yield Asked("context", chance.choice(CONTEXTS) + text.format(guide.name), right)
        else:
            yield Asked("left out", text.format(guide.name), frozenset(), right)


def _called(catalogue: Catalogue, name: str) -> frozenset[str]:
    profiles = catalogue.by_surface[catalogue.index.numbers[fold(name)]]
    return frozenset(key for profile in profiles for key in catalogue.profiles[profile])


def _letters(guides: Sequence[ServiceGuide]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for char in sorted({char for guide in guides for char in guide.name if char > "一"}):
        found[syllable(char)].append(char)
    return found


def _slipped(name: str, letters: dict[str, list[str]], chance: random.Random) -> str:
    """A name with a homophone, a letter left out, two changed about, or one put in."""
    at = chance.randrange(max(1, len(name) - 1))
    alike = chance.choice(letters.get(syllable(name[at])) or [name[at]])
    return chance.choice(
        (
            name[:at] + alike + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
            name[:at] + "的" + name[at:],
        )
    )


def told(paths: Sequence[Path]) -> Iterator[Asked]:
    """The questions of case files."""
    for line in (line for path in paths for line in path.read_text("utf-8").splitlines()):
        case = json.loads(line)
        if not case.get("history") and case["expected_action"] in {"answer", "review"}:
            yield Asked("case", case["question"], frozenset(case.get("reference_ids") or ()))


async def rows(asked: Sequence[Asked], catalogue: Catalogue, assistant: Assistant) -> list[Row]:
    """Measure every question with the real search."""
    gazetteer = Gazetteer(catalogue.regions)
    return [await _row(one, catalogue, gazetteer, assistant) for one in asked]


async def _row(one: Asked, whole: Catalogue, gazetteer: Gazetteer, assistant: Assistant) -> Row:
    catalogue = whole.updated([], one.gone) if one.gone else whole
    question = Question(one.text, TODAY)
    reading = understand(question, catalogue, gazetteer)
    found = await assistant.search(reading.search_text, reading.scope(question), 60)
    kept = Ranking(tuple(hit for hit in found.hits if hit.source.id not in one.gone))
    fits = measure(reading.parts[0].mention, catalogue, kept)[:CANDIDATES]
    return Row(one.kind, [_measured(fit, catalogue, one) for fit in fits])


def _measured(fit: Fit, catalogue: Catalogue, one: Asked) -> tuple[dict[str, float], bool, bool]:
    right = not one.right.isdisjoint(catalogue.profiles[fit.profile])
    return fit.vector(), right, fit.is_exact


def fit_weights(fitted: Sequence[Row]) -> dict[str, float]:
    """Ridge logistic regression over the candidates of questions without an exact one."""
    open_rows = [row for row in fitted if not any(exact for *_, exact in row.fits)]
    names = [*open_rows[0].fits[0][0], "bias"]
    cells = [(row.kind, v, right) for row in open_rows for v, right, _ in row.fits]
    x = np.array([[*v.values(), 1.0] for _, v, _ in cells])
    y = np.array([float(right) for *_, right in cells])
    w = np.array([WEIGHT.get(kind, 1.0) for kind, *_ in cells])
    return dict(zip(names, _newton(x, y, w), strict=True))


def _newton(x: NDArray[np.float64], y: NDArray[np.float64], w: NDArray[np.float64]) -> list[float]:
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[-1, -1] = 1e-6
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        slope = x.T @ (w * (y - p)) - ridge @ beta
        beta += np.linalg.solve((x.T * (w * p * (1 - p))) @ x + ridge, slope)
    return [float(number) for number in beta]


def report(kept: Sequence[Row], weights: dict[str, float]) -> None:
    """Right and wrong among the best fits, by kind and threshold."""
    for kind in dict.fromkeys(row.kind for row in kept):
        best = [_best(row, weights) for row in kept if row.kind == kind and row.fits]
        line = [
            f"≥{at}: {sum(ok and p >= at for p, ok in best)} right"
            f" {sum(not ok and p >= at for p, ok in best)} wrong"
            for at in (0.5, 0.6, 0.8)
        ]
        print(f"{kind} ({len(best)}): {'; '.join(line)}")


def _best(row: Row, weights: dict[str, float]) -> tuple[float, bool]:
    return max((1.0 if exact else _chance(v, weights), ok) for v, ok, exact in row.fits)


def _chance(vector: dict[str, float], weights: dict[str, float]) -> float:
    score = weights["bias"] + sum(weights[name] * number for name, number in vector.items())
    return 1 / (1 + float(np.exp(-np.clip(score, -30, 30))))


async def _run(args: argparse.Namespace) -> None:
    guides = [source for source in read_jsonl(args.guides) if isinstance(source, ServiceGuide)]
    with tempfile.TemporaryDirectory() as folder:
        async with open_assistant(Settings(data_dir=Path(folder), region=None)) as assistant:
            await assistant.ingest([args.guides])
            lexicon = Lexicon.load(bundled("knowledge") / "lexicon")
            catalogue = Catalogue.build(guides, assistant.regions, lexicon)
            asked = [*made(guides, catalogue, args.seed), *told(args.cases)]
            measured = await rows(asked, catalogue, assistant)
    weights = fit_weights(measured[::2])
    report(measured[1::2], weights)
    if args.write:
        data = json.loads(args.write.read_text("utf-8"))
        data["weights"] = {name: round(weight, 3) for name, weight in weights.items()}
        args.write.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")


def main() -> None:
    """Read the arguments and fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guides", type=Path, required=True)
    parser.add_argument("--cases", type=Path, nargs="*", default=[])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
