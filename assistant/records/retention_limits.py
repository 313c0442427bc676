"""How long content and logs are kept; less than the law asks for cannot be set."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.errors import ConfigurationError

LEAST_CONTENT = 60
"""Days (互联网直播服务管理规定, art. 16)."""
LEAST_LOGS = 183
"""Days: six months (网络安全法, art. 21)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Moments before which content and logs are deleted."""

    content_before: datetime
    logs_before: datetime


@dataclass(frozen=True, slots=True)
class Retention:
    """Days for which content and logs are kept. Raises ConfigurationError for too few."""

    content_days: int = 180
    log_days: int = 200

    def __post_init__(self) -> None:
        if self.content_days < LEAST_CONTENT:
            message = f"ASSISTANT_CONTENT_DAYS 不能少于 {LEAST_CONTENT} 天：{self.content_days}"
            raise ConfigurationError(message, hint="直播内容至少保存 60 日")
        if self.log_days < LEAST_LOGS:
            message = f"ASSISTANT_LOG_DAYS 不能少于 {LEAST_LOGS} 天：{self.log_days}"
            raise ConfigurationError(message, hint="日志至少保存六个月")

    def at(self, now: datetime) -> Limits:
        """The limits at a moment."""
        return Limits(now - timedelta(days=self.content_days), now - timedelta(days=self.log_days))
