"""Sentences, their map, what is never said, and how long they take."""

import pytest

from assistant.domain.speech import SpokenText
from assistant.voice.reading import Reader, estimate_seconds, leftovers
from assistant.voice.reading import reader as reader_module

pytestmark = pytest.mark.unit
READ = Reader()


def _pairs(one: SpokenText) -> list[tuple[str, str]]:
    return [
        (
            one.display[s.display_start : s.display_end],
            one.spoken[s.spoken_start : s.spoken_end],
        )
        for s in one.spans
    ]


def _said(text: str) -> list[str]:
    return [one.spoken for one in READ(text)]


def test_the_map_leads_from_the_caption_to_what_is_said() -> None:
    (one,) = READ("请带2份A4复印件。")
    assert ("2", "两") in _pairs(one)
    assert ("4", "四") in _pairs(one)
    assert one.pinyin[one.spoken.index("两")] == "liang3"


def test_the_second_time_a_phone_is_said_the_caption_stands_still() -> None:
    (one,) = READ("0755-12366")
    assert _pairs(one)[-1] == ("", "；零七五五，幺二三六六")
    assert _pairs(one)[4:6] == [("-", ""), ("1", "，幺")]


@pytest.mark.parametrize(
    "hidden",
    [
        "110101199003074517",
        "11010119900307451X",
        "110101 19900307 4517",
        "１１０１０１１９９００３０７４５１７",
        "1101**********4517",
        "6222 0212 3456 7890 123",
        "6222021234567890123",
        "91110000600037341L",
        "一一零一零一一九九零零三零七四五一七",
    ],
)
def test_a_number_that_names_a_person_is_never_said(hidden: str) -> None:
    spoken = "".join(_said(f"您的号是{hidden}，请核对"))
    assert spoken == "您的号是，请核对"


def test_a_long_text_is_cut_at_marks_then_before_conjunctions_never_in_a_number() -> None:
    text = (
        "申请人应当在收到通知之日起15个工作日内携带居民身份证原件和户口簿复印件2份"
        "到不动产登记中心3号窗口办理并缴纳登记费80元。"
    )
    sentences = READ(text)
    assert [one.display for one in sentences] == [
        "申请人应当在收到通知之日起15个工作日内",
        "携带居民身份证原件和户口簿复印件2份",
        "到不动产登记中心3号窗口办理并缴纳登记费80元。",
    ]


def test_two_numbers_are_parted_where_a_mark_allows_it() -> None:
    said = _said("办理居住证需要交申请表2份和近期免冠照片4张，工本费每证收取20元整。")
    assert said == ["办理居住证需要交申请表两份和近期免冠照片四张，", "工本费每证收取二十元整。"]


def test_a_name_of_a_document_is_one_breath_where_it_can_be() -> None:
    said = _said("根据《国务院关于在线政务服务的若干规定》办理，其他事项按照有关部门的规定执行。")
    assert any("国务院关于在线政务服务的若干规定" in one for one in said)


def test_a_text_without_words_is_shown_and_silent() -> None:
    (one,) = READ("😀★")
    assert (one.display, one.spoken) == ("😀★", "")
    assert READ("") == READ(" \n") == ()


def test_leftovers_names_what_a_voice_cannot_say() -> None:
    assert leftovers("五个工作日，请带App。") == ""
    assert leftovers("5个xyz①《") == "5xyz①《"


def test_a_defect_of_a_rule_is_logged_and_the_words_are_still_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(text: str) -> None:
        raise IndexError(text)

    monkeypatch.setattr(reader_module, "units", broken)
    (one,) = Reader()("带2份材料。")
    assert (one.display, one.spoken) == ("带2份材料。", "带份材料。")


def test_seconds_follow_syllables_marks_and_pace() -> None:
    (short,), (long,) = READ("请稍等。"), READ("请稍等，正在为您核实。")
    assert estimate_seconds(short) == pytest.approx(3 / 4.2 + 0.5)
    assert estimate_seconds(short) < estimate_seconds(long)
    assert estimate_seconds(long, 100) == pytest.approx(estimate_seconds(long) / 2)
    assert estimate_seconds(long, syllables_a_second=8.4) == pytest.approx(
        estimate_seconds(long) / 2
    )
