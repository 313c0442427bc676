"""Names of persons are told without a model."""

import pytest

from assistant.answering.person_names import person_names

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("主任由欧阳明远担任", "欧阳明远"),
        ("局长王珂玥出席", "王珂玥"),
        ("诗人李白到过这里", "李白"),
        ("教练亚历山大·彼得罗夫到任", "亚历山大·彼得罗夫"),
        ("教练 john smith 到任", "john smith"),
    ],
)
def test_a_name_is_found(text: str, name: str) -> None:
    assert any(name in text[a:b] for a, b in person_names(text))


@pytest.mark.parametrize(
    "text", ["办理居住证需要材料", "高度重视安全生产工作", "应当自收到之日起办结"]
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert person_names(text) == []
