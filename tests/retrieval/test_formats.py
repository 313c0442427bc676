"""FORMATS §1–3: what is read, what is refused, and that the JSON Schema says the same."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assistant.domain.source import Faq, PolicyDocument, ServiceGuide, Source, SourceKind
from assistant.errors import FormatError
from assistant.retrieval.formats import (
    json_schema,
    parse_json,
    parse_source,
    read_jsonl,
    read_lines,
    to_row,
    write_jsonl,
)

pytestmark = pytest.mark.unit

GUIDE: dict[str, Any] = {
    "kind": "service_guide",
    "id": "g1",
    "name": "身份证补领",
    "audience": [],
    "materials": [{"name": "户口簿", "originals": 1, "copies": 0, "required": True}],
    "steps": [{"channel": "window", "text": "到窗口提交"}],
    "promised_limit": {"value": 7, "unit": "workday"},
    "locations": [{"address": "某路1号", "hours": "9:00-17:00"}],
    "online": {"available": False},
    "visits": 0,
    "effective_from": "2025-05-10",
}

days = st.dates().map(date.isoformat) | st.sampled_from(["2025-02-30", "2025-1-1", "２０２５-1-1"])
junk = st.none() | st.booleans() | st.integers(-2, 9) | st.floats(-1, 9) | st.text(max_size=4)
values = st.recursive(
    junk | days,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
)
STRINGS = st.text(max_size=4) | st.sampled_from(["330383", "330383001", "题"])
LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "string": STRINGS,
    "integer": st.integers(-1, 5) | st.sampled_from([1.0, 1.5]),
    "number": st.integers(-1, 5) | st.floats(-1, 5),
    "boolean": st.booleans(),
    "null": st.none(),
}


def near_misses(kind: SourceKind) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that have the keys of a kind, with values that fit or nearly fit."""
    schema = json_schema(kind)
    extra = st.tuples(st.sampled_from([*schema["properties"], "x"]), values)
    return st.builds(
        lambda row, more: {**row, more[0]: more[1]} if more else row,
        _of(schema, schema["$defs"]),
        st.none() | extra,
    )


def _of(part: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in part:
        return _of(defs[part["$ref"].rsplit("/", 1)[1]], defs)
    if "anyOf" in part:
        return st.one_of(*(_of(option, defs) for option in part["anyOf"]))
    if "enum" in part or "const" in part:
        return st.sampled_from(part.get("enum") or [part["const"]])
    if part["type"] == "object":
        keys = {key: _of(value, defs) for key, value in part["properties"].items()}
        required = {key: keys.pop(key) for key in part.get("required", []) if key in keys}
        return st.fixed_dictionaries(required, optional=keys)
    if part["type"] == "array":
        return st.lists(_of(part["items"], defs), max_size=2)
    return days if part.get("format") == "date" else LEAVES[part["type"]]


def reads(row: object) -> bool:
    try:
        parse_source(row)
    except FormatError:
        return False
    return True


@pytest.mark.parametrize("kind", list(SourceKind))
def test_schema_and_reader_agree(kind: SourceKind) -> None:
    validator = Draft202012Validator(
        json_schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER
    )

    @settings(max_examples=150, deadline=None)
    @given(near_misses(kind))
    def agree(row: dict[str, Any]) -> None:
        assert reads(row) == validator.is_valid(row)

    agree()


@pytest.mark.parametrize("kind", list(SourceKind))
def test_a_source_written_and_read_is_the_same(kind: SourceKind, tmp_path: Path) -> None:
    @settings(max_examples=100, deadline=None)
    @given(near_misses(kind))
    def same(row: dict[str, Any]) -> None:
        if reads(row):
            source = parse_source(row)
            assert parse_source(json.loads(json.dumps(to_row(source)))) == source

    same()


def test_jsonl_keeps_order_and_all_kinds(tmp_path: Path) -> None:
    sources: list[Source] = [
        PolicyDocument("p", "标题", "正文", published_on=date(2020, 1, 2)),
        ServiceGuide("g", "事项", audience=(), visits=0),
        Faq("f", "问？", "答。", similar_questions=("怎么问",)),
    ]
    write_jsonl(tmp_path / "all.jsonl", sources)
    assert list(read_jsonl(tmp_path / "all.jsonl")) == sources


def test_absent_and_null_are_the_same_and_empty_is_a_statement() -> None:
    guide = parse_source(GUIDE | {"fee": None, "region": None, "tags": None})
    assert isinstance(guide, ServiceGuide)
    assert (guide.fee, guide.region, guide.tags) == (None, "000000", ())
    assert (guide.audience, guide.visits) == ((), 0)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"materials": [{"name": "表", "copies": 1.5}]}, "materials[0].copies"),
        ({"materials": [{"name": "表", "originals": "2"}]}, "materials[0].originals"),
        ({"materials": [{"name": "表", "数量": 2}]}, "materials[0].数量"),
        ({"promised_limit": {"value": 7}}, "promised_limit.unit"),
        ({"promised_limit": {"value": True, "unit": "day"}}, "promised_limit.value"),
        ({"steps": [{"channel": "phone", "text": "打电话"}]}, "steps[0].channel"),
        ({"effective_from": "2025-02-30"}, "effective_from"),
        ({"effective_from": "2025-5-1"}, "effective_from"),
        ({"region": "33038"}, "region"),
        ({"name": " "}, "name"),
        ({"visits": -1}, "visits"),
        ({"online": {"available": "yes"}}, "online.available"),
        ({"kind": "guide"}, "kind"),
        ({"kind": ["faq"]}, "kind"),
    ],
)
def test_an_error_names_the_key_and_the_line(
    change: dict[str, Any], named: str, tmp_path: Path
) -> None:
    file = tmp_path / "guides.jsonl"
    lines = [json.dumps(GUIDE), "", json.dumps(GUIDE | change)]
    file.write_text("\n".join(lines), encoding="utf-8")
    good, bad = read_lines(file)
    assert isinstance(good, ServiceGuide)
    assert isinstance(bad, FormatError)
    assert bad.where == "guides.jsonl:3"
    assert named in str(bad)
    with pytest.raises(FormatError, match=r"guides\.jsonl:3"):
        list(read_jsonl(file))


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"1 2",
        b"9" * 5000,
    ],
)
def test_bad_json_is_a_format_error(line: bytes) -> None:
    with pytest.raises(FormatError, match="f:1"):
        parse_json(line, "f:1")
