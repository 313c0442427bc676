"""The stand-in model knows what was held back, and the program's real parts talk to it."""

from datetime import date

import pytest

from assistant.answering.folding import fold
from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.proposed_lay import LayProposer
from assistant.answering.proposed_terms import TermProposer
from assistant.domain.evidence import Ranking
from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import ServiceGuide
from eval.training.everyday_corpus import services
from eval.training.stand_in import StandIn, chat_of
from tests.answering.test_everyday_answer import LEXICON

pytestmark = pytest.mark.integration


async def found_nothing(text: str, scope: Scope, limit: int = 50) -> Ranking:
    return Ranking()


async def test_it_proposes_the_held_back_terms_through_the_real_client() -> None:
    known = services()
    every = {
        fold(one.service): StandIn.of(known, frozenset({fold(one.service)})) for one in known[:40]
    }
    name, model = next((n, m) for n, m in every.items() if m.terms_of(n))
    guide = ServiceGuide("g-1", name)
    guides = GuideAnswerer(Catalogue.build([guide], RegionTree([]), LEXICON))
    async with chat_of(model) as chat:
        propose = LayProposer(chat, guides, found_nothing, lambda text: None)
        weighed = await propose(guide, date(2026, 1, 1))
        assert weighed
        assert {one.term for one in weighed} <= set(model.terms_of(name))
        asked = await TermProposer(chat, guides)(f"想办{model.terms_of(name)[0]}")
        assert fold(asked) == name
        other = ServiceGuide("g-2", "没有人知道的事项")
        assert await propose(other, date(2026, 1, 1)) == []


def test_a_careless_one_speaks_of_other_services_and_always_of_the_same() -> None:
    known = services()
    hidden = frozenset(fold(one.service) for one in known[:60])
    exact, careless = StandIn.of(known, hidden), StandIn.of(known, hidden, careless=1.0)
    name = next(n for n in map(fold, (one.service for one in known)) if exact.terms_of(n))
    assert careless.terms_of(name) == careless.terms_of(name) != exact.terms_of(name)
    assert exact.names_for("今天天气真好") == ()
