"""Short links on both engines: found by who knows the identifier, until they expire or are revoked."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
import sqlalchemy as sa

from analytics.errors import LedgerUnavailable
from analytics.ledger import Ledger, links, schema
from tests.ledger.rows import NOW, SILVER, rows

HOUR = dt.timedelta(hours=1)
AS_OF = dt.datetime(2026, 1, 24, 4, 59, 59, 999999, tzinfo=dt.UTC)
QUERY = "lead=silver&follow=bitcoin&span=1y"


def made(ledger, **more) -> links.ShortLink:
    given = {"page": "divergence", "query": QUERY, "title": "Both legs fell 38%.", "as_of": AS_OF, "now": NOW}
    return links.create(ledger.engine, **given | more)


def test_a_link_is_found_as_it_was_made(any_ledger):
    for more in ({}, {"as_of": None}, {"expires_at": NOW + HOUR}):
        link = made(any_ledger, **more)
        assert links.find(any_ledger.engine, link.id, NOW) == link


def test_identifiers_hold_128_bits_and_never_repeat(any_ledger):
    found = {made(any_ledger).id for _ in range(50)}
    assert len(found) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", one) for one in found)
    assert links.BYTES * 8 == 128


@pytest.mark.parametrize(
    "identifier", ["", "x", "A" * 22, "A" * 5000, "é" * 22, "' OR 1=1; -- 12345678", "%" * 22]
)
def test_what_was_never_made_is_not_found(identifier, any_ledger):
    made(any_ledger)
    assert links.find(any_ledger.engine, identifier, NOW) is None


def test_case_counts(any_ledger):
    link = made(any_ledger)
    assert links.find(any_ledger.engine, link.id.swapcase(), NOW) is None


def test_an_expired_link_opens_no_more(any_ledger):
    link = made(any_ledger, expires_at=NOW + HOUR)
    assert links.find(any_ledger.engine, link.id, NOW + HOUR - dt.timedelta(microseconds=1)) == link
    assert links.find(any_ledger.engine, link.id, NOW + HOUR) is None


def test_a_revoked_link_opens_no_more_and_stays_in_the_list(any_ledger):
    kept, gone = made(any_ledger), made(any_ledger)
    assert links.revoke(any_ledger.engine, gone.id, NOW + HOUR)
    assert not links.revoke(any_ledger.engine, gone.id, NOW + 2 * HOUR)
    assert not links.revoke(any_ledger.engine, "A" * 22, NOW)
    assert links.find(any_ledger.engine, gone.id, NOW + HOUR) is None
    assert links.find(any_ledger.engine, kept.id, NOW + HOUR) == kept
    listed = {link.id: link.revoked_at for link in links.newest(any_ledger.engine)}
    assert listed == {kept.id: None, gone.id: NOW + HOUR}


def test_the_newest_come_first(any_ledger):
    found = [made(any_ledger, now=NOW + i * HOUR).id for i in range(3)]
    assert [link.id for link in links.newest(any_ledger.engine, 2)] == found[:0:-1]


def test_links_leave_the_ledgers_version_alone(any_ledger):
    any_ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
    version = any_ledger.version()
    links.revoke(any_ledger.engine, made(any_ledger).id, NOW)
    assert any_ledger.version() == version


def test_a_ledger_from_before_there_were_links_gets_the_table_with_the_first(ledger_url):
    old = Ledger(ledger_url)
    old.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
    with old.engine.execution_options(writing=True).begin() as connection:
        schema.link.drop(connection)
    old.close()
    ledger = Ledger(ledger_url)
    try:
        assert links.newest(ledger.engine) == []
        assert links.find(ledger.engine, "A" * 22, NOW) is None
        assert not links.revoke(ledger.engine, "A" * 22, NOW)
        link = made(ledger)
        assert links.find(ledger.engine, link.id, NOW) == link
        assert ledger.series_keys() == ["silver"]
    finally:
        ledger.close()


def test_links_made_at_once_are_all_kept(any_ledger):
    threads = [threading.Thread(target=made, args=(any_ledger,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(links.newest(any_ledger.engine)) == 8


@pytest.mark.parametrize("more", [{"query": "x" * 2_001}, {"title": "x" * 301}, {"title": "a\0b"}])
def test_what_no_page_makes_is_not_kept(more, any_ledger):
    with pytest.raises(ValueError, match="no view"):
        made(any_ledger, **more)
    assert links.newest(any_ledger.engine) == []


def test_a_database_that_is_gone_is_said_plainly(ledger, tmp_path):
    ledger.engine.dispose()
    (tmp_path / "ledger.sqlite").unlink()
    (tmp_path / "ledger.sqlite").mkdir()
    with pytest.raises(LedgerUnavailable):
        links.find(ledger.engine, "A" * 22, NOW)


def test_the_identifier_is_the_key(any_ledger):
    link = made(any_ledger)
    with (
        pytest.raises(sa.exc.IntegrityError),
        any_ledger.engine.execution_options(writing=True).begin() as connection,
    ):
        connection.execute(schema.link.insert().values(links._row(link)))
