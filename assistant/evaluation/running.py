"""Run a test set: corpus in, every case asked, every reply judged."""

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.domain.outcome import Outcome
from assistant.errors import BadInput
from assistant.evaluation.cases import Case
from assistant.evaluation.confidence import Metrics
from assistant.evaluation.desk import Desk, DeskFactory
from assistant.evaluation.grounding import StoredSource
from assistant.evaluation.judging import Judged, judge
from assistant.evaluation.metrics import compute
from assistant.evaluation.results import ResultLine, draft_of, result_of

Progress = Callable[[int, int], None]
"""Told how many cases are done, of how many."""


@dataclass(frozen=True, slots=True)
class Run:
    """All replies with their judgements, the metrics, and what of the corpus was not read."""

    judged: tuple[Judged, ...]
    metrics: Metrics
    unread: tuple[str, ...] = ()


async def run(
    cases: Sequence[Case],
    corpus: Sequence[Path],
    open_desk: DeskFactory,
    *,
    today: date,
    progress: Progress = lambda done, total: None,
) -> Run:
    """Build a throw-away knowledge base, ask every case in order and judge the replies.

    Raises:
        BadInput: nothing of the corpus could be read.
    """
    with tempfile.TemporaryDirectory(prefix="assistant-eval-") as folder:
        async with open_desk(Path(folder)) as desk:
            unread = await _fill(desk, corpus)
            judged = [
                await _ask(desk, case, today, progress, (number, len(cases)))
                for number, case in enumerate(cases, start=1)
            ]
    return Run(tuple(judged), compute(judged), tuple(unread))


async def _fill(desk: Desk, corpus: Sequence[Path]) -> list[str]:
    """Ingest the corpus; gives a line for each file that was not read."""
    rows = (await desk.ingest(corpus)).rows
    failed = [f"{row.path}：{row.message or row.status}" for row in rows if row.status == "failed"]
    if not any(row.status in _READ for row in rows):
        raise BadInput("语料中没有可用的来源", hint="；".join(failed[:3]))
    return failed


_READ = frozenset({"created", "changed", "unchanged"})


async def _ask(
    desk: Desk, case: Case, today: date, progress: Progress, at: tuple[int, int]
) -> Judged:
    outcome = await desk.answer(case.asked(today))
    result = result_of(case.id, outcome, drafted=True)
    stored = await read_back(desk, _named(result, outcome))
    judged = await asyncio.to_thread(judge, case, result, draft_of(outcome), stored)
    progress(*at)
    return judged


def _named(result: ResultLine, outcome: Outcome) -> Iterable[str]:
    """The sources that a reply may rest on; a clarify names items without quoting each."""
    cited = [citation.source_id for citation in result.citations]
    return dict.fromkeys((*cited, *outcome.draft.source_ids))


async def read_back(desk: Desk, ids: Iterable[str]) -> dict[str, StoredSource]:
    """The named sources as the records hold them; unknown ones are left out."""
    found = {}
    for source_id in ids:
        source = await desk.sources.get(source_id)
        if source is not None:
            passages = await desk.sources.passages_of(source_id)
            found[source_id] = StoredSource(source, tuple(passages))
    return found
