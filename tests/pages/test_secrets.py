"""No page, link, download or log holds a secret of the settings."""

from __future__ import annotations

import logging

from pages.shell.contents import PAGES
from tests.pages.reader import Reader

KEY = "0123456789abcdef0123456789abcdef"


def test_no_page_link_or_log_holds_a_secret(history, opened, caplog, capfd):
    opened(history, measured=True, FRED_API_KEY=KEY)
    for slug, *_ in PAGES:
        with caplog.at_level(logging.DEBUG):
            page = Reader(slug)
        assert page.errors == []
        assert page.desk.settings.key == KEY
        drawn = "\n".join(str(element.proto) for element in page.elements() if hasattr(element, "proto"))
        for where in (page.words, *page.links(), drawn, str(page.address)):
            assert KEY not in where, slug
    said = capfd.readouterr()
    for log in (caplog.text, said.out, said.err):
        assert KEY not in log
