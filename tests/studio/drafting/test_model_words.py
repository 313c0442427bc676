"""What a model writes is said only where the facts carry it."""

import pytest

from assistant.domain.studio import Fact, FactKind, Sentence
from assistant.studio.drafting.checking import Checker, names_in
from assistant.studio.drafting.facts import values_of
from assistant.studio.drafting.model_words import UnusableError, completed, read, shown

pytestmark = pytest.mark.unit


def _fact(number: int, kind: FactKind, text: str) -> Fact:
    return Fact(f"f{number}", f"g#{number}", kind, text, "g", 1, "栏目", values_of(text))


FACTS = [
    _fact(1, FactKind.LIMIT, "承诺办结时限：2个工作日"),
    _fact(2, FactKind.PHONE, "咨询电话：0755-12366"),
    _fact(3, FactKind.MATERIAL, "居民身份证（原件1份、不要复印件；纸质；必要）"),
    _fact(4, FactKind.PLACE, "示例县政务服务中心，示例大道1号"),
    _fact(5, FactKind.FEE, "收费：每证20元"),
]
BY_ID = {fact.id: fact for fact in FACTS}
CHECKER = Checker.of(FACTS, names_in(FACTS))


def _read(*lines: str) -> list[str]:
    body = "\n".join(lines)
    return [one.text for one in read(f"<口播>\n{body}\n</口播>", BY_ID, CHECKER).sentences]


ANCHOR = "[f1] 承诺办结时限是2个工作日。"


@pytest.mark.parametrize(
    "line",
    [
        "[f1] 窗口承诺的办结时限，2个工作日。",
        "[f2] 拿不准就打咨询电话{f2.1}。",
        "[f3] 居民身份证带原件1份，不要复印件。",
        "[] 排了半天队，一翻包少一样，您说急不急？",
        "[] 有疑问的，打在评论区，咱们一会儿就看。",
    ],
)
def test_what_holds_is_said(line: str) -> None:
    assert len(_read(ANCHOR, line)) == 2


@pytest.mark.parametrize(
    "line",
    [
        "[f1] 承诺办结时限是3个工作日。",
        "[f1] 法定办结时限是2个工作日。",
        "[f2] 拿不准就打咨询电话0755-12367。",
        "[f2] 拿不准就打投诉电话{f2.1}。",
        "[f2] 拿不准就打咨询电话{f5.1}。",
        "[f3] 居民身份证带复印件1份。",
        "[f3] 居民身份证不用带原件1份。",
        "[f9] 办结时限是2个工作日。",
        "[] 2个工作日就能办好。",
        "[] 去示例县政务服务中心就行。",
        "[] 这件事不用带任何材料。",
        "[] 办这个免费。",
        "[f1] 保证通过，承诺办结时限2个工作日。",
        "[f1] 今天天气真好，咱们出门走走看看花。",
        "没有编号的一句话。",
    ],
)
def test_what_changes_a_fact_is_dropped(line: str) -> None:
    assert _read(ANCHOR, line) == ["承诺办结时限是2个工作日。"]


def test_code_puts_the_values_in() -> None:
    assert shown(BY_ID["f2"]) == "[f2] 咨询电话：{f2.1}"
    assert shown(BY_ID["f5"]) == "[f5] 收费：每证{f5.1}"
    assert "0755-12366" in _read(ANCHOR, "[f2] 拿不准就打咨询电话{f2.1}。")[1]


@pytest.mark.parametrize("reply", ["", "好的。", "<口播></口播>", "[] 大家好。\n[] 咱们开始。"])
def test_nothing_usable_is_said_so(reply: str) -> None:
    with pytest.raises(UnusableError):
        read(reply, BY_ID, CHECKER)


def test_a_fact_that_was_left_out_is_told_by_the_sample() -> None:
    sample = [
        Sentence("承诺办结时限是2个工作日。", ("f1",)),
        Sentence("居民身份证，原件1份，不要复印件。", ("f3",)),
        Sentence("咨询电话是0755-12366。", ("f2",)),
    ]
    written = [Sentence("大家好。"), Sentence("办结时限承诺的是2个工作日。", ("f1",)), sample[2]]
    said = completed(written, sample)
    assert [one.facts for one in said] == [(), ("f1",), ("f3",), ("f2",)]
    assert said[1].text == "办结时限承诺的是2个工作日。"
