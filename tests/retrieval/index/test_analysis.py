import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.analysis import TermKind, query_terms, terms_of, word_terms

pytestmark = pytest.mark.unit

TEXTS = st.text(alphabet="办理营业执照身份证a1.B２，。 \x00\n𠀀", max_size=30)


def kinds(text: str) -> dict[int, TermKind]:
    found = query_terms(text)
    return {int(t): TermKind(k) for t, k in zip(found.terms, found.kinds, strict=True)}


def test_width_and_case_do_not_matter() -> None:
    assert kinds("ＩＳＯ９００１认证") == kinds("iso9001认证")


def test_a_dictionary_word_is_found_inside_a_longer_stretch() -> None:
    (word,) = word_terms(["营业执照"])
    assert kinds("补办营业执照的")[int(word)] is TermKind.LONG_WORD


def test_overlapping_words_are_all_kept() -> None:
    found = kinds("中华人民共和国")
    for word in ("人民", "共和国", "中华人民共和国"):
        assert int(word_terms([word])[0]) in found


def test_a_number_is_one_term_and_never_part_of_another() -> None:
    assert not kinds("12366").keys() & kinds("1236").keys()


def test_single_characters_can_be_searched() -> None:
    assert set(kinds("税").values()) == {TermKind.CHARACTER}


def test_punctuation_separates() -> None:
    pairs = [k for k in kinds("户，口").values() if k is not TermKind.CHARACTER]
    assert pairs == []


@given(st.lists(TEXTS, max_size=5))
def test_a_batch_gives_each_text_the_terms_it_has_alone(texts: list[str]) -> None:
    terms, owners = terms_of(texts)
    for number, text in enumerate(texts):
        alone, _ = terms_of([text])
        assert sorted(terms[owners == number]) == sorted(alone)


@given(TEXTS)
def test_a_question_has_the_terms_of_a_passage(text: str) -> None:
    terms, _ = terms_of([text])
    assert query_terms(text).terms.tolist() == sorted(set(terms.tolist()))


def test_helping_words_count_less_and_never_replace_what_was_asked() -> None:
    asked, both = query_terms("社保卡"), query_terms("社保卡", "社会保障卡", 0.5)
    factors = dict(zip(both.terms.tolist(), both.factors.tolist(), strict=True))
    assert {factors.pop(term) for term in asked.terms.tolist()} == {1.0}
    assert set(factors.values()) == {0.5}
