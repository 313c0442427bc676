"""The flow with small fakes: who is asked, whose draft wins, and what a failure becomes."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from assistant.answering.decide import RoutePolicy, VerdictPolicy
from assistant.answering.flow import answer
from assistant.answering.places import NOWHERE, Named
from assistant.answering.services import Services
from assistant.answering.torn import TORN
from assistant.answering.understand import Understanding
from assistant.answering.which_region import ASKS_REGION
from assistant.domain.answer import NO_DRAFT, Citation, Draft, Route, Statement, Support
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question, Scope
from assistant.domain.verdict import Action

pytestmark = pytest.mark.unit

ASKED = Question("居住证几天能拿到", date(2026, 11, 20))
RULES = RoutePolicy(bias=-3.0, weights={"match": 6.0}, answer_from=0.5, floors={})
POLICY = VerdictPolicy("t", dict.fromkeys((Route.GUIDE, Route.FAQ, Route.POLICY), RULES))


def drafted(route: Route, words: str, match: float) -> Draft:
    cited = Citation(f"{route}-1", "办结时限", words)
    statement = Statement(words, words, (cited,))
    return Draft(route, (statement,), support=Support(match=match), source_ids=(f"{route}-1",))


@dataclass
class Guides:
    says: Draft = NO_DRAFT
    where: Named = NOWHERE

    def understand(self, question: Question) -> Understanding:
        return Understanding(question.text, (), self.where)

    def going_on(self, question: Question) -> Understanding | None:
        return Understanding(f"居住证 {question.text}", (), self.where, is_follow_up=True)

    def draft(self, question: Question, reading: Understanding, ranking: Ranking) -> Draft:
        return self.says


@dataclass
class Says:
    says: Draft

    def draft(self, question: Question, ranking: Ranking) -> Draft:
        return self.says


class Broken:
    def draft(self, question: Question, ranking: Ranking) -> Draft:
        raise RuntimeError("the drafter broke")


async def nothing(text: str, scope: Scope, limit: int = 50) -> Ranking:
    return Ranking()


def services(guide: Draft = NO_DRAFT, *others: object, refuse: str | None = None) -> Services:
    return Services(
        refuse=lambda text: refuse,
        guides=Guides(guide),
        drafters=others or (Says(NO_DRAFT),),  # type: ignore[arg-type]  # fakes
        search=nothing,
        policy=POLICY,
    )


async def test_a_supported_draft_is_said_with_its_source_first() -> None:
    outcome = await answer(ASKED, services(drafted(Route.GUIDE, "10个工作日", 1.0)))
    assert outcome.verdict.action is Action.ANSWER
    assert outcome.text == "10个工作日"
    assert outcome.ranked_ids == ("guide-1",)


async def test_the_surest_draft_that_may_be_said_wins() -> None:
    on = services(
        drafted(Route.GUIDE, "指南", 0.6),
        Says(drafted(Route.FAQ, "问答", 0.9)),
        Says(drafted(Route.POLICY, "条款", 0.7)),
    )
    assert (await answer(ASKED, on)).text == "问答"


@pytest.mark.parametrize(("exact_from", "action"), [(0.97, Action.REVIEW), (0.0, Action.ANSWER)])
async def test_nothing_less_sure_is_said_in_place_of_a_clause_that_is_withheld(
    exact_from: float, action: Action
) -> None:
    clause = drafted(Route.POLICY, "10万元及以下免除反担保", 0.9)
    clause = replace(clause, support=replace(clause.support, features={"open": 0.0}))
    rules = POLICY.routes | {Route.POLICY: replace(RULES, exact_from=exact_from)}
    on = services(drafted(Route.GUIDE, "不收取手续费", 0.7), Says(clause))
    said = await answer(ASKED, replace(on, policy=replace(POLICY, routes=rules)))
    assert said.verdict.action is action
    assert said.draft.route is Route.POLICY


async def test_what_is_asked_about_another_region_is_answered_by_no_part() -> None:
    on = services(NO_DRAFT, Says(drafted(Route.FAQ, "本地的电话", 1.0)))
    on = replace(on, guides=Guides(where=Named("990102", elsewhere=True)))
    outcome = await answer(ASKED, on)
    assert outcome.verdict.action is Action.REVIEW
    assert "本地的电话" not in outcome.text + outcome.draft.text


async def test_each_part_is_asked_for_the_region_that_the_question_names() -> None:
    asked: list[str | None] = []

    class Hears:
        def draft(self, question: Question, ranking: Ranking) -> Draft:
            asked.append(question.region)
            return NO_DRAFT

    on = services(NO_DRAFT, Hears(), Hears())
    on = replace(on, guides=Guides(where=Named("990102")))
    outcome = await answer(ASKED, on)
    assert asked == ["990102", "990102"]
    assert outcome.question.region is None


async def test_an_unsure_draft_is_kept_for_the_reviewer_and_not_said() -> None:
    outcome = await answer(ASKED, services(drafted(Route.POLICY, "未必是这条", 0.1)))
    assert outcome.verdict.action is Action.REVIEW
    assert outcome.draft.text == "未必是这条"
    assert "未必是这条" not in outcome.text + outcome.spoken


async def test_a_refused_question_reaches_no_part_and_is_not_repeated() -> None:
    outcome = await answer(ASKED, services(drafted(Route.GUIDE, "10天", 1.0), refuse="注入"))
    assert outcome.verdict.action is Action.REFUSE
    assert outcome.draft is NO_DRAFT
    assert ASKED.text not in outcome.text + outcome.spoken


async def test_a_personal_number_is_gone_from_the_outcome() -> None:
    asked = Question("我身份证11010519491231002X，电话１３８ 1234 5678，帮查下", ASKED.as_of)
    for refusal in (None, "含个人信息"):
        outcome = await answer(asked, services(refuse=refusal))
        assert not any(char.isdigit() for char in outcome.question.text)


async def test_official_numbers_and_dates_stay() -> None:
    asked = Question("2025年5月10日以后打12345还是0000-1234500", ASKED.as_of)
    assert (await answer(asked, services())).question.text == asked.text


async def test_a_failure_anywhere_becomes_a_review() -> None:
    outcome = await answer(ASKED, services(drafted(Route.GUIDE, "10个工作日", 1.0), Broken()))
    assert outcome.verdict.action is Action.REVIEW
    assert "10个工作日" not in outcome.text


async def test_a_broken_search_becomes_a_review() -> None:
    async def broken(text: str, scope: Scope, limit: int = 50) -> Ranking:
        raise OSError("disk")

    on = services(drafted(Route.GUIDE, "10个工作日", 1.0))
    outcome = await answer(
        ASKED, Services(on.refuse, on.guides, on.drafters, broken, on.policy, on.improver)
    )
    assert outcome.verdict.action is Action.REVIEW


async def test_only_an_answer_is_given_to_the_model() -> None:
    seen = []

    class Improver:
        async def improve(self, question: Question, draft: Draft) -> Draft:
            seen.append(draft.text)
            return draft

    for match in (1.0, 0.1):
        on = services(drafted(Route.GUIDE, f"{match}", match))
        await answer(
            ASKED,
            Services(on.refuse, on.guides, on.drafters, nothing, on.policy, Improver()),
        )
    assert seen == ["1.0"]


async def test_a_faq_and_a_guide_that_name_other_amounts_are_said_by_neither() -> None:
    faq = Says(drafted(Route.FAQ, "工本费20元", 1.0))
    outcome = await answer(
        ASKED, services(drafted(Route.GUIDE, "收费：40元", 1.0), faq, Says(NO_DRAFT))
    )
    assert outcome.verdict.action is Action.REVIEW
    assert "20元" in outcome.verdict.reasons[0]
    assert "40元" in outcome.verdict.reasons[0]
    assert "元" not in outcome.text
    same = services(drafted(Route.GUIDE, "收费：20元", 1.0), faq, Says(NO_DRAFT))
    assert (await answer(ASKED, same)).verdict.action is Action.ANSWER


async def test_two_answers_that_exclude_each_other_go_to_a_person_before_anything_else() -> None:
    torn = drafted(Route.FAQ, "收费；不收费", 1.0)
    torn = replace(torn, support=Support(match=1.0, features={TORN: 1.0}))
    outcome = await answer(
        ASKED, services(drafted(Route.GUIDE, "7天", 1.0), Says(torn), Says(NO_DRAFT))
    )
    assert outcome.verdict.action is Action.REVIEW
    assert outcome.draft.route is Route.FAQ


async def test_what_no_quote_holds_is_never_said_however_sure() -> None:
    wrong = replace(
        drafted(Route.GUIDE, "10个工作日", 1.0),
        statements=(Statement("7天", "七天", (Citation("g", "时限", "10个工作日"),)),),
    )
    outcome = await answer(ASKED, services(wrong))
    assert outcome.verdict.action is Action.REVIEW
    assert outcome.verdict.reasons[0] == "依据中没有“7天”"


async def test_a_false_premise_is_corrected_before_the_evidence_is_read_out() -> None:
    on = services(NO_DRAFT, Says(drafted(Route.POLICY, "补贴标准为每人5000元", 1.0)))
    outcome = await answer(replace(ASKED, text="创业补贴每人一万怎么领"), on)
    assert outcome.verdict.action is Action.ANSWER
    assert outcome.spoken.startswith("您提到的数字与依据不一致")
    assert "5000元" in outcome.text


async def test_a_model_words_only_what_is_sure_enough() -> None:
    class Model:
        async def improve(self, question: Question, draft: Draft) -> Draft:
            return replace(draft, route=Route.MODEL)

    on = replace(services(drafted(Route.GUIDE, "10个工作日", 0.9)), improver=Model())
    assert (await answer(ASKED, on)).draft.route is Route.MODEL
    shy = replace(on, policy=replace(POLICY, model_from=0.99))
    assert (await answer(ASKED, shy)).draft.route is Route.GUIDE


async def test_the_approved_answer_wins_where_it_is_unsure_which_field_is_asked() -> None:
    guide, faq = drafted(Route.GUIDE, "指南", 1.0), drafted(Route.FAQ, "问答", 0.9)
    for asked, said in ((0.7, "问答"), (1.0, "指南")):
        unsure = replace(guide, support=replace(guide.support, asked=asked))
        on = services(unsure, Says(faq), Says(NO_DRAFT))
        assert (await answer(ASKED, on)).text == said


async def test_where_regions_differ_the_region_is_asked_before_one_of_them_is_answered() -> None:
    faq, asks = drafted(Route.FAQ, "问答", 1.0), drafted(Route.CLARIFY, "哪里？", 0.9)
    asks = replace(asks, support=replace(asks.support, features={ASKS_REGION: 1.0}))
    on = services(NO_DRAFT, Says(faq), Says(asks), Says(NO_DRAFT))
    on = replace(on, policy=replace(POLICY, routes={**POLICY.routes, Route.CLARIFY: RULES}))
    assert (await answer(ASKED, on)).verdict.action is Action.CLARIFY
    guide = replace(on, guides=Guides(drafted(Route.GUIDE, "指南", 1.0)), drafters=on.drafters[1:])
    assert (await answer(ASKED, guide)).text == "指南"


async def test_a_question_without_an_answer_is_read_after_the_one_before_it() -> None:
    class Nearest:
        def draft(self, question: Question, ranking: Ranking) -> Draft:
            after = question.text.startswith("居住证 ")
            return drafted(Route.FAQ, "十年", 0.9) if after else NO_DRAFT

    on = replace(services(NO_DRAFT, Says(NO_DRAFT)), nearest=Nearest())
    alone = replace(ASKED, text="那管几年")
    assert (await answer(alone, on)).verdict.action is Action.REVIEW
    assert (await answer(replace(alone, history=("居住证怎么办",)), on)).text == "十年"
