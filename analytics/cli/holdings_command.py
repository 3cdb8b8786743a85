"""``import holdings``: what funds hold, from a file that their issuers offer and nobody may fetch."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from analytics.ledger import Ledger
from analytics.sources import holdings_file


def import_holdings(ledger: Ledger, file: Path, now: dt.datetime) -> dict[str, Any]:
    """Fill what funds hold from a file: only days that are not held; everything is stored or nothing.

    What is not known yet by ``now`` is left for another import.

    Raises:
        BadFile: the file; nothing is stored.
    """
    batch = holdings_file.read_holdings(file)
    known = [(series, rows[rows["known_at"] <= now]) for series, rows in batch]
    added = ledger.append_many(known, now, fill_only=True)
    return {
        "series": [series.key for series, _ in batch],
        "amounts": sum(len(rows) for _, rows in batch),
        "added": sum(one.new for one in added),
        "first": min(rows["period"].min() for _, rows in batch).date().isoformat(),
        "last": max(rows["period"].max() for _, rows in batch).date().isoformat(),
    }


def imported(done: dict[str, Any]) -> str:
    """What an import did, in one sentence."""
    return (
        f"{done['added']:,} of {done['amounts']:,} amounts were new, {done['first']} to {done['last']}: "
        f"{', '.join(done['series'])}."
    )
