"""Read, as text, every answer that the evaluation sets give: what is left, how long, how fast.

    python -m eval.voice_check --out DIR [--data ../shared/data] [--reuse] [--show 20]

Runs `assistant eval run` over the bundled sets and, where they are, gd and ncp; then `Reading` over
the text shown and the text voiced of each result. `--reuse` takes the results that lie in DIR.
Ends with status 1 where a digit or sign is left in a spoken text.
"""

import argparse
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.speech import SpokenText
from assistant.evaluation.results import read_results
from assistant.voice.reading import Reader, leftovers
from eval.quality import Set, run, sets

SETS = ("sets", "gd_cases", "gd_lay_cases", "ncp_cases")
_SPOKEN_MARKS = "，。；：？！、"


@dataclass
class Figures:
    """What was counted over one set's texts."""

    texts: int = 0
    characters: int = 0
    sentences: int = 0
    seconds: float = 0.0
    slowest_ms: float = 0.0
    lengths: Counter[int] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    latin: Counter[str] = field(default_factory=Counter)
    silent_digits: Counter[str] = field(default_factory=Counter)
    phones: int = 0
    long: list[SpokenText] = field(default_factory=list)


def measured(texts: Sequence[str], read: Reader) -> Figures:
    """Read each text once and count."""
    figures = Figures(texts=len(texts), characters=sum(map(len, texts)))
    for text in texts:
        start = time.thread_time()
        spoken = read(text)
        took = time.thread_time() - start
        figures.seconds += took
        figures.slowest_ms = max(figures.slowest_ms, took * 1000)
        for one in spoken:
            _count(one, figures)
    return figures


def _count(one: SpokenText, figures: Figures) -> None:
    figures.sentences += 1
    figures.lengths[len(one.spoken)] += 1
    figures.left.update(_left(one.spoken))
    figures.latin.update(re.findall("[A-Za-z]+", one.spoken))
    figures.silent_digits.update(_silent_digits(one))
    if len(one.spoken) > 25:
        figures.phones += "；" in one.spoken
        figures.long += [] if "；" in one.spoken else [one]


def _left(spoken: str) -> Iterator[str]:
    """Digits and signs by their Unicode category, apart from what `leftovers` itself says."""
    yield from leftovers(spoken)
    for char in spoken:
        if char not in _SPOKEN_MARKS and unicodedata.category(char)[0] in "NPSZC" and char != "〇":
            yield char


def _silent_digits(one: SpokenText) -> Iterator[str]:
    """Runs of digits of the caption for which nothing is said (an ID number, rightly)."""
    silent = [s for s in one.spans if s.spoken_start == s.spoken_end]
    for span in silent:
        yield from re.findall(r"\d+", one.display[span.display_start : span.display_end])


def _texts(out: Path, name: str) -> list[str]:
    results = read_results(out / name / "cases.jsonl")
    return sorted({text for line in results for text in (line.answer, line.spoken) if text})


def _print(name: str, figures: Figures, show: int) -> None:
    over = sum(count for length, count in figures.lengths.items() if length > 25)
    speed = figures.seconds * 1000 / max(1, figures.characters) * 100
    print(
        f"{name}: {figures.texts} texts, {figures.characters} characters, "
        f"{figures.sentences} sentences; left over {sum(figures.left.values())}; "
        f"longest {max(figures.lengths, default=0)}, over 25: {over}, "
        f"of them phone numbers said twice: {figures.phones}; "
        f"{speed:.2f} ms per 100 characters, slowest text {figures.slowest_ms:.1f} ms"
    )
    print("  left:", dict(figures.left.most_common(show)))
    print("  Latin:", dict(figures.latin.most_common(show)))
    print("  digits not said:", dict(figures.silent_digits.most_common(show)))
    long = {one.display: one.spoken for one in figures.long}
    for display in sorted(long, key=lambda text: -len(long[text]))[:show]:
        print(f"  {len(long[display])} {display} | {long[display]}")


def _results(wanted: Sequence[Set], out: Path, *, reuse: bool) -> list[str]:
    """The names of the sets that have results now."""
    for one in wanted:
        kept = reuse and (out / one.name / "cases.jsonl").exists()
        if not kept and one.cases.exists():
            run(one, out, None)
    return [one.name for one in wanted if (out / one.name / "cases.jsonl").exists()]


def main() -> int:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    wanted = [one for one in sets(options.data, options.out) if one.name in SETS]
    read, left = Reader.load(), 0
    for name in _results(wanted, options.out, reuse=options.reuse):
        figures = measured(_texts(options.out, name), read)
        _print(name, figures, options.show)
        left += sum(figures.left.values())
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
