"""The demo world: one seed, one world; the seam; real calendars, ranges and releases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.catalogue import TYPED
from analytics.clock import calendars
from analytics.errors import UnknownSymbol
from analytics.sources import COLUMNS, demo
from analytics.sources.admission import Record, admit
from analytics.sources.demo import DEMO_FIRST_DAY, DEMO_LAST_DAY, LAST_INSTANT, SEED, Demo
from analytics.sources.demo.noise import bridge, explained
from analytics.sources.demo.prices import highs, trailing_sum
from analytics.sources.demo.sessions import UNBROKEN
from analytics.sources.demo.simulation import Track, contract_key, world
from tests.sources.demo.simulated import CONTRACTS, DELIVERIES, LISTED, SESSIONS


def digest(tracks: Mapping[str, Track]) -> str:
    found = hashlib.sha256()
    for key, track in tracks.items():
        found.update(key.encode())
        for column in (track.dates, track.values, track.known_at, track.volume, *track.parts.values()):
            found.update(b"-" if column is None else np.ascontiguousarray(column).tobytes())
    return found.hexdigest()


def test_same_seed_gives_the_same_world_to_the_bit() -> None:
    fresh = world.__wrapped__
    assert digest(fresh(SEED)) == digest(fresh(SEED))
    assert digest(fresh(SEED)) != digest(fresh(SEED + 1))


def test_every_listed_series_and_contract_month_is_there() -> None:
    assert set(LISTED) <= set(world())
    months = np.arange(np.datetime64("2010-01"), np.datetime64(DEMO_LAST_DAY, "M") + 19)
    assert set(CONTRACTS) == {contract_key(month.astype(object)) for month in months}
    assert {row.key for row in catalogue.listed_deliveries(DEMO_LAST_DAY)} <= set(DELIVERIES)


def test_rows_have_the_seams_columns_and_types() -> None:
    for key in ("silver", "cpi", "zq_2026_07"):
        rows = Demo()(catalogue.get(key), None).rows
        assert tuple(rows.columns) == COLUMNS
        assert rows["period"].dtype == "datetime64[s]"
        assert rows["known_at"].dtype == "datetime64[us, UTC]"
        assert np.isfinite(rows["value"]).all()
    assert set(rows["field"]) == {"close", "volume"}


def test_since_cuts_the_beginning_only() -> None:
    since = dt.date(2026, 1, 1)
    whole, cut = (Demo()(catalogue.get("bitcoin"), day).rows for day in (None, since))
    expected = whole[whole["period"] >= pd.Timestamp(since)].reset_index(drop=True)
    pd.testing.assert_frame_equal(cut, expected)
    assert len(cut) == (DEMO_LAST_DAY - since).days + 1


def test_a_typed_symbol_is_unknown() -> None:
    with pytest.raises(UnknownSymbol, match=r"demo ADA-USD"):
        Demo()(catalogue.get(f"{TYPED}ADA-USD"), None)


def test_what_the_ledger_takes_was_known_by_the_last_instant() -> None:
    batch = demo.admitted()
    assert [series.key for series, _ in batch] == list(world())
    for series, rows in batch:
        assert rows["known_at"].notna().all(), series.key
        assert (rows["known_at"] <= LAST_INSTANT).all(), series.key
        assert not rows.duplicated(["field", "period", "known_at"]).any(), series.key


@pytest.mark.parametrize("key", [*LISTED, *CONTRACTS[::40], *DELIVERIES[::10]])
def test_the_door_turns_nothing_away(key: str) -> None:
    answer = Demo()(catalogue.get(key), None)
    begun = dataclasses.replace(answer, series=dataclasses.replace(answer.series, begins=None))
    refused = admit(begun, Record.nothing(), LAST_INSTANT).refused
    future = [odd for odd in refused if odd.period is not None and odd.period > DEMO_LAST_DAY]
    # The dots are stamped with years to come.
    assert list(refused) == (future if key == "fed_dots_median" else [])


@pytest.mark.filterwarnings("ignore:Series.values returning:DeprecationWarning")  # inside exchange_calendars
def test_the_sessions_are_the_exchanges() -> None:
    known = calendars.us_sessions()
    within = (known >= np.datetime64(DEMO_FIRST_DAY)) & (known <= np.datetime64(DEMO_LAST_DAY))
    np.testing.assert_array_equal(SESSIONS, known[within])


@pytest.mark.parametrize(
    "key", [key for key, row in catalogue.load().items() if row.final and not row.every_day]
)
def test_prices_have_trading_days_only_and_few_are_missing(key: str) -> None:
    dates = world()[key].dates
    assert np.isin(dates, SESSIONS).all()
    missing = np.setdiff1d(SESSIONS, dates)
    assert len(missing) < 0.006 * len(SESSIONS)
    assert (missing < UNBROKEN).all()
    assert dates[-1] == np.datetime64(DEMO_LAST_DAY)


@pytest.mark.parametrize(("key", "first"), [("bitcoin", "2014-09-17"), ("ether", "2017-11-09")])
def test_crypto_has_weekends(key: str, first: str) -> None:
    dates = world()[key].dates
    assert dates[0] == np.datetime64(first)
    weekend = ~np.is_busday(dates)
    assert weekend.mean() == pytest.approx(2 / 7, abs=0.003)
    assert (np.diff(dates).astype(int) <= 2).all()


def test_some_days_are_missing_somewhere() -> None:
    assert (
        sum(len(world()[key].dates) < len(SESSIONS) for key in ("silver", "gold", "copper", "vix", "nasdaq"))
        >= 3
    )


@pytest.mark.parametrize("holiday", ["2015-07-03", "2019-10-14", "2022-11-11", "2024-01-15"])
def test_treasury_yields_rest_on_bond_holidays(holiday: str) -> None:
    for key in ("treasury_10y", "real_yield_10y", "breakeven_10y", "dollar_broad"):
        assert np.datetime64(holiday) not in world()[key].dates


@pytest.mark.parametrize(
    ("key", "weekday"),
    [("financial_conditions", 4), ("fed_assets", 2), ("treasury_account", 2), ("m2_weekly", 0)],
)
def test_weekly_series_keep_their_weekday(key: str, weekday: int) -> None:
    dates = world()[key].dates
    assert dates[0].astype(object).weekday() == weekday
    assert (np.diff(dates).astype(int) == 7).all()


@pytest.mark.parametrize("key", [*LISTED, *CONTRACTS[::20]])
def test_values_lie_in_the_catalogues_range(key: str) -> None:
    row, values = catalogue.get(key), world()[key].values
    low, high = row.range or (-np.inf, np.inf)
    assert np.isfinite(values).all()
    assert low <= values.min()
    assert values.max() <= high
    assert not row.positive or values.min() > 0


@pytest.mark.parametrize("key", [key for key, row in catalogue.load().items() if row.provider == "fred"])
def test_nothing_is_there_before_its_release(key: str) -> None:
    row, track = catalogue.get(key), world()[key]
    if track.known_at is None:
        assert calendars.release(row, track.dates[-1].astype(object)) <= LAST_INSTANT
        return
    assert (track.known_at <= np.datetime64(LAST_INSTANT.astimezone(dt.UTC).replace(tzinfo=None), "us")).all()
    if key != "fed_dots_median":
        first = pd.Series(track.known_at).groupby(track.dates.astype("datetime64[s]")).min()
        rule = calendars.release_times(row, pd.Series(first.index))
        np.testing.assert_array_equal(first.to_numpy(), rule.dt.tz_localize(None).to_numpy())


@pytest.mark.parametrize("key", ["cpi", "payrolls", "gdp", "federal_balance_monthly", "m2"])
def test_macro_figures_are_revised_sixty_days_after_the_first_print(key: str) -> None:
    track = world()[key]
    by_period = pd.Series(track.known_at).groupby(track.dates.astype("datetime64[s]"))
    twice = by_period.count() == 2
    gap = (by_period.max() - by_period.min())[twice]
    assert twice.mean() > 0.9
    assert ((gap - pd.Timedelta(days=60)).abs() <= pd.Timedelta(hours=1)).all()  # summer time moves the clock
    assert not twice.iloc[-1]


def test_october_2025_has_no_consumer_prices() -> None:
    stamp = np.datetime64("2025-10-01")
    assert stamp not in world()["cpi"].dates
    assert stamp in world()["core_pce"].dates


def test_the_rolling_series_serves_three_years() -> None:
    dates = world()["high_yield_spread"].dates
    assert dates[0] > np.datetime64("2023-06-01")


def test_the_bridge_meets_its_anchors_and_keeps_regressions() -> None:
    rng = np.random.default_rng(5)
    moves, regressor = rng.standard_normal(500), rng.standard_normal(500)
    at, targets = np.array([0, 90, 91, 499]), np.array([0.0, 5.0, -3.0, 2.0])
    added = bridge(moves, at, targets, regressor[None, :])
    path = np.concatenate([[0.0], np.cumsum((moves + added)[1:])])
    np.testing.assert_allclose(path[at], targets, atol=1e-9)
    plain, kept = (np.polyfit(regressor[1:], y[1:], 1)[0] for y in (moves, moves + added))
    assert kept == pytest.approx(plain, abs=1e-12)


def test_what_is_explained_leaves_no_relation() -> None:
    rng = np.random.default_rng(6)
    regressors = rng.standard_normal((3, 200))
    drift = regressors[0] - 2.0 * regressors[2] + 0.1 * rng.standard_normal(200)
    left = drift - explained(drift, regressors)
    np.testing.assert_allclose(np.cov(left, regressors)[0, 1:], 0.0, atol=1e-12)
    assert left.mean() == pytest.approx(drift.mean())


def test_highs_need_a_full_window() -> None:
    rising = np.arange(300.0)
    assert highs(rising).sum() == 300 - 251
    assert not highs(np.ones(300)).any()


def test_trailing_sum_ends_before_the_day() -> None:
    np.testing.assert_allclose(trailing_sum(np.array([1.0, 2.0, 4.0, 8.0]), 2), [0.0, 1.0, 3.0, 6.0])
    np.testing.assert_allclose(trailing_sum(np.array([1.0, 2.0, 4.0, 8.0]), 2, 2), [0.0, 0.0, 1.0, 3.0])
