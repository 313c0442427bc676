import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import spoken

pytestmark = pytest.mark.unit

CHINESE = st.text(st.sampled_from("甲乙丙丁戊，。；：、！123-/.a \n（）“”"), max_size=400)


@given(CHINESE, st.integers(30, 200))
def test_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(spoken.shorten(text, limit)) <= limit
    assert len(spoken.shorten(text, limit, tail="详见屏幕。")) <= limit


@given(CHINESE)
def test_pieces_joined_give_the_text_back(text: str) -> None:
    assert "".join(spoken.sentences(text)) == text
    assert "".join(spoken.clauses(text)) == text


@given(st.text(st.sampled_from("123., \n：。甲a"), max_size=40))
def test_no_two_numbers_become_one(text: str) -> None:
    numbers = re.compile(r"\d+(?:[.,]\d+)*")
    assert set(numbers.findall(spoken.tidy(text))) <= set(numbers.findall(text))
    assert spoken.tidy("于 09:17:40. 1/10 图") == "于09:17:40. 1/10图。"


def test_what_fits_is_left_alone() -> None:
    assert spoken.shorten("医保缴费到12月31日。") == "医保缴费到12月31日。"


def test_cuts_at_a_sentence_and_points_to_the_screen() -> None:
    text = "第一句话说完了。" * 10 + "第二段，还有很多很多内容没有说完。" * 10
    short = spoken.shorten(text, 100, tail="详见屏幕。")
    assert short.endswith("。详见屏幕。")
    assert text.startswith(short.removesuffix("详见屏幕。"))


@pytest.mark.parametrize("phone", ["0663-8871234", "https://www.gd.gov.cn/a/b"])
def test_never_cuts_inside_a_value(phone: str) -> None:
    for pad in range(30, 60):
        short = spoken.shorten("甲" * pad + phone + "乙" * 60, 60)
        assert phone in short or not any(c in short for c in "0123456789:/")


def test_a_list_too_long_is_voiced_as_count_first_names_and_pointer() -> None:
    names = [f"第{n}种需要提交的申请材料名称" for n in range(1, 21)]
    voiced = spoken.voice_list(names, lead="申请材料")
    assert voiced.startswith("申请材料共20项：第1种需要提交的申请材料名称、")
    assert voiced.endswith("等，完整清单见屏幕。")
    assert len(voiced) <= spoken.LIMIT


def test_a_short_list_is_voiced_whole() -> None:
    assert spoken.voice_list(["身份证", "户口簿"], lead="材料") == "材料共2项：身份证、户口簿。"
    assert spoken.voice_list(["身份证"], lead="材料") == "材料：身份证。"


def test_a_link_is_not_cut_at_its_question_mark() -> None:
    link = "http://www.cde.org.cn/news.do?method=largeInfo&id=312712"
    text = f"相关通知如下：新版频道（{link}）" + "办理数字证书的通知见网站公告" * 12
    cut = spoken.shorten(text, tail="见屏幕。")
    assert link in cut or "http" not in cut
    assert spoken.sentences(f"见{link}。再问") == [f"见{link}。", "再问"]
