"""Words spelt by ear: pinyin in Latin letters, and homophones."""

import pytest

from assistant.answering.sounds import SoundIndex, syllables
from assistant.domain.question import Question
from assistant.domain.source import ServiceGuide
from tests.answering.guides.sample import TODAY, answerer

pytestmark = pytest.mark.unit

FREQUENCY = dict.fromkeys(
    (
        "公司",
        "司设",
        "设立",
        "立登",
        "登记",
        "律师",
        "社保",
        "保卡",
        "注册",
        "变更",
        "身份",
        "份证",
    ),
    1,
)
SOUNDS = SoundIndex.build(FREQUENCY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lvshi证怎么补", "律师证怎么补"),
        ("shebaoka丢了", "社保卡丢了"),
        ("gong si she li deng ji 要多久", "公司设立登记 要多久"),
        ("gongsi设立登记", "公司设立登记"),
        ("shenfenzheng多少钱", "身份证多少钱"),
        ("app上能办吗", "app上能办吗"),
        ("weixin能办吗", "weixin能办吗"),
    ],
)
def test_pinyin(typed: str, meant: str) -> None:
    assert SOUNDS.respelt(typed, FREQUENCY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("公司设立登计", "公司设立登记"),
        ("公司设力登记", "公司设立登记"),
        ("怎么办", "怎么办"),
        ("公司登山", "公司登山"),
    ],
)
def test_homophones(typed: str, meant: str) -> None:
    assert SOUNDS.respelt(typed, FREQUENCY) == meant


@pytest.mark.parametrize(
    ("run", "parts"),
    [("lvshi", ("lv", "shi")), ("xian", ("xian",)), ("https", ()), ("zhuce", ("zhu", "ce"))],
)
def test_syllables(run: str, parts: tuple[str, ...]) -> None:
    assert syllables(run) == parts


RENEWAL = ServiceGuide("renewal", "渔民证补办", region="880121", fee="不收费")


@pytest.mark.parametrize(
    ("typed", "heard"), [("渔敏证补伴多少钱", True), ("渔网不办多少钱", False)]
)
def test_what_is_read_as_it_sounds_says_so_and_what_denies_stays(typed: str, heard: bool) -> None:
    reading = answerer(RENEWAL).understand(Question(typed, TODAY, "880121"))
    assert ("民证补办" in reading.sounded) is heard
    assert heard or "不办" in reading.parts[0].text
