"""Streamlit's own OIDC login, as the door sees it: where it begins, and what its signed cookie says.

The pages read ``st.user``. A request for ``/s/...`` or a page's address comes before any page runs, so the same cookie is read
here by the functions that Streamlit reads it with (1.67; tests/serving/test_oidc.py holds them in a browser).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streamlit.auth_util import get_cookie_with_chunks, get_signing_secret, validate_auth_credentials
from streamlit.errors import StreamlitAuthError
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from analytics.errors import BadSetting

PROVIDER = "default"


def check() -> None:
    """Stop the start where the login could not work.

    Raises:
        BadSetting: ``[auth]`` of the secrets is missing or incomplete.
    """
    try:
        validate_auth_credentials(PROVIDER)
    except StreamlitAuthError as error:
        raise BadSetting(
            "SILVERLEAD_LOGIN_DOMAIN", f"the login needs [auth] in secrets.toml ({error})"
        ) from None


def begin() -> str:
    """The address, relative to the server's root, at which Streamlit sends a browser to the provider."""
    return generate_login_redirect_url(PROVIDER)


def claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the provider said of whoever sent these cookies; empty where nobody is logged in."""
    secret = get_signing_secret()

    def one(name: str) -> bytes | None:
        text = cookies.get(name)
        return None if text is None else decode_signed_value(secret, name, text.encode("latin-1", "ignore"))

    found = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    said = json.loads(found) if found else {}
    return said if said.get("is_logged_in") else {}
