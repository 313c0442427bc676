"""Writes a session to a folder: one line a comment, and the review of the stream."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.live.outcome_lines import LineMaker, OutcomeLine, entries_of, lines_of, write_lines
from assistant.live.seams import LiveRecords
from assistant.live.summary import Summary, summarise


@dataclass(frozen=True, slots=True)
class Ended:
    """A session to write: `began` is the moment of second 0 of its lines."""

    room_id: str
    session_id: str
    began: datetime
    ended: datetime


async def exported(
    records: LiveRecords, session: Ended, event_id: Callable[[str], str] = str
) -> tuple[list[OutcomeLine], Summary]:
    """The lines and the figures of a session, from what is stored."""
    questions = (await records.backlog(session.session_id)).questions
    cues = await records.cues(session.session_id)
    maker = LineMaker(questions, cues, session.began, event_id)
    lines = await lines_of(records, session.session_id, maker)
    return lines, await summarised(records, session)


async def summarised(records: LiveRecords, session: Ended) -> Summary:
    """The figures of a session alone."""
    questions = (await records.backlog(session.session_id)).questions
    cues = await records.cues(session.session_id)
    empty = Summary(session.room_id, session.session_id, session.began, session.ended)
    return await summarise(empty, entries_of(records, session.session_id), questions, cues)


def write(out: Path, lines: list[OutcomeLine], summary: Summary) -> None:
    """`outcomes.jsonl` and `summary.json`."""
    out.mkdir(parents=True, exist_ok=True)
    write_lines(out / "outcomes.jsonl", lines)
    text = json.dumps(summary.as_json(), ensure_ascii=False, indent=1)
    (out / "summary.json").write_text(f"{text}\n", encoding="utf-8")
