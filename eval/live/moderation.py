"""How much harm the screen finds, and how much it sees where there is none.

`python -m eval.live.moderation --data ../shared/data --out FILE`

Screens each set as the live room does (masked first), with the guard before the packs as baseline.
Ends with 1 where a limit is missed. `held` sets were not looked at while the rules were written.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from assistant.answering.guard import Guard
from assistant.domain.screening import Severity
from assistant.safety.screen import Screen, shipped_screen
from eval.live import moderation_baseline
from eval.live.moderation_sets import TextSet, harmful_sets, ordinary_sets

Finds = Callable[[str], bool]


def figures(data: Path) -> dict[str, object]:
    """Every set under the screen, its rules alone, the guard with the screen, and the baseline."""
    whole = shipped_screen()
    rules = Screen(whole.packs, None)
    guard = Guard(whole)
    ways: dict[str, Finds] = {
        "screen": lambda text: whole(text).severity is not Severity.CLEAN,
        "rules": lambda text: rules(text).severity is not Severity.CLEAN,
        "guard": lambda text: guard.screen(text) is not None,
        "baseline": moderation_baseline.refuses,
    }
    sets = [*harmful_sets(data), *ordinary_sets(data)]
    rows = [_row(one, ways, whole) for one in sets]
    return {
        "version": whole.version,
        "microseconds": _speed(whole, [one for one in sets if one.name == "danmaku noise"]),
        "sets": rows,
        "missed": [row["set"] for row in rows if not row["met"]],
    }


def _row(one: TextSet, ways: dict[str, Finds], screen: Screen) -> dict[str, object]:
    """Shares of a set that each way finds; the limit is for the guard: rules, model, numbers."""
    shares = {name: sum(map(finds, one.texts)) / len(one.texts) for name, finds in ways.items()}
    value = shares["guard"]
    met = one.limit is None or (value >= one.limit if one.harmful else value <= one.limit)
    codes = Counter(screen(text).code or "clean" for text in one.texts)
    return {
        "set": one.name,
        "texts": len(one.texts),
        "harmful": one.harmful,
        "limit": one.limit,
        "met": met,
        **{name: round(share, 4) for name, share in shares.items()},
        "codes": dict(codes.most_common()),
    }


def _speed(screen: Screen, sets: list[TextSet]) -> dict[str, float]:
    """Processor time of one comment: mean and 99th percentile, over comments as they come."""
    texts = sets[0].texts[:5000]
    times: list[float] = []
    for text in texts:
        began = time.process_time_ns()
        screen(text)
        times.append((time.process_time_ns() - began) / 1000)
    times.sort()
    return {"mean": round(sum(times) / len(times)), "p99": round(times[int(len(times) * 0.99)])}


def main() -> int:
    """Measure, write, print a line a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found = figures(options.data)
    options.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    print(
        f"{'set':24}{'texts':>7}{'guard':>9}{'screen':>9}{'rules':>9}{'baseline':>10}{'limit':>8}"
    )
    for row in found["sets"]:  # type: ignore[attr-defined]
        shares = "".join(f"{row[way]:9.4f}" for way in ("guard", "screen", "rules", "baseline"))
        mark = "" if row["met"] else " !"
        print(f"{row['set']:24}{row['texts']:7}{shares}{row['limit']!s:>8}{mark}")
    print(json.dumps(found["microseconds"]))
    return 1 if found["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
