"""What the desk did with a case: one line of `cases.jsonl` (FORMATS §4)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.answer import Route, Support
from assistant.domain.outcome import Outcome
from assistant.domain.verdict import Action
from assistant.errors import FormatError

RANKED = 20
"""Most sources that a line lists."""


_SAID = frozenset({Action.ANSWER, Action.CLARIFY})


class CitationLine(BaseModel):
    """A verbatim quote and where it stands."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    source_id: str
    locator: str
    quote: str


class ResultLine(BaseModel):
    """One line of `cases.jsonl`; the keys of `assistant ask --json` are the same."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, title="Result of a case")

    id: str
    action: Action
    answer: str
    spoken: str
    citations: tuple[CitationLine, ...]
    ranked_ids: tuple[str, ...] = Field(max_length=RANKED)
    confidence: float = Field(ge=0.0, le=1.0)
    reasons: tuple[str, ...]
    latency_ms: float = Field(ge=0.0)


@dataclass(frozen=True, slots=True)
class DraftText:
    """What the desk would have said, whatever its verdict: the ground of calibration.

    `clarifies` says that the draft offers names to choose from instead of an answer.
    """

    text: str
    spoken: str
    source_ids: tuple[str, ...]
    clarifies: bool
    route: Route = Route.NONE
    support: Support = field(default_factory=Support)


def result_schema() -> dict[str, object]:
    """The JSON Schema of one line of `cases.jsonl`."""
    return ResultLine.model_json_schema(mode="serialization")


def result_of(case_id: str, outcome: Outcome, *, drafted: bool = False) -> ResultLine:
    """The line that records an outcome. Citations are those of what is shown.

    With `drafted` a review shows the draft that waits for approval instead of the holding line:
    `confidence` speaks of that draft, so risk and coverage can be computed from the lines alone.
    """
    action = outcome.verdict.action
    waiting = drafted and action is Action.REVIEW and bool(outcome.draft.statements)
    citations = outcome.draft.citations if waiting or action in _SAID else ()
    return ResultLine(
        id=case_id,
        action=action,
        answer=outcome.draft.text if waiting else outcome.text,
        spoken=outcome.draft.spoken if waiting else outcome.spoken,
        citations=tuple(
            CitationLine(source_id=c.source_id, locator=c.locator, quote=c.quote) for c in citations
        ),
        ranked_ids=outcome.ranked_ids[:RANKED],
        confidence=outcome.verdict.confidence,
        reasons=outcome.verdict.reasons,
        latency_ms=outcome.latency_ms if math.isfinite(outcome.latency_ms) else 0.0,
    )


def draft_of(outcome: Outcome) -> DraftText:
    """What the desk would have said."""
    cited = tuple(dict.fromkeys(c.source_id for c in outcome.draft.citations))
    draft = outcome.draft
    return DraftText(
        draft.text, draft.spoken, cited, bool(draft.options), draft.route, draft.support
    )


def write_results(path: Path, results: Iterable[ResultLine]) -> None:
    """One JSON object a line, UTF-8."""
    path.write_text("".join(f"{line.model_dump_json()}\n" for line in results), encoding="utf-8")


def read_results(path: Path) -> list[ResultLine]:
    """The lines of a `cases.jsonl`.

    Raises:
        FormatError: the file is missing or a line is not a result.
    """
    if not path.is_file():
        raise FormatError("没有这个文件", where=str(path))
    return [
        _parse(line, f"{path}:{number}")
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
        if line.strip()
    ]


def _parse(line: str, where: str) -> ResultLine:
    try:
        return ResultLine.model_validate_json(line)
    except ValidationError as error:
        raise FormatError(str(error.errors()[0]["msg"]), where=where) from error
