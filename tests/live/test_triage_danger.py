import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.live import Urgency
from assistant.errors import ConfigurationError
from assistant.live.triage_danger import NUMBERS, Dangers, emergency
from assistant.live.triage_text import fold
from assistant.live.triage_urgency import LEVELS, Concepts, UrgencyModel, crossed

pytestmark = pytest.mark.unit

DATA = Path("assistant/live/data")


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("姥爷嘴角歪到一边话也说不清", "120"),
        ("工友后脑勺一直流血", "120"),
        ("电动车电池爆炸 楼道全是烟", "119"),
        ("洪水淹到腰了我们困在屋顶", "119"),
        ("家里进贼了 我躲在床底下", "110"),
        ("有个小伙翻过大桥栏杆", "110"),
        ("他们不让我走 手机也收了", "110"),
        ("救命", "110"),
    ],
)
def test_danger_in_other_words(text: str, call: str) -> None:
    assert emergency(text) == call


@pytest.mark.parametrize(
    "text", ["我不想活了", "活着一点意思都没有", "好想死", "只能去死了", "我站在楼顶"]
)
def test_despair_is_told_of_the_help_line(text: str) -> None:
    assert emergency(text) == NUMBERS["12356"]
    assert all(number in NUMBERS["12356"] for number in ("12356", "110", "120"))


@pytest.mark.parametrize(
    "text",
    [
        "想死你了主播",
        "不想活动了 就看直播",
        "产后大出血的产假怎么加",
        "中风后评残几级",
        "加装电梯要多少户同意",
        "火锅店消防验收",
        "心理援助热线是多少",
    ],
)
def test_no_danger_in_figures_of_speech_and_rules(text: str) -> None:
    assert emergency(text) == ""


def test_haste_reaches_a_person_without_a_call() -> None:
    seen = Dangers.shipped()(fold("今晚的航班 身份证丢了怎么办"))
    assert seen == (Urgency.URGENT, "")


@given(st.text(max_size=200))
def test_an_emergency_has_a_number_and_nothing_else_has(text: str) -> None:
    urgency, call = Dangers.shipped()(fold(text))
    assert (urgency is Urgency.EMERGENCY) == bool(re.search(r"1[12][09]", call))


def test_calm_overrules_rules_and_only_calm() -> None:
    model = UrgencyModel.shipped()
    odds = np.eye(len(LEVELS), dtype=np.float32)
    assert model.is_calm(odds[0])
    assert model.is_calm(odds[1])
    assert not any(model.is_calm(row) for row in odds[2:])
    assert [model.call(row) for row in odds] == ["", "", "120", "119", "110", "12356"]
    assert [model.is_urgent(row) for row in odds] == [False, *[True] * 5]


def test_sayings_hide_the_words_in_them() -> None:
    concepts = Concepts({"fire": "火 着火", "figure": "火锅"})
    assert concepts("火锅") == [1]
    assert concepts("火锅着火") == [0, 1]
    assert concepts("") == []


def test_concepts_go_together_in_pairs() -> None:
    assert crossed([0, 2], 3) == [0, 8, 2]
    assert crossed([], 3) == []


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    shutil.copy(DATA / "triage.urgency.json", tmp_path)
    np.savez(tmp_path / "triage.urgency.npz", characters=np.zeros((8, 6)), concepts=[[0]], bias=[0])
    with pytest.raises(ConfigurationError):
        UrgencyModel.shipped(tmp_path)


def test_the_concepts_are_words_and_not_patterns() -> None:
    read = json.loads((DATA / "triage.concepts.json").read_text("utf-8"))
    words = [word for listed in read["concepts"].values() for word in listed.split()]
    assert len(words) > 1000
    assert all(re.fullmatch(r"\w+", word) for word in words)
