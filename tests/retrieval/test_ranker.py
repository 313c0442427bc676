"""The second look at the hits, and the cross-encoder that may follow it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.evidence import Hit, Scores
from assistant.domain.passage import Passage
from assistant.domain.source import SourceHeader, SourceKind
from assistant.errors import ModelFailed
from assistant.models.cross_encoder import CrossJudge, build_judge
from assistant.retrieval.rank_features import NAMES, features, longest_run
from assistant.retrieval.ranker import DEPTH, Ranker, judged, shipped_ranker

pytestmark = pytest.mark.unit

POLICY, GUIDE = SourceKind.POLICY, SourceKind.GUIDE


def hit(number: int, text: str, title: str = "办法", kind: SourceKind = POLICY) -> Hit:
    header = SourceHeader(f"s{number}", kind, 1, title, published_on=date(2024, 1, 1))
    passage = Passage(header.id, kind, 0, "第一条", text, title)
    return Hit(passage, header, Scores(0.5, 0.5, 0.5, 0.5, 10.0 - number))


def order(hits: Sequence[Hit]) -> list[str]:
    return [each.source.id for each in hits]


def test_only_policies_change_places_and_totals_stay_with_the_places() -> None:
    hits = [
        hit(0, "公积金的缴存比例"),
        hit(1, "公积金", kind=GUIDE),
        hit(2, "提取公积金需要购房合同"),
    ]
    made = Ranker({"in_text": 1.0}).ranked("提取公积金要购房合同吗", hits)
    assert order(made) == ["s2", "s1", "s0"]
    assert [each.scores.total for each in made] == [10.0, 9.0, 8.0]


def test_what_lies_deeper_is_left_where_it_is() -> None:
    hits = [hit(n, "无关") for n in range(DEPTH)] + [hit(DEPTH, "公积金提取")]
    made = Ranker({"in_text": 1.0}).ranked("公积金提取", hits)
    assert order(made)[-1] == f"s{DEPTH}"


@pytest.mark.parametrize("question", ["", "？？？", "怎么办", "😀", "abc 12.5 《办法》" * 40])
def test_odd_questions_give_finite_numbers(question: str) -> None:
    table = features(question, [hit(0, ""), hit(1, "第12条 ABC", "")])
    assert table.shape == (2, len(NAMES))
    assert np.isfinite(table).all()
    assert features(question, []).shape == (0, len(NAMES))


def test_names_and_figures_of_the_question_count() -> None:
    hits = [hit(0, "按照《甲办法》第12条办理"), hit(1, "按照《乙办法》第13条办理")]
    table = features("《甲办法》第12条怎么办理", hits)
    for name in ("figures", "named"):
        column = table[:, NAMES.index(name)]
        assert column[0] == 1
        assert column[1] < 1


def test_the_longest_run_is_found() -> None:
    assert longest_run("提取公积金", "可以提取住房公积金") == 3
    assert longest_run("", "文") == 0


def test_the_shipped_weights_name_known_features() -> None:
    weights = shipped_ranker().weights
    assert weights
    assert set(weights) <= set(NAMES)


def test_a_failing_or_senseless_judge_changes_nothing() -> None:
    def fails(question: str, texts: Sequence[str]) -> list[float]:
        raise ModelFailed("坏了")

    hits = [hit(0, "甲"), hit(1, "乙")]
    assert judged(fails, "问", hits) == hits
    assert judged(lambda q, t: [float("nan")] * len(t), "问", hits) == hits
    assert order(judged(lambda q, t: [0.0, 1.0], "问", hits)) == ["s1", "s0"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of some thousand random weights, saved as any other."""
    pytest.importorskip("sentence_transformers")
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross")
    characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"公积金提取户口簿怎么办"]
    (folder / "vocab.txt").write_text("\n".join(characters), "utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(characters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.mark.models
def test_a_cross_encoder_orders_the_hits(tiny: Path) -> None:
    judge = CrossJudge(str(tiny), offline=True)
    hits = [hit(0, "户口簿", ""), hit(1, "公积金提取", ""), hit(2, "公积金", "")]
    said = judge("公积金怎么提取", [f"\n{each.passage.text}" for each in hits])
    assert len(set(said)) == 3
    made = judged(judge, "公积金怎么提取", hits)
    assert order(made) == [f"s{n}" for n in np.argsort(-np.array(said))]
    assert [each.scores.total for each in made] == [10.0, 9.0, 8.0]


@pytest.mark.models
def test_a_wrong_name_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelFailed, match="ASSISTANT_RERANKER_MODEL"):
        build_judge(str(tmp_path / "none"), offline=True)
    assert build_judge(None) is None
