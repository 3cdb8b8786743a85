"""Settings: the documentation's table is complete, and a value that cannot be used is refused without being repeated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
