"""Masking: nothing personal stays, what is public and what is asked does."""

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.safety.masked import PLACEHOLDERS
from assistant.safety.masking import _KEPT, Masker
from assistant.safety.official import Official
from eval.live.disguises import DISGUISES
from eval.live.personal_samples import KINDS, leaks, sample
from eval.live.told import CASES, told, told_leaks

pytestmark = pytest.mark.unit

mask = Masker(["0755-83130240", "020-38356454转1"], ["深圳市福田区福中三路1号2栋3单元301室"])


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(KINDS), st.sampled_from(sorted(DISGUISES)), st.integers(0, 2**64))
def test_nothing_personal_is_left_in_any_disguise(kind: str, disguise: str, seed: int) -> None:
    case = sample(kind, disguise, Random(seed))
    shown = mask(case.text)
    assert leaks(case, shown.text) == []
    assert shown.kinds


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(CASES), st.integers(0, 2**64))
@example(("identity", "repeats"), 3290)  # …一两个六X: the check sign after a repetition
def test_no_number_told_in_pieces_or_words_is_left(case: tuple[str, str], seed: int) -> None:
    told_so = told(*case, Random(seed))
    shown = mask(told_so.text)
    assert told_leaks(told_so, shown.text) == []
    assert shown.kinds
    assert mask(shown.text).text == shown.text


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(KINDS), st.sampled_from(sorted(DISGUISES)), st.integers(0, 2**64))
def test_a_masked_text_is_masked(kind: str, disguise: str, seed: int) -> None:
    once = mask(sample(kind, disguise, Random(seed)).text).text
    assert mask(once).text == once


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="0123456789一三号栋室路我叫王姓名：- 京A@.qcom张电话", max_size=60))
def test_any_text_is_masked_once(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text
    assert set(once.kinds) <= PLACEHOLDERS.keys()
    if not once.kinds:
        assert once.text == text


@pytest.mark.parametrize(
    ("text", "shown", "kinds"),
    [
        ("身份证11010519491231002X帮查", "身份证〔已隐去证件号〕帮查", ("identity",)),
        ("打0755-83139999转12找我", "打〔已隐去电话〕找我", ("landline",)),
        ("张三13800138000的社保", "〔已隐去姓名〕〔已隐去手机号〕的社保", ("mobile", "name")),
        ("我叫王小明想问社保", "我叫〔已隐去姓名〕想问社保", ("name",)),
        ("姓名：阿依古丽·买买提，", "姓名：〔已隐去姓名〕，", ("name",)),
        ("粤B·12345违章了", "〔已隐去车牌〕违章了", ("plate",)),
        ("粤BD12345是绿牌", "〔已隐去车牌〕是绿牌", ("plate",)),
        ("福田区景田路12号3栋2单元501室停水", "福田区〔已隐去住址〕停水", ("address",)),
        ("护照E12345678到期了", "护照〔已隐去证件号码〕到期了", ("passport",)),
        ("身份证尾号012345，查下", "身份证尾号012345，查下", ()),
        ("我叫张永和，查社保", "我叫〔已隐去姓名〕，查社保", ("name",)),
        ("我叫张三和他一起来的", "我叫〔已隐去姓名〕和他一起来的", ("name",)),
        ("我家电话8313 9999", "我家电话〔已隐去电话〕", ("landline",)),
        ("加微信abc12345", "加微信〔已隐去联系方式〕", ("contact",)),
        ("发到zhang_3@qq.com", "发到〔已隐去联系方式〕", ("contact",)),
        ("q 81234567找我", "q 〔已隐去联系方式〕找我", ("contact",)),
        ("薇❤：abcd8899", "薇❤：〔已隐去联系方式〕", ("contact",)),
        ("离婚证L110105-2018-000123", "离婚证〔已隐去证件号码〕", ("passport",)),
        ("我是陈晓婷，问下", "我是〔已隐去姓名〕，问下", ("name",)),
        ("业主王海 漏水", "业主〔已隐去姓名〕 漏水", ("name",)),
        ("麦麦提·图尔荪想落户", "〔已隐去姓名〕想落户", ("name",)),
        ("打我213800138000", "打我〔已隐去手机号〕", ("mobile",)),
        ("电话138，等下，0013，八千", "电话〔已隐去手机号〕", ("mobile",)),
    ],
)
def test_what_is_shown_instead(text: str, shown: str, kinds: tuple[str, ...]) -> None:
    assert mask(text).text == shown
    assert set(mask(text).kinds) == set(kinds)


@pytest.mark.parametrize(
    "text",
    [
        "12345怎么打不通，0755-12345呢",
        "95588和400-888-1234是真的吗",
        "急！打120还是110",
        "12333、12366、12329都问过了",
        "咨询电话0755-83130240对吗",
        "83130240打得通吗",
        "电话020-38356454转1没人接",
        "国发〔2016〕55号第三条第二款",
        "粤府〔2019〕12345号还有效吗",
        "事项编码11440000MB2C87614P244211933600002",
        "统一社会信用代码91440300MA5F12345X在哪查",
        "统一社会信用代码914403001922038216",
        "编号202502280001的件办到哪一步了",
        "受理号202502280001234567",
        "2025年12月31日前交 2026-01-01生效",
        "9:00-12:00，14:00-17:30上班吗",
        "工资13800138000元",
        "高龄津贴一个月三百二十五元还是四百",
        "2018、2019、2020、2021这四年断缴",
        "政务中心3楼302室在哪",
        "福中三路1号2栋3单元301室是服务点吗",
        "公积金中心2号楼1单元305室几点下班",
        "福田区福中三路怎么走",
        "石桥村3组修路",
        "姓名变更要什么材料",
        "二级建造师个人姓名变更",
        "我是高中生能办吗",
        "本人于去年参保",
        "我叫了车",
        "微信支付和微信公众号gdzwfw",
        "邮箱szgjj@sz.gov.cn",
        "GB 11643-1999是什么",
        "GB50096-2011 3.0.7怎么规定",
        "致电12345、110都没人管",
        "打了电话。2017-08-15 10:38:30",
        "1+1=2，3.1415926535",
        "哈哈哈哈66666666666",
        "孩子高兴，能落户吗",
        "居民安全，谁负责",
        "重庆·武隆的",
        "电话12345然后12333再打12366",
        "一百三十九元再加二百六十四元，八千七百一十元",
        "9点到12点，14点到17点，18点30关门",
        "前六位是地区码，中间八位是生日，后四位呢",
        "交了15年，再加3年，一共180个月，2024年到2039年",
        "档次200、300、500、1000、2000再加5000",
        "one two three are numbers, not four",
        "Q3 2025的数据",
        "订单213800138000到哪了",
        "实施编码113800138000",
        "202502280001是流水",
        "",
    ],
)
def test_what_is_public_or_no_data_stays(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).kinds == ()


def test_the_official_numbers_can_be_replaced() -> None:
    own = Masker()
    assert own("电话0755-83130240").kinds == ("landline",)
    own.replace_official(Official(["(0755)83130240"]))
    assert own("电话0755-83130240").kinds == ()
    assert own("电话0755-83130241").kinds == ("landline",)
    own.replace_official(Official())
    assert own("电话0755-83130240").kinds == ("landline",)


def test_the_memory_of_plain_texts_is_bounded_and_holds_nothing_personal() -> None:
    own = Masker()
    for number in range(_KEPT + 9):
        own(f"第{number}位来了")
    assert own("我电话13800138000").kinds == ("mobile",)
    assert own("好" * 101).kinds == ()
    assert len(own._plain) == 9
    assert not any("138" in text for text in own._plain)


def test_only_the_wanted_kinds_are_hidden() -> None:
    only = Masker(kinds={"mobile"})
    assert only("我叫王小明，13800138000").text == "我叫王小明，〔已隐去手机号〕"


def test_the_placeholders_say_what_was_there_and_hold_nothing_to_find() -> None:
    assert mask("".join(PLACEHOLDERS.values())).kinds == ()
