"""Everyday questions: an item only guessed is answered when sure, else asked back or left."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from assistant.answering import everyday_answer
from assistant.answering.decide import default_policy
from assistant.answering.everyday_answer import EverydayAnswerer
from assistant.answering.flow import answer
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.lay_terms import LayTerms
from assistant.answering.lexicon import Lexicon
from assistant.answering.linker import Linked, Trees, chances, threshold
from assistant.answering.matching import Fit
from assistant.answering.nearness import Nearness
from assistant.answering.proposed_terms import TermProposer
from assistant.answering.services import Services
from assistant.domain.answer import NO_DRAFT, Draft, Route
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.region import RegionTree
from assistant.domain.source import LimitUnit, ServiceGuide, SourceHeader, SourceKind, TimeLimit
from assistant.domain.verdict import Action
from assistant.errors import ModelFailed
from assistant.models.chat import Message
from assistant.models.static_embedding import StaticEmbedding

pytestmark = pytest.mark.unit

DAY = date(2026, 1, 1)
LIMIT = TimeLimit(3, LimitUnit.WORKDAY)
GUIDES = [
    ServiceGuide("g-close", "个体工商户注销登记", promised_limit=LIMIT),
    ServiceGuide("g-change", "个体工商户变更登记", promised_limit=TimeLimit(5, LimitUnit.WORKDAY)),
    ServiceGuide("g-other", "机动车驾驶证补领", promised_limit=LIMIT),
]
LEXICON = Lexicon(
    {},
    lay=LayTerms.read(
        [{"lay": "小店不干了", "official": ["个体工商户注销登记"], "weight": 0.9, "domain": "经营"}]
    ),
)
NEARNESS = Nearness(StaticEmbedding())
ASKED = "小店不干了，几个工作日能弄好"


def ranking() -> Ranking:
    hits = []
    for place, guide in enumerate(reversed(GUIDES), start=1):
        header = SourceHeader(guide.id, SourceKind.GUIDE, 1, guide.name)
        passage = Passage(guide.id, SourceKind.GUIDE, 0, "事项名称", f"事项名称：{guide.name}")
        hits.append(Hit(passage, header, Scores(0.3, 0.3, 0.3, 0.3, 1.0 / place)))
    return Ranking(tuple(hits))


async def search(text: str, scope: object, limit: int = 50) -> Ranking:
    return ranking()


def services() -> Services:
    guides = GuideAnswerer(Catalogue.build(GUIDES, RegionTree([]), LEXICON))
    return Services(
        lambda text: None, guides, [_Nothing()], search, default_policy(),
        linking=EverydayAnswerer(guides, NEARNESS),
    )  # fmt: skip


class _Nothing:
    def draft(self, question: Question, ranking: Ranking) -> Draft:
        return NO_DRAFT


def linked_by(patch: pytest.MonkeyPatch, **likely: float) -> None:
    """The linker gives these probabilities, by the place of the guide's name."""

    def link(
        mention: object, fits: Sequence[Fit], catalogue: Catalogue, nearness: Nearness
    ) -> list[Linked]:
        known = {guide.name: likely.get(guide.id.replace("-", "_"), 0.0) for guide in GUIDES}
        found = [Linked(fit, known.get(fit.profile.name, 0.0), {}) for fit in fits]
        return sorted(found, key=lambda one: -one.chance)

    patch.setattr(everyday_answer, "link", link)


async def test_a_sure_item_is_answered_and_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    linked_by(monkeypatch, g_close=0.97, g_change=0.02)
    outcome = await answer(Question(ASKED, DAY), services())
    assert outcome.verdict.action is Action.ANSWER
    assert outcome.draft.route is Route.LINKED
    assert "3个工作日" in outcome.text
    assert outcome.ranked_ids[0] == "g-close"
    assert "俗称" in "".join(outcome.verdict.reasons)
    assert outcome.verdict.confidence == pytest.approx(0.97, abs=0.01)


async def test_two_that_may_be_meant_are_asked_back(monkeypatch: pytest.MonkeyPatch) -> None:
    linked_by(monkeypatch, g_close=0.52, g_change=0.45)
    outcome = await answer(Question(ASKED, DAY), services())
    assert outcome.verdict.action is Action.CLARIFY
    assert [option.partition("（")[0] for option in outcome.draft.options] == [
        "个体工商户注销登记",
        "个体工商户变更登记",
    ]
    assert "工作日" not in outcome.spoken


async def test_the_unsure_goes_to_a_person_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    linked_by(monkeypatch, g_close=0.3, g_change=0.1)
    outcome = await answer(Question(ASKED, DAY), services())
    assert outcome.verdict.action is Action.REVIEW
    assert outcome.ranked_ids == ("g-close", "g-change", "g-other")


async def test_a_named_item_never_waits_for_the_linker(monkeypatch: pytest.MonkeyPatch) -> None:
    linked_by(monkeypatch, g_change=1.0)
    outcome = await answer(Question("个体工商户注销登记几个工作日能办好", DAY), services())
    assert outcome.draft.route is Route.GUIDE
    assert outcome.ranked_ids[0] == "g-close"


def test_trees_and_shares_by_hand() -> None:
    trees = Trees.of([["x", 0.5, -1.0, ["y", 0.1, 0.25, 2.0]], 0.5])
    rows = [{"x": 0.4}, {"x": 0.6}, {"x": 0.6, "y": 0.2}]
    assert trees.scores(rows) == [-0.5, 0.75, 2.5]
    shares = chances([0.0, 0.0], 1.0, 0.0)
    assert shares == pytest.approx([1 / 3, 1 / 3])
    assert sum(chances([1.0, -2.0], 2.0, -5.0)) < 1


def test_the_shipped_linker_prefers_the_action_that_the_lay_term_means() -> None:
    guides = GuideAnswerer(Catalogue.build(GUIDES, RegionTree([]), LEXICON))
    question = Question(ASKED, DAY)
    _, near = EverydayAnswerer(guides, NEARNESS)(question, guides.understand(question), ranking())
    assert near.index("g-close") < near.index("g-change"), "search had them the other way round"


class _Chat:
    def __init__(self, reply: str) -> None:
        self.reply = reply

    async def complete(self, messages: Sequence[Message], seconds: float = 2.0) -> str:
        if not self.reply:
            raise ModelFailed("模型没有及时答复")
        return self.reply


async def _first_found(reply: str) -> str:
    """The first source of a question that no lay term helps, beside a model with this reply."""
    guides = GuideAnswerer(Catalogue.build(GUIDES, RegionTree([]), LEXICON))

    async def by_words(text: str, scope: object, limit: int = 50) -> Ranking:
        held = [sum(char in text for char in hit.source.title) for hit in ranking().hits]
        order = sorted(zip(held, ranking().hits, strict=True), key=lambda pair: -pair[0])
        return Ranking(tuple(replace(h, scores=Scores(*[(n / 9) ** 6] * 5)) for n, h in order))

    on = replace(
        services(),
        guides=guides,
        search=by_words,
        linking=EverydayAnswerer(guides, NEARNESS),
        proposing=TermProposer(_Chat(reply), guides),
    )
    outcome = await answer(Question("摊子收了要几个工作日", DAY), on)
    assert outcome.verdict.action is Action.REVIEW, "a model's word alone is never said"
    return outcome.ranked_ids[0]


async def test_terms_of_a_model_order_what_a_person_sees_and_only_known_ones_count() -> None:
    plain = await _first_found("")
    assert await _first_found("1. 机动车驾驶证补领") == "g-other" != plain
    assert await _first_found("某某不存在的事项") == plain


async def test_many_items_need_less_surety_than_few(monkeypatch: pytest.MonkeyPatch) -> None:
    linked_by(monkeypatch, g_close=0.94, g_change=0.02)
    few = services()
    assert (await answer(Question(ASKED, DAY), few)).verdict.action is Action.REVIEW
    others = [ServiceGuide(f"other-{n}", f"第{n}类其他许可") for n in range(200)]
    many = GuideAnswerer(Catalogue.build([*GUIDES, *others], RegionTree([]), LEXICON))
    on = replace(few, guides=many, linking=EverydayAnswerer(many, NEARNESS))
    assert (await answer(Question(ASKED, DAY), on)).verdict.action is Action.ANSWER


async def test_neither_an_overview_nor_one_of_two_questions_is_said_for_a_guessed_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    linked_by(monkeypatch, g_close=0.99)
    for asked in ("小店不干了", "小店不干了要公示吗？公司几个工作日能弄好"):
        outcome = await answer(Question(asked, DAY), services())
        assert outcome.verdict.action is Action.REVIEW


def test_a_few_together_must_be_as_sure_as_one_alone() -> None:
    rules = default_policy().routes[Route.LINKED]
    assert rules.answer_from == pytest.approx(threshold("answer_from"))
