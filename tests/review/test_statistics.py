"""The desk's numbers equal those of a recount by hand; labels hold no words."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from assistant.access.accounts import Account
from assistant.domain.answer import Route
from assistant.domain.rates import Share, wilson
from assistant.domain.review import Incident, ResolutionKind
from assistant.records.live_rows import Rows
from assistant.records.schema_review import incidents
from assistant.records.statistics import StatisticsRecords
from assistant.review.labels import Labels
from assistant.review.orders import HandOver, Settle
from assistant.review.rights import Rights
from assistant.review.spot_checks import CODE, Draw
from assistant.review.statistics import ReviewStatistics, Statistics, Times
from tests.review.test_spot_checks import answered, checked
from tests.support.review_office import (
    COUNTY,
    DRAFT,
    FAR,
    LI,
    NEAR,
    OFFICE,
    OTHER,
    REGIONS,
    ROOM,
    SESSION,
    SUN,
    ReviewOffice,
)

pytestmark = pytest.mark.contract
Kind = ResolutionKind
ALL = Draw(b"k" * 32, 1.0)


def coded(code: str) -> dict[str, str]:
    return {"region": COUNTY, "code": code}


async def settle(office: ReviewOffice, case_id: str, kind: Kind, who=SUN, **more) -> None:
    text = "" if kind in (Kind.APPROVE, Kind.CONFIRM) else more.pop("text", "请带身份证。")
    view = await office.desk.take(who, case_id)
    order = Settle(case_id, view.token, kind, text, at_once=True, **more)
    await office.desk.settle(who, order)
    await office.finish()


async def numbers(office: ReviewOffice, who: Account = SUN) -> Statistics:
    now = office.clock()
    statistics = ReviewStatistics(StatisticsRecords(office.database, OFFICE))
    day, rights = timedelta(days=1), Rights(REGIONS)
    return await statistics.between(now - day, now + day, lambda one: rights.may(who, one))


async def lines(office: ReviewOffice) -> list[dict[str, object]]:
    now = office.clock()
    labels = Labels(StatisticsRecords(office.database, OFFICE))
    return await labels.lines(now - timedelta(days=1), now + timedelta(days=1))


async def incident(office: ReviewOffice, question_id: str, outcome_id: str | None, **more) -> None:
    one = Incident(
        f"i{question_id}", ROOM, SESSION, question_id, outcome_id, "f", "答", (), "", "错了", "r1",
        office.clock(), **more,
    )  # fmt: skip
    async with office.database.write() as connection:
        row = Rows(Incident, incidents).values(OFFICE, one)
        await connection.execute(insert(incidents).values(row))


async def test_agreement_times_and_reviewers(office: ReviewOffice) -> None:
    kinds = [Kind.APPROVE] * 6 + [Kind.EDIT, Kind.ANSWER, Kind.REJECT, Kind.ASK_BACK]
    for number, kind in enumerate(kinds, 1):
        case_id = await office.ask(number)
        who = SUN if number % 2 else LI
        await settle(office, case_id, kind, who, took_ms=number * 1000.0)
    found = await numbers(office)
    assert found.settled == 10
    assert found.agreed == Share(6, 10)
    assert dict(found.by_route) == {Route.POLICY: Share(6, 10)}
    held = [(band.low, band.agreed) for band in found.by_confidence if band.agreed.total]
    assert held == [(0.5, Share(6, 10))]
    assert found.times == Times(10, 5.5, 9.0)
    assert {(one.name, one.settled, one.agreed) for one in found.reviewers} == {
        (SUN.display_name, 5, Share(3, 5)),
        (LI.display_name, 5, Share(3, 5)),
    }


async def test_only_judged_drafts_count(office: ReviewOffice) -> None:
    await settle(office, await office.ask(1, draft=None), Kind.ANSWER)
    case_id = await office.ask(2)
    view = await office.desk.take(SUN, case_id)
    due = office.clock() + timedelta(days=3)
    await office.desk.hand_over(SUN, HandOver(case_id, view.token, "社保局", due))
    office.clock.advance(seconds=11)
    await office.finish()
    await settle(office, await office.ask(3, desk=coded("suspended")), Kind.EDIT)
    undone = await office.ask(4)
    view = await office.desk.take(SUN, undone)
    settled = await office.desk.settle(SUN, Settle(undone, view.token, Kind.APPROVE))
    await office.desk.undo(SUN, settled.resolution_id)
    found = await numbers(office)
    assert (found.settled, found.agreed) == (3, Share(0, 0))
    assert found.agreed.rate is None


async def test_errors_of_automatic_answers_with_their_interval(office: ReviewOffice) -> None:
    given = [await answered(office, number) for number in range(1, 9)]
    assert len(await checked(office)) == 8
    for number, question in enumerate(given[:6]):
        kind = Kind.EDIT if number == 0 else Kind.CONFIRM
        await settle(office, ALL.case_id(question), kind)
    await incident(office, given[0], None)
    found = await numbers(office)
    assert (found.automatic, found.errors, found.spot_checks_waiting) == (8, Share(1, 6), 2)
    assert found.errors.interval == wilson(1, 6)
    assert found.withdrawn == 1
    assert found.agreed == Share(0, 0)  # what was given is no draft of the desk


async def test_labels(office: ReviewOffice) -> None:
    await settle(office, await office.ask(1), Kind.APPROVE)
    await settle(office, await office.ask(2), Kind.EDIT)
    question = await answered(office, 3)
    await checked(office)
    await settle(office, ALL.case_id(question), Kind.CONFIRM)
    recent = (await office.outcomes.recent()).rows
    await incident(office, "q1", recent[0].id)
    found = await lines(office)
    assert [(one["source"], one["kind"], one["label"]) for one in found] == [
        ("desk", "approve", True),
        ("desk", "edit", False),
        ("spot_check", "confirm", True),
        ("incident", "withdraw", False),
    ]
    assert found[0]["confidence"] == 0.62
    assert found[0]["support"]["features"] == {}
    assert DRAFT not in json.dumps(found, ensure_ascii=False)


async def test_an_answer_that_was_right_after_all(office: ReviewOffice) -> None:
    question = await answered(office, 1)
    case_id = await office.ask(2, desk=coded("withdrawn"))
    outcome_id = (await office.outcomes.recent()).rows[-1].id
    await incident(office, question, outcome_id, case_id=case_id)
    assert (await numbers(office)).withdrawn == 1
    await settle(office, case_id, Kind.CONFIRM)
    assert (await numbers(office)).withdrawn == 0
    assert [(one["source"], one["label"]) for one in await lines(office)] == [("incident", True)]


async def test_another_time_and_office(office: ReviewOffice) -> None:
    await settle(office, await office.ask(1), Kind.APPROVE)
    now = office.clock()
    own = ReviewStatistics(StatisticsRecords(office.database, OFFICE))
    other = ReviewStatistics(StatisticsRecords(office.database, "other"))
    assert (await own.between(now - timedelta(days=2), now)).settled == 0
    assert (await own.between(now, now + timedelta(seconds=1))).settled == 1
    assert (await other.between(now, now + timedelta(seconds=1))).settled == 0
    assert CODE == "spot_check"


async def test_who_is_limited_to_a_region_sees_its_numbers_alone(office: ReviewOffice) -> None:
    places = [COUNTY, COUNTY, OTHER, None]
    for number, place in enumerate(places, 1):
        case_id = await office.ask(number, desk={"region": place})
        await settle(office, case_id, Kind.EDIT if place == OTHER else Kind.APPROVE)
    given = [await answered(office, 10), await answered(office, 11, region=OTHER)]
    await checked(office)
    for question, place in zip(given, (COUNTY, OTHER), strict=True):
        await office.set(ALL.case_id(question), region=place)
    await incident(office, given[1], None, case_id=ALL.case_id(given[1]))

    def told(found: Statistics) -> list[object]:
        return [
            found.settled, found.agreed, found.automatic, found.spot_checks_waiting,
            found.withdrawn, sum(one.settled for one in found.reviewers),
        ]  # fmt: skip

    assert told(await numbers(office)) == [4, Share(3, 4), 2, 2, 1, 4]
    assert told(await numbers(office, NEAR)) == [
        3,
        Share(2, 3),
        2,
        2,
        1,
        3,
    ]  # a city: both counties
    assert told(await numbers(office, FAR)) == [1, Share(0, 1), 1, 1, 1, 1]
    county = replace(FAR, regions=(COUNTY,))
    assert told(await numbers(office, county)) == [2, Share(2, 2), 1, 1, 0, 2]
    for who in (SUN, NEAR, FAR, county):
        waiting = (await office.desk.queue(who, code=CODE)).waiting
        assert waiting == (await numbers(office, who)).spot_checks_waiting
