"""The demo world: the same every time, shaped like markets, on real calendars, and with its planted truths in it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import calendars, catalogue
from analytics.catalogue import TYPED, Series
from analytics.errors import UnknownSymbol
from analytics.providers import COLUMNS, demo, demo_policy
from analytics.providers.demo import DEMO_FIRST_DAY, DEMO_LAST_DAY, LAST_INSTANT, SEED, Demo
from analytics.providers.demo_calendar import calendar
from analytics.providers.demo_noise import bridge
from analytics.providers.demo_prices import highs, trailing_sum
from analytics.providers.demo_truths import BY_NAME, TRUTHS, size
from analytics.providers.demo_world import UNBROKEN, Track, contract_key, world
from analytics.providers.door import Held, admit
from analytics.published import fomc

RECORDED = Path(__file__).resolve().parents[2] / ".." / "shared" / "market" / "fred"
SEEDS = (SEED, 7, 2024)
LISTED = tuple(catalogue.load())
CONTRACTS = tuple(key for key in world() if key not in catalogue.load())
SESSIONS = calendar().sessions


# ------------------------------------------------------------------------------------------------- small estimators


@cache
def close(key: str, seed: int = SEED) -> pd.Series:
    """One series on its own dates, the newest value of each."""
    track = world(seed)[key]
    found = pd.Series(track.values, index=pd.DatetimeIndex(track.dates.astype("datetime64[s]")))
    return found[~found.index.duplicated(keep="last")]


def on_sessions(keys: tuple[str, ...], seed: int) -> pd.DataFrame:
    """Levels on the US trading days that all have: common days first, differences after."""
    table = pd.concat({key: close(key, seed) for key in keys}, axis=1, join="inner")
    return table[table.index.isin(SESSIONS.astype("datetime64[s]"))]


def log_returns(keys: tuple[str, ...], seed: int) -> pd.DataFrame:
    return np.log(on_sessions(keys, seed)).diff().dropna()


def regress(y: np.ndarray, *columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ordinary least squares with a constant: coefficients of ``columns`` and their White standard errors."""
    x = np.column_stack([np.ones(len(y)), *columns])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    meat = x * (y - x @ beta)[:, None]
    error = np.sqrt(np.diag(inverse @ (meat.T @ meat) @ inverse))
    return beta[1:], error[1:]


def unit_root_t(residual: np.ndarray) -> tuple[float, float]:
    """Coefficient on the level and its t in a regression of the change on the level, no constant, no lags."""
    before, change = residual[:-1], np.diff(residual)
    slope = before @ change / (before @ before)
    error = np.sqrt(((change - slope * before) ** 2).mean() / (before @ before))
    return slope, slope / error


def engle_granger(cause: str, effect: str, seed: int) -> tuple[float, float, float]:
    """Slope of the levels' regression, AR(1) coefficient less 1 of its residual, and that one's t."""
    logs = np.log(on_sessions((cause, effect), seed))
    y, x = logs[effect].to_numpy(), logs[cause].to_numpy()
    slope = np.cov(x, y)[0, 1] / x.var(ddof=1)
    residual = y - slope * x
    return slope, *unit_root_t(residual - residual.mean())


def excess_kurtosis(values: np.ndarray) -> float:
    centred = values - values.mean()
    return float((centred**4).mean() / centred.var() ** 2 - 3.0)


def autocorrelation(values: np.ndarray, lag: int) -> float:
    centred = values - values.mean()
    return float(centred[lag:] @ centred[:-lag] / (centred @ centred))


# ---------------------------------------------------------------------------------------------- one seed, one world


def digest(tracks: dict[str, Track]) -> str:
    found = hashlib.sha256()
    for key, track in tracks.items():
        found.update(key.encode())
        for column in (track.dates, track.values, track.known_at, track.volume):
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


# ------------------------------------------------------------------------------------------------------- the seam


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


@pytest.mark.parametrize("key", [*LISTED, *CONTRACTS[::40]])
def test_the_door_turns_nothing_away(key: str) -> None:
    answer = Demo()(catalogue.get(key), None)
    begun = dataclasses.replace(answer, series=dataclasses.replace(answer.series, begins=None))
    refused = admit(begun, Held.nothing(), LAST_INSTANT).refused
    future = [odd for odd in refused if odd.period is not None and odd.period > DEMO_LAST_DAY]
    assert list(refused) == (future if key == "fed_dots_median" else [])  # the dots are stamped with years to come


# -------------------------------------------------------------------------------------------- calendars and ranges


@pytest.mark.filterwarnings("ignore:Series.values returning:DeprecationWarning")  # inside exchange_calendars
def test_the_sessions_are_the_exchanges() -> None:
    known = calendars.us_sessions()
    within = (known >= np.datetime64(DEMO_FIRST_DAY)) & (known <= np.datetime64(DEMO_LAST_DAY))
    np.testing.assert_array_equal(SESSIONS, known[within])


@pytest.mark.parametrize("key", [key for key, row in catalogue.load().items() if row.final and not row.every_day])
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
    assert sum(len(world()[key].dates) < len(SESSIONS) for key in ("silver", "gold", "copper", "vix", "nasdaq")) >= 3


@pytest.mark.parametrize("holiday", ["2015-07-03", "2019-10-14", "2022-11-11", "2024-01-15"])
def test_treasury_yields_rest_on_bond_holidays(holiday: str) -> None:
    for key in ("treasury_10y", "real_yield_10y", "breakeven_10y", "dollar_broad"):
        assert np.datetime64(holiday) not in world()[key].dates


@pytest.mark.parametrize(
    ("key", "weekday"), [("financial_conditions", 4), ("fed_assets", 2), ("treasury_account", 2), ("m2_weekly", 0)]
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


# ------------------------------------------------------------------------------------------------- identities, Fed


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
    table = pd.concat([close("federal_debt"), close("gdp"), close("debt_to_gdp")], axis=1, join="inner").iloc[:-1]
    ratio = 100.0 * table.iloc[:, 0] / 1000.0 / table.iloc[:, 1]
    np.testing.assert_allclose(ratio, table.iloc[:, 2], rtol=1e-5)
    months = close("federal_balance_monthly")["2022-10":"2023-09"].sum() / 1000.0
    assert 100.0 * months / close("gdp")["2023"].mean() == pytest.approx(close("deficit_to_gdp")["2023"].iloc[0], rel=1e-5)


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


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded market data are not beside this checkout")
def test_the_range_follows_the_record() -> None:
    recorded = pd.read_csv(RECORDED / "DFEDTARL.csv", index_col=0, parse_dates=True).iloc[:, 0]
    both = pd.concat([close("target_lower"), recorded], axis=1, join="inner").to_numpy()
    assert len(both) > 5900
    assert (both[:, 0] != both[:, 1]).sum() <= 2  # FRED moved twice on the day of the announcement itself


@pytest.mark.parametrize("key", [key for key in CONTRACTS if "zq_2010_06" <= key <= "zq_2026_05"][::7])
def test_contracts_settle_at_the_months_mean_effective_rate(key: str) -> None:
    month = pd.Timestamp(catalogue.contract_month(key))
    rate = close("fed_funds_rate")[month : month + pd.offsets.MonthEnd(0)]
    last = close(key).iloc[-3:]
    near = np.abs(100.0 - rate.mean() - last)
    assert near.iloc[-1] <= 0.0026 if last.index[-1] in _month_ends() else near.iloc[-1] <= 0.02
    assert last.index[-1] <= month + pd.offsets.MonthEnd(0)


def _month_ends() -> pd.DatetimeIndex:
    months = SESSIONS.astype("datetime64[M]")
    return pd.DatetimeIndex(SESSIONS[np.append(months[1:] != months[:-1], True)].astype("datetime64[s]"))


def test_volume_thins_out_and_is_sometimes_unknown() -> None:
    track = world()["zq_2024_12"]
    ahead = (np.datetime64("2024-12") - track.dates.astype("datetime64[M]")).astype(int)
    near, far = track.volume[ahead <= 2], track.volume[ahead > demo_policy.ILLIQUID_PAST]
    assert np.median(near) > 20 * np.nanmedian(far)
    assert (far == 0).any()
    assert np.isnan(track.volume[ahead > demo_policy.UNPRICED_PAST]).any()
    rows = Demo()(catalogue.get("zq_2024_12"), None).rows
    assert (rows["field"] == "volume").sum() == (~np.isnan(track.volume)).sum()


def test_the_dots_come_with_their_meeting() -> None:
    rows = Demo()(catalogue.get("fed_dots_median"), None).rows
    made = set(rows["known_at"].dt.tz_convert("America/New_York").dt.date)
    assert made <= set(fomc.decision_days())
    known = rows[rows["known_at"] <= pd.Timestamp("2026-01-23", tz="UTC")]
    assert {stamp.year for stamp in known["period"]} >= {2026, 2027, 2028}


# ------------------------------------------------------------------------------------------------- stylised facts


def test_the_shape_of_the_record() -> None:
    silver, bitcoin = close("silver"), close("bitcoin")
    assert silver.index[silver >= 100.0][0] == pd.Timestamp("2026-01-23")
    assert silver["2011-04-29"] == pytest.approx(48.0)
    assert silver["2026-01-30"] / silver["2026-01-29"] == pytest.approx(0.70, abs=0.02)
    assert silver[:"2025-09"].max() < 53.0
    assert bitcoin.idxmax().year == 2025
    assert bitcoin["2026-02-05"] < 0.75 * bitcoin["2026-01-23"]
    assert close("vix").idxmax().strftime("%Y-%m") == "2020-03"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", ["silver", "bitcoin"])
def test_tails_are_fat_and_volatility_clusters(key: str, seed: int) -> None:
    returns = log_returns((key,), seed)[key].to_numpy()
    ordinary = returns[np.abs(returns) < 0.30]  # without the planted crash of 30 January 2026
    assert excess_kurtosis(ordinary) > 2.0
    bound = 3.0 / np.sqrt(len(ordinary))
    assert all(autocorrelation(np.abs(ordinary), lag) > bound for lag in (1, 5, 20))
    assert abs(autocorrelation(ordinary, 1)) < 3.0 * bound


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("a", "b", "target", "near"),
    [
        ("silver", "gold", 0.75, 0.08),
        ("silver", "copper", 0.38, 0.12),
        ("sp500", "nasdaq", 0.92, 0.05),
        ("silver", "dollar_index", -0.45, 0.12),
        ("gold", "dollar_index", -0.42, 0.12),
        ("silver", "bitcoin", 0.12, 0.10),
        ("sp500", "bitcoin", 0.30, 0.12),
        ("bitcoin", "ether", 0.70, 0.12),
        ("sp500", "vix", -0.75, 0.15),
    ],
)
def test_same_day_correlations_are_near_their_targets(a: str, b: str, target: float, near: float, seed: int) -> None:
    moves = log_returns((a, b), seed)
    assert np.corrcoef(moves[a], moves[b])[0, 1] == pytest.approx(target, abs=near)


# ------------------------------------------------------------------------------------------------- planted truths


def test_every_truth_names_what_exists() -> None:
    assert len(BY_NAME) == len(TRUTHS)
    for truth in TRUTHS:
        assert truth.cause in LISTED
        assert truth.effect in LISTED
        assert truth.where


@pytest.mark.parametrize("seed", SEEDS)
def test_gold_leads_ether_by_the_planted_lags(seed: int) -> None:
    truth = BY_NAME["gold leads ether"]
    moves = log_returns(("gold", "ether"), seed)
    window = trailing_sum(moves["gold"].to_numpy(), truth.last - truth.first + 1, truth.first)
    beta, error = regress(moves["ether"].to_numpy()[truth.last :], window[truth.last :])
    assert abs(beta[0] - truth.size) < 3 * error[0]
    assert beta[0] > 3 * error[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_silver_does_not_lead_bitcoin(seed: int) -> None:
    truth = BY_NAME["silver does not lead bitcoin"]
    moves = log_returns(("silver", "bitcoin"), seed)
    x, y = moves["silver"].to_numpy(), moves["bitcoin"].to_numpy()
    for window, delay in ((1, 3), (5, 3), (10, 5), (20, 3), (40, 10), (60, 3), (60, 61)):
        beta, error = regress(y[truth.last :], trailing_sum(x, window, delay)[truth.last :])
        assert abs(beta[0]) < 3 * error[0], (window, delay)


@pytest.mark.parametrize("seed", SEEDS)
def test_nasdaq_rises_after_golds_highs(seed: int) -> None:
    truth = BY_NAME["nasdaq rises after gold's highs"]
    beta, error = _after_highs(truth.cause, truth.effect, truth.last, seed)
    assert abs(100 * beta - truth.size) < 3 * 100 * error
    assert beta > 3 * error


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("horizon", [5, 20, 60, 120])
def test_nothing_follows_silvers_highs_in_bitcoin(horizon: int, seed: int) -> None:
    beta, error = _after_highs("silver", "bitcoin", horizon, seed)
    assert abs(beta) < 3 * error


def _after_highs(cause: str, effect: str, horizon: int, seed: int) -> tuple[float, float]:
    """Hodrick 1B: the next return on the number of the cause's 252-day highs in the last ``horizon`` sessions."""
    found = close(cause, seed)
    events = pd.Series(highs(found.to_numpy()).astype(float), index=found.index)
    moves = log_returns((cause, effect), seed)
    count = trailing_sum(events[moves.index].to_numpy(), horizon)
    beta, error = regress(moves[effect].to_numpy()[horizon:], count[horizon:])
    return beta[0], error[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_bitcoins_beta_rises_in_stress(seed: int) -> None:
    calm, extra = BY_NAME["bitcoin's calm beta"], BY_NAME["bitcoin's extra beta in stress"]
    levels = on_sessions(("sp500", "bitcoin", "vix"), seed)
    moves = np.log(levels).diff()
    stress = (levels["vix"].shift() >= calm.first).to_numpy()[1:].astype(float)
    market, coin = moves["sp500"].to_numpy()[1:], moves["bitcoin"].to_numpy()[1:]
    beta, error = regress(coin, market, stress * market, stress)
    assert abs(beta[0] - calm.size) < 3 * error[0]
    assert abs(beta[1] - extra.size) < 3 * error[1]
    assert beta[1] > 2 * error[1]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("metal", ["gold", "silver"])
def test_real_yields_and_the_dollar_drive_the_metals(metal: str, seed: int) -> None:
    levels = on_sessions((metal, "real_yield_10y", "dollar_index", "breakeven_10y", "sp500"), seed)
    logs, moves = np.log(levels[[metal, "dollar_index", "sp500"]]).diff().iloc[1:], levels.diff().iloc[1:]
    drivers = (moves["real_yield_10y"], logs["dollar_index"], moves["breakeven_10y"], logs["sp500"])
    beta, error = regress(logs[metal].to_numpy(), *(column.to_numpy() for column in drivers))
    per_ten, error_per_ten = 100 * 0.10 * beta[0], 100 * 0.10 * error[0]
    assert abs(per_ten - size(f"{metal} on the real yield")) < 3 * error_per_ten
    assert per_ten < -3 * error_per_ten
    assert abs(beta[1] - size(f"{metal} on the dollar")) < 3 * error[1]
    assert beta[1] < -3 * error[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_solar_and_clean_energy_are_cointegrated(seed: int) -> None:
    truth = BY_NAME["solar and clean energy are cointegrated"]
    slope, reversion, t = engle_granger(truth.cause, truth.effect, seed)
    assert slope == pytest.approx(truth.size, abs=0.05)
    assert t < -5.0
    assert np.log(0.5) / np.log1p(reversion) == pytest.approx(truth.last, rel=0.35)


def test_silver_and_bitcoin_are_not_cointegrated() -> None:
    for seed in SEEDS:
        assert engle_granger("silver", "bitcoin", seed)[2] > -3.34  # MacKinnon, two variables, constant, 5%


@pytest.mark.parametrize("seed", SEEDS)
def test_the_market_prices_scheduled_decisions_by_the_close_before(seed: int) -> None:
    """Months after a meeting that hold none themselves tell the rate after it."""
    priced, decided = _priced_and_decided(seed)
    beta, error = regress(priced, decided)
    assert len(priced) > 50
    assert abs(beta[0] - BY_NAME["the market comes to know the Fed"].size) < 3 * error[0]


def _priced_and_decided(seed: int) -> tuple[np.ndarray, np.ndarray]:
    lower, rate = close("target_lower", seed), close("fed_funds_rate", seed)
    days = [m.day for m in fomc.meetings() if m.scheduled and dt.date(2010, 3, 1) <= m.day < dt.date(2026, 5, 1)]
    held = {(day.year, day.month) for day in fomc.decision_days()}
    priced, decided = [], []
    for day in days:
        month = (pd.Timestamp(day) + pd.offsets.MonthBegin(1)).date()
        before = pd.Timestamp(day) - pd.offsets.BDay(1)
        quotes = close(contract_key(month), seed)
        if (month.year, month.month) not in held and before in quotes.index:
            priced.append(100.0 - quotes[before] - rate[before])
            decided.append(lower[pd.Timestamp(day) + pd.Timedelta(days=1)] - lower[before])
    return np.array(priced), np.array(decided)


# --------------------------------------------------------------------------------------------------- the machinery


def test_the_bridge_meets_its_anchors_and_keeps_regressions() -> None:
    rng = np.random.default_rng(5)
    moves, regressor = rng.standard_normal(500), rng.standard_normal(500)
    at, targets = np.array([0, 90, 91, 499]), np.array([0.0, 5.0, -3.0, 2.0])
    added = bridge(moves, at, targets, regressor[None, :])
    path = np.concatenate([[0.0], np.cumsum((moves + added)[1:])])
    np.testing.assert_allclose(path[at], targets, atol=1e-9)
    plain, kept = (regress(y[1:], regressor[1:])[0][0] for y in (moves, moves + added))
    assert kept == pytest.approx(plain, abs=1e-12)


def test_highs_need_a_full_window() -> None:
    rising = np.arange(300.0)
    assert highs(rising).sum() == 300 - 251
    assert not highs(np.ones(300)).any()


def test_trailing_sum_ends_before_the_day() -> None:
    np.testing.assert_allclose(trailing_sum(np.array([1.0, 2.0, 4.0, 8.0]), 2), [0.0, 1.0, 3.0, 6.0])
    np.testing.assert_allclose(trailing_sum(np.array([1.0, 2.0, 4.0, 8.0]), 2, 2), [0.0, 0.0, 1.0, 3.0])
