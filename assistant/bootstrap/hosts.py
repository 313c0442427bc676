"""Every outside host that the configuration can contact, and what is sent there (DESIGN §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.live.mail import Mailbox

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", ""})
_OWN = "本单位自己的服务器，是安装的一部分"


@dataclass(frozen=True, slots=True)
class Host:
    """One outside host. `state` says whether it is contacted as things stand, or why not."""

    part: str
    host: str
    sent: str
    state: str


def is_on_this_machine(url: str | None) -> bool:
    """Whether an address is of this machine; none at all is not."""
    return bool(url) and (urlsplit(url or "").hostname or "") in LOOPBACK


def mailbox_in(settings: Settings) -> "Mailbox | None":
    """Where alerts are mailed to; None where no mail server is set. Raises ConfigurationError."""
    from assistant.live.mail import mailbox_of

    url = settings.alert_mail.get_secret_value()
    return mailbox_of(url, settings.alert_mail_from, settings.alert_mail_to)


def outside_hosts(settings: Settings, *, consented: bool) -> list[Host]:
    """All of them, also those that are not contacted for now."""
    return [
        *_voices(settings, consented=consented),
        *_models(settings),
        *_alerts(settings),
        *_platforms(settings),
        *_pushes(settings),
        *_servers(settings),
    ]


def _voices(settings: Settings, *, consented: bool) -> Iterator[Host]:
    from assistant.voice.engines.edge import HOST

    sent = "要读出的文字（已脱敏、已审核的答复）、嗓音和语速；不发送观众信息"
    if settings.voice in {"auto", "edge"}:
        waiting = "使用中" if consented else "未授权，不访问（assistant voice consent）"
        yield Host("网络语音", HOST, sent, _unless_offline(settings, waiting))
    if settings.voice == "openai" and not is_on_this_machine(settings.openai_base_url):
        host = _host(settings.openai_base_url) or "api.openai.com"
        yield Host("语音服务", host, f"{sent}；接口密钥", _unless_offline(settings))


def _models(settings: Settings) -> Iterator[Host]:
    if settings.chat_model and not is_on_this_machine(settings.openai_base_url):
        host = _host(settings.openai_base_url) or "api.openai.com"
        sent = "已脱敏的问题、引用的原文片段、事项名称、提示词；接口密钥"
        yield Host("对话模型", host, sent, _unless_offline(settings))
    sent = "模型名称（首次下载模型；之后在本机计算）"
    named = (("向量模型", settings.embedding_model), ("重排模型", settings.reranker_model))
    for part, name in named:
        if name and not Path(name).exists():
            yield Host(part, "huggingface.co", sent, _unless_offline(settings))


def _alerts(settings: Settings) -> Iterator[Host]:
    from assistant.live.robots import robots_of

    if settings.alert_url and not is_on_this_machine(settings.alert_url):
        sent = "提醒的编号、级别、文字和值班人；签名"
        yield Host("提醒", _host(settings.alert_url), sent, _unless_offline(settings))
    for robot in robots_of(settings.alert_robots.get_secret_value()):
        if not is_on_this_machine(robot.url):
            sent = "提醒的文字、直播间编号、时间和值班人；机器人密钥"
            yield Host("群机器人提醒", robot.host, sent, _unless_offline(settings))
    mailbox = mailbox_in(settings)
    if mailbox and mailbox.server.host not in LOOPBACK:
        sent = "提醒的文字、直播间编号、时间和值班人；收件地址；邮箱密码"
        if settings.morning_at:
            sent += "；晨报（数字和已脱敏的提问）"
        yield Host("邮件提醒", mailbox.server.host, sent, _unless_offline(settings))


def _platforms(settings: Settings) -> Iterator[Host]:
    from assistant.live.platforms.building import hosts

    for room, table in settings.rooms.items():
        for each in hosts(table.get("platforms") or {}):
            part = f"直播间 {room} · {each.platform}"
            yield Host(part, each.host, each.sent, _unless_offline(settings))


def _pushes(settings: Settings) -> Iterator[Host]:
    for name, url in settings.push_targets.items():
        if not is_on_this_machine(url):
            sent = "直播的画面和声音；推流密钥"
            yield Host(f"推流目标 {name}", _host(url), sent, _unless_offline(settings))


def _servers(settings: Settings) -> Iterator[Host]:
    """Servers of the office's own: the offline switch leaves them alone."""
    database = _host(settings.sql_url)
    if database not in LOOPBACK:
        yield Host("数据库", database, "全部业务数据", _OWN)
    if settings.chroma_url and not is_on_this_machine(settings.chroma_url):
        yield Host("向量库", _host(settings.chroma_url), "知识库片段的向量和编号", _OWN)


def _unless_offline(settings: Settings, otherwise: str = "使用中") -> str:
    return "已关闭（ASSISTANT_OFFLINE）" if settings.offline else otherwise


def _host(url: str | None) -> str:
    return urlsplit(url or "").hostname or ""
