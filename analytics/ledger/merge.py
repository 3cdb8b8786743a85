"""What of an answer is news: pure, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.ledger.schema import FIELDS

SAME = 1e-7
"""Relative difference below which two values are the same: providers send 4-byte floats, whose noise is no revision."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows to insert (integers as stored) and what they are."""

    rows: pd.DataFrame
    new: int
    revised: int


def merge_rows(rows: pd.DataFrame, stored: pd.DataFrame, *, vintages: bool, now: int, fill_only: bool) -> Merged:
    """Split an answer into what is held already, what is new and what revises.

    Args:
        rows: Columns period, field, value, known_at, estimated, as the door admitted them.
        stored: Rows of the ledger (integers) for the same periods.
        vintages: Exact rows carry their own release instants (ALFRED) and may be older than what is held.
        now: When a revision without its own release instant became known [microseconds].
        fill_only: Skip every period that is held at all.
    """
    fresh = _as_stored(rows)
    held = stored.sort_values(["field", "period", "known_at"])
    last = held.groupby(["field", "period"], sort=False).last().reset_index()
    seen = fresh.merge(last, on=["field", "period"], how="left", suffixes=("", "_held"))
    is_new = seen["value_held"].isna().to_numpy()
    if fill_only:
        fresh = fresh[is_new]
        return Merged(fresh, len(fresh), 0)
    if vintages:
        return _merge_vintages(fresh, held, is_new)
    differs = ~is_new & ~_same(seen["value"].to_numpy(), seen["value_held"].to_numpy())
    later = np.maximum(now, seen["known_at_held"].fillna(0).to_numpy().astype(np.int64) + 1)
    fresh = fresh.assign(known_at=np.where(differs, later, fresh["known_at"].to_numpy()))
    keep = fresh[is_new | differs]
    return Merged(keep, int(is_new.sum()), int(differs.sum()))


def _merge_vintages(fresh: pd.DataFrame, held: pd.DataFrame, is_new: np.ndarray) -> Merged:
    """Keep each row that says something other than what was known exactly at its own instant."""
    exact = held[held["estimated"] == 0]
    both = pd.concat([exact.assign(order=0), fresh.assign(order=1)], ignore_index=True)
    both = both.sort_values(["field", "period", "estimated", "known_at", "order"], kind="stable")
    group = both.groupby(["field", "period", "estimated"], sort=False)
    before = group["value"].shift().to_numpy()
    says_more = np.isnan(before) | ~_same(both["value"].to_numpy(), before)
    clash = group["known_at"].shift().to_numpy() == both["known_at"].to_numpy()
    both["known_at"] = both["known_at"].to_numpy() + clash  # one instant, two values: the later answer stands after
    # An estimated instant has nothing to add once the period is held in any form.
    period_held = both.set_index(["field", "period"]).index.isin(held.set_index(["field", "period"]).index)
    keep = both[(both["order"] == 1).to_numpy() & says_more & ~((both["estimated"] == 1).to_numpy() & period_held)]
    firsts = int(fresh.loc[is_new, ["field", "period"]].drop_duplicates().shape[0])
    return Merged(keep[fresh.columns.tolist()], firsts, len(keep) - firsts)


def _as_stored(rows: pd.DataFrame) -> pd.DataFrame:
    """Our frame as the table's integers."""
    return pd.DataFrame(
        {
            "field": rows["field"].map(FIELDS).astype(np.int64).to_numpy(),
            "period": rows["period"].to_numpy().astype("datetime64[D]").astype(np.int64),
            "known_at": rows["known_at"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64),
            "estimated": rows["estimated"].astype(np.int64).to_numpy(),
            "value": rows["value"].astype(float).to_numpy(),
        }
    )


def _same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.isclose(a, b, rtol=SAME, atol=1e-12)
