"""Deadlines by class, against a recount that knows nothing of ours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from chinese_calendar import is_workday
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.live import Urgency
from assistant.domain.review import DeskCase
from assistant.domain.workdays import CHINA
from assistant.errors import ConfigurationError
from assistant.review.calendar import combined
from assistant.review.deadlines import Deadlines, read_deadlines

pytestmark = pytest.mark.unit

SHIPPED = read_deadlines()
HOURS = SHIPPED.hours(combined(()))
OPENED = st.builds(
    datetime.combine, st.dates(date(2020, 1, 1), date(2026, 12, 1)), st.times(), st.just(UTC)
)
CODES = st.sampled_from(["no_source", "complaint", "unsolved", "person", "withdrawn", "spot_check"])


def case(code: str = "no_source", opened: datetime = datetime(2026, 3, 2, tzinfo=UTC), **more):
    return DeskCase("k1", "hall", "s1", "q1", code, "", opened, **more)


def recount(opened: datetime, workdays: int) -> datetime:
    """The end of the office day, found by walking through the minutes' day in China."""
    here = opened + timedelta(hours=8)
    day, left = here.date(), workdays
    over = (here.hour, here.minute) >= (17, 30)
    if workdays == 0:
        while not is_workday(day) or over:
            day, over = day + timedelta(days=1), False
    while left:
        day += timedelta(days=1)
        left -= 1 if is_workday(day) else 0
    return datetime.combine(day, time(9, 30), UTC)


def is_open(opened: datetime) -> bool:
    here = opened + timedelta(hours=8)
    return is_workday(here.date()) and (9, 0) <= (here.hour, here.minute) < (17, 30)


@given(OPENED, CODES, st.sampled_from(Urgency), st.booleans(), st.booleans())
def test_no_deadline_is_wrong(
    opened: datetime, code: str, urgency: Urgency, marked: bool, on_air: bool
) -> None:
    one = case(code, opened, urgency=urgency, is_urgent=marked)
    due = SHIPPED.first(one, opened, HOURS, on_air=on_air)
    workdays = {"complaint": 5, "unsolved": 5, "withdrawn": 1}.get(code, 2)
    workdays = 0 if marked or urgency is Urgency.URGENT else workdays
    off_air = recount(opened, workdays)
    if urgency is Urgency.EMERGENCY:
        assert due.at == opened + timedelta(seconds=30)
    elif on_air and code != "spot_check" and workdays and not is_open(opened):
        assert due.name == "night"
        assert due.at == HOURS.next_opening(opened)
    elif on_air and code != "spot_check":
        assert due.at == min(opened + timedelta(seconds=60), off_air)
    else:
        assert due.at == off_air
    assert due.since == opened


@given(OPENED, CODES)
def test_after_the_stream_it_counts_from_the_opening(opened: datetime, code: str) -> None:
    one = case(code, opened)
    assert SHIPPED.later(one, opened, HOURS) == SHIPPED.first(one, opened, HOURS, on_air=False)


def test_before_the_long_holidays() -> None:
    opened = datetime(2026, 9, 30, 10, tzinfo=CHINA)
    due = SHIPPED.first(case("complaint", opened), opened, HOURS, on_air=False)
    assert due.at == datetime(2026, 10, 13, 17, 30, tzinfo=CHINA)  # 8th, 9th, 10th 班, 12th, 13th
    opened = datetime(2026, 2, 13, 18, tzinfo=CHINA)
    due = SHIPPED.first(case("no_source", opened), opened, HOURS, on_air=False)
    assert due.at == datetime(2026, 2, 24, 17, 30, tzinfo=CHINA)  # 14th 班, 24th


def test_an_office_sets_its_own() -> None:
    own = read_deadlines(
        {
            "office_end": "18:00",
            "classes": {
                "help": {"workdays": 13, "steps": [0, 60]},
                "urgent": {"seconds": 7200},
                "license": {"label": "许可", "workdays": 3},
            },
            "codes": {"no_source": "license"},
        }
    )
    hours = own.hours(combined(()))
    opened = datetime(2026, 3, 2, 17, 45, tzinfo=CHINA)
    assert own.classes["help"].steps == (0, 60)
    assert own.classes["help"].label == "求助投诉"
    due = own.later(case("no_source", opened), opened, hours)
    assert (due.name, due.at) == ("license", datetime(2026, 3, 5, 18, tzinfo=CHINA))
    due = own.later(case(opened=opened, is_urgent=True), opened, hours)
    assert due.at == opened + timedelta(hours=2)
    assert set(own.in_workdays) == {"consult", "help", "license", "night", "recheck", "spot_check"}


def test_a_class_that_is_gone_counts_like_the_others() -> None:
    opened = datetime(2026, 3, 2, 10, tzinfo=CHINA)
    assert SHIPPED.counted("license", opened, HOURS).name == "consult"


@pytest.mark.parametrize(
    ("own", "where"),
    [
        ({"office_end": "late"}, "office_end"),
        ({"classes": {"help": {"workdays": -1}}}, "classes.help"),
        ({"classes": {"help": {"workdays": 1, "seconds": 1}}}, "classes.help"),
        ({"classes": {"help": {"steps": [60, 0]}}}, "classes.help"),
        ({"classes": {"help": {"days": 1}}}, "classes.help"),
        ({"codes": {"complaint": "nowhere"}}, "deadlines"),
        ({"codes": {"complaint": "urgent"}}, "deadlines"),
        ({"otherwise": "stream"}, "deadlines"),
        ({"classes": {"stream": {"workdays": 1}}}, "deadlines"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused(own: dict[str, object], where: str) -> None:
    with pytest.raises(ConfigurationError, match=where):
        read_deadlines(own)


def test_the_shipped_ones_are_whole() -> None:
    assert isinstance(SHIPPED, Deadlines)
    assert (SHIPPED.label("consult"), SHIPPED.label("")) == ("咨询", "")
    assert set(SHIPPED.codes) >= SHIPPED.off_air
    assert all(len(one.steps) <= 3 for one in SHIPPED.classes.values())


def test_who_runs_a_room_by_hand_has_the_streams_deadline_at_any_hour() -> None:
    evening = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    due = SHIPPED.first(case("manual", evening), evening, HOURS, on_air=True)
    assert (due.name, due.at) == ("stream", evening + timedelta(seconds=60))
