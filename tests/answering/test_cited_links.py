"""Links of the sources pass; every other link is judged."""

import pytest

from assistant.answering.cited_links import unlinked
from assistant.domain.answer import Citation

pytestmark = pytest.mark.unit
CITED = [Citation("g", "网办", "办理网址：http://www.example.gov.cn/a?b=1@2", source_url=None)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("请打开http://www.example.gov.cn/a?b=1@2办理。", "请打开官方网址办理。"),
        ("www.example.gov.cn/a?b=1@2", "官方网址"),
        ("请打开http://evil.example/x", "请打开http://evil.example/x"),
        ("http://www.example.gov.cn/other", "http://www.example.gov.cn/other"),
        ("没有网址。", "没有网址。"),
    ],
)
def test_only_cited_links_are_left_out(text: str, left: str) -> None:
    assert unlinked(text, CITED) == left
