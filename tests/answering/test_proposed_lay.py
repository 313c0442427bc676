"""Lay terms for a guide from a chat model, through the real client: what is kept, what not."""

from collections.abc import Sequence
from datetime import date

import pytest

from assistant.answering.guide_answer import GuideAnswerer
from assistant.answering.items import Catalogue
from assistant.answering.proposed_lay import LayProposer, Weighed, lines
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.passage import Passage
from assistant.domain.question import Scope
from assistant.domain.region import RegionTree
from assistant.domain.source import ServiceGuide, SourceHeader, SourceKind
from assistant.errors import ModelFailed
from assistant.models.chat import OpenAIChat
from assistant.models.prompts import CLOSE, OPEN
from tests.answering.test_everyday_answer import LEXICON
from tests.models.openai_server import Respond, fails, openai_server, says, stalls

pytestmark = pytest.mark.integration
CLOSING = ServiceGuide("g-close", "个体工商户注销登记", conditions="停止经营的个体工商户可以申请。")
GUIDES = [
    CLOSING,
    ServiceGuide("g-change", "个体工商户变更登记", aliases=("换执照",)),
    ServiceGuide("g-card", "社会保障卡补领"),
]
ANSWERER = GuideAnswerer(Catalogue.build(GUIDES, RegionTree([]), LEXICON))


class Search:
    """Finds the guide under which a term is listed here, and the others after it."""

    def __init__(self, **first: Sequence[str]) -> None:
        self.first = first
        self.asked: list[tuple[str, Scope]] = []

    async def __call__(self, text: str, scope: Scope, limit: int = 50) -> Ranking:
        self.asked.append((text, scope))
        best = next((k.replace("_", "-") for k, of in self.first.items() if text in of), "g-close")
        found = sorted(GUIDES, key=lambda guide: guide.id != best)
        return Ranking(tuple(_hit(guide, 0.9 - n / 10) for n, guide in enumerate(found)))


def _hit(guide: ServiceGuide, total: float) -> Hit:
    header = SourceHeader(guide.id, SourceKind.GUIDE, 1, guide.name)
    passage = Passage(guide.id, SourceKind.GUIDE, 0, "事项名称", guide.name)
    return Hit(passage, header, Scores(total=total))


async def weighed(
    *script: Respond, search: Search | None = None, guide: ServiceGuide = CLOSING
) -> dict[str, str]:
    async with openai_server(*script) as server:
        chat = OpenAIChat("m", base_url=server.url)
        await chat.warm()
        propose = LayProposer(
            chat,
            ANSWERER,
            search or Search(),
            lambda text: "不能播出的词" if "骂" in text else None,
            seconds=0.5,
        )
        try:
            found: list[Weighed] = await propose(guide, date(2026, 1, 1))
        finally:
            await chat.close()
        sent = server.requests[0]["messages"][1]["content"]
    assert (sent.count(OPEN), sent.count(CLOSE)) == (1, 1)
    assert guide.name in sent
    return {one.term: one.why_not for one in found}


async def test_what_points_to_the_guide_alone_is_kept_and_the_rest_says_why_not() -> None:
    search = Search(g_card=["丢了卡"])
    reply = "\n".join(
        [
            "1. 摊子收了",
            "- 停止经营",
            "换执照",
            "小店不干了",
            "丢了卡",
            "骂人的话",
            "社会保障卡补领",
        ]
    )
    found = await weighed(says(reply), search=search)
    assert found == {
        "摊子收了": "",
        "停止经营": "指南里已有",
        "换执照": "像另一事项的名称",
        "小店不干了": "词表里已有",
        "丢了卡": "查到的更像“社会保障卡补领”",
        "骂人的话": "不能播出的词",
        "社会保障卡补领": "像另一事项的名称",
    }
    asked = dict(search.asked)
    assert set(asked) == {"摊子收了", "丢了卡"}
    assert asked["丢了卡"].kinds == frozenset({SourceKind.GUIDE})


async def test_a_term_that_the_thesaurus_knows_for_something_else_is_not_kept() -> None:
    found = await weighed(says("小店不干了"), guide=GUIDES[2])
    assert found == {"小店不干了": "词表里指别的事"}


def test_only_short_chinese_terms_are_read_and_at_most_ten() -> None:
    assert lines(
        "好的，以下是俗称：\n1. 收摊\n收摊\nclose shop\n到一二三四五六七八九十号窗口去"
    ) == ["收摊"]
    assert lines("无") == []
    assert len(lines("\n".join(f"{a}{b}" for a in "甲乙丙丁戊" for b in "子丑寅卯辰"))) == 10


@pytest.mark.parametrize("broken", [fails(), says("", None), says("收摊", "length"), stalls()])
async def test_a_model_that_breaks_is_told(broken: Respond) -> None:
    with pytest.raises(ModelFailed):
        await weighed(broken)
