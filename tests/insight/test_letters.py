"""The morning's letter goes out once: on workdays, from its hour on, by one process of several."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from assistant.domain.workdays import OfficeHours
from assistant.errors import ConfigurationError, Unavailable
from assistant.insight.letters import AGAIN, LEASE, MorningPost, hour_of
from assistant.live.mail import MailReport
from assistant.records.database import Database
from assistant.records.morning_letters import LetterState, MorningLetters
from assistant.review.calendar import combined
from tests.insight.test_morning import OFFICE, mornings
from tests.live.room.test_mail import Letters, box, mail_server

pytestmark = pytest.mark.contract
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, tzinfo=UTC)
HOURS = OfficeHours(combined(()))


async def hours() -> OfficeHours:
    return HOURS


class Sent:
    """What went out; fails or waits when told."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.fails = False
        self.gate: asyncio.Event | None = None
        self.begun = asyncio.Event()

    async def __call__(self, subject: str, text: str, name: str, pdf: bytes, key: str) -> None:
        self.begun.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.fails:
            raise Unavailable("没有送达")
        assert subject
        assert text
        assert name.endswith(".pdf")
        assert pdf.startswith(b"%PDF")
        self.keys.append(key)


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def post(database: Database, clock, sent: Sent) -> Callable[[str], MorningPost]:
    """A process of the service."""
    clock.now = MONDAY + timedelta(minutes=31)

    def made(holder: str) -> MorningPost:
        letters = MorningLetters(database, OFFICE, clock)
        return MorningPost(
            mornings=mornings(database, clock), letters=letters, send=sent, at=time(8, 30),
            hours=hours, clock=clock, holder=holder, producer="0" * 27,
        )  # fmt: skip

    return made


async def state(post: MorningPost) -> LetterState | None:
    letter = await post.letters.letter(MONDAY.date())
    return letter.state if letter else None


async def test_it_is_sent_once_whoever_looks(post, sent: Sent) -> None:
    one, other = post("one"), post("other")
    await asyncio.gather(*(each.look() for each in (one, other, one, other)))
    await post("restarted").look()
    assert sent.keys == ["morning-2026-03-02"]
    assert await state(one) is LetterState.SENT


async def test_not_before_its_hour_and_not_on_days_off(post, sent: Sent, clock) -> None:
    clock.now = MONDAY + timedelta(minutes=29)
    await post("one").look()
    clock.now = SATURDAY + timedelta(hours=4)
    await post("one").look()
    assert sent.keys == []
    clock.now = MONDAY + timedelta(hours=5)  # the service was down at half past eight
    await post("late").look()
    assert len(sent.keys) == 1


async def test_what_the_server_did_not_take_is_tried_again(post, sent: Sent, clock) -> None:
    one = post("one")
    sent.fails = True
    await one.look()
    assert await state(one) is LetterState.WAITING
    sent.fails = False
    await one.look()
    assert sent.keys == []
    clock.advance(seconds=AGAIN + 1)
    await one.look()
    assert len(sent.keys) == 1


async def test_one_that_may_have_gone_out_is_not_sent_again(post, sent: Sent, clock) -> None:
    died = post("died")
    assert await died.letters.take(MONDAY.date(), "died", LEASE)
    other = post("other")
    await other.look()
    assert await state(other) is LetterState.SENDING
    clock.advance(seconds=LEASE + 1)
    await other.look()
    await other.look()
    assert sent.keys == []
    assert await state(other) is LetterState.UNCERTAIN


async def test_a_process_that_stops_sends_it_to_the_end(post, sent: Sent) -> None:
    one, sent.gate = post("one"), asyncio.Event()
    looking = asyncio.create_task(one.look())
    await sent.begun.wait()
    looking.cancel()
    sent.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert await state(one) is LetterState.SENT


async def test_the_mail_server_gets_text_and_file(post, clock) -> None:
    taken = Letters()
    async with mail_server(taken) as port:
        one = post("one")
        one.send = MailReport(box(f"smtp://localhost:{port}", "wang@gov.cn gone@gov.cn"))
        one.address = "https://desk.example/console/morning"
        await one.look()
    (letter,) = taken.taken
    assert letter["Message-ID"] == "<morning-2026-03-02@gov.cn>"
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "晨报-2026-03-02.pdf"
    assert one.address in letter.get_body().get_content()
    assert await state(one) is LetterState.SENT


def test_an_hour_that_is_none_is_refused() -> None:
    assert hour_of("08:30") == time(8, 30)
    assert hour_of("") is None
    with pytest.raises(ConfigurationError):
        hour_of("半夜")
