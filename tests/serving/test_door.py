"""The door over HTTP: who is sent to the login, where a login leads, and what a form can and cannot do."""

from __future__ import annotations

from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from analytics.errors import LedgerUnavailable
from analytics.ledger import visits
from serving import words
from serving.access import COOKIE
from serving.door import RETURN_COOKIE, Door
from serving.health import Front
from serving.tries import MOST_OF_ONE
from tests.serving.conftest import door_of, opened
from tests.serving.test_unfurl import Bot, make  # noqa: F401

SHARED, ADMIN = "correct horse battery", "staple of the admins"
VIEW = "/divergence?lead=gold&span=3y&as_of=2026-01-23T23%3A59%3A59.999999-05%3A00"
ELSEWHERE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example", "javascript:alert(1)",
    "/divergence@evil.example", "///evil.example/divergence", "/s/../../evil", "/%2f/evil.example", "/login?to=/", "/logout",
    "/nowhere", "divergence", "", " /divergence", "/divergence\r\nSet-Cookie: a=b", "/divergence?q=\x00", "/s/" + "A" * 21,
    "/divergence?" + "a" * 4_000, "/.evil.example", "/?\r\nX: y", "//", "/;@evil.example", "/divergence#@evil.example",
]  # fmt: skip


@pytest.fixture
def held(tmp_path):
    return {"silverlead_password": SHARED, "silverlead_admin_password": ADMIN, "silverlead_cache": tmp_path}


@pytest.fixture
def door(held, desk) -> Door:
    return door_of(front=opened(Front(lambda: desk)), **held)


def cookie(answer, name=COOKIE):
    found = [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{name}=")]
    return found[0] if found else ""


def enter(client, password=SHARED, to=VIEW, **headers):
    return client.post("/login", {"password": password, "to": to}, **headers)


def signed(client, password=SHARED) -> dict[str, str]:
    return {"Cookie": cookie(enter(client, password)).split(";")[0]}


def test_a_deep_link_leads_to_the_login_and_back_to_the_same_view(client):
    away = client.get(VIEW)
    assert away.status_code == 303
    assert away.headers["cache-control"] == "no-store"
    page = client.get(away.headers["location"])
    assert page.status_code == 200
    assert f'name="to" value="{VIEW.replace("&", "&amp;")}"' in page.text
    back = enter(client)
    assert (back.status_code, back.headers["location"]) == (303, VIEW)
    for mark in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age="):
        assert mark in cookie(back)
    assert "Secure" not in cookie(back)  # http here; a browser would drop it
    assert client.get(VIEW, headers=signed(client)).text == "page"


@pytest.mark.parametrize("path", ["/", "/divergence", "/divergence/", "/?lead=gold"])
def test_every_pages_address_is_kept(path, client):
    assert client.get(path).headers["location"] == f"/login?to={quote(path, safe='')}"


def test_health_needs_no_login(client):
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


def test_a_wrong_password_is_said_and_sets_nothing(client):
    answer = enter(client, "<script>" * 3)
    assert answer.status_code == 401
    assert words.WRONG in answer.text
    assert "script" not in answer.text
    assert cookie(answer) == ""
    assert VIEW.replace("&", "&amp;") in answer.text  # the view survives a slip


def test_guessing_is_stopped_even_when_the_guess_would_be_right(client):
    answers = [enter(client, f"guess number {i}").status_code for i in range(MOST_OF_ONE)]
    assert answers == [401] * MOST_OF_ONE
    late = enter(client)
    assert (late.status_code, cookie(late)) == (429, "")
    assert words.TOO_OFTEN in late.text
    assert late.headers["retry-after"] == "600"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_login_leads_to_a_place_of_ours_and_nowhere_else(target, client, door):
    assert enter(client, to=target).headers["location"] in ("/", "/divergence")
    assert client.get(f"/login?to={quote(target, safe='')}", headers=signed(client)).headers["location"] in (
        "/",
        "/divergence",
    )


@given(st.text(max_size=40) | st.text("/\\:@?#%.;&= \r\n\tdivergencehttps", max_size=40))
def test_no_text_leads_to_another_host(text):
    found = door_of().returning(text)
    parts = urlsplit(urljoin("https://silverlead.example/login", found))
    assert (parts.scheme, parts.netloc) == ("https", "silverlead.example")
    assert parts.path in ("/", "/divergence") or parts.path.startswith("/s/")
    assert not set(found) & set("\r\n\t\\ ")


def test_a_form_from_another_site_is_refused(client):
    answer = enter(client, Origin="https://evil.example")
    assert (answer.status_code, cookie(answer)) == (403, "")
    assert enter(client, Origin="http://testserver").status_code == 303


def test_a_session_set_beforehand_is_not_the_one_that_a_login_opens(client):
    """Fixation: the cookie is made anew at each login, and nothing that a browser brought takes part in it."""
    planted = {"Cookie": f"{COOKIE}=planted"}
    answers = [enter(client, **planted), enter(client, **planted)]
    made = {cookie(answer).split(";")[0] for answer in answers}
    assert len(made) == 2
    assert not any("planted" in one for one in made)
    assert client.get("/", headers=planted).status_code == 303


def test_a_readers_cookie_does_not_make_an_admin(client, door):
    def reader(headers):
        return door.reader(Request({"type": "http", "headers": [(b"cookie", headers["Cookie"].encode())]}))

    mine, admins = signed(client), signed(client, ADMIN)
    assert reader(admins).admin
    assert not reader(mine).admin
    payload = mine["Cookie"].removeprefix(f"{COOKIE}=")
    for forged in (payload + "; admin=true", "admin." + payload, payload.replace(".", ".admin.")):
        found = reader({"Cookie": f"{COOKIE}={forged}"})
        assert found is None or not found.admin


def test_signing_out_ends_the_visit_in_every_copy_of_its_cookie(client, held, desk):
    mine, others = signed(client), signed(client)
    answer = client.post("/logout", {}, **mine)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Max-Age=0" in cookie(answer)
    assert client.get(VIEW, headers=mine).status_code == 303
    assert client.get("/media/x", headers=mine).status_code == 404
    assert client.get(VIEW, headers=others).text == "page"
    another_process = door_of(front=opened(Front(lambda: desk)), **held)
    request = Request({"type": "http", "headers": [(b"cookie", mine["Cookie"].encode())]})
    assert another_process.reader(request) is None
    text, _, signature = mine["Cookie"].rpartition(".")
    for other in (
        f"{text}.{signature}=",
        f"{text}.{signature[:-1]}!{signature[-1]}",
    ):  # the same bytes, written otherwise
        assert client.get(VIEW, headers={"Cookie": other}).status_code == 303


def test_an_address_alone_signs_nobody_out(client):
    mine = signed(client)
    assert "<form" in client.get("/logout", headers=mine).text
    assert client.post("/logout", {}, Origin="https://evil.example", **mine).status_code == 403
    assert client.get(VIEW, headers=mine).text == "page"
    answer = client.post("/logout", {}, Origin="http://testserver", **mine)
    assert answer.status_code == 303
    assert client.get(VIEW, headers=mine).status_code == 303


def test_a_visit_that_cannot_be_ended_everywhere_is_said_to_be_open(client, desk, monkeypatch):
    def away(*_):
        raise LedgerUnavailable("no answer in time")

    mine = signed(client)
    monkeypatch.setattr(visits, "end", away)
    answer = client.post("/logout", {}, **mine)
    assert (answer.status_code, cookie(answer)) == (503, "")
    assert "no answer in time" in answer.text
    assert client.get(VIEW, headers=mine).text == "page"


@pytest.mark.parametrize("known", [True, False])
def test_a_short_link_shows_a_bot_the_products_name_and_nothing_else(known, client, make):  # noqa: F811
    path = f"/s/{make().id if known else 'A' * 22}"
    answer = client.get(path)
    assert answer.status_code == 200
    found = Bot(answer.text)
    assert {name: text for name, text in found.meta.items() if name.startswith("og:")} == {
        "og:site_name": "Silverlead",
        "og:title": "Silverlead",
    }
    assert found.links == [f"/login?to={quote(path, safe='')}"]
    assert answer.text.replace(path.removeprefix("/s/"), "ID") == client.get("/s/" + "B" * 22).text.replace(
        "B" * 22, "ID"
    )
    assert client.get(f"{path}.png").status_code == 401
    inside = client.get(path, headers=signed(client))
    assert inside.status_code == (200 if known else 404)
    assert enter(client, to=path).headers["location"] == path


def test_in_a_frame_the_login_opens_beside_it(client):
    page = client.get(f"/login?to={quote('/divergence?embed=true&lead=gold', safe='')}").text
    assert 'target="_blank"' in page
    assert "embed" not in unquote(Bot(page).links[0])


# ------------------------------------------------------------------------------------------------------------------ OIDC


ANN = {"email": "ann@example.org", "email_verified": True, "iat": 1_780_000_000}


class TestOidc:
    """The parts around Streamlit's own login; tests/serving/test_oidc.py walks through it in a browser."""

    @pytest.fixture(params=[None])
    def door(self, request, desk) -> Door:
        return door_of(request.param, opened(Front(lambda: desk)), silverlead_login_domain="example.org")

    def test_the_way_back_is_kept_while_the_provider_is_asked(self, client):
        page = client.get(client.get(VIEW).headers["location"])
        (link,) = Bot(page.text).links
        away = client.get(link)
        assert (away.status_code, away.headers["location"]) == (303, "/auth/login?provider=signed")
        kept = {"Cookie": cookie(away, RETURN_COOKIE).split(";")[0]}
        assert "Max-Age=600" in cookie(away, RETURN_COOKIE)
        back = client.get("/oauth2callback?code=x", headers=kept)
        assert back.headers["location"] == VIEW
        assert "Max-Age=0" in cookie(back, RETURN_COOKIE)

    def test_a_login_that_failed_leads_to_the_root(self, client):
        kept = {"Cookie": f"{RETURN_COOKIE}={quote(VIEW, safe='')}"}
        assert client.get("/oauth2callback?error=denied", headers=kept).headers["location"] == "/"

    @pytest.mark.parametrize("target", ELSEWHERE)
    def test_a_planted_way_back_leads_to_a_place_of_ours(self, target, client):
        kept = {"Cookie": f"{RETURN_COOKIE}={quote(target, safe='')}"}
        back = client.get("/oauth2callback?code=x", headers=kept)
        assert back.headers["location"] in ("/", "/divergence")

    @pytest.mark.parametrize("door", [ANN], indirect=True)
    def test_who_may_read_is_let_in(self, client):
        assert client.get(VIEW).text == "page"

    @pytest.mark.parametrize("door", [ANN | {"email": "eve@<b>evil.example"}], indirect=True)
    def test_who_may_not_is_told_so_and_can_try_another_account(self, client):
        page = client.get(client.get(VIEW).headers["location"]).text
        assert "eve@&lt;b&gt;evil.example may not read here." in page
        assert "Use another account" in page
        assert "example.org" in page

    def test_no_password_is_taken(self, client):
        assert enter(client).status_code == 403
        assert client.post("/logout", {}).headers["location"] == "/auth/logout"

    @pytest.mark.parametrize("door", [ANN], indirect=True)
    def test_streamlits_own_way_out_opens_only_for_who_left(self, client):
        assert client.get("/auth/logout").headers["location"] == "/logout"
        assert client.get(VIEW).text == "page"
        assert client.post("/logout", {}).headers["location"] == "/auth/logout"
        assert client.get("/auth/logout").text == "Streamlit's way out"
        assert client.get(VIEW).status_code == 303


def test_an_open_server_asks_nobody(desk, clock):
    door = door_of()
    assert not door.shut
    assert door.reader(Request({"type": "http", "headers": []})) is not None
