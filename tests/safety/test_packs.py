import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bundled import bundled
from assistant.domain.screening import Severity
from assistant.errors import ConfigurationError, FormatError
from assistant.safety.folding import fold
from assistant.safety.packs import RulePacks, shipped_packs

pytestmark = pytest.mark.unit


def pack(**changes: object) -> str:
    rule = {
        "name": "first",
        "code": "test",
        "severity": "set_aside",
        "reason": "测试",
        "any": ["{甲}…4{乙}"],
        "none": ["除非"],
    }
    whole = {
        "pack": "mine",
        "version": "1",
        "note": "测试用",
        "official": ["苹果园路"],
        "words": {"甲": ["苹果", "香蕉"], "乙": ["坏了", "烂了"]},
        "rules": [rule | {k[5:]: v for k, v in changes.items() if k.startswith("rule_")}],
    }
    whole |= {k: v for k, v in changes.items() if not k.startswith("rule_")}
    return json.dumps(whole, ensure_ascii=False)


def packs(**changes: object) -> RulePacks:
    return RulePacks([]).with_pack(pack(**changes))


def hits(text: str, of: RulePacks | None = None) -> list[str]:
    return [hit.rule for hit in (of or packs()).hits(fold(text))]


@pytest.mark.parametrize(
    "text",
    [
        "苹果坏了",
        "苹 果 都 坏 了",
        "苹*果-坏.了",
        "蘋果壞了",
        "苹😀果坏了",
        "苹\u200b果坏了",
        "苹苹苹果坏了",
        "香蕉好像烂了",
        "苹,果,园的香蕉烂了",
    ],
)
def test_a_form_is_found_in_any_disguise(text: str) -> None:
    assert hits(text) == ["first"]


@pytest.mark.parametrize(
    "text",
    [
        "苹果好",
        "坏了苹果",
        "苹果离得很远很远坏了",
        "我买了苹果。坏了怎么退",
        "除非苹果坏了",
        "吃了苹,果汁坏了",
    ],
)
def test_order_room_sentences_and_exceptions_count(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize(
    ("form", "text", "hit"),
    [
        ("^{甲}{乙}", "苹果坏了", True),
        ("^{甲}{乙}", "你好，苹果坏了", True),
        ("^{甲}{乙}", "【苹果】坏了", True),
        ("^{甲}{乙}", "那个苹果坏了", False),
        ("^…2{甲}{乙}", "那个苹果坏了", True),
        ("^…2{甲}{乙}", "是那个苹果坏了", False),
        ("^…2{甲}{乙}", "昨天我看见了，那个苹果坏了", True),
    ],
)
def test_a_form_can_be_held_to_the_start_of_a_clause(form: str, text: str, hit: bool) -> None:
    assert hits(text, packs(rule_any=[form])) == (["first"] if hit else [])


def test_the_polite_you_is_the_same_word() -> None:
    polite = packs(words={"甲": ["你的苹果"], "乙": ["坏了"]}, rule_any=["{甲}…4{乙}", "问你苹果"])
    assert hits("您的苹果坏了", polite)
    assert hits("问您苹果", polite)


@pytest.mark.parametrize(
    ("text", "hit"),
    [("苹、果、都、坏、了", True), ("吃苹、果汁坏了", False), ("苹果、坏、了", True)],
)
def test_two_letters_set_apart_are_a_word_beside_a_third(text: str, hit: bool) -> None:
    assert bool(hits(text)) is hit


def test_an_official_term_hides_what_is_inside_it() -> None:
    assert hits("苹果园路坏了") == []
    (hit,) = packs().test("苹果园路坏了")
    assert hit.spared_by == "苹果园路"
    assert hits("苹果园路的苹果坏了") == ["first"]


def test_a_test_says_rule_place_and_what_spared_it() -> None:
    (hit,) = packs().test("我的苹果 坏了")
    assert (hit.pack, hit.rule, hit.code) == ("mine", "first", "test")
    assert (hit.matched, hit.reason, hit.spared_by) == ("苹果 坏了", "测试", "")
    (spared,) = packs().test("除非苹果坏了")
    assert spared.spared_by == "除非"


def test_latin_words_stand_alone() -> None:
    latin = packs(words={"甲": ["sb"], "乙": ["主播"]})
    assert hits("sb主播", latin)
    assert hits("S B 主播", latin)
    assert not hits("usb主播", latin)


def test_sounds_give_other_spellings() -> None:
    assert hits("平果坏了", packs(sounds={"苹": "平"})) == ["first"]


def test_patterns_see_the_marks() -> None:
    code = packs(rule_any=[], rule_patterns=[r"<script"])
    assert hits("<script>", code) == ["first"]
    assert hits("script", code) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rule_any": ["{丙}"]}, "丙"),
        ({"rule_any": []}, "first"),
        ({"rule_any": ["{甲"]}, "写法不对"),
        ({"rule_any": ["{甲|苹果}"]}, "不能和词写在一个括号里"),
        ({"rule_severity": "fatal"}, "fatal"),
        ({"rule_patterns": ["("]}, "first"),
        ({"rule_patterns": ["(a+)+b"]}, "重复"),
        ({"rule_reasons": "x"}, "reasons"),
        ({"rule_reason": ""}, "reason"),
        ({"words": {"甲": ["！"]}}, "没有文字"),
        ({"pack": "A B"}, "不合规"),
        ({"official": "路"}, "official"),
    ],
)
def test_a_broken_pack_says_where_and_what_to_do(changes: dict[str, object], message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        packs(**changes)
    assert caught.value.hint


def test_broken_json_names_the_line() -> None:
    with pytest.raises(FormatError, match=":2"):
        RulePacks([]).with_pack('{\n"pack" }')


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(pack(rule_patterns=["("]), "utf-8")
    with pytest.raises(ConfigurationError, match=r"mine\.json"):
        RulePacks.load(tmp_path)


def test_two_rules_of_one_name_are_refused() -> None:
    rule = json.loads(pack())["rules"][0]
    with pytest.raises(FormatError, match="同名"):
        packs(rules=[rule, rule])


def test_an_edited_pack_replaces_the_shipped_one_and_changes_the_version() -> None:
    shipped = shipped_packs()
    text = json.loads(shipped.packs["vice"].text)
    text["rules"] = []
    edited = shipped.with_pack(json.dumps(text))
    assert edited.version != shipped.version
    assert list(shipped.hits(fold("附近哪里有赌场")))
    assert not list(edited.hits(fold("附近哪里有赌场")))


def test_shipped_packs_have_names_reasons_and_notes() -> None:
    files = {path.stem for path in (bundled("knowledge") / "rules").glob("*.json")}
    assert set(shipped_packs().packs) == files
    for one in shipped_packs().packs.values():
        assert one.note
        assert all(rule.severity is not Severity.CLEAN for rule in one.rules)


@given(st.text(max_size=120))
def test_any_text_is_folded_and_screened(text: str) -> None:
    folded = fold(text)
    assert len(folded.places) == len(folded.squeezed)
    assert all(
        folded.plain[at] == letter
        for at, letter in zip(folded.places, folded.squeezed, strict=True)
    )
    list(shipped_packs().hits(folded))


@given(st.text("苹果坏了 ,。*-😀", max_size=40))
def test_what_counts_is_part_of_what_the_test_shows(text: str) -> None:
    ready = packs()
    shown = {hit.rule for hit in ready.test(text) if not hit.spared_by}
    assert shown == set(hits(text, ready))
