import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.live import Urgency
from assistant.errors import ConfigurationError
from assistant.live.seams import CommentKind, Triage
from assistant.live.triage import LearnedTriage
from assistant.live.triage_model import TriageModel
from assistant.live.triage_text import BUCKETS, Vocabulary, fold, hashed, is_noise
from eval.training.triage_texts import bundled_names, everyday_words

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def triage() -> Triage:
    return LearnedTriage.shipped([*everyday_words(), *bundled_names()])


@pytest.mark.parametrize(
    "text",
    [
        "个体户季度申报截止日期",
        "居住证续签要带什么",
        "主播 护照多少钱能办下来 急",
        "新生儿落户去哪个窗口",
        "怎么投诉办事窗口",
        "投诉工作人员打什么电话",
        "断了仨月还能报不",
    ],
)
def test_a_question_needs_no_mark(triage: Triage, text: str) -> None:
    assert triage(text).kind is CommentKind.QUESTION


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("主播吃饭了吗", CommentKind.OFF_TOPIC),
        ("给大家唱首歌吧？", CommentKind.OFF_TOPIC),
        ("今晚球赛几点开始？", CommentKind.OFF_TOPIC),
        ("各位晚上好", CommentKind.GREETING),
        ("老师讲得真清楚", CommentKind.PRAISE),
        ("你是真人不", CommentKind.IDENTITY),
        ("这主播是机器人吧？", CommentKind.IDENTITY),
        ("你们窗口那女的态度差 没人管?", CommentKind.COMPLAINT),
        ("哈哈哈哈哈哈", CommentKind.CHATTER),
        ("我的居住证昨天办好了", CommentKind.CHATTER),
    ],
)
def test_talk_is_no_question(triage: Triage, text: str, kind: CommentKind) -> None:
    assert triage(text).kind is kind


@pytest.mark.parametrize(
    "text", ["", "。", "？？？？？", "666666", "🐎🐎🐎🐎", "好", "[emot:dy101]", "ok"]
)
def test_obvious_noise_is_never_scored(triage: Triage, text: str) -> None:
    seen = triage(text)
    assert is_noise(fold(text))
    assert seen.probability == 0.0
    assert seen.kind is not CommentKind.QUESTION


def test_marks_decide_nothing(triage: Triage) -> None:
    for text in ("社保卡丢了怎么补", "我昨天刚交完医保", "今晚打游戏不"):
        plain = triage(text)
        assert all(triage(text + mark) == plain for mark in ("?", "？？", "！", "。。。"))


def test_urgent_comments_reach_a_person(triage: Triage) -> None:
    seen = triage("急!!孩子明天手术 异地备案没成")
    assert (seen.kind, seen.urgency, seen.call) == (CommentKind.QUESTION, Urgency.URGENT, "")


def test_a_danger_to_life_comes_first(triage: Triage) -> None:
    seen = triage("大厅着火了 社保还能办吗")
    assert (seen.urgency, seen.call) == (Urgency.EMERGENCY, "119")


@given(st.text(max_size=300))
def test_any_text_is_triaged(text: str) -> None:
    seen = TRIAGE(text)
    assert 0.0 <= seen.probability <= 1.0
    assert (seen.urgency is Urgency.EMERGENCY) == bool(seen.call)
    assert TRIAGE(text) == seen


@given(st.text(alphabet="医保社卡怎么办？?! 　abc１２", max_size=40))
def test_full_width_and_marks_fold_away(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not set(folded) & set("？?! 　")
    assert not len(folded) or int(hashed(folded).max()) < BUCKETS


def test_vocabulary_follows_the_items() -> None:
    words = Vocabulary(["梅花鹿驯养繁殖许可", "医保"])
    assert words.covered("办梅花鹿驯养要啥") == (5, 5)
    assert words.covered("我的医保呢") == (2, 2)
    assert Vocabulary([]).covered("办梅花鹿驯养要啥") == (0, 0)


def test_items_raise_the_probability() -> None:
    item = "蓝莓温室认领登记"
    text = f"{item}电话"
    bare, full = LearnedTriage.shipped(), LearnedTriage.shipped([item])
    assert full(text).probability > bare(text).probability


def test_the_threshold_decides(triage: Triage) -> None:
    assert isinstance(triage, LearnedTriage)
    deaf = replace(triage, model=replace(triage.model, threshold=1.1))
    assert deaf("居住证续签要带什么").kind is not CommentKind.QUESTION


def test_a_model_of_another_shape_is_refused(tmp_path: Path) -> None:
    (tmp_path / "triage.json").write_text(json.dumps({"version": "1", "threshold": 0.5}))
    np.savez(
        tmp_path / "triage.npz", characters=np.zeros((8, 4)), others=np.zeros((3, 4)), bias=[0]
    )
    with pytest.raises(ConfigurationError):
        TriageModel.shipped(tmp_path)


def test_shipped_weights_are_small() -> None:
    folder = Path("assistant/live/data")
    assert sum(path.stat().st_size for path in folder.glob("triage*")) < 1_000_000


TRIAGE = LearnedTriage.shipped(["医保"])
