"""Who may come in: everybody (the default), whoever knows a shared password, or whoever an OIDC provider vouches for.

Plain values: the door (serving/door.py) asks it for requests, and the pages' guard (pages/shell/access.py) for each run.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import SecretStr

from analytics.errors import BadSetting
from analytics.settings import Settings

Mode = Literal["open", "password", "oidc"]
COOKIE = "silverlead_reader"
TICKET_SECONDS, OIDC_SECONDS = 14 * 86_400, 30 * 86_400
"""A password's cookie opens for so long, and Streamlit's."""
OUTSIDE_CLAIMS = ("is_logged_in", "origin", "tokens")
"""What Streamlit adds to a provider's claims, or takes away on the way to a page."""
KEY_FILE, KEY_BYTES = "session.key", 32
LONGEST_PASSWORD = 1_024


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who came in. ``name`` is the e-mail address of an OIDC login, else empty; ``visit`` tells this login from others."""

    name: str
    admin: bool
    visit: str = field(default="", compare=False)


class Access:
    """The settings' rule for who may read and who is an admin."""

    def __init__(self, held: Settings) -> None:
        self._held = held

    @property
    def mode(self) -> Mode:
        if self._held.silverlead_login_domain is not None:
            return "oidc"
        return "open" if self._held.silverlead_password is None else "password"

    def by_password(self, given: str) -> Reader | None:
        """The reader that a password makes; both passwords are compared, each in constant time."""
        if len(given) > LONGEST_PASSWORD:
            return None
        admin = _same(given, self._held.silverlead_admin_password)
        reader = _same(given, self._held.silverlead_password)
        return Reader("", admin) if admin or reader else None

    def ticket(self, reader: Reader) -> str:
        """What the cookie of somebody who gave a password holds: a signature, no secret and no name."""
        return str(self._signer(admin=reader.admin).dumps(secrets.token_urlsafe(8)))

    def by_ticket(self, text: str) -> Reader | None:
        """The reader that a cookie makes; None where it is forged, too old, or of an earlier password."""
        for admin in (True, False):
            if self._password(admin=admin) is not None:
                try:
                    # What was signed, not the text: a signature can be written in more than one way.
                    visit = self._signer(admin=admin).loads(text, max_age=TICKET_SECONDS)
                except BadSignature:  # SignatureExpired is one
                    continue
                return Reader("", admin, str(visit))
        return None

    def by_claims(self, claims: Mapping[str, object]) -> Reader | None:
        """The reader that an identity token makes: a verified e-mail address at one of the domains."""
        email = str(claims.get("email") or "").strip().lower()
        name, _, domain = email.rpartition("@")
        verified = claims.get("email_verified") in (True, "true") or self._held.silverlead_trust_emails
        domains = (self._held.silverlead_login_domain or "").split(",")
        if not (name and domain and verified and domain in domains):
            return None
        return Reader(email, email in self._held.silverlead_admins.split(","), _visit(claims))

    @property
    def domains(self) -> str:
        """For a sentence: ``example.org or example.net``."""
        return " or ".join((self._held.silverlead_login_domain or "").split(","))

    def _password(self, *, admin: bool) -> SecretStr | None:
        return self._held.silverlead_admin_password if admin else self._held.silverlead_password

    def _signer(self, *, admin: bool) -> URLSafeTimedSerializer:
        """Signs for one role, with a key that changes with the role's password: a new one ends every earlier visit."""
        password = self._password(admin=admin)
        assert password is not None
        key = hmac.digest(_key(self._held), password.get_secret_value().encode(), "sha256")
        return URLSafeTimedSerializer(key, salt="admin" if admin else "reader")


def _visit(claims: Mapping[str, object]) -> str:
    """Tells one OIDC login from the next by what the provider said of it; empty where it does not say when that was."""
    if "iat" not in claims:
        return ""
    said = {name: value for name, value in claims.items() if name not in OUTSIDE_CLAIMS}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _same(given: str, held: SecretStr | None) -> bool:
    """Compares digests: the time tells neither what is right of a password nor how long it is."""
    wanted = secrets.token_urlsafe() if held is None else held.get_secret_value()
    return hmac.compare_digest(*(hashlib.sha256(text.encode()).digest() for text in (given, wanted)))


def _key(held: Settings) -> bytes:
    """The signing key: the setting, or a file that the first process makes for all of them.

    Raises:
        BadSetting: there is no setting, and the cache folder cannot hold the file.
    """
    if held.silverlead_cookie_secret is not None:
        return held.silverlead_cookie_secret.get_secret_value().encode()
    path = held.silverlead_cache / KEY_FILE
    try:
        return path.read_bytes() if path.exists() else _made(path)
    except OSError as error:
        raise BadSetting(
            "SILVERLEAD_COOKIE_SECRET", f"it is not set, and {KEY_FILE} cannot be kept ({error.strerror})"
        ) from None


def _made(path: Path) -> bytes:
    """A new key, written whole before it gets its name, so that no process reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was first: its key is everybody's
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
