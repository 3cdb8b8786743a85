"""Which typed symbols a refresh keeps: those shown last, up to a number; written once a day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import event

from analytics.ledger import schema, symbols
from tests.ledger.rows import NOW

HOUR = dt.timedelta(hours=1)
HELD = ["yahoo:A", "yahoo:B", "yahoo:C"]


def test_those_shown_last_are_kept_and_one_without_a_row_was_shown_long_ago(any_ledger):
    engine = any_ledger.engine
    assert symbols.kept(engine, HELD, 2) == ["yahoo:A", "yahoo:B"]
    for day, key in enumerate(("yahoo:C", "yahoo:B")):
        symbols.show(engine, key, NOW + 24 * day * HOUR)
    assert symbols.kept(engine, HELD, 2) == ["yahoo:B", "yahoo:C"]
    assert symbols.kept(engine, HELD, 3) == ["yahoo:B", "yahoo:C", "yahoo:A"]
    assert symbols.kept(engine, HELD, 0) == []


def test_a_removed_one_comes_back_when_it_is_shown_again(any_ledger):
    engine = any_ledger.engine
    symbols.show(engine, "yahoo:A", NOW)
    symbols.remove(engine, "yahoo:A")
    assert symbols.kept(engine, HELD, 3) == ["yahoo:B", "yahoo:C"]
    symbols.show(engine, "yahoo:A", NOW)
    assert symbols.kept(engine, HELD, 3)[0] == "yahoo:A"


def test_showing_writes_once_a_day(any_ledger):
    written = []
    event.listen(
        any_ledger.engine,
        "before_cursor_execute",
        lambda c, cursor, text, *rest: written.append(text) if text.startswith("INSERT") else None,
    )
    for hours in range(47):
        symbols.show(any_ledger.engine, "yahoo:A", NOW + hours * HOUR)
    assert len(written) == 2


def test_a_ledger_from_before_the_table_gets_it(any_ledger):
    with any_ledger.engine.execution_options(writing=True).begin() as connection:
        schema.typed_symbol.drop(connection)
    assert symbols.kept(any_ledger.engine, HELD, 2) == HELD[:2]
    symbols.show(any_ledger.engine, "yahoo:C", NOW)
    assert symbols.kept(any_ledger.engine, HELD, 2) == ["yahoo:C", "yahoo:A"]
