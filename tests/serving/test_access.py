"""Who may come in, and how often somebody may try."""

from __future__ import annotations

import stat

import pytest
from itsdangerous import URLSafeTimedSerializer

from analytics.errors import BadSetting
from analytics.settings import Settings
from serving import access as accesses
from serving.access import KEY_FILE, TICKET_SECONDS, Access, Reader
from serving.tries import MOST_OF_ALL, MOST_OF_ONE, WITHIN_SECONDS, Tries

SHARED, ADMIN = "correct horse battery", "staple of the admins"
READER, ADMIN_READER = Reader("", admin=False), Reader("", admin=True)


@pytest.fixture
def access(tmp_path) -> Access:
    return Access(
        Settings(silverlead_password=SHARED, silverlead_admin_password=ADMIN, silverlead_cache=tmp_path)
    )


def oidc(**more) -> Access:
    return Access(Settings(silverlead_login_domain="example.org, example.net", **more))


def test_by_default_nobody_is_asked():
    assert Access(Settings()).mode == "open"


@pytest.mark.parametrize(("given", "reader"), [
    (SHARED, READER),
    (ADMIN, ADMIN_READER),
    ("", None),
    (SHARED + " ", None),
    (SHARED.upper(), None),
    ("ß" * 5_000, None),
])  # fmt: skip
def test_a_password_makes_a_reader_or_an_admin(given, reader, access):
    assert access.by_password(given) == reader


def test_without_an_admin_password_nobody_is_an_admin(tmp_path):
    access = Access(Settings(silverlead_password=SHARED, silverlead_cache=tmp_path))
    assert access.by_password(SHARED) == READER
    assert access.by_ticket(access.ticket(READER)) == READER


def test_both_passwords_are_compared_in_constant_time(access, monkeypatch):
    compared = []
    monkeypatch.setattr(accesses.hmac, "compare_digest", lambda a, b: compared.append((len(a), len(b))))
    for given in ("x", SHARED, ADMIN):
        assert access.by_password(given) is None
    assert compared == [(32, 32)] * 6  # digests: neither length nor a common beginning shows


def test_a_ticket_opens_for_its_role_and_holds_no_secret(access):
    for reader in (READER, ADMIN_READER):
        ticket = access.ticket(reader)
        assert access.by_ticket(ticket) == reader
        assert ticket != access.ticket(reader)
        assert SHARED not in ticket
    for forged in ("", "x", access.ticket(READER)[:-1], access.ticket(READER)[1:], "ß", "a.b.c"):
        assert access.by_ticket(forged) is None


def test_a_ticket_ends(access, monkeypatch):
    ticket, made = access.ticket(READER), accesses.URLSafeTimedSerializer.default_signer.get_timestamp
    later = {"by": TICKET_SECONDS - 5}
    signer = accesses.URLSafeTimedSerializer.default_signer
    monkeypatch.setattr(signer, "get_timestamp", lambda self: made(self) + later["by"])
    assert access.by_ticket(ticket) == READER
    later["by"] = TICKET_SECONDS + 5
    assert access.by_ticket(ticket) is None


def test_a_new_password_ends_every_earlier_visit(access, tmp_path):
    ticket = access.ticket(ADMIN_READER)
    other = Settings(
        silverlead_password=SHARED, silverlead_admin_password="another staple", silverlead_cache=tmp_path
    )
    assert Access(other).by_ticket(ticket) is None
    assert Access(other).by_ticket(access.ticket(READER)) == READER


def test_a_reader_cannot_sign_for_an_admin(access, tmp_path):
    """Who knows the shared password knows neither the server's key nor the admins' password."""
    access.ticket(READER)
    for key in (SHARED.encode(), b"", (tmp_path / KEY_FILE).read_bytes()):
        assert access.by_ticket(str(URLSafeTimedSerializer(key, salt="admin").dumps("x"))) is None


def test_processes_share_one_key_that_others_cannot_read(access, tmp_path):
    ticket = access.ticket(READER)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    key = (tmp_path / KEY_FILE).read_bytes()
    assert accesses._made(tmp_path / KEY_FILE) == key  # another process that was a moment too late
    assert Access(access._held).by_ticket(ticket) == READER


def test_a_key_that_cannot_be_kept_is_said(tmp_path):
    (tmp_path / "file").touch()
    held = Settings(silverlead_password=SHARED, silverlead_cache=tmp_path / "file" / "cache")
    with pytest.raises(BadSetting, match="SILVERLEAD_COOKIE_SECRET"):
        Access(held).ticket(READER)
    keyed = held.model_copy(update={"silverlead_cookie_secret": held.silverlead_password})
    assert Access(keyed).by_ticket(Access(keyed).ticket(READER)) == READER


@pytest.mark.parametrize(("claims", "name"), [
    ({"email": "ann@example.org", "email_verified": True}, "ann@example.org"),
    ({"email": "Ann@Example.NET", "email_verified": "true"}, "ann@example.net"),
    ({"email": "ann@example.org", "email_verified": False}, None),
    ({"email": "ann@example.org"}, None),
    ({"email": "ann@sub.example.org", "email_verified": True}, None),
    ({"email": "ann@evilexample.org", "email_verified": True}, None),
    ({"email": "ann@example.org@evil.org", "email_verified": True}, None),
    ({"email": "@example.org", "email_verified": True}, None),
    ({"email": None, "email_verified": True}, None),
    ({"email": "ann@", "email_verified": True}, None),
    ({}, None),
])  # fmt: skip
def test_an_identity_opens_where_its_verified_address_is_of_the_domain(claims, name):
    found = oidc().by_claims(claims)
    assert (found and found.name) == name


def test_admins_are_named_by_the_operator_and_by_nobody_else():
    access = oidc(silverlead_admins="Ann@example.org")
    ann, bob = ({"email": f"{who}@example.org", "email_verified": True} for who in ("ann", "bob"))
    assert access.by_claims(ann).admin
    assert not access.by_claims(bob | {"admin": True, "role": "admin", "groups": ["admin"]}).admin
    assert not oidc().by_claims(ann).admin


def test_addresses_that_a_provider_does_not_verify_are_taken_where_the_operator_says_so():
    assert (
        oidc(silverlead_trust_emails=True).by_claims({"email": "ann@example.org"}).name == "ann@example.org"
    )


# ----------------------------------------------------------------------------------------------------------------- tries


def test_one_sender_has_ten_tries_and_others_have_theirs():
    tries = Tries()
    assert [tries.admit("192.0.2.1", 0.0) for _ in range(MOST_OF_ONE + 2)] == [True] * MOST_OF_ONE + [
        False
    ] * 2
    assert tries.admit("192.0.2.2", 0.0)
    assert not tries.admit("192.0.2.1", WITHIN_SECONDS - 1)
    assert tries.admit("192.0.2.1", WITHIN_SECONDS)


def test_a_right_password_gives_its_try_back():
    tries = Tries()
    for _ in range(3 * MOST_OF_ALL):
        assert tries.admit("192.0.2.1", 0.0)
        tries.forgive("192.0.2.1")
    assert len(tries._recent) == 0


def test_many_senders_together_are_bounded_and_so_is_what_is_remembered():
    tries = Tries()
    admitted = [tries.admit(f"198.51.{i // 250}.{i % 250}", 0.0) for i in range(3 * MOST_OF_ALL)]
    assert sum(admitted) == MOST_OF_ALL == len(tries._recent)


def test_one_subscribers_network_is_one_sender():
    tries = Tries()
    assert sum(tries.admit(f"2001:db8::{i:x}", 0.0) for i in range(30)) == MOST_OF_ONE
    assert sum(tries.admit(name, 0.0) for name in ("", "testclient", "?") for _ in range(10)) == MOST_OF_ONE
