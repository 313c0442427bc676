"""The desk follows the sources: what is added, changed or taken away answers accordingly."""

from datetime import date

import pytest

from assistant.answering.decide import default_policy
from assistant.answering.desk import Desk
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.lexicon import Lexicon
from assistant.answering.services import Services
from assistant.domain.answer import NO_DRAFT, Draft, Route
from assistant.domain.evidence import Ranking
from assistant.domain.question import Question, Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import Faq, QuestionAnswer, ServiceGuide, SourceHeader, SourceKind

pytestmark = pytest.mark.unit

ASKED = Question("网店卖包装食品要办食品经营许可证吗", date(2026, 11, 20))
GUIDE = ServiceGuide(
    "g-food",
    "食品经营许可证核发",
    fee="不收费",
    faqs=(QuestionAnswer(ASKED.text, "只卖预包装食品的，备案即可。"),),
)


class Sources:
    """Guides and FAQs in memory, with the index's view of them."""

    def __init__(self) -> None:
        self.held: dict[str, ServiceGuide | Faq] = {}
        self.generation = 0

    def put(self, *sources: ServiceGuide | Faq) -> None:
        self.held |= {source.id: source for source in sources}
        self.generation += 1

    def drop(self, source_id: str) -> None:
        del self.held[source_id]
        self.generation += 1

    @property
    def headers(self) -> dict[str, SourceHeader]:
        kinds = {ServiceGuide: SourceKind.GUIDE, Faq: SourceKind.FAQ}
        return {i: SourceHeader(i, kinds[type(s)], 1, i) for i, s in self.held.items()}

    async def guides(self, ids: object = None) -> list[ServiceGuide]:
        return [s for s in self.held.values() if isinstance(s, ServiceGuide)]

    async def faqs(self, ids: object = None) -> list[Faq]:
        return [s for s in self.held.values() if isinstance(s, Faq)]


class Silent:
    def draft(self, question: Question, ranking: Ranking) -> Draft:
        return NO_DRAFT


async def nothing(text: str, scope: Scope, limit: int = 50) -> Ranking:
    return Ranking()


def desk(sources: Sources) -> Desk:
    regions = RegionTree(())
    guides = GuideAnswerer(Catalogue.build((), regions, Lexicon({})))
    services = Services(lambda text: None, guides, (Silent(),), nothing, default_policy())
    return Desk(services, guides, regions.sees, sources, sources)


async def test_a_guides_own_question_is_answered_under_the_guide() -> None:
    sources = Sources()
    sources.put(GUIDE)
    outcome = await desk(sources).answer(ASKED)
    assert outcome.draft.route is Route.FAQ
    assert outcome.text == "只卖预包装食品的，备案即可。"
    assert outcome.draft.citations[0].source_id == "g-food"


async def test_what_is_added_later_answers_and_what_is_taken_away_does_not() -> None:
    sources = Sources()
    here = desk(sources)
    assert (await here.answer(ASKED)).draft.route is Route.NONE
    sources.put(Faq("f", ASKED.text, "要办。"))
    assert (await here.answer(ASKED)).text == "要办。"
    sources.drop("f")
    assert (await here.answer(ASKED)).draft.route is Route.NONE
