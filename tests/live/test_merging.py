"""The same question in other words becomes one; what differs in a slot never does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.live.merging import SlotMerger
from assistant.live.merging_reading import Slots, plain_slots
from assistant.live.seams import Merger

pytestmark = pytest.mark.unit

_WIDTH = 16


def embed(texts: list[str]) -> NDArray[np.float32]:
    """A stand-in: counts of characters by code, as unit vectors."""
    rows = np.zeros((len(texts), _WIDTH), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for char in text:
            row[ord(char) % _WIDTH] += 1
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def reading(text: str, region: str | None) -> Slots:
    """A fake desk: it knows one item by two names, and two towns."""
    slots = plain_slots(text, region)
    items = frozenset({"游泳证"}) if "游泳证" in text or "下水本" in text else frozenset[str]()
    towns = frozenset(town for town in ("东镇", "西镇") if town in text)
    return Slots(slots.standard, slots.fields, items, towns or slots.places)


@pytest.fixture
def merger() -> SlotMerger:
    made: Merger = SlotMerger(embed, reading)
    assert isinstance(made, SlotMerger)
    return made


def is_merged(merger: SlotMerger, first: str, second: str) -> bool:
    merger.add("q1", first)
    match = merger.find(second)
    assert match is None or match.question_id == "q1"
    return match is not None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("结婚登记要带什么材料？", "请问 结婚登记要带什么材料呀 谢谢"),
        ("游泳证在哪里办理", "下水本去哪里办"),
        ("小饭馆黄了，照咋销", "个体工商户注销如何办理"),
        ("2024年居民医保交多少钱", "二〇二四年居民医保交多少钱啊"),
        ("请问补办社保卡收费吗", "主播 补办社宝卡收费吗"),
        ("几点上班", "大厅办公时间"),
    ],
)
def test_other_words_for_the_same_are_merged(merger: SlotMerger, first: str, second: str) -> None:
    assert is_merged(merger, first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("东镇结婚登记在哪里办", "西镇结婚登记在哪里办"),
        ("结婚登记在哪里办", "离婚登记在哪里办"),
        ("结婚登记在哪里办", "结婚登记要带什么材料"),
        ("游泳证法定几天办结", "游泳证承诺几天办结"),
        ("2024年医保交多少", "2025年医保交多少"),
        ("满15年怎么退休", "满20年怎么退休"),
        ("异地就医没备案能报销吗", "异地就医备案了能报销吗"),
        ("个体户设立登记多久", "个体户注销登记多久"),
        ("职工医保怎么参保", "居民医保怎么参保"),
        ("大额医保怎么报销", "门诊医保怎么报销"),
        ("农村户口转城镇", "城镇户口转农村"),
        ("公积金线上怎么提取", "公积金线下怎么提取"),
        ("异地就医备案怎么办理", "异地就医备案怎么取消"),
        ("游泳证补领在哪", "游泳证注销在哪"),
        ("社保卡补办地点", "社保卡补办时间"),
        ("生育津贴怎么算", "生育津贴怎么领"),
        ("大厅周六上班吗", "大厅中午上班吗"),
        ("一方同意离婚", "一方不同意离婚"),
        ("首套房贷款利率", "非首套房贷款利率"),
        ("有合同怎么提取公积金", "无合同怎么提取公积金"),
    ],
)
def test_what_differs_in_a_slot_is_not_merged(merger: SlotMerger, first: str, second: str) -> None:
    assert not is_merged(merger, first, second)
    assert not is_merged(SlotMerger(embed, reading), second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("云杉云杉便民卡怎么领", "云杉白桦便民卡怎么领"),
        ("蓝天蓝天幼儿园怎么报名", "蓝天红星幼儿园怎么报名"),
        ("蓝天幼儿园怎么报名", "红星幼儿园怎么报名"),
        ("青岚老年餐补怎么申请", "青禾老年餐补怎么申请"),
        ("我想问下青岚老年餐补怎么申请", "青禾老年餐补要怎么申请呀"),
        ("便民卡怎么领", "便民券怎么领"),
        ("金桔金桔停车证丢了怎么补", "金桔石榴停车证丢了怎么补"),
        ("红星红星社保卡丢了怎么补", "红星蓝天社保卡丢了怎么补"),
    ],
)
def test_two_names_that_nobody_knows_are_two_things(
    merger: SlotMerger, first: str, second: str
) -> None:
    assert not is_merged(merger, first, second)
    assert not is_merged(SlotMerger(embed, reading), second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("云杉便民卡怎么领", "云山便民卡怎么领"),
        ("蓝天幼儿园怎么报名", "请问蓝天幼儿园要怎么报名呀"),
        ("青岚老年餐补怎么申请", "青岚老年餐补咋申请"),
    ],
)
def test_one_unknown_name_in_other_words_is_one_thing(
    merger: SlotMerger, first: str, second: str
) -> None:
    assert is_merged(merger, first, second)


def test_regions_of_viewers_tell_apart(merger: SlotMerger) -> None:
    merger.add("q1", "结婚登记在哪里办", "990101")
    assert merger.find("结婚登记在哪里办", "990102") is None
    assert merger.find("结婚登记在哪里办", "990101") is not None


def test_forgotten_questions_are_not_found(merger: SlotMerger) -> None:
    merger.add("q1", "结婚登记在哪里办")
    merger.add("q2", "游泳证在哪里办")
    merger.add("q2", "下水本在哪里办呀")
    merger.forget(["q2", "unknown"])
    assert len(merger) == 1
    assert merger.find("游泳证在哪里办") is None
    found = merger.find("结婚登记在哪里办")
    assert found is not None
    assert found.question_id == "q1"


def test_every_wording_of_a_question_finds_it(merger: SlotMerger) -> None:
    merger.add("q1", "个体工商户注销如何办理")
    merger.add("q1", "个体工商户注销如何办理")
    merger.add("q1", "小店不开了怎么销照")
    assert len(merger) == 2
    found = merger.find("小店不开了怎么销照")
    assert found is not None
    assert found.score == 1.0


def test_an_empty_memory_finds_nothing(merger: SlotMerger) -> None:
    assert merger.find("结婚登记在哪里办") is None


def test_memory_grows_past_its_first_size(merger: SlotMerger) -> None:
    for number in range(200):
        merger.add(f"q{number}", f"第{number}号窗口今天办什么业务")
    found = merger.find("第137号窗口今天办什么业务呀")
    assert found is not None
    assert found.question_id == "q137"


@given(st.text(max_size=40))
def test_any_text_finds_itself(text: str) -> None:
    merger = SlotMerger(embed)
    merger.add("q1", text)
    match = merger.find(text)
    assert match is not None
    assert match.score == 1.0


@given(st.lists(st.text(alphabet="结离婚登记要带什么材料在哪办2024年不", max_size=12), max_size=2))
def test_likeness_has_no_direction(texts: list[str]) -> None:
    if len(texts) < 2:
        return
    there, back = SlotMerger(embed, least=0.0), SlotMerger(embed, least=0.0)
    there.add("q", texts[0])
    back.add("q", texts[1])
    one, other = there.find(texts[1]), back.find(texts[0])
    assert (one and round(one.score, 5)) == (other and round(other.score, 5))
