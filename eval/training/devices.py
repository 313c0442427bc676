"""What each device against rough speech gives, measured alone: `python -m eval.training.devices`.

Each is switched off by itself, and the same questions are asked of the whole desk over
`knowledge/`: our own sets, and those of them that are answered with a slip of the finger, a
homophone, a word in pinyin, a word of dialect (`perturbed`). Questions are told apart by what their
reference is: a guide (the item must be found) or a document (a passage must be).
"""

import argparse
import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog

from assistant.answering.folding import clean
from assistant.answering.places import NOWHERE
from assistant.answering.wording import Slips
from assistant.bootstrap import open_assistant
from assistant.commands.eval import throw_away
from assistant.evaluation.cases import Case, read_cases
from assistant.evaluation.judging import Judged
from assistant.evaluation.running import run
from eval.training.perturbed import perturbed

TODAY = date(2026, 11, 20)
ROOT = Path(__file__).parents[2]
Off = Sequence[tuple[str, Any]]
_LEXICON = "assistant.answering.lexicon.Lexicon"


def _none(*args: object, **named: object) -> tuple[()]:
    del args, named
    return ()


def _days(headers: Sequence[object]) -> tuple[Any, Any]:
    import numpy as np

    size = len(headers)
    return np.zeros(size, np.int32), np.full(size, date.max.toordinal(), np.int32)


DEVICES: Mapping[str, Off] = {
    "pinyin, homophones": (
        ("assistant.answering.sounds.SoundIndex.respelt", lambda self, text, known: text),
    ),
    "typing slips": (("assistant.answering.matching.slips", lambda *args: Slips()),),
    "dialect": ((f"{_LEXICON}.standard", lambda self, text: clean(text)),),
    "everyday words": ((f"{_LEXICON}.expansions", _none),),
    "lay terms": (
        ("assistant.answering.lay_terms.LayTerms.found", _none),
        ("assistant.answering.lay_terms.LayTerms.longest", _none),
        ("assistant.answering.official_words.GuideWords._of", _none),
    ),
    "region": (("assistant.answering.places.Gazetteer.named", lambda *args: NOWHERE),),
    "dates": (
        ("assistant.retrieval.eligibility._days", _days),
        ("assistant.answering.items.holds", lambda guide, as_of: True),
    ),
}
"""What takes the place of what while a device is off."""


@contextmanager
def without(device: str) -> Iterator[None]:
    """Switch a device off; an empty name switches none off.

    What is off changes the features and so the fingerprint, which would let only exact answers
    through: here the thresholds stay those of the calibration, whatever runs.
    """
    calibrated = ("assistant.answering.calibration.Calibration.differing", _none)
    with ExitStack() as stack:
        for target, other in (calibrated, *DEVICES.get(device, ())):
            stack.enter_context(patch(target, other))
        yield


def asked_without(device: str, cases: Sequence[Case]) -> list[Case]:
    """The cases as they are asked: without a viewer's region where that device is off."""
    return [replace(case, region=None) for case in cases] if device == "region" else list(cases)


async def judged(device: str, cases: Sequence[Case]) -> list[Judged]:
    """The replies with a device off."""
    with without(device):
        found = await run(
            asked_without(device, cases),
            [ROOT / "knowledge"],
            lambda folder: open_assistant(throw_away(folder)),
            today=TODAY,
        )
    return list(found.judged)


def is_item(one: Judged, guides: frozenset[str]) -> bool:
    """Whether a question is about a guide."""
    return not guides.isdisjoint(one.case.reference_ids)


def line(found: Sequence[Judged]) -> str:
    """Right, the reference first and among five, answered from a wrong source."""
    if not found:
        return "-"
    ranked = [one for one in found if one.case.reference_ids]
    right = sum(one.judgement.correct for one in found) / len(found)
    first, five = (
        sum((one.judgement.rank or 99) <= k for one in ranked) / max(1, len(ranked)) for k in (1, 5)
    )
    wrong = sum(one.judgement.wrong_item for one in found)
    return f"{right:.3f} {first:.3f} {five:.3f} {wrong}"


def guides_of() -> frozenset[str]:
    """The ids of the shipped guides."""
    from assistant.domain.source import ServiceGuide
    from assistant.retrieval.formats import read_jsonl

    files = sorted((ROOT / "knowledge").rglob("*.jsonl"))
    rows = (row for path in files if "lexicon" not in path.parts for row in _read(read_jsonl, path))
    return frozenset(row.id for row in rows if isinstance(row, ServiceGuide))


def _read(read: Callable[[Path], Any], path: Path) -> list[Any]:
    from assistant.errors import FormatError

    try:
        return list(read(path))
    except FormatError:  # a file of another format
        return []


async def table(every: int) -> None:
    """Print a line for each device and group."""
    own = read_cases(ROOT / "eval" / "sets")[::every]
    groups = {"own": own, **perturbed(own)}
    guides = guides_of()
    print("right, hit@1, hit@5, answered from a wrong source", flush=True)
    for device in ("", *DEVICES):
        everything = [case for cases in groups.values() for case in cases]
        found = {one.case.id: one for one in await judged(device, everything)}
        print(f"without {device}" if device else "all devices")
        for name, cases in groups.items():
            of = [found[case.id] for case in cases]
            items = [one for one in of if is_item(one, guides)]
            texts = [one for one in of if one.case.reference_ids and not is_item(one, guides)]
            print(f"  {name:10} items {len(items):4} {line(items)}", end="")
            print(f" | passages {len(texts):4} {line(texts)} | all {line(of)}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every n-th case")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(table(given.every))


if __name__ == "__main__":
    main()
