"""The review desk's API over a desk in memory: rights, repetition, and what a reader is told."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from assistant.access.accounts import Permission
from assistant.access.desk import AccessDesk
from assistant.domain.review import CaseState
from assistant.records.database import Database
from assistant.records.request_replies import RequestReplies
from assistant.review.views import Member
from tests.access.conftest import QuickHasher
from tests.web.fake_desk import FakeDesk
from tests.web.fake_review import REGION, FakeReview, conflict, evidence, row, view
from tests.web.reviewing import API, Office, Reviewer, opened

pytestmark = pytest.mark.integration


@pytest.fixture
async def office(desk: FakeDesk, sqlite_database: Database, clock, new_id) -> AsyncIterator[Office]:
    members = (Member("m1", "办执照带什么", 1, "大厅"), Member("m2", "开店带什么", 4, "大厅"))
    review = FakeReview(
        view(row(1, cases=3), members=members, near=(conflict(),)),
        view(row(2), evidence=(evidence(in_force=False),)),
        view(row(3, code="spot_check"), given="要带身份证。"),
    )
    access = AccessDesk.build(sqlite_database, "office", clock, new_id, QuickHasher())
    replies = RequestReplies(sqlite_database, "office", clock)
    async with opened(desk, access, review, replies=replies) as office:
        yield office


ROUTES: tuple[tuple[str, str, object], ...] = (
    ("GET", "/queue", None),
    ("GET", "/next", None),
    ("GET", "/cases/k1", None),
    ("POST", "/cases/k1/take", {}),
    ("POST", "/cases/k1/renew", {"token": 1}),
    ("POST", "/cases/k1/release", {"token": 1}),
    ("PUT", "/cases/k1/draft", {"text": "x"}),
    ("POST", "/cases/k1/near", {"answer": "x"}),
    ("POST", "/cases/k1/settle", {"token": 1, "kind": "approve"}),
    (
        "POST",
        "/cases/k1/hand-over",
        {"token": 1, "unit": "人社局", "due_at": "2026-03-09T10:00:00Z"},
    ),
    ("POST", "/resolutions/r1/undo", None),
    ("POST", "/resolutions/r1/send", None),
    ("POST", "/cases/k1/returned", None),
    ("POST", "/cases/k1/mark", {"urgent": True}),
    ("POST", "/cases/k1/merge", {"into": "k2"}),
    ("POST", "/cases/k1/split", None),
)


async def test_only_who_may_approve_gets_anywhere(office: Office) -> None:
    stranger = Reviewer(office.browser())
    for name, status in ((None, 401), ("wang", 403), ("out", 403), ("boss", 403)):
        who = await office.reviewer(name) if name else stranger
        for method, path, body in ROUTES:
            sent = await who.client.request(method, API + path, json=body, headers=who.headers)
            assert (name, path, sent.status_code) == (name, path, status)
            assert sent.headers["content-type"] == "application/problem+json"
    assert office.desk.done == {}


async def test_without_the_token_of_the_page_nothing_changes(office: Office) -> None:
    sun = await office.reviewer()
    sun.headers = {}
    for method, path, body in ROUTES[3:]:
        sent = await sun.client.request(method, API + path, json=body)
        assert (path, sent.status_code) == (path, 403)


async def test_what_lies_elsewhere_is_not_there(office: Office) -> None:
    far = await office.reviewer("far")
    assert (await far.get("/queue")).json()["rows"] == []
    assert (await far.get("/cases/k1")).status_code == 404
    assert (await far.post("/cases/k1/take")).status_code == 404


async def test_a_program_needs_the_scope(office: Office) -> None:
    sessions = office.access.sessions
    account = await office.access.staff.named("sun")
    client = office.browser()
    for scope, status in ((Permission.APPROVE, 200), (Permission.SEE_LEDGER, 403)):
        _, secret = await sessions.add_token("", account, "程序", {scope}, 1)
        headers = {"authorization": f"Bearer {secret}"}
        taken = await client.post(f"{API}/cases/k1/take", headers=headers)
        assert (scope, taken.status_code) == (scope, status)


async def test_a_case_says_what_a_reviewer_must_know(office: Office) -> None:
    sun = await office.reviewer()
    taken = (await sun.post("/cases/k2/take")).json()
    assert (taken["token"], taken["row"]["mine"]) == (1, True)
    (cited,) = taken["evidence"]
    assert (cited["validity"]["label"], cited["validity"]["in_force"]) == ("已废止", False)
    assert cited["url"] == "/sources/guide-1"
    assert not taken["confirms"]
    assert (await sun.get("/cases/k3")).json()["confirms"]
    rows = (await sun.get("/queue")).json()["rows"]
    assert [one["holder"] for one in rows] == ["", "孙立", ""]
    assert rows[0]["cases"] == 3


async def test_the_queue_comes_in_pages(office: Office) -> None:
    sun = await office.reviewer()
    first = (await sun.get("/queue?limit=2")).json()
    rest = (await sun.get(f"/queue?limit=2&cursor={first['next']}")).json()
    assert [len(first["rows"]), len(rest["rows"]), rest["next"]] == [2, 1, None]
    assert (first["waiting"], first["overdue"]) == (5, 0)
    assert (await sun.get("/queue?cursor=x")).status_code == 422
    assert (await sun.get("/queue?limit=0")).status_code == 422


async def test_two_reviewers_never_hold_one_case(office: Office) -> None:
    sun, li = await office.reviewer(), await office.reviewer("li")
    token = await sun.take()
    refused = await li.post("/cases/k1/take")
    assert (refused.status_code, "孙立" in refused.json()["detail"]) == (409, True)
    assert (await li.get("/cases/k1")).json()["token"] == 0
    assert (await li.post("/cases/k1/take", {"over": True})).json()["token"] == token + 1
    assert (await sun.post("/cases/k1/renew", {"token": token})).status_code == 409
    settled = await sun.post("/cases/k1/settle", {"token": token, "kind": "approve"})
    assert (settled.status_code, office.desk.done) == (409, {})


async def test_a_repeated_decision_is_taken_once(office: Office) -> None:
    sun = await office.reviewer()
    body = {"token": await sun.take(), "kind": "approve", "without": ["m2"]}
    first = await sun.post("/cases/k1/settle", body, Idempotency_Key="a")
    again = await sun.post("/cases/k1/settle", body, Idempotency_Key="a")
    assert first.json() == again.json()
    assert first.json()["case_ids"] == ["k1", "m1"]
    other = await sun.post("/cases/k1/settle", body | {"note": "x"}, Idempotency_Key="a")
    bare = await sun.post("/cases/k1/settle", body)
    assert (other.status_code, bare.status_code, len(office.desk.done)) == (409, 409, 1)


async def test_a_restart_forgets_no_reply(office: Office) -> None:
    sun = await office.reviewer()
    body = {"token": await sun.take(), "kind": "approve"}
    first = await sun.post("/cases/k1/settle", body, Idempotency_Key="a")
    del office.app.state.repeats
    again = await sun.post("/cases/k1/settle", body, Idempotency_Key="a")
    assert (again.status_code, again.json()) == (200, first.json())
    del office.app.state.repeats
    other = await sun.post("/cases/k1/settle", body | {"note": "x"}, Idempotency_Key="a")
    assert (other.status_code, len(office.desk.done)) == (409, 1)


async def test_a_refused_decision_may_be_sent_again(office: Office) -> None:
    sun = await office.reviewer()
    body = {"token": 9, "kind": "approve"}
    assert (await sun.post("/cases/k1/settle", body, Idempotency_Key="a")).status_code == 409
    body["token"] = await sun.take()
    assert (await sun.post("/cases/k1/settle", body, Idempotency_Key="a")).status_code == 200


async def test_what_was_settled_is_taken_back_in_time(office: Office) -> None:
    sun = await office.reviewer()
    settled = (
        await sun.post("/cases/k1/settle", {"token": await sun.take(), "kind": "approve"})
    ).json()
    assert settled["next_case_id"] == "k2"
    undone = await sun.post(f"/resolutions/{settled['resolution_id']}/undo")
    assert undone.json() == {"case_id": "k1"}
    handed = {"token": await sun.take(), "unit": "人社局", "due_at": "2026-03-09T18:00:00+08:00"}
    gone = (await sun.post("/cases/k1/hand-over", handed)).json()
    office.desk.now += timedelta(seconds=11)
    late = await sun.post(f"/resolutions/{gone['resolution_id']}/undo")
    assert (gone["kind"], late.status_code) == ("hand_over", 409)


async def test_what_was_typed_comes_back(office: Office) -> None:
    sun, li = await office.reviewer(), await office.reviewer("li")
    await sun.take()
    sent = await sun.client.put(
        f"{API}/cases/k1/draft", json={"text": "要带<b>"}, headers=sun.headers
    )
    assert sent.status_code == 204
    assert (await sun.get("/cases/k1")).json()["typed"] == "要带<b>"
    assert (await li.get("/cases/k1")).json()["typed"] == ""


async def test_near_faqs_are_told_before_saving(office: Office) -> None:
    sun = await office.reviewer()
    kinds = []
    for text in ("", "要带照片。", conflict().answer):
        found = (await sun.post("/cases/k1/near", {"answer": text})).json()
        kinds.append(found[0]["kind"])
    assert kinds == ["near", "conflict", "same"]


async def test_groups_are_made_and_parted(office: Office) -> None:
    sun = await office.reviewer()
    assert (await sun.post("/cases/k2/merge", {"into": "k1"})).status_code == 204
    members = (await sun.get("/cases/k1")).json()["members"]
    assert [one["case_id"] for one in members] == ["m1", "m2", "k2"]
    assert (await sun.post("/cases/m1/split")).status_code == 204
    assert (await sun.post("/cases/k3/split")).status_code == 409
    assert (await sun.post("/cases/k1/mark", {"urgent": True})).status_code == 204
    assert (await sun.get("/cases/k1")).json()["row"]["is_urgent"]


WRONG: tuple[dict[str, object], ...] = (
    {},
    {"token": 1},
    {"token": 1, "kind": "shout"},
    {"token": -1, "kind": "approve"},
    {"token": 1, "kind": "approve", "text": "长" * 2001},
    {"token": 1, "kind": "approve", "aloud": "maybe"},
    {"token": 1, "kind": "approve", "unknown": 1},
    {"token": 1, "kind": "answer", "sources": [{"source_id": "a"}]},
)


@pytest.mark.parametrize("body", WRONG)
async def test_what_cannot_be_is_a_problem(office: Office, body: dict[str, object]) -> None:
    sun = await office.reviewer()
    sent = await sun.post("/cases/k1/settle", body)
    assert (sent.status_code, bool(sent.json()["detail"])) == (422, True)


async def test_every_route_is_in_the_document(office: Office) -> None:
    document = (await office.browser().get("/openapi.json")).json()
    told = {
        (method.upper(), path.removeprefix(API))
        for path, methods in document["paths"].items()
        if path.startswith(API)
        for method in methods
    }
    tried = {
        (method, re.sub(r"/(cases|resolutions)/\w+", _templated, path))
        for method, path, _ in ROUTES
    }
    assert tried <= told


def _templated(found: re.Match[str]) -> str:
    return f"/{found[1]}/{{{found[1].removesuffix('s')}_id}}"


async def test_the_page_is_for_who_may_approve(office: Office) -> None:
    accept = {"accept": "text/html"}
    for name, status in (("sun", 200), ("wang", 403), ("boss", 403)):
        who = await office.reviewer(name)
        page = await who.client.get("/console/review", headers=accept)
        assert (name, page.status_code) == (name, status)
        assert ("/console/review" in (await who.client.get("/account", headers=accept)).text) == (
            status == 200
        )


def test_the_region_of_these_tests_is_that_of_the_cases() -> None:
    assert row(1).region == REGION
    assert row(1).state is CaseState.WAITING
