"""How well personal data is masked, and how often a real question is altered for nothing.

    python -m eval.live.masking --data ../shared/data --out FILE [--seed N] [--each N]

Miss: of a sample made anew (`personal_samples`), four digits or signs in a row or a name can still
be read; of a number told in pieces, words or another order (`told`), a piece can. The mask that the
product had before is the baseline. Altered: share of the texts of a set in which anything was
masked; each of them stands in FILE, to be judged, with the masked text only.
Official numbers are those of the guides and policies of the same data.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from assistant.safety.masking import Masker
from assistant.safety.official import phones_in
from eval.live.coarse_mask import mask as coarse
from eval.live.disguises import DISGUISES, Sample
from eval.live.personal_samples import KINDS, leaks, sample
from eval.live.told import CASES, told, told_leaks

Mask = Callable[[str], str]
SETS = {
    "gd_cases": ("gd_cases.jsonl", "question"),
    "gd_lay_cases": ("gd_lay_cases.jsonl", "question"),
    "ncp_cases": ("ncp_cases.jsonl", "question"),
    "stard_cases": ("stard_cases.jsonl", "question"),
    "drug_cases": ("drug_cases.jsonl", "question"),
    "drug_paraphrases": ("drug_faq_paraphrase_cases.jsonl", "question"),
    "intent_queries": ("gov_intent_queries.jsonl", "query"),
    "citizen_titles": ("citizen_messages_dev.jsonl.gz", "title"),
    "citizen_bodies": ("citizen_messages_dev.jsonl.gz", "message"),
    "danmaku": ("danmaku_dev.jsonl.gz", "text"),
    "rehearsal_93": ("rehearsal_93_dev.jsonl", "text"),
}


@dataclass(frozen=True, slots=True)
class Altered:
    """What masking did to one set: times are microseconds for each text."""

    texts: int
    changed: list[tuple[str, tuple[str, ...]]]
    microseconds: float


def main() -> int:
    """Measure and write the report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--each", type=int, default=50)
    given = options.parse_args()
    masker = Masker(_official(given.data))
    report = "\n".join(
        (
            f"# Masking, seed {given.seed}, {given.each} samples a cell\n",
            *_misses(masker, given.seed, given.each),
            *_told(masker, given.seed, given.each),
            *_alterations(masker, given.data),
        )
    )
    given.out.write_text(report + "\n", "utf-8")
    print(report.split("\n## Altered texts")[0])
    return 0


def _misses(masker: Masker, seed: int, each: int) -> Iterator[str]:
    cases = list(_cases(seed, each))
    ours = _missed(cases, lambda text: masker(text).text)
    before = _missed(cases, coarse)
    yield f"Missed {sum(ours.values())} of {len(cases)}; the mask before: {sum(before.values())}\n"
    yield "| % missed (before) | " + " | ".join(DISGUISES) + " |"
    yield "|---|" + "---|" * len(DISGUISES)
    for kind in KINDS:
        cells = (
            f"{100 * ours[kind, way] / each:.3g} ({100 * before[kind, way] / each:.0f})"
            for way in DISGUISES
        )
        yield f"| {kind} | " + " | ".join(cells) + " |"
    yield ""


def _cases(seed: int, each: int) -> Iterator[tuple[tuple[str, str], Sample]]:
    for kind in KINDS:
        for way in DISGUISES:
            random = Random(f"{seed} {kind} {way}")
            yield from (((kind, way), sample(kind, way, random)) for _ in range(each))


def _told(masker: Masker, seed: int, each: int) -> Iterator[str]:
    """Numbers told in pieces, words and other orders (`told`)."""
    missed = {case: _told_missed(masker, case, seed, each) for case in CASES}
    yield f"Told in pieces: missed {sum(missed.values())} of {each * len(CASES)}\n"
    yield ", ".join(f"{way} {kind} {count}" for (kind, way), count in missed.items() if count)
    yield ""


def _told_missed(masker: Masker, case: tuple[str, str], seed: int, each: int) -> int:
    random = Random(f"{seed} {case}")
    samples = [told(*case, random) for _ in range(each)]
    return sum(bool(told_leaks(one, masker(one.text).text)) for one in samples)


def _missed(cases: list[tuple[tuple[str, str], Sample]], mask: Mask) -> Counter[tuple[str, str]]:
    return Counter(cell for cell, case in cases if leaks(case, mask(case.text)))


def _alterations(masker: Masker, data: Path) -> Iterator[str]:
    sets = {name: _altered(masker, data / file, key) for name, (file, key) in SETS.items()}
    yield "| set | texts | altered | % | µs each | kinds |\n|---|---|---|---|---|---|"
    for name, got in sets.items():
        kinds = Counter(kind for _, each in got.changed for kind in each)
        said = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        share = 100 * len(got.changed) / got.texts
        yield (
            f"| {name} | {got.texts} | {len(got.changed)} | {share:.2f} "
            f"| {got.microseconds:.0f} | {said} |"
        )
    yield ""
    yield from _speed(masker)
    yield "\n## Altered texts\n"
    for name, got in sets.items():
        yield from (f"- {name}: {text}" for text, _ in got.changed)


def _altered(masker: Masker, path: Path, key: str) -> Altered:
    texts = [row[key] for row in _rows(path) if row.get(key)]
    began = time.perf_counter()
    masked = [masker(text) for text in texts]
    spent = (time.perf_counter() - began) / len(texts)
    changed = [(_near(each.text), each.kinds) for each in masked if each.kinds]
    return Altered(len(texts), changed, 1e6 * spent)


def _near(masked: str) -> str:
    """The masked text around its first placeholder, on one line."""
    at = masked.find("〔已隐去")
    return " ".join(masked[max(0, at - 24) : at + 40].split())


def _speed(masker: Masker) -> Iterator[str]:
    texts = {
        "15 characters, nothing in it": "主播这个怎么办理呀要带什么",
        "15 characters with a number": "我的手机13800138000没短信",
        "200 characters, three numbers": (
            "我叫王小明，身份证11010519491231002X，电话138-0013-8000，住在景田路12号3栋2单元501室。"
            + "去年9月交了社保，今年3月断了两个月，窗口说要补15天，12345也打过，材料交了三份，" * 4
        )[:200],
    }
    for name, text in texts.items():
        times = sorted(_once(masker, text) for _ in range(500))
        yield f"- {name}: median {1e6 * times[250]:.0f} µs, P95 {1e6 * times[475]:.0f} µs"


def _once(masker: Masker, text: str) -> float:
    began = time.perf_counter()
    masker(text)
    return time.perf_counter() - began


def _official(data: Path) -> set[str]:
    """Phones of the guides and policies."""
    found: set[str] = set()
    for row in _rows(data / "gd_guides.jsonl"):
        found |= phones_in(f"{row.get('consult_phone')} {row.get('complaint_phone')}")
    for row in _rows(data / "ncp_docs.jsonl"):
        found |= phones_in(row["text"])
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    yield from map(json.loads, text.decode("utf-8").strip().split("\n"))


if __name__ == "__main__":
    sys.exit(main())
