"""One table of the operator's configuration, read strictly; secrets only from outside the file."""

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from assistant.errors import ConfigurationError

_T = TypeVar("_T", str, int, float, bool)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Table:
    """Takes keys one after the other; `finish` complains of those that nobody took."""

    def __init__(self, where: str, values: object, environ: Mapping[str, str]) -> None:
        if not isinstance(values, Mapping):
            raise ConfigurationError(f"{where} 应为一张表")
        self.where = where
        self._left = {str(key): value for key, value in values.items()}
        self._environ = environ

    def take(self, key: str, kind: type[_T], default: _T | None = None) -> _T:
        """A value of this type. Without a default the key is needed."""
        if key not in self._left:
            if default is None:
                raise self._wrong(key, "缺少这个键")
            return default
        value = self._left.pop(key)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self._wrong(key, f"应为{_NAMES[kind]}")
        if isinstance(value, str) and not value.strip():
            raise self._wrong(key, "不能为空")
        return value

    def seconds(self, key: str, default: float) -> float:
        """A time of more than nothing."""
        value = self.take(key, float, default)
        if not 0 < value < 1e8:
            raise self._wrong(key, "应为大于 0 的秒数")
        return value

    def count(self, key: str, default: int) -> int:
        """A whole number from 1 on."""
        value = self.take(key, int, default)
        if not 1 <= value < 1e9:
            raise self._wrong(key, "应为大于 0 的整数")
        return value

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of strings, or one."""
        value = self._left.pop(key, list(default))
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise self._wrong(key, "应为字符串或字符串的列表")
        return tuple(listed)

    def url(self, key: str, default: str) -> str:
        """An https address; http only for this machine."""
        value = self.take(key, str, default) if default or key in self._left else ""
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if value and not (safe and parts.hostname):
            raise self._wrong(key, "应为 https:// 开头的地址")
        return value.rstrip("/")

    def secrets(self, name: str) -> tuple[str, ...]:
        """Secrets by `<name>_env` (variables) and `<name>_file` (mode 600); at least one."""
        if name in self._left:
            hint = f"请用 {name}_env 写环境变量名，或用 {name}_file 写权限为 600 的文件"
            raise self._wrong(name, "密钥不能写在配置文件里", hint)
        found = [self._from_environment(name, each) for each in self.texts(f"{name}_env", ())]
        found += [self._from_file(name, Path(each)) for each in self.texts(f"{name}_file", ())]
        if not found:
            raise self._wrong(f"{name}_env", f"缺少密钥：需要 {name}_env 或 {name}_file")
        return tuple(found)

    def secret(self, name: str) -> str:
        """One secret."""
        return self.secrets(name)[0]

    def finish(self) -> None:
        """Raises ConfigurationError for a key that is not known."""
        if self._left:
            raise self._wrong("、".join(sorted(self._left)), "未知的键")

    def _from_environment(self, name: str, variable: str) -> str:
        value = self._environ.get(variable, "").strip()
        if not value:
            raise self._wrong(f"{name}_env", f"没有设置环境变量 {variable}")
        return value

    def _from_file(self, name: str, path: Path) -> str:
        try:
            shared = stat.S_IMODE(path.stat().st_mode) & 0o077
            value = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise self._wrong(f"{name}_file", f"密钥文件 {path} 无法读取") from None
        if shared:
            raise self._wrong(f"{name}_file", f"密钥文件 {path} 别人也能读", f"chmod 600 {path}")
        if not value:
            raise self._wrong(f"{name}_file", f"密钥文件 {path} 是空的")
        return value

    def _wrong(self, key: str, said: str, hint: str = "") -> ConfigurationError:
        return ConfigurationError(f"[{self.where}] {key}：{said}", hint=hint)


_NAMES: Mapping[type, str] = {str: "字符串", int: "整数", float: "数字", bool: "true 或 false"}
