"""The generated regions, and that the proof over them catches each breach."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.source import ServiceGuide
from assistant.domain.verdict import Action
from assistant.evaluation.cases import Case, read_cases
from assistant.evaluation.results import CitationLine, ResultLine
from assistant.retrieval.guide_render import render_field
from eval.regions_check import World, check, load
from eval.regions_guides import Plan
from eval.regions_set import build, write

pytestmark = pytest.mark.unit

SMALL = Plan(counties=3, items=60, local=6, overrides=0.4)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, dict[str, list[Case]]]:
    folder = tmp_path_factory.mktemp("regions")
    write(folder, build(SMALL))
    world, cases = load(folder)
    tags = {tag for case in cases for tag in case.tags}
    return world, {tag: [case for case in cases if tag in case.tags] for tag in tags}


def _reply(case: Case, *sources: ServiceGuide, answer: str | None = None) -> ResultLine:
    """A reply that says and cites the asked field of the sources."""
    field = case.field or "promised_limit"
    quotes = [(source.id, render_field(source, field) or "") for source in sources]
    return ResultLine(
        id=case.id,
        action=Action.ANSWER if sources else Action.REVIEW,
        answer="\n".join(quote for _, quote in quotes) if answer is None else answer,
        spoken="",
        citations=tuple(CitationLine(source_id=i, locator=field, quote=q) for i, q in quotes),
        ranked_ids=tuple(source.id for source in sources),
        confidence=0.9,
        reasons=(),
        latency_ms=1.0,
    )


def _guide(world: World, source_id: str) -> ServiceGuide:
    source = world.sources[source_id]
    assert isinstance(source, ServiceGuide)
    return source


def _rules(world: World, case: Case, reply: ResultLine) -> set[str]:
    return {broken.rule for broken in check(world, [case], [reply])}


def test_the_same_seed_gives_the_same_world_and_another_another() -> None:
    assert build(SMALL) == build(SMALL)
    assert build(SMALL) != build(replace(SMALL, seed=1))


def test_the_full_plan_gives_each_county_its_items() -> None:
    from eval.regions_guides import GuideMaker, city_guides, county_guides, items

    plan = Plan()
    maker = GuideMaker(plan.seed)
    common, local = items(plan)
    city = city_guides(maker, common)
    own = list(county_guides(maker, plan, city, local))
    for county in {guide.region for guide in own}:
        names = {guide.name for guide in (*city, *own) if guide.region in {county, "980100"}}
        assert len(names) == plan.items


def test_the_cases_are_cases_of_every_kind(tmp_path: Path) -> None:
    write(tmp_path, build(SMALL))
    cases = read_cases(tmp_path / "regions.jsonl")
    tags = {tag for case in cases for tag in case.tags}
    assert {"own", "inherited", "absent", "dates", "no_region", "disagree", "place"} < tags
    assert {case.expected_action for case in cases} == set(Action) - {Action.REFUSE}


def test_right_replies_break_no_rule(made: tuple[World, dict[str, list[Case]]]) -> None:
    world, by_tag = made
    for tag in ("own", "inherited", "dates", "place", "absent", "disagree"):
        for case in by_tag[tag]:
            right = [_guide(world, i) for i in case.reference_ids]
            assert _rules(world, case, _reply(case, *right)) == set(), case


def test_a_siblings_guide_is_a_leak(made: tuple[World, dict[str, list[Case]]]) -> None:
    world, by_tag = made
    case = by_tag["own"][0]
    sibling = next(
        source
        for source in world.sources.values()
        if isinstance(source, ServiceGuide) and source.region not in {case.region, "980100"}
    )
    assert "leak" in _rules(world, case, _reply(case, sibling))
    ranked_only = _reply(case).model_copy(update={"ranked_ids": (sibling.id,)})
    assert "leak" in _rules(world, case, ranked_only)


def test_a_siblings_phone_is_a_leak_whatever_is_cited(
    made: tuple[World, dict[str, list[Case]]],
) -> None:
    world, by_tag = made
    case = next(case for case in by_tag["own"] if case.region == "980121")
    sibling = next(s for s in world.sources.values() if s.region == "980122")
    assert isinstance(sibling, ServiceGuide)
    own = _guide(world, case.reference_ids[0])
    reply = _reply(case, own, answer=f"请拨打{sibling.consult_phone}")
    assert "leak" in _rules(world, case, reply)


def test_a_county_is_known_by_the_table_and_not_by_its_code(
    made: tuple[World, dict[str, list[Case]]],
) -> None:
    world, _ = made
    apart = Case("x", "开业补贴标准是每户多少钱", Action.REVIEW, region="980190")
    city = next(s for s in world.sources.values() if s.region == "980100")
    assert isinstance(city, ServiceGuide)
    assert "leak" in _rules(world, apart, _reply(apart, city))
    assert "980100" in world.lineage("980121")


def test_one_countys_value_without_a_region_is_a_guess(
    made: tuple[World, dict[str, list[Case]]],
) -> None:
    world, by_tag = made
    case = by_tag["disagree"][0]
    name = next(s for s in world.sources.values() if s.id and _named(s, case))
    assert isinstance(name, ServiceGuide)
    assert "guess" in _rules(world, case, _reply(case, name))


def _named(source: object, case: Case) -> bool:
    return isinstance(source, ServiceGuide) and source.name in case.question


def test_possible_online_against_the_guide_is_caught(
    made: tuple[World, dict[str, list[Case]]],
) -> None:
    world, by_tag = made
    asked = [case for case in by_tag["own"] if case.field == "online"]
    case = next(c for c in asked if not _online(_guide(world, c.reference_ids[0])))
    guide = _guide(world, case.reference_ids[0])
    assert "false_online" in _rules(world, case, _reply(case, guide, answer="可以网上办理"))
    assert "false_online" not in _rules(world, case, _reply(case, guide, answer="不能网上办理"))


def _online(guide: ServiceGuide) -> bool:
    return guide.online is not None and guide.online.available


def test_the_version_of_another_day_is_out_of_force(
    made: tuple[World, dict[str, list[Case]]],
) -> None:
    world, by_tag = made
    eve, day = by_tag["dates"][:2]
    old = _guide(world, eve.reference_ids[0])
    assert "out_of_force" in _rules(world, day, _reply(day, old))
    assert "out_of_force" not in _rules(world, eve, _reply(eve, old))


@pytest.mark.parametrize(
    ("source_id", "day"), [("city-notice-2019", 1), ("city-notice-2025", 0), ("draft", 0)]
)
def test_superseded_future_and_draft_documents_are_out_of_force(
    made: tuple[World, dict[str, list[Case]]], source_id: str, day: int
) -> None:
    world, by_tag = made
    notices = [c for c in by_tag["policy"] if c.reference_ids[0].startswith("city-notice")]
    case = notices[day]
    full = f"{case.region}-grant-draft" if source_id == "draft" else source_id
    reply = _reply(case).model_copy(update={"ranked_ids": (full,)})
    assert "out_of_force" in _rules(world, case, reply)
