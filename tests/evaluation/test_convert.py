import gzip
import json
from pathlib import Path

import pytest

from assistant.domain.source import PolicyDocument
from assistant.domain.verdict import Action
from assistant.evaluation.cases import read_cases
from assistant.retrieval.formats import read_jsonl
from eval.convert import alternatives, convert_domainrag, convert_rgb

pytestmark = pytest.mark.unit

RGB = [
    {
        "id": 1,
        "query": "示例大桥多长",
        "answer": ["1.5公里", ["四车道", "双向四车道"]],
        "positive": ["示例大桥全长1.5公里，双向四车道。"],
        "negative": ["示例大桥于2020年通车。", "示例隧道长度11.5公里。"],
    },
    {
        "id": 2,
        "query": "示例隧道长度",
        "answer": ["11.5公里"],
        "positive": ["示例隧道长11.5公里，已通车。"],
        "negative": ["示例隧道收费5元。"],
    },
]


def _write(path: Path, rows: list[dict[str, object]]) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("answers", "facts"),
    [
        ([["2010"], ["2010年"]], ["2010|2010年"]),
        ([["汉语", "法语"]], ["汉语", "法语"]),
        ([["甲", "乙"], ["甲一", "乙"]], ["甲|甲一", "乙"]),
        ([["甲、乙"], ["甲", "乙"]], ["甲、乙"]),
    ],
)
def test_wordings_become_alternatives(answers: list[list[str]], facts: list[str]) -> None:
    assert alternatives(answers) == facts


def test_rgb_gives_cases_to_answer_and_cases_to_decline(tmp_path: Path) -> None:
    convert_rgb(_write(tmp_path / "rgb.jsonl.gz", RGB), tmp_path)
    first, _ = read_cases(tmp_path / "rgb_cases.jsonl")
    assert first.must_contain == ("1.5公里", "四车道|双向四车道")
    ids = {source.id for source in read_jsonl(tmp_path / "rgb_docs.jsonl")}
    assert set(first.reference_ids) < ids
    assert len(ids) == 5


def test_rgb_declines_only_what_no_distracting_passage_answers(tmp_path: Path) -> None:
    convert_rgb(_write(tmp_path / "rgb.jsonl.gz", RGB), tmp_path)
    cases = read_cases(tmp_path / "rgb_negative_cases.jsonl")
    assert [(case.id, case.expected_action) for case in cases] == [
        ("rgb-1-negative", Action.REVIEW)
    ]
    texts = [source.text for source in _policies(tmp_path / "rgb_negative_docs.jsonl")]
    assert sorted(texts) == sorted(text for row in RGB for text in row["negative"])


def test_domainrag_keeps_history_dates_and_sources(tmp_path: Path) -> None:
    corpus = [
        {"pid": "a", "title": "学院", "url": "https://e.cn/a", "date": "2014-06-13", "text": "甲"},
        {"pid": "b", "title": "招生", "url": "https://e.cn/b", "date": "2014-00-00", "text": "乙"},
    ]
    one = {"id": "x1", "question": "哪年", "answers": [["2010"], ["2010年"]], "gold_pids": ["a"]}
    history = [{"question": "学院前身是什么", "answers": ["某校"]}]
    two = {"id": "c1", "question": "它在哪", "answers": ["东门"], "gold_pids": ["b"]}
    _write(tmp_path / "corpus.jsonl.gz", corpus)
    _write(tmp_path / "extractive.jsonl", [one])
    _write(tmp_path / "conv.jsonl", [two | {"history_qa": history}])
    convert_domainrag(tmp_path, tmp_path)
    documents = _policies(tmp_path / "domainrag_docs.jsonl")
    assert [str(document.published_on) for document in documents] == ["2014-06-13", "None"]
    assert read_cases(tmp_path / "domainrag_cases.jsonl")[0].must_contain == ("2010|2010年",)
    follow_up = read_cases(tmp_path / "domainrag_follow_up_cases.jsonl")[0]
    assert (follow_up.history, follow_up.reference_ids) == (("学院前身是什么",), ("b",))


def _policies(path: Path) -> list[PolicyDocument]:
    return [source for source in read_jsonl(path) if isinstance(source, PolicyDocument)]
