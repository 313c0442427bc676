"""Shifts at their edges, and whether somebody is there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.duty import (
    ALL_DAY,
    BEAT,
    EVERY,
    SKEW,
    DutyBook,
    DutyPlan,
    Officer,
    Shift,
)
from assistant.domain.workdays import CHINA, OfficeHours
from assistant.review.calendar import combined

pytestmark = pytest.mark.unit

CALENDAR = combined(())
OFFICE = OfficeHours(CALENDAR)
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 30)
MOMENTS = st.builds(datetime.combine, st.dates(FIRST, LAST), st.times(), st.just(UTC))
DAYTIME = (Shift((EVERY,), time(8), time(22)),)
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


NIGHT = Shift(("work",), time(18), time(9))


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2026-03-06T17:59:59", False),  # Friday
        ("2026-03-06T18:00", True),
        ("2026-03-06T23:59:59", True),
        ("2026-03-07T00:00", True),  # Saturday's small hours belong to Friday
        ("2026-03-07T08:59:59", True),
        ("2026-03-07T09:00", False),
        ("2026-03-07T18:00", False),
        ("2026-03-09T08:00", False),  # Monday's small hours belong to Sunday
        ("2026-02-14T20:00", True),  # a Saturday that is worked
        ("2026-10-01T20:00", False),  # National Day, a Thursday
        ("2026-10-01T08:00", True),  # after the last workday before it
    ],
)
def test_a_night_of_workdays(moment: str, covered: bool) -> None:
    assert NIGHT.covers(at(moment), CALENDAR) is covered


def test_a_shift_of_a_date_and_of_weekdays() -> None:
    eve = Shift(("2026-12-31",), time(20), time(2))
    assert eve.covers(at("2026-12-31T23:00"), CALENDAR)
    assert eve.covers(at("2027-01-01T01:59"), CALENDAR)
    assert not eve.covers(at("2027-01-01T20:00"), CALENDAR)
    monday = Shift(("1", "3"), time(0), time(0))
    assert [monday.covers(at(f"2026-03-0{day}T12:00"), CALENDAR) for day in (2, 3, 4)] == [
        True,
        False,
        True,
    ]


@given(MOMENTS, TIMES, TIMES)
def test_a_shift_and_the_hours_between_fill_the_day(
    moment: datetime, start: time, end: time
) -> None:
    if start == end:
        assert Shift(("every",), start, end).covers(moment, CALENDAR)
        return
    one, other = Shift(("every",), start, end), Shift(("every",), end, start)
    assert one.covers(moment, CALENDAR) is not other.covers(moment, CALENDAR)


@given(MOMENTS)
def test_the_office_opens_after_it_is_closed_and_never_sooner(moment: datetime) -> None:
    opening = OFFICE.next_opening(moment)
    assert opening > moment
    assert OFFICE.is_open(opening)
    if not OFFICE.is_open(moment):
        halfway = moment + (opening - moment) / 2
        assert not OFFICE.is_open(halfway)
        assert OFFICE.next_opening(halfway) == opening


def test_the_office_over_a_holiday() -> None:
    assert OFFICE.next_opening(at("2026-09-30T17:30")) == at("2026-10-08T09:00")
    assert not OFFICE.is_open(at("2026-09-30T17:30"))
    assert OFFICE.is_open(at("2026-02-14T09:00"))


def test_bounds_of_a_plan() -> None:
    for wrong in ({"quiet_minutes": 31}, {"quiet_minutes": -1}, {"confirm_minutes": 4}):
        with pytest.raises(ValueError, match="minutes"):
            DutyPlan(**wrong)
    with pytest.raises(ValueError, match="Invalid isoformat"):
        Shift(("someday",), time(8), time(9))


NOW = at("2026-03-06T23:00")


@pytest.mark.parametrize(
    ("beat", "said", "there"),
    [
        (None, None, False),
        (BEAT, None, False),  # an open page in which nobody ever said so
        (BEAT, timedelta(minutes=60), True),
        (BEAT + timedelta(seconds=1), timedelta(minutes=60), False),
        (BEAT, timedelta(minutes=60, seconds=1), False),
        (None, timedelta(minutes=10), True),
        (None, timedelta(minutes=10, seconds=1), False),
    ],
)
def test_who_is_there(beat: timedelta | None, said: timedelta | None, there: bool) -> None:
    plan = DutyPlan()
    heard, spoke = (NOW - one if one is not None else None for one in (beat, said))
    assert plan.is_there(NOW, heard, spoke) is there


def test_an_open_page_may_be_enough_where_the_office_says_so() -> None:
    assert DutyPlan(confirm_minutes=0).is_there(NOW, NOW - BEAT, None)


def test_a_beat_of_the_future_does_not_count() -> None:
    """The clock was set back: without this, one beat would hold for as long as it was set back."""
    plan, later = DutyPlan(confirm_minutes=0), NOW + timedelta(hours=1)
    assert not plan.is_there(NOW, later, None)
    assert not plan.is_there(NOW, None, later)
    assert plan.is_there(NOW, NOW + SKEW, None)


def test_the_rooms_own_plan_goes_before_the_offices() -> None:
    first = Officer("甲", shifts=(NIGHT,))
    own = DutyPlan("r1", (first, Officer("乙")), hours=ALL_DAY)
    office = DutyPlan("", (Officer("丙"),), hours=DAYTIME)
    book = DutyBook({"": office, "r1": own}, OFFICE)
    assert [one.name for one in book.officers("r1", NOW)] == ["甲", "乙"]
    assert [one.name for one in book.officers("r1", at("2026-03-06T12:00"))] == ["乙"]
    assert [one.name for one in book.officers("r2", NOW)] == ["丙"]
    assert book.answers_by_itself("r1", NOW)
    assert not book.answers_by_itself("r2", NOW)
    assert book.plan("r2") is office
    assert book.opens_at(NOW) == at("2026-03-09T09:00")
    assert book.opens_at(at("2026-03-06T12:00")) is None


def test_hours_are_all_day_until_somebody_narrows_them() -> None:
    book = DutyBook({"": DutyPlan()}, OFFICE)
    assert book.answers_by_itself("r", at("2026-03-06T03:00"))


def test_without_an_office_nothing_is_closed() -> None:
    assert DutyBook().opens_at(NOW) is None
    assert DutyBook().answers_by_itself("r", NOW)
