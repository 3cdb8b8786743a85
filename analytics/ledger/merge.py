"""What of an answer is news: pure, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.ledger.schema import FIELDS

SAME = 1e-7
"""Relative difference below which two values are the same: providers send 4-byte floats, whose noise is no revision."""
_PERIOD = ["field", "period"]
_ROW = ["field", "period", "known_at"]


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows to insert (integers as stored) and what they are."""

    rows: pd.DataFrame
    new: int
    revised: int


def merge_rows(
    rows: pd.DataFrame, stored: pd.DataFrame, *, vintages: bool, now: int, fill_only: bool
) -> Merged:
    """Split an answer into what is held already, what is new and what revises.

    A row whose instant follows from a rule says what stands today. Where a period is held with another value, it became
    known at the moment of fetching, and that instant is a record, not an estimate. A row with an instant of its own
    (a vintage) goes where it belongs, also among older ones.

    Args:
        rows: Columns period, field, value, known_at, estimated, as the door admitted them.
        stored: Rows of the ledger (integers) for the same periods; ``hidden_at`` is the instant of the retraction that hides
            a row, 0 for none. A period all of whose rows are hidden is news, known when it is told again.
        vintages: Exact rows carry their own release instants (ALFRED) and may be older than what is held.
        now: When a revision without its own release instant became known [microseconds].
        fill_only: Skip every period that is held at all.
    """
    fresh = _as_stored(rows)
    if stored.empty and not vintages:
        return Merged(fresh, len(fresh), 0)  # the first read of a series: nothing to compare with
    stored = stored if "hidden_at" in stored else stored.assign(hidden_at=0)
    fresh = _once_where_hidden(fresh, stored)
    held = stored[stored["hidden_at"] == 0]
    held = held.sort_values([*_PERIOD, "estimated", "known_at"], ascending=[True, True, False, True])
    seen = fresh.merge(
        held.drop_duplicates(_PERIOD, keep="last"), on=_PERIOD, how="left", suffixes=("", "_held")
    )
    seen = seen.merge(_latest(stored), on=_PERIOD, how="left")
    retold = seen["hidden_at_latest"].fillna(0).to_numpy() > 0
    is_new = seen["value_held"].isna().to_numpy()
    placed = vintages & (fresh["estimated"] == 0).to_numpy() & ~retold
    differs = ~is_new & ~placed & ~same(seen["value"].to_numpy(), seen["value_held"].to_numpy())
    later = np.maximum(now, seen["latest"].fillna(0).to_numpy().astype(np.int64) + 1)
    dated_now = differs | (is_new & retold)
    fresh["known_at"] = fresh["known_at"].where(~dated_now, later)
    fresh["estimated"] = fresh["estimated"].where(~dated_now, 0)
    if fill_only:
        return Merged(fresh[is_new], int(is_new.sum()), 0)
    kept = pd.concat([fresh[~placed & (is_new | differs)], _vintages(fresh[placed], held)])
    firsts = int((~fresh[is_new].duplicated(_PERIOD)).sum())
    return Merged(kept, firsts, len(kept) - firsts)


def _latest(stored: pd.DataFrame) -> pd.DataFrame:
    """By period: the last instant that is taken (``latest``), and whether a retraction was there (``hidden_at_latest``)."""
    taken = np.maximum(stored["known_at"], stored["hidden_at"])
    grouped = stored.assign(latest=taken, hidden_at_latest=stored["hidden_at"]).groupby(_PERIOD, sort=False)
    return grouped[["latest", "hidden_at_latest"]].max().reset_index()


def _once_where_hidden(fresh: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    """Of a period with retracted rows only the last vintage counts: its earlier ones lie before the retraction."""
    retracted = stored.loc[stored["hidden_at"] > 0, _PERIOD].drop_duplicates()
    if retracted.empty or not fresh.duplicated(_PERIOD).any():
        return fresh
    among = fresh.merge(retracted.assign(among=True), on=_PERIOD, how="left")["among"].notna().to_numpy()
    last = ~fresh.sort_values("known_at", kind="stable").duplicated(_PERIOD, keep="last").reindex(fresh.index)
    return fresh[~among | last.to_numpy()].reset_index(drop=True)


def _vintages(fresh: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """The rows that say something other than what was exactly known at their own instants."""
    fresh = _beside(fresh, held)
    exact = held.loc[held["estimated"] == 0, fresh.columns]
    both = pd.concat([exact.assign(ours=True), fresh.assign(ours=False)], ignore_index=True)
    both = both.sort_values(_ROW, kind="stable")
    before = both.groupby(_PERIOD, sort=False)["value"].shift().to_numpy()
    news = ~both["ours"].to_numpy(bool) & ~same(both["value"].to_numpy(), before)
    return both.loc[news, fresh.columns]


def _beside(fresh: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """One instant holds one row: a vintage at an instant that is taken (by an estimate, or by another value that the
    source once gave for it) stands a microsecond after, unless the exact row there already says the same."""
    taken = held[[*_ROW, "value", "estimated"]]
    while len(fresh):
        there = fresh.merge(taken, on=_ROW, how="left", suffixes=("", "_held"))
        clash = there["value_held"].notna().to_numpy()
        told = (
            clash
            & (there["estimated_held"] == 0).to_numpy()
            & same(there["value"].to_numpy(), there["value_held"].to_numpy())
        )
        if not clash.any():
            break
        fresh = fresh.assign(known_at=fresh["known_at"].to_numpy() + clash)[~told]
    return fresh


def _as_stored(rows: pd.DataFrame) -> pd.DataFrame:
    """Our frame as the table's integers."""
    instants = rows["known_at"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return pd.DataFrame(
        {
            "field": _field_codes(rows["field"]),
            "period": rows["period"].to_numpy().astype("datetime64[D]").astype(np.int64),
            "known_at": instants.astype(np.int64),
            "estimated": rows["estimated"].astype(np.int64).to_numpy(),
            "value": rows["value"].astype(float).to_numpy(),
        }
    )


def _field_codes(names: pd.Series) -> np.ndarray:
    """Codes of field names; most answers hold one field only."""
    codes = np.zeros(len(names), np.int64)
    for name in names.unique():
        codes[(names == name).to_numpy()] = FIELDS[name]
    return codes


def same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether values are equal but for the noise of 4-byte floats; NaN equals nothing."""
    return np.isclose(a, b, rtol=SAME, atol=1e-12)
