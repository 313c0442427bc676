"""Which night a report is about."""

from datetime import date, datetime

from assistant.domain.clock import china_day
from assistant.domain.workdays import OfficeHours
from assistant.errors import BadInput
from assistant.insight.report import Night


def night_of(day: date | None, hours: OfficeHours, now: datetime) -> Night:
    """The night before a day, by default before today; up to now while it still lasts.

    Raises BadInput for a day whose night has not begun, or too far away for a calendar.
    """
    day = day or china_day(now)
    try:
        since, until = hours.night_before(day)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"没有 {day} 之前的工作日") from error
    if since >= now:
        raise BadInput(f"{day} 前一晚还没有开始", hint="请选今天或更早的日期")
    return Night(day, since, min(until, now), over=until <= now)
