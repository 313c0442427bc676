import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.verdict import Action
from assistant.errors import FormatError
from assistant.evaluation.cases import case_schema, parse_case, read_cases

pytestmark = pytest.mark.unit

FULL = {
    "id": "c1",
    "question": "居住证几天能好",
    "expected_action": "answer",
    "reference": "5个工作日",
    "reference_ids": ["g1"],
    "must_contain": ["5个工作日|五个工作日"],
    "must_not_contain": ["20个工作日"],
    "field": "promised_limit",
    "region": "990100",
    "history": ["居住证在哪办"],
    "as_of": "2025-05-10",
    "tags": ["own"],
}


def _lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_every_key_arrives() -> None:
    case = parse_case(json.dumps(FULL))
    assert case.expected_action is Action.ANSWER
    assert case.must_contain == ("5个工作日|五个工作日",)
    asked = case.asked(date(2026, 1, 1))
    assert asked.as_of == date(2025, 5, 10)
    assert (asked.region, asked.history) == ("990100", ("居住证在哪办",))


def test_null_and_absent_are_the_same_and_a_case_without_a_day_is_asked_today() -> None:
    short = {"id": "c", "question": "问", "expected_action": "review"}
    nulls = dict.fromkeys(FULL) | short
    assert parse_case(json.dumps(nulls)) == parse_case(json.dumps(short))
    assert parse_case(json.dumps(short)).asked(date(2026, 1, 1)).as_of == date(2026, 1, 1)


def test_an_unknown_key_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(_lines(FULL, FULL | {"id": "c2", "refernce": "x"}), encoding="utf-8")
    with pytest.raises(FormatError, match=r"set\.jsonl:2.*refernce"):
        read_cases(path)


def test_an_id_that_occurs_twice_is_an_error_across_files(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(_lines(FULL), encoding="utf-8")
    with pytest.raises(FormatError, match=r"b\.jsonl:1.*c1"):
        read_cases(tmp_path)


def test_a_folder_gives_all_its_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(_lines(FULL), encoding="utf-8")
    (tmp_path / "a.jsonl").write_text("\ufeff" + _lines(FULL | {"id": "c0"}), encoding="utf-8")
    assert [case.id for case in read_cases(tmp_path)] == ["c0", "c1"]


@pytest.mark.parametrize("text", ["", "\n\n", "[]\n", "{\n", '"x"\n', '{"id": "a", "id": "b"}\n'])
def test_a_file_without_a_case_or_with_a_broken_line_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError):
        read_cases(path)


def test_a_missing_file_and_one_in_another_encoding_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    with pytest.raises(FormatError):
        read_cases(path)
    path.write_bytes(_lines(FULL).encode("gb18030"))
    with pytest.raises(FormatError, match="UTF-8"):
        read_cases(path)


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=4),
    st.lists(st.one_of(st.text(max_size=3), st.integers()), max_size=2),
    st.sampled_from(["answer", "2025-05-10", "2025-13-01", "20250510", "990100", "9901", 1.5]),
    st.sampled_from(["2025-05-10T00:00:00", "990100001001", "１２３４５６", "990100\n", ""]),
)


@given(st.sampled_from([*FULL, "other"]), _VALUES)
def test_schema_and_reader_agree(key: str, value: object) -> None:
    row = FULL | {key: value}
    validator = jsonschema.Draft202012Validator(
        case_schema(), format_checker=jsonschema.FormatChecker()
    )
    try:
        parse_case(json.dumps(row))
    except FormatError:
        assert not validator.is_valid(row)
    else:
        assert validator.is_valid(row)
