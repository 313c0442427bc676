"""The catalogue: built, changed, split questions, the lexicon's files."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.fields import ITEM, find_fields
from assistant.answering.folding import clean, fold, grams
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.split import split_questions
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question
from assistant.errors import FormatError
from tests.answering.guides.sample import (
    CLOSE_SHOP,
    ELDERLY,
    GUIDES,
    LEXICON,
    OPEN_SHOP,
    REGIONS,
    TODAY,
)

pytestmark = pytest.mark.unit

ALL = Catalogue.build(GUIDES, REGIONS, LEXICON)
MANY = Catalogue.build(
    [replace(ELDERLY, id=f"x{n}", name=f"示例事项{n}号办理") for n in range(40)], REGIONS, LEXICON
)


def names(catalogue: Catalogue, text: str) -> set[str]:
    index = catalogue.index
    return {index.strings[one.number] for one in catalogue.named(fold(text))}


def test_a_guide_put_in_is_found_and_one_taken_out_is_not() -> None:
    more = MANY.updated([OPEN_SHOP])
    assert "个体工商户设立登记" in names(more, "个体工商户设立登记")
    assert "个体工商户设立登记" not in names(MANY, "个体工商户设立登记")
    less = more.updated([], ["shop-open"])
    assert "个体工商户设立登记" not in names(less, "个体工商户设立登记")
    assert "示例事项7号办理" in names(less, "示例事项7号办理")


def test_a_renamed_guide_answers_to_its_new_name_only() -> None:
    old = MANY.updated([OPEN_SHOP])
    new = old.updated([replace(OPEN_SHOP, name="个体户开业登记", parent=None)])
    assert names(new, "个体户开业登记") == {"个体户开业登记"}
    assert "个体工商户设立登记" not in names(new, "个体工商户设立登记")
    assert len(new.guides) == 41


@given(st.lists(st.sampled_from(GUIDES), max_size=12))
def test_changes_one_by_one_give_what_a_build_gives(guides: list) -> None:
    grown = Catalogue.build([], REGIONS, LEXICON)
    for guide in guides:
        grown = grown.updated([guide])
    built = Catalogue.build(guides, REGIONS, LEXICON)
    assert dict(grown.guides) == dict(built.guides)
    assert set(grown.profiles) == set(built.profiles)
    for profile in built.profiles:
        assert set(grown.in_force([profile], TODAY, "880121")) == set(
            built.in_force([profile], TODAY, "880121")
        )


@given(
    st.text(alphabet="个体工商户设立注销登记高龄津贴申领要带啥几天，。？ 和还有ab1", max_size=60)
)
def test_a_split_question_joined_is_the_question(text: str) -> None:
    assert "".join(split_questions(text, ALL)) == text


def test_questions_about_two_items_are_split() -> None:
    parts = split_questions("个体工商户注销登记要啥，高龄津贴申领去哪办", ALL)
    assert parts == ["个体工商户注销登记要啥", "，高龄津贴申领去哪办"]
    assert split_questions("个体工商户注销登记要啥，在哪办", ALL) == [
        "个体工商户注销登记要啥，在哪办"
    ]


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    cleaned = clean(text)
    assert len(find_fields(cleaned).rest) == len(cleaned)
    assert len(grams(fold(text))) <= max(1, len(fold(text)))


def test_a_name_within_a_longer_one_comes_after_it() -> None:
    found = ALL.named(fold("注册消防工程师注册审批（一级）"))
    assert ALL.index.strings[found[0].number] == "注册消防工程师注册审批一级"


def test_an_item_keeps_its_aliases_and_parent() -> None:
    profile = next(p for p in ALL.profiles if p.name == "个体工商户设立登记")
    assert "个体户营业执照" in profile.surfaces
    assert "个体工商户登记" in profile.surfaces
    assert CLOSE_SHOP.parent == "个体工商户登记"


def test_missing_lexicon_files_are_empty(tmp_path: Path) -> None:
    lexicon = Lexicon.load(tmp_path)
    assert lexicon.expansions("个体照") == ()
    assert lexicon.standard("ＡＢ 咋整") == "ab 咋整"


def test_lexicon_files(tmp_path: Path) -> None:
    (tmp_path / "everyday.jsonl").write_text(
        '{"everyday": ["个体照", "照"], "official": ["营业执照"], "note": null}\n', "utf-8"
    )
    (tmp_path / "dialect.jsonl").write_text('{"from": "咋整", "to": "怎么办"}\n', "utf-8")
    lexicon = Lexicon.load(tmp_path)
    assert [(e.start, e.end) for e in lexicon.expansions("办个体照")] == [(1, 4)]
    assert lexicon.standard("照咋整") == "照怎么办"


@pytest.mark.parametrize("line", ["{", "[]", '{"everyday": ["a"]}'])
def test_a_bad_lexicon_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "everyday.jsonl").write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(FormatError, match=r"everyday\.jsonl:2"):
        Lexicon.load(tmp_path)


def test_the_placeholder_is_no_letter() -> None:
    assert fold(ITEM) == ""


DESK = GuideAnswerer(ALL)


@given(
    st.text(max_size=60),
    st.sampled_from(["", "个体工商户设立登记", "高龄津贴申领 要带啥", "居住证申领"]),
    st.text(max_size=20),
    st.none() | st.sampled_from(["880121", "880100", "xyz"]),
)
def test_no_text_breaks_the_answerer(
    before: str, item: str, after: str, region: str | None
) -> None:
    question = Question(f"{before}{item}{after}", TODAY, region, (after,))
    draft = DESK.draft(question, DESK.understand(question), Ranking())
    assert len(draft.spoken) <= 150
    assert 0.0 <= draft.support.match <= 1.0
