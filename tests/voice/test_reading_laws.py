"""What holds for every text that is read aloud."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.voice.reading import Reader, estimate_seconds, leftovers

pytestmark = pytest.mark.unit

READ = Reader().read
_MANY = """
0755-12366 020-83133283 12345 2025-05-10 9:00-12:00 3~5个工作日 10%-20% ¥1,200.50 2份 A4纸
〔2016〕55号 （一） ① 1. https://www.gd.gov.cn/a?b=1 a@b.cn GB/T 2260-2007 110101199003074517
7×24 5‰ 1/3 ㎡ kg km/h 《办法》 “ ” 、 ， 。 ； ： ！ ？ / + ≥ ( ) -- — … · 😀 １２ ＡＢ Ⅲ X光
办理 身份证 工作日 个 元 万 号 楼 室 第 条 （三）项 电话 转 编号 年 月 日 的 和 为 Word PDF xyz
粤B12345 -3℃ 〇 ± ≈ μ ﷽ ア
"""
_PIECES = [*re.split(r"\s+", _MANY.strip()), "\n", "\t", " ", "\u200b"]
texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(_PIECES) | st.text(max_size=2), max_size=25).map("".join),
    st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join),
    st.text(alphabet="0123456789.-/:()转、元个年月%ABx×+~，一", max_size=40),
)


@given(texts)
def test_nothing_is_lost_and_the_map_covers_all(text: str) -> None:
    sentences = READ(text)
    shown = "".join(one.display for one in sentences)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)
    for one in sentences:  # that the spans cover both texts is SpokenText's own rule
        assert one.display == one.display.strip()
        assert (
            "".join(one.display[s.display_start : s.display_end] for s in one.spans) == one.display
        )
        assert "".join(one.spoken[s.spoken_start : s.spoken_end] for s in one.spans) == one.spoken


@given(texts)
def test_nothing_is_left_that_a_voice_cannot_say(text: str) -> None:
    assert [leftovers(one.spoken) for one in READ(text) if leftovers(one.spoken)] == []


@given(texts)
def test_a_sound_for_each_character_that_sounds(text: str) -> None:
    for one in READ(text):
        silent = {char for char, sound in zip(one.spoken, one.pinyin, strict=True) if not sound}
        assert silent <= set("，。；：？！、")


@given(texts)
def test_only_a_text_without_words_is_silent(text: str) -> None:
    sentences = READ(text)
    assert len(sentences) <= 1 or all(one.spoken.strip("，。；：？！、") for one in sentences)


@given(texts)
def test_a_spoken_text_is_read_as_it_stands(text: str) -> None:
    """What was made sayable stays: reading it again changes no word."""
    words = re.compile(r"[，。；：？！、]")
    for one in READ(text):
        if not re.search("[A-Za-z]|[零一二三四五六七八九幺]{15}", one.spoken):
            again = "".join(said.spoken for said in READ(one.spoken))
            assert words.sub("", again) == words.sub("", one.spoken)


@given(st.text(alphabet="办理登记需要提交材料和由申请人窗口，、", max_size=200))
def test_sentences_are_short_where_they_can_be_divided(text: str) -> None:
    assert all(len(one.spoken) <= 25 for one in READ(text))


_DIGITS = "零幺二三四五六七八九"


@given(
    area=st.sampled_from(["010", "020", "0755", "0421", ""]),
    local=st.from_regex(r"[3-8][0-9]{7}", fullmatch=True),
    before=st.sampled_from(["", "咨询电话：", "请拨打", "联系"]),
    after=st.sampled_from(["", "。", "咨询", "，或到窗口办理"]),
)
def test_a_phone_is_said_twice_digit_by_digit(
    area: str, local: str, before: str, after: str
) -> None:
    number = f"{area}-{local}" if area else local
    spoken = "".join(one.spoken for one in READ(before + number + after))
    digits = "".join(char for char in spoken if char in _DIGITS)
    assert digits == 2 * "".join(_DIGITS[int(char)] for char in area + local)


@given(st.text(max_size=40), st.integers(-50, 100))
def test_an_estimate_is_never_negative_and_faster_is_shorter(text: str, rate: int) -> None:
    for one in READ(text):
        assert 0 <= estimate_seconds(one, rate + 1) <= estimate_seconds(one, rate)
