"""The pages and the bundle are made of the same sections: whatever a page shows can be taken away."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from analytics.render.theme import LIGHT
from analytics.report.bundle import bundle
from analytics.view import DEFAULT
from pages.shell import load
from pages.shell.contents import PAGES
from pages.shell.frame import Page
from tests.pages.reader import Reader


def test_all_that_the_pages_show_is_in_the_bundle(stage):
    stage("demo")
    shown = {
        (slug, key) for slug, *_ in PAGES for key in Reader(slug).at.session_state["silverlead_drawn"].shown
    }
    version = load.version()
    now = load.present(version)
    page = Page(load.desk().ledger, DEFAULT, now, version, LIGHT, load.shared())
    with zipfile.ZipFile(io.BytesIO(bundle(page, rows=False))) as archive:
        held = {PurePath(name).stem for name in archive.namelist() if name.startswith("data/")}
    assert len(shown) > 50
    assert {(slug, key) for slug, key in shown if key not in held} == set()
