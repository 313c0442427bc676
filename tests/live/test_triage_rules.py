import json
from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.live.seams import CommentKind
from assistant.live.triage_danger import emergency
from assistant.live.triage_rules import TriageRules

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("奶奶突然晕倒叫不醒", "120"),
        ("我爸 喘 不 上 气 了", "120"),
        ("隔壁房子着火了！！", "119"),
        ("厨房煤气泄漏了怎么办", "119"),
        ("有人拿刀砍人", "110"),
        ("有小偷在撬门", "110"),
        ("孩子走丢了", "110"),
    ],
)
def test_danger_names_whom_to_call(text: str, call: str) -> None:
    assert emergency(text) == call


@pytest.mark.parametrize(
    "text",
    [
        "",
        "120急救车怎么收费",
        "火灾事故认定书去哪办",
        "急诊的钱怎么报销",
        "去年家里着火 证烧了怎么补",
        "消防验收要几天",
        "被车撞了算不算工伤",
        "孩子的身份证丢了怎么补",
        "我卡在窗口了",
        "电话打不通",
        "直播间要炸了",
        "笑死我了",
        "烧烤店证要多久",
    ],
)
def test_a_question_about_danger_is_none(text: str) -> None:
    assert emergency(text) == ""


def test_every_alternative_of_a_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(_file(any=["甲", "乙"], none=["past"], despite="now")), "utf-8")
    rules = TriageRules.load(path)
    assert rules.version == "t"
    assert [rules.call(text) for text in ("甲", "乙", "丙")] == ["120", "120", ""]
    assert [rules.call(text) for text in ("甲去年", "甲去年现在")] == ["", "120"]
    assert rules.is_kind(CommentKind.PRAISE, "好")
    assert not rules.is_kind(CommentKind.GREETING, "好")


@pytest.mark.parametrize("broken", [{"any": "甲"}, {"any": ["("]}, {}])
def test_a_bad_rule_is_refused(tmp_path: Path, broken: dict[str, object]) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(_file(**broken)), "utf-8")
    with pytest.raises(ConfigurationError):
        TriageRules.load(path)


def _file(**rule: object) -> dict[str, object]:
    return {
        "version": "t",
        "sure": "甲",
        "emergency": [{"call": "120", **rule}],
        "urgent": [],
        "kinds": {"praise": [{"any": ["好"]}]},
        "words": {"past": ["去年"], "now": ["现在"]},
    }
