"""Hours in words, the rota's form, orders with a key, and the phone's state."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.duty import Shift
from assistant.errors import BadInput
from assistant.records.accounts_audit import AuditRecords
from assistant.web.console.shift_words import read_shifts, shift_words
from tests.support.live_office import FAR, OPERATOR, OUTSOURCED, ROOM
from tests.web.test_console import CONSOLE, Browser, office

pytestmark = pytest.mark.integration
__all__ = ["office"]

DAYS = st.sampled_from(["every", "work", "free", *"1234567", "2026-12-31"])
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
SHIFTS = st.builds(
    Shift, st.lists(DAYS, min_size=1, max_size=3, unique=True).map(tuple), TIMES, TIMES
)


@given(st.lists(SHIFTS, max_size=5).map(tuple))
def test_what_is_written_is_read_back(shifts: tuple[Shift, ...]) -> None:
    assert read_shifts(shift_words(shifts)) == shifts


def test_hours_as_people_write_them() -> None:
    assert read_shifts("18：00—次日9：00; 周六、周日 0:00至24:00") == (
        Shift(("every",), time(18), time(9)),
        Shift(("6", "7"), time(0), time(0)),
    )


@pytest.mark.parametrize(
    "text", ["晚上", "每天 24:30-25:00", "周八 08:00-09:00", "每天 08:00-次日09:00", "每天"]
)
def test_hours_that_cannot_be_read_are_quoted(text: str) -> None:
    with pytest.raises(BadInput, match=text[:2]):
        read_shifts(text)


def form(**changed: object) -> dict[str, object]:
    filled: dict[str, object] = {
        "name": ["王芳", ""], "account": ["", ""], "mail": ["wang@example.org", ""],
        "robot": ["", ""], "on": ["工作日 18:00-次日09:00", ""],
        "hours": "每天 00:00-24:00", "quiet": "5", "confirm": "30",
    }  # fmt: skip
    return filled | changed


async def test_a_plan_of_a_room_is_kept_and_audited(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    done = await browser.post(f"{CONSOLE}/duty", **form())
    assert done.status_code == 303
    plan = assistant.duty().plan(ROOM)
    assert [one.name for one in plan.officers] == ["王芳"]
    assert (plan.quiet_minutes, plan.confirm_minutes, plan.changed_by) == (5, 30, "王芳")
    audit = AuditRecords(assistant.database, assistant.settings.organization, assistant.clock)
    entry, payload = (await audit.recent(1))[0]
    assert (entry.action, entry.subject) == ("duty.plan", ROOM)
    assert "wang@example.org" not in payload.body


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "每天 8点"},
        {"quiet": "31"},
        {"confirm": "4"},
        {"name": ["", ""]},
        {"name": ["王芳", "王芳"]},
        {"mail": ["nobody", ""]},
    ],
)
async def test_a_wrong_form_changes_nothing(office, wrong: dict[str, object]) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    assert (await browser.post(f"{CONSOLE}/duty", **form(**wrong))).status_code == 422
    assert ROOM not in assistant.duty().plans


async def test_who_may_not_switch_automatic_only_looks(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OUTSOURCED)
    assert "您只能查看" in (await browser.get(f"{CONSOLE}/duty")).text
    assert (await browser.post(f"{CONSOLE}/duty", **form())).status_code == 403
    await browser.enter(FAR)
    assert (await browser.get(f"{CONSOLE}/duty")).status_code == 404
    assert (await browser.post("/console/duty", **form())).status_code == 403
    assert dict(assistant.duty().plans) == {}


async def test_an_order_with_a_key_is_carried_out_once(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    for _ in range(3):
        assert await browser.order("take_over", key="press-1") == 204
    assert await browser.order("take_over", key="press-2") == 409
    assert await browser.order("give_back", key="press-1") == 409
    audit = AuditRecords(assistant.database, assistant.settings.organization, assistant.clock)
    actions = [entry.action for entry, _ in await audit.recent(20)]
    assert actions.count("room.take_over") == 1


async def test_the_phone_shows_my_rooms_and_beats_for_them(office) -> None:
    assistant, client = office
    browser = Browser(client)
    await browser.enter(OPERATOR)
    for path in ("beat", "present"):
        sent = await client.post(
            f"/console/phone/{path}", headers={"X-CSRF-Token": browser.csrf, "accept": "*/*"}
        )
        assert sent.status_code == 204
    live = assistant.live.desk.live(ROOM).room
    assert live.heartbeat_at is not None
    assert live.present_by == "王芳"
    (room,) = (await browser.get("/console/phone/state")).json()["rooms"]
    assert (room["id"], room["here"], room["held"]) == (ROOM, True, "")
    assert room["on_duty"] == ["王科长", "李主任"]
    me = (await assistant.access.staff.named(OPERATOR)).id
    always = form(name=["王芳"], account=[me], mail=[""], robot=[""], on=[""])
    await browser.post(f"{CONSOLE}/duty", **always)
    (room,) = (await browser.get("/console/phone/state")).json()["rooms"]
    assert room["on_duty"] == ["王芳（您）"]
    await browser.enter(FAR)
    assert (await browser.get("/console/phone/state")).json()["rooms"] == []
