"""Settings: the documentation's table is complete, and a value that cannot be used is refused without being repeated."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from analytics.clock.instants import end_of_day
from analytics.errors import BadSetting
from analytics.settings import Settings, settings

TABLE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"


def documented() -> dict[str, str]:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", TABLE.read_text(), re.MULTILINE)
    return {name: says for name, _, says in rows}


def test_the_table_holds_every_setting_and_no_other():
    assert documented() == {name.upper(): field.description for name, field in Settings.model_fields.items()}


@pytest.mark.parametrize(("name", "value"), [
    ("SILVERLEAD_FRAME_ANCESTORS", "https://a.example; script-src *"),
    ("SILVERLEAD_FRAME_ANCESTORS", "https://a.example\r\nSet-Cookie: x=1"),
    ("SILVERLEAD_FRAME_ANCESTORS", "'none' https://a.example"),
    ("SILVERLEAD_FRAME_ANCESTORS", "*"),
    ("SILVERLEAD_FRAME_ANCESTORS", "javascript:alert(1)"),
    ("SILVERLEAD_ALLOWED_HOSTS", "a.example/path"),
    ("SILVERLEAD_ALLOWED_HOSTS", "a.example,,b.example"),
    ("SILVERLEAD_ALLOWED_HOSTS", "a.example\r\nX: y"),
    ("SILVERLEAD_LINK_DAYS", "0"),
    ("SILVERLEAD_LINK_DAYS", "1e9"),
])  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused_by_name(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        settings()
    assert name in str(refused.value)
    assert value not in str(refused.value)


@pytest.mark.parametrize(("value", "read"), [
    ("'none'", "'none'"),
    ("'self'", "'self'"),
    ("  https://wiki.example.org   https://*.example.net:8443 ", "https://wiki.example.org https://*.example.net:8443"),
])  # fmt: skip
def test_sites_that_may_embed(value, read, monkeypatch):
    monkeypatch.setenv("SILVERLEAD_FRAME_ANCESTORS", value)
    assert settings().silverlead_frame_ancestors == read


def test_names_that_the_server_answers_to(monkeypatch):
    assert settings().hosts == ["*"]
    monkeypatch.setenv("SILVERLEAD_ALLOWED_HOSTS", "silverlead.example.org, *.example.net,localhost")
    settings.cache_clear()
    assert settings().hosts == ["silverlead.example.org", "*.example.net", "localhost"]


# ------------------------------------------------------------------------------------------------- sources and secrets

SECRETS = {
    "FRED_API_KEY": "abcdef0123456789abcdef0123456789",
    "DATABASE_URL": "postgresql://reader:geheim@db.example/silverlead",
}
MIRROR = "a mirror is http(s)://host[:port][/path] without a password or a query"


def test_nothing_set_is_the_defaults():
    read = Settings()
    assert (read.key, read.database, read.silverlead_data, read.silverlead_rows) == (None, None, "auto", True)
    assert read.silverlead_cache == TABLE.parents[1] / "data_cache"


def test_empty_means_not_set(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert Settings() == Settings.model_construct(**Settings().model_dump())
    assert Settings().silverlead_cache == TABLE.parents[1] / "data_cache"


def test_no_secret_is_in_any_form_of_the_settings(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    read = settings()
    assert (read.key, read.database) == tuple(SECRETS.values())
    shown = f"{read!r} {read} {read.model_dump()} {read.model_dump_json()} {dict(read)}"
    for secret in (*SECRETS.values(), "geheim"):
        assert secret not in shown


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    """A .env of the folder where the app is started."""
    (tmp_path / ".env").write_text("SILVERLEAD_DATA=demo\nSILVERLEAD_ROWS=false\nSOMETHING_ELSE=1\n")
    monkeypatch.chdir(tmp_path)
    assert Settings().silverlead_data == "auto"  # the tests' own settings come from nowhere
    monkeypatch.setenv("SILVERLEAD_ROWS", "true")
    read = Settings(_env_file=".env")
    assert (read.silverlead_data, read.silverlead_rows) == ("demo", True)


@pytest.mark.parametrize(
    "name", ["SILVERLEAD_YAHOO_URL", "SILVERLEAD_FRED_URL", "SILVERLEAD_CFTC_URL", "SILVERLEAD_LBMA_URL"]
)
@pytest.mark.parametrize(
    "address",
    [
        "ftp://mirror.example",
        "mirror.example",
        "http://",
        "http://user:geheim@mirror.example",
        "http://user@mirror.example",
        "http://mirror.example/?key=geheim",
        "http://mirror.example/#part",
        "http://mirror.example:0",
        "http://mirror.example:99999",
        "http://mirror.example:port",
        "http://[::1",
        "http://mirror.example/\r\nX-Injected: 1",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_an_impossible_mirror_is_refused_in_one_sentence(name, address, monkeypatch):
    monkeypatch.setenv(name, address)
    with pytest.raises(BadSetting) as refused:
        settings()
    assert (
        str(refused.value)
        == f"{name} cannot be used: {MIRROR}. docs/settings.md lists the settings and what they take."
    )


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("http://127.0.0.1:8900", "http://127.0.0.1:8900"),
        ("https://mirror.example/yahoo/", "https://mirror.example/yahoo"),
        ("http://[::1]:8900", "http://[::1]:8900"),
    ],
)
def test_a_mirror(address, read, monkeypatch):
    monkeypatch.setenv("SILVERLEAD_YAHOO_URL", address)
    assert settings().silverlead_yahoo_url == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SILVERLEAD_DATA", "real"),
        ("SILVERLEAD_TODAY", "yesterday"),
        ("SILVERLEAD_TODAY", "2026-02-30"),
        ("SILVERLEAD_TODAY", "9999-12-31"),
        ("SILVERLEAD_TODAY", "0001-01-01"),
        ("SILVERLEAD_ROWS", "perhaps"),
        ("DATABASE_URL", "mysql://reader:geheim@db.example/x"),
        ("DATABASE_URL", "geheim"),
    ],
)
def test_any_other_impossible_value_is_refused_by_name_too(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=f"^{name} cannot be used: ") as refused:
        settings()
    assert value not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_frozen_clock_stands_at_the_end_of_its_day_and_a_free_one_runs(monkeypatch):
    before = dt.datetime.now(dt.UTC)
    assert before <= Settings().now() <= dt.datetime.now(dt.UTC)
    monkeypatch.setenv("SILVERLEAD_TODAY", "2026-06-05")
    assert Settings().now() == end_of_day(dt.date(2026, 6, 5))


def test_an_env_file_that_is_no_text_is_one_sentence(monkeypatch, tmp_path):
    (tmp_path / ".env").write_bytes(b"FRED_API_KEY=\xff\xfe\n")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    with pytest.raises(BadSetting, match=r"^\.env cannot be used: it is no file of UTF-8 text"):
        settings()
