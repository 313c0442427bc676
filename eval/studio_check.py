"""Drafts every brief and says whether it may be trusted: `python -m eval.studio_check [--out DIR]`.

Exit status 1 where a bar is missed: every value traced, no material missing or added, the minutes
within 8 %, clips of at most 40 s, 95 % of the checklist, at most 20 s a draft with its deck.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assistant.bootstrap import Settings, drafter_of, open_assistant
from assistant.domain.studio import StreamDraft
from assistant.records.codec import to_json
from assistant.studio.drafting.drafter import Drafter
from assistant.studio.drafting.files import files_of
from eval.studio.checklist import Case, added_materials, answers, missing_materials
from eval.studio.tracing import Raw, read_raw, untraced

TODAY = date(2026, 11, 30)
HERE = Path(__file__).parent / "studio"
BUNDLED = Path(__file__).parents[1] / "knowledge"
GD = Path("/work/shared/data/gd_guides.jsonl")
_FOLDERS = ("guides", "policies", "faqs")


def main() -> None:
    """Check all briefs; the outside ones where their guides lie on this machine."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, help="keep the drafts' files here")
    options.add_argument("--only", help="one brief by its id")
    chosen = options.parse_args()
    bundled = [BUNDLED / name for name in _FOLDERS]
    rows = asyncio.run(_set(_briefs(HERE / "briefs.jsonl", chosen.only), bundled, chosen.out))
    if GD.exists():
        rows += asyncio.run(_set(_briefs(HERE / "gd_briefs.jsonl", chosen.only), [GD], chosen.out))
    _report(rows)
    sys.exit(0 if all(row["ok"] for row in rows) else 1)


def _clock() -> datetime:
    return datetime(2026, 11, 30, 2, tzinfo=UTC)


def _briefs(path: Path, only: str | None) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [row for row in rows if only in (None, row["id"])]


async def _set(
    rows: list[dict[str, Any]], knowledge: list[Path], out: Path | None
) -> list[dict[str, Any]]:
    """Draft and judge briefs on a knowledge base of their own."""
    if not rows:
        return []
    raw = read_raw(file for place in knowledge for file in _files(place))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), chat_model=None)
        async with open_assistant(settings, clock=_clock) as assistant:
            await assistant.ingest(knowledge)
            drafter = await drafter_of(assistant)
            titles = {key: header.title for key, header in assistant.index.headers.items()}
            return [await _checked(row, drafter, raw, titles, out) for row in rows]


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.iterdir())


async def _checked(
    row: dict[str, Any], drafter: Drafter, raw: Raw, titles: dict[str, str], out: Path | None
) -> dict[str, Any]:
    began = time.monotonic()
    brief = await drafter.brief(row["brief"], TODAY)
    draft = await drafter.draft(brief, TODAY)
    files = dict(files_of(draft, titles))
    seconds = time.monotonic() - began
    if out:
        (out / row["id"]).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / row["id"] / name).write_bytes(data)
    return _judged(row, draft, raw, seconds)


def _judged(row: dict[str, Any], draft: StreamDraft, raw: Raw, seconds: float) -> dict[str, Any]:
    kept = json.loads(to_json(draft))
    case = Case(kept, row, raw)
    total, lost = untraced(kept, row, raw)
    asked = answers(case)
    made = sum(segment.seconds for segment in draft.segments) / 60
    named = [raw.records[item]["name"] for item in draft.brief.items if item in raw.records]
    told = {
        "understood": _understood(row, draft, named),
        "traced": not lost,
        "materials": not missing_materials(case) and not added_materials(case),
        "minutes": abs(made - row["minutes"]) <= 0.08 * row["minutes"],
        "clips": all(clip.seconds < 40 for clip in draft.clips) and 0 < len(draft.clips) <= 5,
        "checklist": len(asked) >= 40 and sum(asked.values()) >= 0.95 * len(asked),
        "unrepeated": not repeated(kept),
        "findings": not [one for one in draft.findings if one.place != "plan.time"],
        "seconds": seconds <= 20,
    }
    no = [name for name, yes in asked.items() if not yes]
    return {
        "id": row["id"],
        "ok": all(told.values()),
        "missed": [name for name, held in told.items() if not held],
        "values": total,
        "lost": lost,
        "materials": missing_materials(case) + added_materials(case),
        "minutes": round(made, 2),
        "wanted": row["minutes"],
        "open": round(sum(segment.open_seconds for segment in draft.segments) / 60, 2),
        "clips": max((clip.seconds for clip in draft.clips), default=0.0),
        "asked": len(asked),
        "no": no,
        "repeated": repeated(kept),
        "findings": [f"{one.place}: {one.words} {one.reason}" for one in draft.findings],
        "seconds": round(seconds, 1),
    }


def _understood(row: dict[str, Any], draft: StreamDraft, named: list[str]) -> bool:
    brief = draft.brief
    items = set(row.get("items", ())) <= set(brief.items) and set(row.get("names", ())) <= set(
        named
    )
    policies = set(row.get("policies", ())) <= set(brief.policies)
    day = brief.day is not None and brief.day.isoformat() == row["day"]
    return (
        items and policies and day and brief.kind == row["kind"] and brief.minutes == row["minutes"]
    )


def repeated(kept: dict[str, Any]) -> list[str]:
    """Connecting sentences (those that state nothing) that are said more than once."""
    said = Counter(
        one["text"] for s in kept["segments"] for one in s["sentences"] if not one["facts"]
    )
    return [re.sub(r"\s", "", text) for text, count in said.items() if count > 1]


def _report(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        yes = row["asked"] - len(row["no"])
        print(
            f"{row['id']} {'ok  ' if row['ok'] else 'MISS'}"
            f" values {row['values']} lost {len(row['lost'])} | materials ±{len(row['materials'])}"
            f" | {row['minutes']} of {row['wanted']} min, open {row['open']}"
            f" | clips ≤ {row['clips']} s | checklist {yes}/{row['asked']}"
            f" | {row['seconds']} s {' '.join(row['missed'])}"
        )
        for name in ("lost", "materials", "no", "repeated", "findings"):
            for one in row[name][:12]:
                print(f"    {name}: {one}")
    print(f"{sum(row['ok'] for row in rows)} of {len(rows)} drafts hold every bar")


if __name__ == "__main__":
    main()
