"""The settings, read once from the environment and `.env`; the only place that reads either.

Combinations that cannot work are refused here, with a sentence, before anything starts.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gateway.crypto import KeyRing, read_key

DATABASE_FORM = "use sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsRefused(ValueError):
    """The settings cannot work together; each line says which and what to do."""


class Settings(BaseSettings):
    """Every field is a variable of the same name in capitals; `.env.example` documents each."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    gateway_database_url: str = "sqlite:///var/gateway.db"
    gateway_redis_url: str | None = None
    gateway_provider: Literal["simulated", "twilio"] = "simulated"
    gateway_public_url: str = "http://127.0.0.1:8000"
    gateway_secret_key: str = Field(min_length=32, repr=False)
    gateway_data_keys: str = Field(repr=False)
    gateway_index_key: str = Field(repr=False)
    gateway_content: Path = Path()
    gateway_cool_down_days: int = Field(default=365, ge=1, le=3650)
    gateway_second_factor: Literal["required", "optional"] = "required"
    gateway_idle_minutes: int = Field(default=30, ge=5, le=480)
    gateway_trusted_proxies: int = Field(default=0, ge=0, le=3)
    gateway_simulated_ledger: Path = Path("var/phones.db")
    gateway_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    gateway_smtp_url: str | None = Field(default=None, repr=False)
    gateway_mail_from: str | None = None

    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = Field(default=None, repr=False)
    twilio_previous_auth_token: str | None = Field(default=None, repr=False)
    gateway_twilio_api_url: str = "https://api.twilio.com"

    @field_validator("gateway_data_keys")
    @classmethod
    def _ring_can_be_read(cls, value: str) -> str:
        KeyRing.read(value)
        return value

    @field_validator("gateway_index_key")
    @classmethod
    def _index_key_can_be_read(cls, value: str) -> str:
        read_key(value, "GATEWAY_INDEX_KEY")
        return value

    @field_validator("gateway_public_url", "gateway_twilio_api_url")
    @classmethod
    def _address_is_whole(cls, value: str, info: ValidationInfo) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{value!r} is not an address; write it whole, as in https://texts.example.org")
        if parts.username or parts.query or parts.fragment:
            raise ValueError("leave out user names, ?queries and #fragments; they break webhook signatures")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("use https://; plain http would show every text on its way")
        return value.rstrip("/")

    @field_validator("gateway_database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError(DATABASE_FORM)
        try:
            address = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError(DATABASE_FORM) from None
        if address.database in (None, "", ":memory:"):
            raise ValueError(DATABASE_FORM)
        return value

    @field_validator("gateway_redis_url")
    @classmethod
    def _redis_is_known(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError(
                "use redis://HOST:PORT/0, rediss://… or unix://FILE; leave it empty for no Redis"
            )
        return value

    @field_validator("gateway_smtp_url")
    @classmethod
    def _mail_server_is_known(cls, value: str | None) -> str | None:
        form = "write it as smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465"
        try:
            parts = urlsplit(value or "smtp://none")
            is_whole = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise ValueError(form) from None
        if not is_whole:
            raise ValueError(form)
        return value

    @model_validator(mode="after")
    def _mail_is_whole(self) -> "Settings":
        if bool(self.gateway_smtp_url) != bool(self.gateway_mail_from):
            raise ValueError("GATEWAY_SMTP_URL and GATEWAY_MAIL_FROM go together: set both, or neither")
        if self.gateway_mail_from and not re.search(r"[^@\s<>]+@[^@\s<>]+", self.gateway_mail_from):
            raise ValueError(
                "GATEWAY_MAIL_FROM is no address; write it as alerts@example.org or Passerelle <alerts@example.org>"
            )
        return self

    @model_validator(mode="after")
    def _twilio_is_whole(self) -> "Settings":
        missing = [
            name.upper() for name in ("twilio_account_sid", "twilio_auth_token") if not getattr(self, name)
        ]
        if self.gateway_provider == "twilio" and missing:
            raise ValueError(
                f"GATEWAY_PROVIDER=twilio needs {' and '.join(missing)}, from the Twilio console"
            )
        return self

    @cached_property
    def ring(self) -> KeyRing:
        return KeyRing.read(self.gateway_data_keys)

    @cached_property
    def index_key(self) -> bytes:
        return read_key(self.gateway_index_key, "GATEWAY_INDEX_KEY")


def read_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises SettingsRefused with one line for each fault, never a secret."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsRefused("\n".join(_sentence(fault) for fault in error.errors())) from None
    except UnicodeDecodeError:
        raise SettingsRefused(
            ".env is not UTF-8. Save it as UTF-8, or make it anew: scripts/start."
        ) from None


def _sentence(fault: object) -> str:
    assert isinstance(fault, dict)
    name = ".".join(str(part) for part in fault["loc"]).upper()
    if fault["type"] == "missing":
        return f"{name} is not set. Run scripts/start once, or copy .env.example to .env and fill it in."
    text = str(fault["msg"]).removeprefix("Value error, ")
    return f"{name}: {text}" if name and not text.startswith(name) else text
