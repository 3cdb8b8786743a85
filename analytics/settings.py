"""Settings by environment or ``.env``: one table, which docs/settings.md repeats and a test holds complete."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from analytics.clock.instants import end_of_day
from analytics.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
SHORTEST_PASSWORD = 12
_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9][A-Za-z0-9.-]{0,251}(?::[0-9]{1,5})?")


class Settings(BaseSettings):
    """What an operator may set. Names in the environment are in capitals.

    Raises:
        pydantic.ValidationError: a value that cannot be used; its text names the setting and never the value.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # SILVERLEAD_CACHE= means "not set", not the current folder
        extra="ignore",
        hide_input_in_errors=True,
    )

    fred_api_key: SecretStr | None = Field(
        None,
        description="A FRED key: brings release dates and vintages. Without it the public files are read.",
    )
    database_url: SecretStr | None = Field(
        None, description="postgresql://… for a shared ledger. Without it SQLite in data_cache/ is used."
    )
    silverlead_data: Literal["auto", "live", "demo"] = Field(
        "auto",
        description="live: never the demo; demo: always the demo; auto: live where sources or a ledger are there.",
    )
    silverlead_today: dt.date | None = Field(
        None,
        ge=dt.date(1990, 1, 1),
        le=dt.date(2100, 1, 1),
        description="Freeze the clock at the end of that day in New York, for example 2026-06-05.",
    )
    silverlead_yahoo_url: str | None = Field(None, description="A mirror to ask instead of Yahoo Finance.")
    silverlead_fred_url: str | None = Field(None, description="A mirror to ask instead of FRED.")
    silverlead_cftc_url: str | None = Field(
        None, description="A mirror to ask instead of the CFTC's public tables."
    )
    silverlead_cftc_token: SecretStr | None = Field(
        None,
        description="An app token of the CFTC's tables (Socrata): more requests an hour. None is needed.",
    )
    silverlead_lbma_url: str | None = Field(None, description="A mirror to ask instead of the LBMA.")
    silverlead_cache: Path = Field(ROOT / "data_cache", description="Folder of the embedded ledger.")
    silverlead_rows: bool = Field(
        True,
        description="Offer raw third-party rows for download (personal use). Set to false on a shared server.",
    )
    silverlead_ahead: bool = Field(
        True,
        description="Measure new figures in a process of its own before readers see them. false: as they are asked for.",
    )
    silverlead_results_mb: int = Field(
        256,
        ge=0,
        le=100_000,
        description="Megabytes of evaluated results held for the next start, beside the ledger. 0: none.",
    )
    silverlead_typed_symbols: int = Field(
        50,
        ge=0,
        le=1_000,
        description="Typed symbols that a refresh keeps up to date: those shown last. The history of others stays.",
    )
    silverlead_manage_links: bool = Field(
        False,
        description="List short links on the Data page and let them be revoked there. Whoever opens the page may.",
    )
    silverlead_link_days: int | None = Field(
        None,
        ge=1,
        le=3650,
        description="Days after which a new short link expires. Without it they stay until revoked.",
    )
    silverlead_webhook: SecretStr | None = Field(
        None,
        description="Where `check` sends rules that fired, unless their file names a place: https://…, or http on this machine.",
    )
    silverlead_allowed_hosts: str = Field(
        "*",
        description="asgi.py: names the server answers to, separated by commas, *.example.org among them; * is any.",
    )
    silverlead_frame_ancestors: str = Field(
        "'none'",
        description="asgi.py: sites that may embed pages, separated by blanks, for example https://wiki.example.org.",
    )

    silverlead_log: Literal["text", "json"] = Field(
        "text", description="asgi.py: json writes every log line as JSON, one a request among them."
    )
    silverlead_metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="asgi.py: opens /metrics to whoever sends it as a bearer token. Without it there is no /metrics.",
    )
    silverlead_password: SecretStr | None = Field(
        None,
        description="asgi.py: a shared password, at least 12 characters; whoever knows it may read.",
    )
    silverlead_admin_password: SecretStr | None = Field(
        None,
        description="asgi.py: another password, for those who may also refresh and revoke short links.",
    )
    silverlead_login_domain: str | None = Field(
        None,
        description="asgi.py: e-mail domains, separated by commas, whose people may read after an OIDC login.",
    )
    silverlead_admins: str = Field(
        "",
        description="asgi.py: e-mail addresses, separated by commas, that may also refresh and revoke short links.",
    )
    silverlead_trust_emails: bool = Field(
        False,
        description="asgi.py: also take e-mail addresses that the OIDC provider does not call verified.",
    )
    silverlead_cookie_secret: SecretStr | None = Field(
        None,
        description="asgi.py: signs the password's cookie. Without it a key is made once in SILVERLEAD_CACHE.",
    )
    silverlead_workers: int = Field(
        1, ge=1, le=64, description="make serve: processes, each on its own port, for a sticky proxy."
    )
    silverlead_port: int = Field(
        8501, ge=1, le=65_000, description="make serve: port of the first process; the others follow."
    )
    silverlead_address: str = Field(
        "",
        description="make serve: address to listen on. Without it every one; with several processes 127.0.0.1.",
    )

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        address = "" if value is None else value.get_secret_value()
        if value is not None and not address.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise ValueError("an address is postgresql://user:password@host/name")
        return value

    @field_validator(
        "silverlead_yahoo_url", "silverlead_fred_url", "silverlead_cftc_url", "silverlead_lbma_url"
    )
    @classmethod
    def _mirror(cls, value: str | None) -> str | None:
        return None if value is None else _mirror_address(value)

    @field_validator("silverlead_allowed_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        names = [name.strip() for name in value.split(",")]
        if not all(name == "*" or _HOST.fullmatch(name) for name in names):
            raise ValueError("host names without a port, separated by commas, or *")
        return ",".join(names)

    @field_validator("silverlead_frame_ancestors")
    @classmethod
    def _ancestors(cls, value: str) -> str:
        words = value.split()
        if not words or not all(word in ("'none'", "'self'") or _ORIGIN.fullmatch(word) for word in words):
            raise ValueError(
                "'none', 'self' or addresses such as https://wiki.example.org, separated by blanks"
            )
        if "'none'" in words and len(words) > 1:
            raise ValueError("'none' stands alone")
        return " ".join(words)

    @field_validator("silverlead_password", "silverlead_admin_password", "silverlead_cookie_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_PASSWORD:
            raise ValueError(f"at least {SHORTEST_PASSWORD} characters")
        return value

    @field_validator("silverlead_admin_password")
    @classmethod
    def _another(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        shared = info.data.get("silverlead_password")
        if value is not None and (shared is None or shared.get_secret_value() == value.get_secret_value()):
            raise ValueError("it stands beside SILVERLEAD_PASSWORD and differs from it")
        return value

    @field_validator("silverlead_login_domain")
    @classmethod
    def _domains(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        names = [name.strip().lower() for name in value.split(",")]
        if not all("." in name and "*" not in name and _HOST.fullmatch(name) for name in names):
            raise ValueError("domains such as example.org, separated by commas")
        if info.data.get("silverlead_password") is not None:
            raise ValueError("either it or SILVERLEAD_PASSWORD, not both")
        return ",".join(names)

    @field_validator("silverlead_admins")
    @classmethod
    def _emails(cls, value: str, info: ValidationInfo) -> str:
        names = [name.strip().lower() for name in value.split(",") if name.strip()]
        if not all(re.fullmatch(r"[^@\s,]{1,64}@[^@\s,]{3,253}", name) for name in names):
            raise ValueError("e-mail addresses, separated by commas")
        if names and info.data.get("silverlead_login_domain") is None:
            raise ValueError("it stands beside SILVERLEAD_LOGIN_DOMAIN")
        return ",".join(names)

    @property
    def hosts(self) -> list[str]:
        return self.silverlead_allowed_hosts.split(",")

    def now(self) -> dt.datetime:
        """The present instant, or the end of SILVERLEAD_TODAY in New York."""
        if self.silverlead_today is not None:
            return end_of_day(self.silverlead_today)
        return dt.datetime.now(dt.UTC)

    @property
    def key(self) -> str | None:
        return None if self.fred_api_key is None else self.fred_api_key.get_secret_value()

    @property
    def cftc_token(self) -> str | None:
        held = self.silverlead_cftc_token
        return None if held is None else held.get_secret_value()

    @property
    def metrics_token(self) -> str | None:
        held = self.silverlead_metrics_token
        return None if held is None else held.get_secret_value()

    @property
    def webhook(self) -> str | None:
        return None if self.silverlead_webhook is None else self.silverlead_webhook.get_secret_value()

    @property
    def database(self) -> str | None:
        return None if self.database_url is None else self.database_url.get_secret_value()


def _mirror_address(text: str) -> str:
    wrong = ValueError("a mirror is http(s)://host[:port][/path] without a password or a query")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise wrong from None
    secrets = parts.username or parts.password or parts.query or parts.fragment
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or port == 0
        or secrets
        or not text.isprintable()
    ):
        raise wrong
    return text.rstrip("/")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once.

    Raises:
        BadSetting: the environment or .env holds a value that cannot be used; the value is not repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        name = str(problem["loc"][0]).upper()
        raise BadSetting(name, problem["msg"].removeprefix("Value error, ")) from None
    except (OSError, UnicodeDecodeError):
        raise BadSetting(".env", "it is no file of UTF-8 text that may be read") from None
