"""Every page is behind the guard: nothing is read or drawn for somebody unknown, and admins' actions ask again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import streamlit as st

from analytics.settings import Settings
from pages.shell import access, load, short
from pages.shell.contents import PAGES
from serving.access import COOKIE, Access, Reader
from tests.pages.reader import ROOT
from tests.pages.reader import Reader as Session

SHARED, ADMIN = "correct horse battery", "staple of the admins"
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
"""Every file that the server runs at an address, in the menu or not."""


@pytest.fixture
def shut(simulated, opened, monkeypatch):
    """The demo under a shared password: ``shut(Reader(...))`` opens sessions with that reader's cookie."""
    opened(simulated, SILVERLEAD_DATA="demo", SILVERLEAD_PASSWORD=SHARED, SILVERLEAD_ADMIN_PASSWORD=ADMIN)

    def cookies(reader: Reader | None) -> None:
        ticket = "" if reader is None else Access(Settings()).ticket(reader)
        monkeypatch.setattr(type(st.context), "cookies", property(lambda self: {COOKIE: ticket}))

    return cookies


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_page_begins_with_the_frame_and_runs_nothing_before(path: Path):
    body = [node for node in ast.parse(path.read_text(encoding="utf-8")).body
            if not isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef)]  # fmt: skip
    assert isinstance(body[0], ast.Expr)
    assert isinstance(body[0].value, ast.Constant)  # what it answers
    frame = next(at for at, node in enumerate(body) if ast.unparse(node).startswith("page = open_page("))
    for node in body[1:frame]:  # names for what is said below; a bare text would be drawn
        assert isinstance(node, ast.Assign)
        called = {ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
        assert called <= {"dt.date"}


def test_the_frame_asks_before_it_reads_or_draws_anything():
    tree = ast.parse((ROOT / "pages" / "shell" / "frame.py").read_text(encoding="utf-8"))
    (opened,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "open_page"]
    calls = [
        ast.unparse(node.func)
        for step in opened.body
        for node in ast.walk(step)
        if isinstance(node, ast.Call)
    ]
    assert calls[: calls.index("access.admit")] == ["next", "st.set_page_config"]
    assert "load.desk" in calls


@pytest.mark.parametrize("slug", [slug for slug, *_ in PAGES])
def test_somebody_unknown_sees_only_how_to_come_in(slug, shut, monkeypatch):
    shut(None)
    monkeypatch.setattr(load, "desk", lambda: pytest.fail("the ledger was opened"))
    page = Session(slug, {"lead": "gold", "as_of": "2026-01-23"})
    assert page.errors == []
    assert page.texts("markdown") == ["## Silverlead", access.HOW]
    assert {element.type for element in page.elements()} <= {
        "main",
        "sidebar",
        "event",
        "markdown",
        "html",
        "vertical",
    }
    (link,) = [element.proto.body for element in page.elements() if element.type == "html"]
    assert f"login?to=%2F{'' if slug == 'overview' else slug}%3Flead%3Dgold%26as_of%3D2026-01-23" in link


def test_a_reader_reads_and_does_nothing_for_everybody(shut, monkeypatch):
    shut(Reader("", admin=False))
    page = Session("data")
    assert page.errors == []
    assert page.reading
    assert "Admins refresh here." in page.words
    assert not [button for button in page.at.button if "live sources" in button.label]
    assert "Short links" not in page.words
    monkeypatch.setattr(short.links, "revoke", lambda *_: pytest.fail("revoked"))
    short.revoke("A" * 22)
    assert not access.may_refresh()


def test_an_admin_refreshes_and_revokes(shut, monkeypatch):
    shut(Reader("", admin=True))
    page = Session("data")
    assert page.errors == []
    assert [button for button in page.at.button if "live sources" in button.label]
    assert "#### Short links" in page.texts("markdown")
    revoked = []
    monkeypatch.setattr(short.links, "revoke", lambda engine, identifier, now: revoked.append(identifier))
    short.revoke("A" * 22)
    assert revoked == ["A" * 22]


def test_a_visit_ends_when_the_password_is_changed(shut, monkeypatch):
    shut(Reader("", admin=True))
    page = Session("data")
    monkeypatch.setenv("SILVERLEAD_ADMIN_PASSWORD", "another staple of theirs")
    from analytics.settings import settings

    settings.cache_clear()
    page.run()
    assert page.texts("markdown") == ["## Silverlead", access.HOW]


def test_looking_for_live_sources_is_as_rare_as_a_refresh(monkeypatch):
    cleared = []
    monkeypatch.setattr(load.desk, "clear", lambda: cleared.append(1))
    monkeypatch.setattr(load, "_reopened", [-load.ASKED_PAUSE_SECONDS])
    for _ in range(5):
        load.reopen()
    assert cleared == [1]
