"""The rehearsal: one hour with 93 questions among 2,500 other comments, through the live path.

    python -m eval.live.rehearsal --out DIR [--data ../shared/data] [--kept DIR] [--no-split]

Builds a throw-away knowledge base (or uses the one in --kept, building it there if it is empty),
replays `rehearsal_93_dev.jsonl`, and judges the outcomes against the truth and the facts of the
cases. Then the same recording split over five platforms, with repeats and out of order: the
outcomes must be the same. Writes DIR/figures.json and DIR/misses.jsonl.
"""

import argparse
import asyncio
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.bootstrap import Settings, open_assistant, open_live
from assistant.domain.live import Room
from assistant.evaluation.matching import states
from assistant.live.export import Ended, exported
from assistant.live.outcome_lines import OutcomeLine
from assistant.live.platforms.recording import RecordedEvent, parse_recorded
from assistant.live.replay import Replay
from assistant.live.replay_events import in_order

ROOT = Path(__file__).parents[2]
CORPUS = ("gd_guides.jsonl", "ncp_docs.jsonl")
CASES = ("gd_cases.jsonl", "ncp_cases.jsonl")
PLATFORMS = ("bilibili", "douyin", "kuaishou", "wechat_channels", "webhook")
SEED = 93
GIVEN = ("spoken", "replied", "merged")


@dataclass(frozen=True, slots=True)
class Truth:
    """What a comment is: a case of the sets, or noise."""

    case: Mapping[str, Any] | None

    @property
    def expected(self) -> str:
        """The action that is right; "" for noise."""
        return str(self.case["expected_action"]) if self.case else ""


def main() -> None:
    """Replay, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--kept", type=Path, help="data folder to keep and use again")
    parser.add_argument("--no-split", action="store_true", help="leave the five platforms out")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    folder = nullcontext(str(given.kept)) if given.kept else tempfile.TemporaryDirectory()
    with folder as place:
        figures, misses = asyncio.run(_run(Path(place), given.data, split=not given.no_split))
    _write(given.out / "figures.json", [figures])
    _write(given.out / "misses.jsonl", misses)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


async def _run(
    place: Path, data: Path, *, split: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    lines = (data / "rehearsal_93_dev.jsonl").read_text(encoding="utf-8").splitlines()
    settings = Settings(data_dir=place, database_url=None, chroma_url=None, region=None)
    async with open_assistant(settings) as assistant:
        if not assistant.index.headers:
            await assistant.ingest([data / name for name in CORPUS])
        live = await open_live(assistant)
        plain = await replayed(live, "rehearsal", _read(lines))
        truth = read_truth(data, "rehearsal_93_dev_truth.jsonl")
        figures, misses = judged(plain, truth)
        if split:
            other = await replayed(live, "rehearsal-split", _read(scattered(lines)))
            figures["same_over_five_platforms"] = same(plain, other)
    return figures, misses


async def replayed(live: Any, room: str, events: Iterable[RecordedEvent]) -> list[OutcomeLine]:
    """The outcome lines of a recording."""
    stored = Room(room, room)
    await live.records.put_room(stored)
    run = Replay(live.replay_parts(), stored, live.new_id(), automatic=True)
    done = await run.run(in_order(events))
    ended = Ended(room, done.session_id, done.began, done.ended)
    return (await exported(live.records, ended, run.event_id))[0]


def _read(lines: Sequence[str]) -> list[RecordedEvent]:
    return [parse_recorded(line, f"line {n}") for n, line in enumerate(lines, start=1)]


def scattered(lines: Sequence[str], seed: int = SEED) -> list[str]:
    """The same events over five platforms, a tenth of them twice, in any order.

    A viewer stays on one platform, as people do; a repeat comes later, on the same platform.
    """
    chance = random.Random(seed)
    homes: dict[str, str] = {}
    found = []
    for line in lines:
        row = json.loads(line)
        viewer = (row.get("user") or {}).get("id", "")
        row["platform"] = homes.setdefault(viewer, chance.choice(PLATFORMS))
        found.append(json.dumps(row, ensure_ascii=False))
        if chance.random() < 0.1:
            later = row | {"at": row["at"] + chance.random() * 30}
            found.append(json.dumps(later, ensure_ascii=False))
    chance.shuffle(found)
    return found


def same(first: Sequence[OutcomeLine], second: Sequence[OutcomeLine]) -> dict[str, int]:
    """How many comments had the same end, answer included, in both."""
    one, other = ({line.event_id: line for line in lines} for lines in (first, second))
    both = one.keys() & other.keys()
    kinds = sum(one[key].outcome == other[key].outcome for key in both)
    answers = sum(one[key].answer == other[key].answer for key in both)
    return {
        "comments": len(one.keys() | other.keys()),
        "same_outcome": kinds,
        "same_answer": answers,
    }


def read_truth(data: Path, name: str) -> dict[str, Truth]:
    """What each comment is, by its event id."""
    cases = {row["id"]: row for file in CASES for row in _rows(data / file)}
    return {row["event_id"]: Truth(cases.get(row["case_id"])) for row in _rows(data / name)}


def judged(
    lines: Sequence[OutcomeLine], truth: Mapping[str, Truth]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Figures, and every question or noise that did not end as it should."""
    by_id = {line.event_id: line for line in lines}
    questions = {id_: one for id_, one in truth.items() if one.case}
    noise = [by_id[id_] for id_, one in truth.items() if not one.case and id_ in by_id]
    taken = [id_ for id_ in questions if is_taken(by_id[id_])]
    wanted = [id_ for id_, one in questions.items() if one.expected == "answer"]
    right = [id_ for id_ in wanted if is_right(by_id[id_], truth[id_])]
    given = [id_ for id_ in questions if gives_answer(by_id[id_])]
    wrong = [id_ for id_ in given if not is_right(by_id[id_], truth[id_])]
    noise_taken = [line for line in noise if line.is_question]
    noise_kept = [line for line in noise if line.outcome != "set_aside"]
    figures = {
        "comments": len(truth),
        "lines": len(lines),
        "without_line": len(truth.keys() - by_id.keys()),
        "questions": len(questions),
        "questions_taken": len(taken) / len(questions),
        "noise_taken": len(noise_taken) / len(noise),
        "noise_not_set_aside": len(noise_kept) / len(noise),
        "noise_outcomes": dict(Counter(line.outcome.value for line in noise)),
        "answers_wanted": len(wanted),
        "answers_right": len(right) / len(wanted),
        "wrong_of_all": len(wrong) / len(questions),
        "by_set": by_set(truth, wanted, right),
        "outcomes": dict(Counter(by_id[id_].outcome.value for id_ in questions)),
    }
    missed = {*wanted} - {*right} | {*wrong} | (questions.keys() - {*taken})
    rows = [_miss(by_id[id_], truth[id_]) for id_ in sorted(missed)]
    rows += [_miss(line, truth[line.event_id]) for line in noise_kept]
    return figures, rows


def by_set(
    truth: Mapping[str, Truth], wanted: Sequence[str], right: Sequence[str]
) -> dict[str, str]:
    """Right of wanted answers, for each set that the cases come from."""
    names = [str((truth[id_].case or {})["id"]).split("-")[0] for id_ in wanted]
    hits = Counter(str((truth[id_].case or {})["id"]).split("-")[0] for id_ in right)
    return {name: f"{hits[name]}/{count}" for name, count in sorted(Counter(names).items())}


def is_taken(line: OutcomeLine) -> bool:
    """Taken as a question: answered, queued or merged, never set aside as noise."""
    return line.outcome != "set_aside" or line.is_question


def gives_answer(line: OutcomeLine) -> bool:
    """Whether a viewer was told something as the answer."""
    return line.outcome in GIVEN and line.action == "answer" and bool(line.answer)


def is_right(line: OutcomeLine, truth: Truth) -> bool:
    """Given, and all facts stand in it."""
    if truth.case is None or truth.expected != "answer" or not gives_answer(line):
        return False
    return all(states(line.answer or "", fact) for fact in truth.case.get("must_contain") or ())


def _miss(line: OutcomeLine, truth: Truth) -> dict[str, Any]:
    case = truth.case or {}
    return {
        "event_id": line.event_id,
        "case": case.get("id", "noise"),
        "expected": truth.expected,
        "question": case.get("question", ""),
        "outcome": line.outcome.value,
        "action": line.action,
        "reason": line.reason,
        "facts": case.get("must_contain"),
        "answer": line.answer,
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
