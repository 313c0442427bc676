"""Where a stream goes, and its key: never on the command line, never in a log.

A target is `NAME` (of the settings' table), `URL`, or `NAME=URL`. The key is the variable
`ASSISTANT_PUSH_KEY_NAME` (`ASSISTANT_PUSH_KEY` for one without a name), else a line of the key
file: `NAME = KEY`, or the key alone.
"""

import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import ConfigurationError

VARIABLE = "ASSISTANT_PUSH_KEY"
_PORTS = {"rtmp": 1935, "rtmps": 443}
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_KEY_LINE = re.compile(r"(?:([a-z][a-z0-9_-]{0,30})\s*=\s*)?(\S+)")


@dataclass(frozen=True, slots=True)
class Address:
    """An RTMP server and its application; `url` is the whole without the key."""

    url: str
    host: str
    port: int
    app: str
    is_secure: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Where to push. The key is never part of its text."""

    name: str
    address: Address
    key: str = field(repr=False)

    def hidden(self, text: str) -> str:
        """A text without the key in it."""
        return text.replace(self.key, "***")


def address_of(url: str) -> Address:
    """A server's address. Raises ConfigurationError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _wrong(url) from error
    app = parts.path.strip("/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme not in _PORTS or not parts.hostname or not app:
        raise _wrong(url)
    if parts.username is not None:
        raise ConfigurationError("推流地址里不要写用户名和密码", hint="密钥写进环境变量或密钥文件")
    secure = parts.scheme == "rtmps"
    return Address(url.rstrip("/"), parts.hostname, port or _PORTS[parts.scheme], app, secure)


def targets_of(
    given: Sequence[str],
    known: Mapping[str, str],
    environment: Mapping[str, str],
    key_file: Path | None = None,
) -> list[Target]:
    """The targets with their keys. Raises ConfigurationError."""
    keys = _keys_in(key_file) if key_file else {}
    found = []
    for number, one in enumerate(given, start=1):
        name, url = _named(one, known)
        address = address_of(url)
        variable = f"{VARIABLE}_{name.upper().replace('-', '_')}" if name else VARIABLE
        key = environment.get(variable, "").strip() or keys.get(name, "")
        if not key:
            hint = f"设置环境变量 {variable}，或用 --key-file 给出权限为600的密钥文件"
            raise ConfigurationError(f"推流目标{name or url}没有密钥", hint=hint)
        found.append(Target(name or f"target-{number}", address, key))
    if len({one.name for one in found}) < len(found):
        raise ConfigurationError("两个推流目标同名")
    return found


def names_of(room: str, own: object, others: Iterable[object], known: Iterable[str]) -> list[str]:
    """Where a room's stream goes unless the command line says: the names in its own table.

    `own` and `others` are `push` of its own and of the other rooms' tables. Without one of its own
    it takes every known target that no other room names. Raises ConfigurationError.
    """
    if own is not None:
        return _list(room, own)
    taken = {name for one in others if isinstance(one, list) for name in one}
    if free := [name for name in known if name not in taken]:
        return free
    raise ConfigurationError(
        f"直播间 {room} 没有推流目标",
        hint="用 --to rtmp://…，或在 assistant.toml 里写 [push_targets] 和 [rooms.<编号>] push",
    )


def _list(room: str, given: object) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise ConfigurationError(
            f"[rooms.{room}] 的 push 写错了", hint='写推流目标的名字，例如 push = ["douyin"]'
        )
    return given


def _named(given: str, known: Mapping[str, str]) -> tuple[str, str]:
    """(name, URL); the name is "" where none was given."""
    name, equals, url = given.partition("=")
    if equals and _NAME.fullmatch(name):
        return name, url
    if "://" in given:
        return "", given
    if given in known:
        return given, known[given]
    raise ConfigurationError(
        f"没有名为{given}的推流目标", hint="写成 rtmp://…、名字=rtmp://…，或写进 assistant.toml"
    )


def _keys_in(file: Path) -> dict[str, str]:
    """The keys of a file that nobody else can read. Raises ConfigurationError."""
    try:
        mode = file.stat().st_mode
        if stat.S_IMODE(mode) & 0o177:
            raise ConfigurationError(f"密钥文件 {file} 别人也能读", hint=f"chmod 600 {file}")
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigurationError(f"读不了密钥文件 {file}", hint=error.strerror or "") from error
    matches = [_KEY_LINE.fullmatch(line.strip()) for line in lines if line.strip()]
    if not all(matches):
        raise ConfigurationError(f"密钥文件 {file} 写错了", hint="每行一个：名字 = 密钥")
    return {one[1] or "": one[2] for one in matches if one}


def _wrong(url: str) -> ConfigurationError:
    return ConfigurationError(
        f"推流地址写错了：{url}", hint="写成 rtmp://服务器/应用，密钥不写在里面"
    )
