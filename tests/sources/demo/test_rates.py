"""Rates in the demo: published identities, the Fed's range, the futures and the dots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.published import fomc
from analytics.sources.demo import Demo, policy
from analytics.sources.demo.simulation import world
from tests.sources.demo.simulated import CONTRACTS, SESSIONS, close

RECORDED = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "fred"


def test_yield_identities_hold_to_rounding() -> None:
    for left, right, total in (
        ("real_yield_10y", "breakeven_10y", "treasury_10y"),
        ("real_yield_5y", "breakeven_5y", "treasury_5y"),
        ("curve_10y2y", "treasury_2y", "treasury_10y"),
        ("curve_10y3m", "treasury_3m", "treasury_10y"),
    ):
        table = pd.concat([close(left), close(right), close(total)], axis=1, join="inner").to_numpy()
        assert len(table) > 4000
        np.testing.assert_allclose(table[:, 0] + table[:, 1], table[:, 2], atol=1e-9)


def test_macro_identities_hold_in_the_revised_figures() -> None:
    table = pd.concat([close("federal_debt"), close("gdp"), close("debt_to_gdp")], axis=1, join="inner").iloc[
        :-1
    ]
    ratio = 100.0 * table.iloc[:, 0] / 1000.0 / table.iloc[:, 1]
    np.testing.assert_allclose(ratio, table.iloc[:, 2], rtol=1e-5)
    months = close("federal_balance_monthly")["2022-10":"2023-09"].sum() / 1000.0
    assert 100.0 * months / close("gdp")["2023"].mean() == pytest.approx(
        close("deficit_to_gdp")["2023"].iloc[0], rel=1e-5
    )


def test_the_effective_rate_lies_inside_the_range() -> None:
    table = pd.concat([close(key) for key in ("target_lower", "effr", "target_upper")], axis=1, join="inner")
    lower, rate, upper = table.to_numpy().T
    assert (lower < rate).all()
    assert (rate < upper).all()


def test_the_range_moves_only_the_day_after_a_meeting() -> None:
    lower = close("target_lower")
    moved = lower.index[lower.diff().fillna(0.0) != 0].date
    assert len(moved) == 31
    assert all(fomc.decided_by(day) is not None for day in moved)
    assert (close("target_upper") - lower == 0.25).all()


@pytest.mark.market
@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded market data are not beside this checkout")
def test_the_range_follows_the_record() -> None:
    recorded = pd.read_csv(RECORDED / "DFEDTARL.csv", index_col=0, parse_dates=True).iloc[:, 0]
    both = pd.concat([close("target_lower"), recorded], axis=1, join="inner").to_numpy()
    assert len(both) > 5900
    assert (both[:, 0] != both[:, 1]).sum() <= 2  # FRED moved twice on the day of the announcement itself


def test_contracts_settle_at_the_months_mean_effective_rate() -> None:
    months = SESSIONS.astype("datetime64[M]")
    last_sessions = SESSIONS[np.append(months[1:] != months[:-1], True)]
    rate, settled = close("fed_funds_rate"), 0
    for key in (key for key in CONTRACTS if "zq_2010_01" < key < "zq_2026_06"):
        month = pd.Timestamp(catalogue.contract_month(key))
        mean = rate[month : month + pd.offsets.MonthEnd(0)].mean()
        track = world()[key]
        assert track.dates[-1].astype("datetime64[M]") == np.datetime64(month, "M")
        if track.dates[-1] in last_sessions:
            # Half a tick, and a Good Friday's rate that the last session does not know yet.
            assert track.values[-1] == pytest.approx(100.0 - mean, abs=0.002)
            settled += 1
    assert settled > 180


def test_volume_thins_out_and_is_sometimes_unknown() -> None:
    track = world()["zq_2024_12"]
    ahead = (np.datetime64("2024-12") - track.dates.astype("datetime64[M]")).astype(int)
    near, far = track.volume[ahead <= 2], track.volume[ahead > policy.ILLIQUID_PAST]
    assert np.median(near) > 20 * np.nanmedian(far)
    assert (far == 0).any()
    assert np.isnan(track.volume[ahead > policy.UNPRICED_PAST]).any()
    rows = Demo()(catalogue.get("zq_2024_12"), None).rows
    assert (rows["field"] == "volume").sum() == (~np.isnan(track.volume)).sum()


def test_the_dots_come_with_their_meeting() -> None:
    rows = Demo()(catalogue.get("fed_dots_median"), None).rows
    made = set(rows["known_at"].dt.tz_convert("America/New_York").dt.date)
    assert made <= set(fomc.decision_days())
    known = rows[rows["known_at"] <= pd.Timestamp("2026-01-23", tz="UTC")]
    assert {stamp.year for stamp in known["period"]} >= {2026, 2027, 2028}
