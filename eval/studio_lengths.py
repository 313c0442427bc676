"""How many random guides fill the minutes that were asked for: `python -m eval.studio_lengths`.

Draws guides by a seed, drafts each without a model, and says which streams miss their minutes by
more than 8 %, and whether the draft says so itself. Exits 1 where one misses without a word.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.bootstrap import Settings, drafter_of, open_assistant
from assistant.domain.studio import StreamDraft
from assistant.studio.drafting.drafter import Drafter, lasts
from assistant.studio.drafting.timing import TOLERANCE
from eval.studio_check import GD, TODAY, _clock

MINUTES = (10, 15, 20, 25, 30)


def main() -> None:
    """Draw, draft, report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--guides", type=Path, default=GD)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=40)
    options.add_argument("--minutes", type=int, help="for all; else drawn for each")
    chosen = options.parse_args()
    rows = asyncio.run(_drafted(drawn(chosen.guides, chosen.seed, chosen.count, chosen.minutes)))
    _report(rows)
    sys.exit(any(row["missed"] and not row["told"] for row in rows))


def drawn(file: Path, seed: int, count: int, minutes: int | None) -> list[dict[str, Any]]:
    """Guides of different names, each with its minutes."""
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
    named = Counter(record["name"] for record in records)
    alone = [record for record in records if named[record["name"]] == 1]
    pick = random.Random(seed)
    chosen = pick.sample(alone, count)
    return [{"guide": one, "minutes": minutes or pick.choice(MINUTES)} for one in chosen]


async def _drafted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "guides.jsonl"
        lines = (json.dumps(row["guide"], ensure_ascii=False) for row in rows)
        file.write_text("\n".join(lines) + "\n", "utf-8")
        settings = Settings(data_dir=Path(folder) / "data", chat_model=None)
        async with open_assistant(settings, clock=_clock) as assistant:
            await assistant.ingest([file])
            drafter = await drafter_of(assistant)
            return [await _row(drafter, row) for row in rows]


async def _row(drafter: Drafter, row: dict[str, Any]) -> dict[str, Any]:
    guide, minutes = row["guide"], row["minutes"]
    asked = await drafter.brief(f"12月9日讲{guide['name']}，{minutes}分钟", TODAY)
    linked = guide["id"] in asked.items
    brief = replace(asked, items=(guide["id"],), policies=())
    draft = await drafter.draft(brief, TODAY)
    made = lasts(draft.segments) / 60
    offered = next((int(n) for n in re.findall(r"改成(\d+)分钟", _told(draft))), minutes)
    fills = True
    if offered != minutes:
        draft_of_it = await drafter.draft(replace(brief, minutes=offered), TODAY)
        fills = abs(lasts(draft_of_it.segments) / 60 - offered) <= TOLERANCE * offered
    return {
        "name": guide["name"],
        "linked": linked,
        "wanted": minutes,
        "made": round(made, 1),
        "open": round(sum(one.open_seconds for one in draft.segments) / 60, 1),
        "missed": abs(made - minutes) > TOLERANCE * minutes,
        "told": _told(draft),
        "asked": any(f"改成{offered}分钟" in one for one in asked.missing),
        "offered": offered,
        "fills": fills,
    }


def _told(draft: StreamDraft) -> str:
    """What the draft itself says of its length."""
    return "".join(
        f"{one.reason}。{one.suggestion}" for one in draft.findings if one.place == "plan.time"
    )


def _report(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        offer = f", offered {row['offered']}" if row["missed"] else ""
        state = "MISS" if row["missed"] else "ok  "
        other = "" if row["linked"] else " (not linked)"
        print(
            f"{state} {row['made']:5} of {row['wanted']} min, open {row['open']:4}"
            f" {row['name'][:30]}{other}{offer}"
        )
    missed = [row for row in rows if row["missed"]]
    share = sum(row["open"] for row in rows) / sum(row["made"] for row in rows)
    print(
        f"{len(missed)} of {len(rows)} miss their minutes by more than {TOLERANCE:.0%},"
        f" {sum(not row['told'] for row in missed)} of them without a word; open time {share:.0%}"
        f"; asked back at the brief {sum(row['asked'] for row in missed)}, filled at the minutes"
        f" offered {sum(row['fills'] for row in missed)}"
    )


if __name__ == "__main__":
    main()
