"""Alerts by e-mail, with a real SMTP server on loopback."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from assistant.bootstrap.hosts import outside_hosts
from assistant.domain.live import Alert, AlertLevel
from assistant.errors import ConfigurationError, Unavailable
from assistant.live.mail import Mailbox, MailNotify, mailbox_of
from assistant.settings import Settings

pytestmark = pytest.mark.integration
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ALERT = Alert("a1", "hall", "urgent", AlertLevel.URGENT, "一个问题等了三分钟", AT, step=1)


class Letters:
    """What the server took; addresses that begin with `gone` are refused."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.secure: list[bool] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        del server, session, options
        if address.startswith("gone"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del server
        self.secure.append(session.ssl is not None)
        self.to = list(envelope.rcpt_tos)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(cast("EmailMessage", letter))
        return "250 OK"


def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    del server, session, envelope, mechanism
    return AuthResult(success=data.password == b"p@ss:word")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(file), "-out", str(file.with_name("cert.pem"))],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


@asynccontextmanager
async def mail_server(letters: Letters, tls: Path | None = None) -> AsyncIterator[int]:
    secured: dict[str, Any] = {}
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.with_name("cert.pem"), tls)
        secured = {"tls_context": context, "authenticator": login, "auth_required": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(letters, **secured), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def box(url: str, to: str = "wang@gov.cn li@gov.cn") -> Mailbox:
    made = mailbox_of(url, "desk@gov.cn", to)
    assert made is not None
    return made


async def test_every_address_gets_what_where_when_and_who() -> None:
    letters = Letters()
    async with mail_server(letters) as port:
        await MailNotify(box(f"smtp://localhost:{port}"))("王科长", ALERT)
    (letter,) = letters.taken
    assert letters.to == ["wang@gov.cn", "li@gov.cn"]
    assert letter["Subject"] == "【直播间紧急】hall 一个问题等了三分钟"
    for part in ("03-02 09:00:00", "请王科长处理", "登录控制台"):
        assert part in letter.get_content()


async def test_a_password_goes_only_over_tls_that_is_trusted(certificate: Path) -> None:
    letters = Letters()
    trust = ssl.create_default_context(cafile=str(certificate.with_name("cert.pem")))
    async with mail_server(letters, certificate) as port:
        mailbox = box(f"smtp://desk:p%40ss%3Aword@localhost:{port}")
        await MailNotify(mailbox, trust)("王科长", ALERT)
        with pytest.raises(Unavailable):
            await MailNotify(mailbox)("王科长", ALERT)
        wrong = replace(mailbox, server=replace(mailbox.server, password="x"))
        with pytest.raises(Unavailable):
            await MailNotify(wrong, trust)("王科长", ALERT)
    assert letters.secure == [True]


@pytest.mark.parametrize("to", ["gone@gov.cn", "wang@gov.cn gone@gov.cn"])
async def test_a_refused_address_is_not_taken_for_told(to: str) -> None:
    async with mail_server(Letters()) as port:
        with pytest.raises(Unavailable):
            await MailNotify(box(f"smtp://localhost:{port}", to))("王科长", ALERT)


async def test_a_server_that_is_away_is_told() -> None:
    async with mail_server(Letters()) as port:
        pass
    with pytest.raises(Unavailable):
        await MailNotify(box(f"smtp://localhost:{port}"))("", ALERT)


@pytest.mark.parametrize(
    ("url", "to"), [("http://x", "a@b"), ("smtps://x", ""), ("smtps:///", "a@b")]
)
def test_what_cannot_work_is_said_without_the_password(url: str, to: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        mailbox_of(url.replace("//", "//u:geheim@"), "desk@gov.cn", to)
    assert "geheim" not in f"{told.value} {told.value.hint}"


def test_the_server_is_named_among_the_hosts() -> None:
    settings = Settings(
        alert_mail="smtps://desk%40gov.cn:geheim@mail.gov.cn", alert_mail_to="wang@gov.cn"
    )
    (host,) = [one for one in outside_hosts(settings, consented=False) if one.part == "邮件提醒"]
    assert host.host == "mail.gov.cn"
    assert "geheim" not in repr(settings)
