"""Who is on duty, and how they are told."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.bootstrap.hosts import is_on_this_machine, mailbox_in
from assistant.bootstrap.library import Library
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.domain.duty import DutyBook
    from assistant.live.duty_keeper import DutyKeeper
    from assistant.live.services import Notify

PHONE = "/console/phone"


def duty_of(library: Library) -> "DutyKeeper":
    """The duty of the office, not read yet. Raises ConfigurationError."""
    from assistant.live.duty_keeper import DutyKeeper, DutyParts
    from assistant.records.accounts_audit import AuditRecords
    from assistant.records.calendar import CalendarRecords
    from assistant.records.duty import DutyRecords
    from assistant.review.calendar import OfficeCalendar
    from assistant.review.deadlines import read_deadlines

    at = (library.database, library.settings.organization, library.clock)
    audit = AuditRecords(*at)
    calendar = OfficeCalendar(CalendarRecords(*at, audit))
    hours = read_deadlines(library.settings.review.get("deadlines")).hours
    return DutyKeeper(DutyParts(DutyRecords(*at, audit), calendar.current, hours))


def notify_of(settings: Settings) -> "Notify":
    """How people are told of alerts: outside where an address is set, and in the log."""
    from assistant.live.notify import NotifyAll

    return NotifyAll(_ways(settings))


def _ways(settings: Settings) -> "list[Notify]":
    """The ways by which everybody is told."""
    from assistant.live.mail import MailNotify
    from assistant.live.notify import WebhookNotify
    from assistant.live.robots import RobotNotify, robots_of

    secret = settings.alert_secret.get_secret_value() if settings.alert_secret else ""
    robots = robots_of(settings.alert_robots.get_secret_value())
    link = link_of(settings)
    outside: list[tuple[str, Notify]] = [
        (one.url, RobotNotify(one, link=link)) for one in robots if not one.name
    ]
    if settings.alert_url:
        outside.insert(0, (settings.alert_url, WebhookNotify(settings.alert_url, secret)))
    mailbox = mailbox_in(settings)
    if mailbox:
        outside.append((f"//{mailbox.server.host}", MailNotify(mailbox, link=link)))
    return [way for url, way in outside if _allowed(settings, url)]


def rota_notify_of(settings: Settings, book: "Callable[[], DutyBook]") -> "Notify":
    """The same, and each officer by the mailbox and the robot that the rota names."""
    from assistant.live.mail import MailNotify, to_one
    from assistant.live.robots import RobotNotify, robots_of
    from assistant.live.rota_notify import RotaNotify

    link = link_of(settings)
    mailbox = mailbox_in(settings)
    if mailbox and not _allowed(settings, f"//{mailbox.server.host}"):
        mailbox = None
    named = {
        one.name: RobotNotify(one, link=link)
        for one in robots_of(settings.alert_robots.get_secret_value())
        if one.name and _allowed(settings, one.url)
    }
    mail = (lambda to: MailNotify(to_one(mailbox, to), link=link)) if mailbox else None
    return RotaNotify(book, _ways(settings), mail, named)


def robot_names(settings: Settings) -> list[str]:
    """What a rota may call its robots."""
    from assistant.live.robots import robots_of

    found = robots_of(settings.alert_robots.get_secret_value())
    return [one.name for one in found if one.name]


def link_of(settings: Settings) -> str:
    """Where an alert is acknowledged; "" where nobody said under which address we are reached."""
    return f"{settings.morning_link.rstrip('/')}{PHONE}" if settings.morning_link else ""


def _allowed(settings: Settings, url: str) -> bool:
    return not settings.offline or is_on_this_machine(url)
