"""Policies and FAQs: numbers, dates, statuses, and every quote verbatim in its source."""

import re
from itertools import chain

import pytest

from assistant.domain.source import Faq, PolicyDocument, ServiceGuide, Status
from tests.knowledge import shipped

pytestmark = pytest.mark.unit

STATUTE_OF = {
    "guoling-663-juzhuzheng": ("law-3087", "国务院令第663号"),
    "guoling-258-shiye": ("law-3063", "国务院令第258号"),
    "zhuxiling-35-shehuibaoxian": ("law-2536", "中华人民共和国主席令第35号"),
    "guoling-746-shichangzhuti": ("law-3095", "国务院令第746号"),
    "guoling-755-getigongshanghu": ("law-2822", "国务院令第755号"),
    "guoling-596-getigongshanghu": ("law-2760", "国务院令第596号"),
    "guoling-722-yingshanghuanjing": ("law-2817", "国务院令第722号"),
    "guoling-765-shebaojingban": ("law-3296", "国务院令第765号"),
    "guoling-262-zhufanggongjijin": ("law-2820", "国务院令第262号"),
    "zhuxiling-4-shenfenzheng": ("law-2405", "中华人民共和国主席令第4号"),
    "hukou-dengji-tiaoli": ("law-2684", None),
    "minfadian-hunyin": ("law-2482", "中华人民共和国主席令第45号"),
    "guoling-619-nvzhigong": ("law-3066", "国务院令第619号"),
    "guoling-716-zaixian-zhengwu": ("law-2947", "国务院令第716号"),
    "guoling-387-hunyindengji": ("law-3068", "国务院令第387号"),
}
"""Document → its text in the shared collection of statutes, and its real 文号."""
CHECKED_ELSEWHERE = {"guoling-804-hunyindengji": "国务院令第804号"}
"""Read against the text that the State Council published on 2025-04-09."""
STATUTES_OF_BASES = {
    "中华人民共和国社会保险法": "law-2536",
    "社会保险经办条例": "law-3296",
    "中华人民共和国市场主体登记管理条例": "law-3095",
    "促进个体工商户发展条例": "law-2822",
    "中华人民共和国公司法": "law-2494",
    "住房公积金管理条例": "law-2820",
    "不动产登记暂行条例": "law-2751",
    "中华人民共和国户口登记条例": "law-2684",
    "中华人民共和国居民身份证法": "law-2405",
    "居住证暂行条例": "law-3087",
    "机动车驾驶证申领和使用规定": "law-3453",
    "机动车登记规定": "law-3452",
    "中华人民共和国道路交通安全法实施条例": "law-3384",
    "女职工劳动保护特别规定": "law-3066",
    "中华人民共和国人口与计划生育法": "law-2636",
    "中华人民共和国残疾人保障法": "law-2532",
    "中华人民共和国发票管理办法": "law-2927",
    "中华人民共和国就业促进法": "law-2524",
}
CIVIL_CODE = ("law-2482", "law-2484")
every_policy = pytest.mark.parametrize("policy", shipped.policies(), ids=lambda policy: policy.id)
every_faq = pytest.mark.parametrize("faq", shipped.faqs(), ids=lambda faq: faq.id)
every_guide = pytest.mark.parametrize("guide", shipped.guides(), ids=lambda guide: guide.id)
needs_statutes = pytest.mark.skipif(not shipped.STATUTES.exists(), reason="no shared statutes")


def test_counts_and_ids() -> None:
    assert len(shipped.policies()) >= 12
    assert len(shipped.faqs()) >= 60
    ids = [source.id for source in shipped.guides()]
    ids += [source.id for source in shipped.faqs()]
    ids += [source.id for source in shipped.policies()]
    assert len(set(ids)) == len(ids)


@every_policy
def test_a_number_is_real_and_checked_or_an_example(policy: PolicyDocument) -> None:
    real = {**{key: number for key, (_, number) in STATUTE_OF.items()}, **CHECKED_ELSEWHERE}
    if policy.id in real:
        assert policy.document_number == real[policy.id]
        assert policy.region == "000000"
        return
    assert "示例" in policy.title
    assert "示例" in (policy.document_number or "")
    assert policy.region in {"990181", "990182"}


@every_policy
def test_it_has_clauses_and_dates(policy: PolicyDocument) -> None:
    assert len(shipped.articles(policy.text)) >= 3
    assert policy.issuer
    assert policy.published_on
    assert policy.effective_from or policy.status is Status.DRAFT


@needs_statutes
@pytest.mark.parametrize("policy_id", STATUTE_OF)
def test_every_clause_is_verbatim(policy_id: str) -> None:
    statute = shipped.articles(shipped.statutes()[STATUTE_OF[policy_id][0]])
    document = shipped.by_id()[policy_id]
    assert isinstance(document, PolicyDocument)
    for number, words in shipped.articles(document.text).items():
        assert words == statute[number], number


@needs_statutes
@pytest.mark.parametrize("policy_id", STATUTE_OF)
def test_the_number_is_the_one_that_the_statute_gives(policy_id: str) -> None:
    statute, number = STATUTE_OF[policy_id]
    head = shipped.statutes()[statute].partition("第一条")[0]
    given = re.findall(r"国务院令第[0-9]+号", head)
    assert not given or number in given


@needs_statutes
@every_guide
def test_every_basis_of_a_guide_is_verbatim(guide: ServiceGuide) -> None:
    for basis in guide.basis or ():
        assert basis.text
        assert basis.article
        if basis.title == "婚姻登记条例":
            text = shipped.plain(shipped.words_of("guoling-804-hunyindengji"))
        elif basis.title == "中华人民共和国民法典":
            text = shipped.plain("".join(shipped.statutes()[part] for part in CIVIL_CODE))
        else:
            text = shipped.plain(shipped.statutes()[STATUTES_OF_BASES[basis.title]])
        assert shipped.plain(basis.article) in text
        assert shipped.plain(basis.text) in text


def test_one_supersedes_and_one_is_repealed() -> None:
    policies = {policy.id: policy for policy in shipped.policies()}
    pairs = [(new, policies[old]) for new in policies.values() for old in new.supersedes]
    assert len(pairs) >= 2
    for new, old in pairs:
        assert old.published_on
        assert new.published_on
        assert old.published_on < new.published_on
        assert old.region == new.region
    statuses = {policy.status for policy in policies.values()}
    assert {Status.REPEALED, Status.DRAFT} <= statuses


def test_the_marriage_rule_changes_on_the_day() -> None:
    policies = {policy.id: policy for policy in shipped.policies()}
    new, old = policies["guoling-804-hunyindengji"], policies["guoling-387-hunyindengji"]
    assert old.id in new.supersedes
    assert str(new.effective_from) == "2025-05-10"
    assert str(old.effective_to) == "2025-05-09"
    assert "户口簿" in old.text
    assert "户口簿" not in new.text


@every_faq
def test_a_faq_rests_on_verbatim_quotes(faq: Faq) -> None:
    assert faq.basis
    assert faq.similar_questions
    for basis in faq.basis:
        assert shipped.plain(basis.quote) in _verbatim(basis.source_id)


def test_numbers_of_an_answer_stand_in_its_basis() -> None:
    for faq in shipped.faqs():
        grounds = "".join(_verbatim(basis.source_id) for basis in faq.basis)
        for number in re.findall(r"[0-9]+", faq.answer):
            hotline = number in {"12333", "12329"}
            dated = str(faq.effective_from or "").replace("-0", "-").split("-")
            assert hotline or number in grounds or number in dated, (faq.id, number)


def test_no_question_is_asked_twice() -> None:
    asked = [
        (q, faq.region) for faq in shipped.faqs() for q in (faq.question, *faq.similar_questions)
    ]
    assert len(asked) == len(set(asked))


def test_a_negative_question_is_not_a_similar_one() -> None:
    for faq in shipped.faqs():
        mine = {faq.question, *faq.similar_questions}
        assert not mine & set(faq.negative_questions), faq.id
    assert sum(bool(faq.negative_questions) for faq in shipped.faqs()) >= 30


def _verbatim(source_id: str) -> str:
    source = shipped.by_id()[source_id]
    if not isinstance(source, ServiceGuide):
        return shipped.plain(shipped.words_of(source_id))
    answers = chain.from_iterable((faq.question, faq.answer) for faq in source.faqs or ())
    return shipped.plain(shipped.words_of(source_id) + "".join(answers))
