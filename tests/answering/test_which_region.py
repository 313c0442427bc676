"""Two regions' sources that differ: asked back where nobody said which; all made up here."""

from datetime import date

import pytest

from assistant.answering.which_region import RegionAsker
from assistant.domain.answer import Route
from assistant.domain.evidence import Hit, Ranking, Scores
from assistant.domain.passage import Passage
from assistant.domain.question import Question
from assistant.domain.region import Region, RegionTree
from assistant.domain.source import SourceHeader, SourceKind

pytestmark = pytest.mark.unit

CITY, ONE, OTHER = "880100", "880121", "880122"
REGIONS = RegionTree(
    [
        Region("000000", "全国", None),
        Region(CITY, "乙市", "000000"),
        Region(ONE, "丙丁县", CITY),
        Region(OTHER, "戊己县", CITY),
    ]
)
ASKED = Question("独生子女奖励金一年发多少", date(2026, 11, 30))


def hit(source: str, region: str, amount: int, kind: SourceKind = SourceKind.POLICY) -> Hit:
    text = f"独生子女父母奖励金每人每年发放{amount}元。"
    header = SourceHeader(source, kind, 1, "奖励金发放办法", region=region)
    return Hit(Passage(source, kind, 0, "第三条", text), header, Scores(coverage=0.7))


def test_the_regions_are_named_and_both_quoted() -> None:
    draft = RegionAsker(REGIONS).draft(ASKED, Ranking((hit("a", ONE, 300), hit("b", OTHER, 500))))
    assert draft.route is Route.CLARIFY
    assert draft.options == ("丙丁县", "戊己县")
    assert {citation.source_id for citation in draft.citations} == {"a", "b"}


@pytest.mark.parametrize(
    "hits",
    [
        (hit("a", ONE, 300), hit("b", OTHER, 300)),
        (hit("a", ONE, 300), hit("b", CITY, 500)),
        (hit("a", ONE, 300), hit("b", ONE, 500)),
        (hit("a", ONE, 300), hit("c", ONE, 300), hit("b", OTHER, 500)),
        (hit("g", ONE, 300, SourceKind.GUIDE), hit("a", ONE, 300), hit("b", OTHER, 500)),
        (hit("a", ONE, 300), hit("b", OTHER, 500, SourceKind.FAQ)),
    ],
    ids=["alike", "above", "one region", "not the best two", "after a guide", "two kinds"],
)
def test_nothing_is_asked_where_it_would_not_help(hits: tuple[Hit, ...]) -> None:
    assert RegionAsker(REGIONS).draft(ASKED, Ranking(hits)).route is Route.NONE


def test_who_says_the_region_is_not_asked() -> None:
    known = Question(ASKED.text, ASKED.as_of, region=ONE)
    found = Ranking((hit("a", ONE, 300), hit("b", OTHER, 500)))
    assert RegionAsker(REGIONS).draft(known, found).route is Route.NONE
