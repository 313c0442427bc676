"""The morning's report, and who mails it."""

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.bootstrap.hosts import LOOPBACK, mailbox_in
from assistant.bootstrap.keeping import ledger_reads
from assistant.bootstrap.library import Library
from assistant.domain.ids import new_ulid
from assistant.errors import ConfigurationError

if TYPE_CHECKING:
    from assistant.domain.workdays import OfficeHours
    from assistant.insight.letters import MorningPost, Send
    from assistant.insight.morning import Mornings
    from assistant.records.morning_letters import MorningLetters
    from assistant.settings import Settings


def mornings_of(library: Library) -> "Mornings":
    """The reports of the organisation."""
    from assistant.insight.morning import Mornings
    from assistant.records.morning import MorningReads
    from assistant.records.review_queue import ReviewQueue
    from assistant.records.stream_happenings import StreamHappenings

    at = library.database, library.settings.organization
    reads, queue, happenings = MorningReads(*at), ReviewQueue(*at), StreamHappenings(*at)
    hours = HoursNow(library)
    return Mornings(reads, ledger_reads(library), queue, happenings, hours, library.clock)


def letters_of(library: Library) -> "MorningLetters":
    """Which mornings' letters were sent."""
    from assistant.records.morning_letters import MorningLetters

    return MorningLetters(library.database, library.settings.organization, library.clock)


def morning_post(library: Library) -> "MorningPost | None":
    """Who mails it; None where the office set no hour, or forbids outside hosts.

    Raises ConfigurationError for an hour that is none, or without a mail server.
    """
    from assistant.insight.letters import MorningPost, hour_of

    settings = library.settings
    at, send = hour_of(settings.morning_at), _send(settings)
    if at is None or send is None:
        return None
    owner = hashlib.sha256(settings.organization.encode()).hexdigest()[:8]
    link = settings.morning_link.rstrip("/")
    return MorningPost(
        mornings=mornings_of(library),
        letters=letters_of(library),
        send=send,
        at=at,
        hours=HoursNow(library),
        clock=library.clock,
        holder=new_ulid(),
        producer=settings.aigc_producer,
        key=f"morning-{owner}",
        address=f"{link}/console/morning" if link else "",
    )


def _send(settings: "Settings") -> "Send | None":
    from assistant.live.mail import MailReport

    if not settings.morning_at.strip():
        return None
    mailbox = mailbox_in(settings)
    if mailbox is None:
        raise ConfigurationError("晨报要发邮件，但没有邮件服务器", hint="ASSISTANT_ALERT_MAIL")
    if settings.offline and mailbox.server.host not in LOOPBACK:
        return None
    people = tuple(settings.morning_to.replace(",", " ").split())
    return MailReport(replace(mailbox, to=people or mailbox.to))


class HoursNow:
    """The office's days, as its calendar is set at the moment."""

    def __init__(self, library: Library) -> None:
        from assistant.records.accounts_audit import AuditRecords
        from assistant.records.calendar import CalendarRecords
        from assistant.review.calendar import OfficeCalendar
        from assistant.review.deadlines import read_deadlines

        at = library.database, library.settings.organization, library.clock
        self._calendar = OfficeCalendar(CalendarRecords(*at, AuditRecords(*at)))
        self._deadlines = read_deadlines(library.settings.review.get("deadlines"))

    async def __call__(self) -> "OfficeHours":
        """Now."""
        return self._deadlines.hours(await self._calendar.current())
