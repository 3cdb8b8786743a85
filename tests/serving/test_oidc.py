"""OIDC in a real browser, through Streamlit's own login and a provider on this machine: every page's deep link survives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from pages.shell.contents import PAGES
from tests.loopback.oidc import Provider
from tests.pages.served import copy_of, environment, free_port
from tests.serving.chromium import stranger
from tests.serving.process import Server, running

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("serving")]
ANN = {"email": "ann@example.org", "email_verified": True}
CHOSEN = {"lead": "gold", "follow": "ether", "span": "3y", "as_of": "2026-01-23", "legs": "year"}
QUERY = "&".join(f"{name}={value}" for name, value in CHOSEN.items())


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as started:
        yield started


@pytest.fixture(scope="module")
def guarded(
    provider: Provider, simulated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """asgi.py on simulated data behind the provider; nobody was there yet."""
    folder, port = copy_of(simulated, tmp_path_factory.mktemp("guarded")), free_port()
    (folder / "secrets.toml").write_text(provider.secrets_file(f"http://127.0.0.1:{port}"))
    access = {
        "SILVERLEAD_LOGIN_DOMAIN": "example.org",
        "SILVERLEAD_ADMINS": "boss@example.org",
        "STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"),
    }
    with running("asgi.py", port, environment(folder, SILVERLEAD_DATA="demo", **access)) as server:
        yield server


@pytest.fixture
def somebody(chromium: Browser) -> Iterator[Page]:
    """A browser that was never here."""
    page = stranger(chromium)
    yield page
    page.context.close()


def come_in(page: Page, address: str) -> None:
    """Follow a link while signed out, and sign in."""
    page.goto(address)
    expect(page.get_by_text("This server is for people at example.org.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()


def test_a_deep_link_to_every_page_survives_the_login(guarded, provider, chromium):
    """Each time by somebody who was never here."""
    provider.person = ANN
    for slug in (slug for slug, *_ in reversed(PAGES)):
        path, page = "" if slug == "overview" else slug, stranger(chromium)
        come_in(page, f"{guarded.address}/{path}?{QUERY}")
        page.wait_for_url(re.compile(rf"{re.escape(guarded.address)}/{path}\?.*sha="))
        expect(page.get_by_role("button", name="As of 23 Jan 2026")).to_be_visible()
        expect(page.get_by_text("Nothing later is used.")).to_be_visible()
        page.locator("h2").first.wait_for()
        found = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
        assert found | CHOSEN | {"as_of": found["as_of"]} == found, slug
        assert found["as_of"].startswith("2026-01-23T23:59:59"), slug
        if slug == "data":  # ann is no admin
            expect(page.get_by_text("Admins refresh here.")).to_be_visible()
        page.context.close()


def test_who_is_of_another_domain_stays_outside_and_an_admin_is_one(guarded, provider, somebody):
    provider.person = {"email": "eve@evil.example", "email_verified": True}
    come_in(somebody, f"{guarded.address}/data?lead=gold")
    expect(somebody.get_by_text("eve@evil.example may not read here.")).to_be_visible()
    provider.person = {"email": "boss@example.org", "email_verified": True}
    somebody.get_by_role("link", name="Use another account").click()
    expect(somebody.get_by_role("button", name="Look for live sources")).to_be_visible()
    assert "/data?lead=gold" in somebody.url
    cookies = {cookie["name"]: cookie for cookie in somebody.context.cookies()}
    assert cookies["_streamlit_user"]["httpOnly"]
    assert "silverlead_return" not in cookies
    somebody.get_by_role("button", name="Sign out").click()
    expect(somebody.get_by_text("This server is for people at example.org.")).to_be_visible()
    assert "_streamlit_user" not in {cookie["name"] for cookie in somebody.context.cookies()}


def test_a_forged_identity_opens_nothing(guarded):
    for value in ("x", '{"email":"ann@example.org","email_verified":true,"is_logged_in":true}', "chunks-2"):
        answer = httpx.get(guarded.address, headers={"Cookie": f"_streamlit_user={value}"})
        assert answer.status_code == 303
    assert "Traceback" not in guarded.log
