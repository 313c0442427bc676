"""Test cases (FORMATS §4): read strictly, kept as frozen values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.question import Question
from assistant.domain.verdict import Action
from assistant.errors import FormatError
from assistant.retrieval.formats import parse_json

REGRESSION = "regression"
"""The tag of cases made from approved answers: they never count as accuracy."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the right reaction to it. The keys are those of FORMATS §4."""

    id: str
    question: str
    expected_action: Action
    reference: str | None = None
    reference_ids: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    field: str | None = None
    region: str | None = None
    history: tuple[str, ...] = ()
    as_of: date | None = None
    tags: tuple[str, ...] = ()

    @property
    def is_regression(self) -> bool:
        """Whether it was made from an answer that the product itself had given."""
        return REGRESSION in self.tags

    def asked(self, today: date) -> Question:
        """The question as the desk receives it; `today` stands in where the case has no day."""
        return Question(
            text=self.question,
            as_of=self.as_of or today,
            region=self.region,
            history=self.history,
        )


class CaseLine(BaseModel):
    """One line of a case file. An unknown key is an error; an absent optional key is null."""

    model_config = ConfigDict(extra="forbid", strict=True, title="Test case")

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    expected_action: Action
    reference: str | None = None
    reference_ids: tuple[str, ...] | None = None
    must_contain: tuple[str, ...] | None = None
    must_not_contain: tuple[str, ...] | None = None
    field: str | None = None
    region: str | None = None
    history: tuple[str, ...] | None = None
    as_of: date | None = None
    tags: tuple[str, ...] | None = None

    def case(self) -> Case:
        """The value that the rest of the program uses."""
        return Case(
            id=self.id,
            question=self.question,
            expected_action=self.expected_action,
            reference=self.reference,
            reference_ids=self.reference_ids or (),
            must_contain=self.must_contain or (),
            must_not_contain=self.must_not_contain or (),
            field=self.field,
            region=self.region,
            history=self.history or (),
            as_of=self.as_of,
            tags=self.tags or (),
        )


def case_schema() -> dict[str, object]:
    """The JSON Schema of one line of a case file."""
    return CaseLine.model_json_schema()


def parse_case(line: str, where: str = "") -> Case:
    """One case from one line of JSON.

    Raises:
        FormatError: names the key at fault; `where` is `file:line`.
    """
    try:
        parse_json(line.encode(), where)
        return CaseLine.model_validate_json(line).case()
    except ValidationError as error:
        raise FormatError(_complaint(error), where=where) from error


def read_cases(path: Path) -> list[Case]:
    """All cases of a file, or of the `*.jsonl` files below a folder in order of their paths.

    Raises:
        FormatError: a line is not a case, an id occurs twice, or there is no case at all.
    """
    cases: dict[str, Case] = {}
    for where, line in _lines(_case_files(path)):
        case = parse_case(line, where)
        if case.id in cases:
            raise FormatError(f"键 id：{case.id!r} 出现了两次", where=where)
        cases[case.id] = case
    if not cases:
        raise FormatError("没有测试题", where=str(path))
    return list(cases.values())


def _case_files(path: Path) -> Sequence[Path]:
    if not path.exists():
        raise FormatError("没有这个文件或文件夹", where=str(path))
    return sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]


def _lines(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise FormatError("不是 UTF-8 文本", where=str(file)) from error
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield f"{file}:{number}", line


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    unknown = first["type"] == "extra_forbidden"
    message = "未知的键" if unknown else str(first["msg"])
    return f"键 {key}：{message}" if key else message
