import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.matching import bare, comparable, holds, states

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("承诺 5 个工作日办结。", "5个工作日"),
        ("承诺５个工作日", "5个工作日"),
        ("五个工作日", "5个工作日|五个工作日"),
        ("电话：020-81833537", "020-81833537"),
        ("电话：020-81833537", "02081833537|81833537"),
        ("电话：020—81833537", "020-81833537"),
        ("毕业证书（原件）、学位证书", "毕业证书原件"),
        ("收费：20.5元", "20.5元"),
        ("A4纸2份", "A4纸 2 份"),
    ],
)
def test_stated(reply: str, fact: str) -> None:
    assert states(reply, fact)


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("11个工作日", "1个工作日"),
        ("5日、15日", "51"),
        ("电话 0208183353", "81833537|020-81833537"),
        ("电话 818335370", "81833537"),
        ("电话 020 8183 3537", "81833537"),
        ("5个工作日", "。|、"),
        ("", "5"),
    ],
)
def test_not_stated(reply: str, fact: str) -> None:
    assert not states(reply, fact)


def test_a_separator_between_digits_stays_and_all_others_go() -> None:
    assert comparable("1, 2 。a 3") == "1\x1f2a3"
    assert bare("1, 2 。a 3") == "12a3"


@given(st.text(), st.text(), st.text())
def test_a_reference_is_held_by_any_text_around_it(before: str, reference: str, after: str) -> None:
    text = f"{before}，{reference}。{after}"
    assert holds(text, reference) == bool(bare(reference))


@given(st.text(alphabet="甲乙1 ，。"), st.text(alphabet="甲乙1 ，。"))
def test_white_space_and_full_stops_never_decide(reply: str, fact: str) -> None:
    assert states(reply, fact) == states(reply.replace("。", "，"), fact.replace("，", " "))
