"""The desk's other pages: learnt answers and a second person, the calendar of workdays."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime

import pytest

from assistant.access.accounts import Account
from assistant.access.desk import AccessDesk
from assistant.domain.answer import Route
from assistant.domain.rates import Share
from assistant.domain.review import Basis, Incident, LearnedAnswer, LearnedState
from assistant.errors import Conflict, Forbidden
from assistant.records.accounts_audit import AuditRecords
from assistant.records.calendar import CalendarRecords
from assistant.records.database import Database
from assistant.records.request_replies import RequestReplies
from assistant.records.statistics import Period
from assistant.review.calendar import OfficeCalendar
from assistant.review.statistics import Band, ReviewerCount, Sees, Statistics, Times, everywhere
from assistant.web.review.workdays import read_days
from tests.access.conftest import QuickHasher
from tests.web.fake_desk import COUNTY, GUIDE, FakeDesk
from tests.web.fake_review import FakeReview, row, view
from tests.web.reviewing import API, Office, opened

pytestmark = pytest.mark.integration
XSS = "<script>alert(1)</script>"


class FakeLearning:
    """Learnt answers by id; who gave them may not agree."""

    def __init__(self, *answers: LearnedAnswer) -> None:
        self.answers = {one.faq_id: one for one in answers}
        self.author = ""

    async def get(self, faq_id: str) -> LearnedAnswer | None:
        return self.answers.get(faq_id)

    async def of_states(self, states, region=None) -> list[LearnedAnswer]:
        return [one for one in self.answers.values() if one.state in set(states)]

    async def second(self, account: Account, faq_id: str, *, agree: bool) -> LearnedAnswer:
        before = self.answers[faq_id]
        if before.state is not LearnedState.PENDING:
            raise Conflict("这条答复不在等待第二人同意")
        if account.name == self.author:
            raise Forbidden("同意的人就是答复的人")
        state = LearnedState.ACTIVE if agree else LearnedState.WITHDRAWN
        self.answers[faq_id] = after = replace(before, state=state)
        return after


def answer(number: int, clock, **changes: object) -> LearnedAnswer:
    known = {
        "faq_id": f"faq-{number}",
        "resolution_id": f"r{number}",
        "state": LearnedState.PENDING,
        "question": f"第{number}问{XSS}",
        "answer": f"第{number}答{XSS}",
        "region": COUNTY,
        "basis": (),
        "changed_at": clock(),
    }
    return LearnedAnswer(**known | changes)  # type: ignore[arg-type]


class FakeCounts:
    """The same numbers whatever the time."""

    def __init__(self) -> None:
        self.checked = 40
        self.sees: Sees = everywhere

    async def between(self, since: datetime, until: datetime, sees: Sees) -> Statistics:
        self.sees = sees
        return Statistics(
            period=Period(since, until),
            settled=123,
            agreed=Share(82, 100),
            by_route=((Route.GUIDE, Share(50, 55)), (Route.NONE, Share(0, 4))),
            by_confidence=(Band(0.0, 0.5, Share()), Band(0.5, 0.7, Share(3, 4))),
            times=Times(120, 21.5, 75.0),
            reviewers=(ReviewerCount("a1", f"孙立{XSS}", 123, Share(82, 100), Times()),),
            automatic=1204,
            errors=Share(1 if self.checked else 0, self.checked),
            spot_checks_waiting=2,
            withdrawn=3,
        )


class FakeIncidents:
    """Incidents in memory; taking back makes one."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.found: list[Incident] = []

    async def recent(self, limit: int = 100) -> list[Incident]:
        return self.found[:limit]

    async def withdraw(self, account: Account, question_id: str, reason: str) -> Incident:
        if self.found:
            raise Conflict("这个问题没有已给出的答复，或答复已经撤回")
        made = Incident(
            "i1", "hall", "s1", question_id, None, "f", f"答复{XSS}", (GUIDE, "gone"), "自动",
            f"{reason}{XSS}", account.id, self.clock(), audience=12, case_id="k9",
        )  # fmt: skip
        self.found.append(made)
        return made


@pytest.fixture
def incidents(clock) -> FakeIncidents:
    return FakeIncidents(clock)


@pytest.fixture
def counts() -> FakeCounts:
    return FakeCounts()


@pytest.fixture
def learning(clock) -> FakeLearning:
    basis = (Basis(GUIDE, 1, "收费：不收费", "收费"), Basis("gone", 3, "旧条文"))
    return FakeLearning(
        answer(1, clock),
        answer(2, clock, state=LearnedState.ACTIVE, basis=basis),
        answer(3, clock, region="990102"),
    )


@pytest.fixture
async def office(
    desk: FakeDesk,
    sqlite_database: Database,
    clock,
    new_id,
    learning: FakeLearning,
    counts,
    incidents,
) -> AsyncIterator[Office]:
    access = AccessDesk.build(sqlite_database, "office", clock, new_id, QuickHasher())
    chain = AuditRecords(sqlite_database, "office", clock)
    days = OfficeCalendar(CalendarRecords(sqlite_database, "office", clock, chain))
    parts = {"learning": learning, "learnt": learning, "calendar": days, "statistics": counts}
    parts |= {"incidents": incidents, "replies": RequestReplies(sqlite_database, "office", clock)}
    review = FakeReview(view(row(1)))
    review.withdraw = incidents.withdraw
    async with opened(desk, access, review, **parts) as office:
        yield office


async def test_a_second_person_agrees_on_the_page(office: Office, learning) -> None:
    sun = await office.reviewer()
    page = (await sun.page("/learned")).text
    assert "第1问&lt;script&gt;" in page
    assert XSS not in page
    assert "第2问" not in page
    done = await sun.send("/learned/faq-1", agree="yes")
    assert (done.status_code, done.headers["location"]) == (
        303,
        "/console/review/learned?done=agreed",
    )
    assert learning.answers["faq-1"].state is LearnedState.ACTIVE
    assert "已同意" in (await sun.page("/learned?done=agreed")).text
    again = await sun.send("/learned/faq-1", agree="yes")
    assert (again.status_code, "不在等待第二人同意" in again.text) == (409, True)


async def test_nobody_agrees_to_their_own_word(office: Office, learning) -> None:
    learning.author = "sun"
    sun, li = await office.reviewer(), await office.reviewer("li")
    refused = await sun.send("/learned/faq-1", agree="yes")
    assert (refused.status_code, "同意的人就是答复的人" in refused.text) == (403, True)
    assert (await li.post("/learned/faq-1/second", {"agree": False})).json()["state"] == "withdrawn"


async def test_what_a_learnt_answer_rests_on_is_shown(office: Office) -> None:
    sun = await office.reviewer()
    page = (await sun.page("/learned?state=active")).text
    assert 'href="/sources/guide-1"' in page
    assert "gone（已停用）" in page
    found = (await sun.get("/learned?state=active")).json()
    assert (found["total"], found["items"][0]["state_name"]) == (1, "正在用来答复")


async def test_learnt_answers_of_elsewhere_are_not_there(office: Office) -> None:
    far = await office.reviewer("far")
    assert (await far.get("/learned")).json()["total"] == 0
    assert (await far.post("/learned/faq-1/second", {"agree": True})).status_code == 404
    assert (await far.send("/learned/faq-1", agree="yes")).status_code == 404


async def test_an_answer_is_taken_back_once_and_shown(office: Office, incidents) -> None:
    sun = await office.reviewer()
    assert "没有撤回过答复" in (await sun.page("/incidents")).text
    body = {"question_id": "q1", "reason": "收费已改"}
    first = await sun.post("/withdrawals", body, Idempotency_Key="w")
    again = await sun.post("/withdrawals", body, Idempotency_Key="w")
    assert (first.status_code, first.json(), len(incidents.found)) == (200, again.json(), 1)
    assert (await sun.post("/withdrawals", body)).status_code == 409
    page = (await sun.page("/incidents")).text
    for told in ("12 人收到过", "还没有更正", "孙立", "/console/review#k9", "收费已改"):
        assert told in page
    assert XSS not in page
    assert [one["id"] for one in (await sun.get("/incidents")).json()] == ["i1"]
    wang = await office.reviewer("wang")
    assert "/console/review#k9" not in (await wang.page("/incidents")).text
    assert (await wang.post("/withdrawals", body)).status_code == 403
    assert (await (await office.reviewer("far")).get("/incidents")).json() == []


async def test_the_numbers_are_told_in_plain_words(office: Office, counts: FakeCounts) -> None:
    sun = await office.reviewer()
    page = re.sub(r"\s+", "", (await sun.page("/stats")).text)
    assert "100份答复里，82份没有改动就通过了" in page
    assert "真实的通过率大约在73%到88%之间" in page
    assert "1204条答复，随机抽查了40条，其中1条有误" in page
    assert "95%的把握在0.4%到13%之间；抽查还少，范围较宽" in page
    assert "一半的案件在21.5秒内处理完，九成在1分15秒内" in page
    counts.checked = 0
    page = re.sub(r"\s+", "", (await sun.page("/stats?days=7")).text)
    assert "还没有抽查，所以不知道出错率" in page


async def test_what_each_reviewer_did_is_not_for_everybody(office: Office) -> None:
    for name, sees in (("sun", True), ("boss", True), ("wang", False), ("out", False)):
        who = await office.reviewer(name)
        page = (await who.page("/stats")).text
        assert (name, "孙立&lt;script&gt;" in page, XSS in page) == (name, sees, False)
        found = (await who.get("/statistics")).json()
        assert (name, len(found["reviewers"])) == (name, int(sees))
    assert (found["errors"]["hits"], found["errors"]["total"]) == (1, 40)
    assert 0 < found["errors"]["low"] < found["errors"]["rate"] < found["errors"]["high"]


async def test_the_numbers_are_of_the_regions_that_one_may_see(office: Office, counts) -> None:
    for name, mine in (("sun", True), ("far", False)):
        who = await office.reviewer(name)
        page = (await who.page("/stats")).text
        for _ in range(2):
            assert (counts.sees(COUNTY), counts.sees(None)) == (mine, mine)
            assert counts.sees("990199")
            counts.sees = everywhere
            assert (await who.get("/statistics")).status_code == 200
        assert ("只统计您负责的地区" in page) is not mine


async def test_only_an_administrator_changes_the_calendar(office: Office) -> None:
    sun, boss = await office.reviewer(), await office.reviewer("boss")
    page = (await sun.page("/calendar?year=2026")).text
    assert "2026-10-01 放假，国庆节" in page
    assert "?day=2026-10-01" not in page
    assert (await sun.send("/calendar/days/2026-03-04", what="free")).status_code == 403
    assert "?day=2026-10-01" in (await boss.page("/calendar?year=2026")).text
    sent = await boss.send("/calendar/days/2026-03-04", what="free", name=f"停电{XSS}")
    assert sent.status_code == 303
    page = (await sun.page("/calendar?year=2026")).text
    assert "2026-03-04 放假，停电&lt;script&gt;" in page
    days = (await sun.get("/calendar/2026")).json()
    assert [one["day"] for one in days["days"] if one["own"]] == ["2026-03-04"]
    url = f"{API}/calendar/days/2026-03-04"
    gone = await boss.client.delete(url, headers=boss.headers)
    again = await boss.client.delete(url, headers=boss.headers)
    assert (gone.status_code, again.status_code) == (204, 404)
    body = {"is_workday": True, "name": "补班"}
    put = await boss.client.put(f"{API}/calendar/days/2026-03-07", json=body, headers=boss.headers)
    assert put.status_code == 204
    assert "2026-03-07 上班，补班" in (await sun.page("/calendar?year=2026")).text


async def test_a_year_is_set_from_its_notice(office: Office) -> None:
    boss = await office.reviewer("boss")
    assert "还没有录入" in (await boss.page("/calendar?year=2031")).text
    wrong = await boss.send("/calendar/years/2031", text="2031-01-01 休 元旦\n明天 休")
    assert (wrong.status_code, "第 2 行读不懂" in wrong.text) == (422, True)
    assert "2031-01-01 休 元旦" in wrong.text
    right = await boss.send("/calendar/years/2031", text="2031-01-01 休 元旦\n\n2031-01-04 班")
    assert right.status_code == 303
    page = (await boss.page("/calendar?year=2031")).text
    assert "还没有录入" not in page
    assert "2031-01-04 上班" in page
    assert (await boss.page("/calendar?year=1999")).status_code == 422


def test_a_notice_is_read_line_by_line() -> None:
    (one, two) = read_days("2027-01-01 休 元旦 放假\n 2027-01-03 班\n")
    assert (one.day, one.is_workday, one.name, one.own) == (
        date(2027, 1, 1),
        False,
        "元旦 放假",
        True,
    )
    assert (two.is_workday, two.name) == (True, "")
