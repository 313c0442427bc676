"""All settings: `ASSISTANT_*` environment variables or `assistant.toml`.

Only `bootstrap` reads this module (DESIGN §3).
"""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """What an operator can set. Every field is listed in README.md; a test keeps both equal."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", toml_file="assistant.toml", extra="ignore", populate_by_name=True
    )

    data_dir: Path = Field(Path("data"), description="folder of all state")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL; not set: SQLite in the data folder"
    )
    chroma_url: str | None = Field(None, description="URL of a Chroma server; not set: embedded")
    embedding_model: str | None = Field(
        None, description="sentence-transformers model, path or name; not set: the built-in one"
    )
    reranker_model: str | None = Field(
        None, description="sentence-transformers cross-encoder, path or name; not set: none"
    )
    organization: str = Field("default", description="organisation that owns rows made here")
    region: str | None = Field(None, description="region code of this office; not set: none")
    chat_model: str | None = Field(None, description="chat model name; not set: extractive answers")
    draft_seconds: float = Field(
        20.0, gt=0, description="seconds that the chat model has for each part of a draft"
    )
    openai_base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"),
        description="OpenAI-compatible endpoint",
    )
    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"),
        description="its key",
    )
    offline: bool = Field(False, description="true forbids every outside host")
    rooms: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="connectors of live rooms, `[rooms.<id>.platforms.<name>]` in assistant.toml",
    )
    alert_url: str | None = Field(
        None, description="alerts are posted there, signed; not set: console and log only"
    )
    alert_secret: SecretStr | None = Field(None, description="key of that signature")
    alert_robots: SecretStr = Field(
        SecretStr(""),
        description="addresses of 企业微信, 钉钉, 飞书 robots, blanks between; a secret behind `#`",
    )
    alert_mail: SecretStr = Field(
        SecretStr(""), description="mail server for alerts, `smtps://user:password@host:465`"
    )
    alert_mail_to: str = Field("", description="addresses that alerts are mailed to")
    alert_mail_from: str = Field("", description="sender; not set: the user of the mail server")
    morning_at: str = Field(
        "", description="hour at which the morning's report is mailed, `08:30`; not set: never"
    )
    morning_to: str = Field(
        "", description="addresses that it is mailed to; not set: those of the alerts"
    )
    morning_link: str = Field(
        "",
        description="address of this service as the office's browsers open it, for links in mail",
    )
    review: dict[str, Any] = Field(
        default_factory=dict,
        description="deadlines of the review desk, `[review.deadlines]` in assistant.toml",
    )
    propose_terms: bool = Field(
        True, description="whether the chat model proposes lay terms for guides after ingest"
    )
    error_bound: float | None = Field(
        None,
        gt=0,
        lt=0.5,
        description="largest share of the automatic answers that may be wrong, e.g. 0.02; not set: "
        "the shipped thresholds",
    )
    error_confidence: float = Field(
        0.95, gt=0.5, lt=1, description="how surely that bound must hold"
    )
    spot_check: float = Field(
        0.03, ge=0, le=1, description="share of automatic answers that a reviewer looks at"
    )
    voice: Literal["auto", "edge", "offline", "openai", "off"] = Field(
        "auto", description="who speaks; `auto`: the network voice once consented, then the offline"
    )
    voice_name: str = Field(
        "", description="the engine's name of a voice; `female` or `male` suit every engine"
    )
    voice_rate: int = Field(0, ge=-50, le=100, description="pace in percent above the usual one")
    voice_model: Path | None = Field(
        None,
        description="folder of a sherpa-onnx speech model, before the offline voice",
    )
    speech_model: str = Field("tts-1", description="model for `/v1/audio/speech` of voice `openai`")
    audio_mb: int = Field(500, ge=10, description="size of the cache of spoken sentences, MB")
    audible_label: Literal["start", "end", "off"] = Field(
        "end", description="where the live voice and exported audio say that AI made them"
    )
    aigc_producer: str = Field(
        "0" * 27,
        pattern=r"^[!-~]{27}$",
        description="provider's code (27 printable ASCII characters) in the hidden AIGC label",
    )
    push_targets: dict[str, str] = Field(
        default_factory=dict,
        description="RTMP addresses without keys, by name, `[push_targets]` in assistant.toml",
    )
    recording_days: int = Field(7, ge=1, description="days for which recordings are kept")
    recording_gb: float = Field(
        20.0, gt=0, description="GB of recordings that are kept of each room"
    )
    content_days: int = Field(
        180, description="days for which comments and answers are kept; at least 60"
    )
    log_days: int = Field(200, description="days for which logs are kept; at least 183")
    log_level: str = Field("INFO", description="least severe level that is logged")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, systemd's credentials, then the file."""
        del dotenv_settings, file_secret_settings
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        secret = [SecretsSettingsSource(settings_cls, folder)] if folder else []
        return init_settings, env_settings, *secret, TomlConfigSettingsSource(settings_cls)

    @property
    def sql_url(self) -> str:
        """The database to use, as an asyncio SQLAlchemy URL."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.data_dir / 'assistant.sqlite3'}"
        for plain in ("postgresql://", "postgres://"):
            if self.database_url.startswith(plain):
                return "postgresql+asyncpg://" + self.database_url.removeprefix(plain)
        return self.database_url
