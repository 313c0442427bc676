"""Alerts by e-mail, through the office's own mail server (smtplib in a thread)."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

import structlog

from assistant.domain.live import Alert
from assistant.errors import ConfigurationError, Unavailable
from assistant.live.robots import LEVELS, message

log = structlog.get_logger()
TIMEOUT = 8.0
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """`smtps://` is encrypted from the start; `smtp://` by STARTTLS wherever a name is given."""

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where alerts go, and from whom."""

    server: MailServer
    sender: str
    to: tuple[str, ...]


def mailbox_of(url: str, sender: str, to: str) -> Mailbox | None:
    """The mailbox of the settings; None where no server is set. Raises ConfigurationError."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigurationError(
            "ASSISTANT_ALERT_MAIL 不是邮件服务器的地址", hint="smtps://用户:密码@主机:465"
        )
    people = tuple(to.replace(",", " ").split())
    user = unquote(parts.username or "")
    if not people or "@" not in (sender or user):
        raise ConfigurationError(
            "邮件提醒缺少收件人或发件人",
            hint="ASSISTANT_ALERT_MAIL_TO, ASSISTANT_ALERT_MAIL_FROM",
        )
    port = parts.port or _PORTS[parts.scheme]
    password = unquote(parts.password or "")
    server = MailServer(parts.hostname, port, parts.scheme == "smtps", user, password)
    return Mailbox(server, sender or user, people)


class Post:
    """Hands letters to the mail server."""

    def __init__(self, mailbox: Mailbox, trust: ssl.SSLContext | None = None) -> None:
        self.mailbox = mailbox
        self._trust = trust or ssl.create_default_context()

    async def send(self, letter: EmailMessage, what: str) -> int:
        """Send it; how many of several addresses were refused. Raises Unavailable for all."""
        try:
            return len(await asyncio.to_thread(self._send, letter))
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"{what}没有送达", hint=type(error).__name__) from error

    def _send(self, letter: EmailMessage) -> Sequence[str]:
        server = self.mailbox.server
        with self._connection(server) as connection:
            if server.user:
                if not server.encrypted:
                    connection.starttls(context=self._trust)
                connection.login(server.user, server.password)
            return list(connection.send_message(letter))

    def _connection(self, server: MailServer) -> smtplib.SMTP:
        if server.encrypted:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=self._trust)
        return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)


def to_one(mailbox: Mailbox, address: str) -> Mailbox:
    """The same server and sender, to one address."""
    return replace(mailbox, to=(address,))


class MailNotify:
    """Sends an alert to all addresses; never a viewer's words, as with every alert."""

    def __init__(
        self, mailbox: Mailbox, trust: ssl.SSLContext | None = None, *, link: str = ""
    ) -> None:
        self._post = Post(mailbox, trust)
        self._link = link

    async def __call__(self, officer: str, alert: Alert) -> None:
        """Send it; raises Unavailable unless the server takes it for every address."""
        letter = _letter(self._post.mailbox, officer, alert, self._link)
        refused = await self._post.send(letter, "提醒邮件")
        if refused:
            raise Unavailable("提醒邮件有收件人被拒", hint=f"{refused} 个")


class MailReport:
    """Sends a report with its file; the others have it where one of several was refused."""

    def __init__(self, mailbox: Mailbox, trust: ssl.SSLContext | None = None) -> None:
        self._post = Post(mailbox, trust)

    async def __call__(self, subject: str, text: str, name: str, pdf: bytes, key: str) -> None:
        """Send it; a key has its own Message-ID. Raises Unavailable where nobody takes it."""
        letter = _addressed(self._post.mailbox, subject, key)
        letter.set_content(text)
        letter.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
        if refused := await self._post.send(letter, "晨报邮件"):
            log.warning("report_refused", addresses=refused)


def _addressed(mailbox: Mailbox, subject: str, key: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = mailbox.sender
    letter["To"] = ", ".join(mailbox.to)
    letter["Subject"] = subject
    letter["Date"] = formatdate(localtime=False)
    letter["Message-ID"] = f"<{key}@{mailbox.sender.rpartition('@')[2]}>"
    return letter


def _letter(mailbox: Mailbox, officer: str, alert: Alert, link: str) -> EmailMessage:
    subject = f"【直播间{LEVELS.get(alert.level, '')}】{alert.room_id} {alert.text[:40]}"
    letter = _addressed(mailbox, subject, f"{alert.id}-{alert.step}")
    letter.set_content(message(officer, alert, link) + "\n\n请登录控制台确认。\n")
    return letter
