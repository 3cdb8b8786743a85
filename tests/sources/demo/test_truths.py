"""The demo's shape and its planted truths, each found again by the simplest estimator that can."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.published import fomc
from analytics.sources.demo.prices import highs, trailing_sum
from analytics.sources.demo.simulation import contract_key, world
from analytics.sources.demo.truths import BY_NAME, TRUTHS, size
from tests.sources.demo.simulated import LISTED, SEEDS, close, log_returns, on_sessions


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
    assert all(autocorrelation(np.abs(ordinary), lag) > bound for lag in (1, 5, 10))
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
def test_same_day_correlations_are_near_their_targets(
    a: str, b: str, target: float, near: float, seed: int
) -> None:
    moves = log_returns((a, b), seed)
    assert np.corrcoef(moves[a], moves[b])[0, 1] == pytest.approx(target, abs=near)


def test_every_truth_names_what_exists() -> None:
    assert len(BY_NAME) == len(TRUTHS)
    for truth in TRUTHS:
        assert {catalogue.get(key).stored_as for key in (truth.cause, truth.effect)} <= set(LISTED)
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
    """Hodrick 1B: the next return on the number of the cause's 252-day highs in ``horizon`` sessions."""
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
    days = [
        m.day for m in fomc.meetings() if m.scheduled and dt.date(2010, 3, 1) <= m.day < dt.date(2026, 5, 1)
    ]
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


def net_long(key: str, group: str, seed: int) -> pd.Series:
    """A group's net long as a share of open interest, by report day."""
    track = world(seed)[key]
    share = (track.parts[f"{group}_long"] - track.parts[f"{group}_short"]) / track.values
    return pd.Series(share, index=track.dates.astype("datetime64[s]"))


@pytest.mark.parametrize("seed", SEEDS)
def test_managed_money_follows_silver_within_the_week_and_tells_nothing_of_the_next(seed: int) -> None:
    net = net_long("silver_positions", "managed", seed)
    price = np.log(close("silver", seed)).reindex(net.index, method="ffill")
    moves, share = price.diff().to_numpy(), net.to_numpy()
    beta, error = regress(share[1:], share[:-1], moves[1:])
    assert abs(beta[1] - size("managed money follows silver")) < 3 * error[1]
    assert beta[1] > 5 * error[1]
    beta, error = regress(moves[2:], np.diff(share)[:-1], moves[1:-1])
    assert abs(beta[0] - size("silver does not follow managed money")) < 3 * error[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_in_bitcoin_leveraged_funds_stand_against_asset_managers(seed: int) -> None:
    asset_managers = net_long("bitcoin_positions", "managers", seed)
    leveraged = net_long("bitcoin_positions", "leveraged", seed)
    assert np.corrcoef(asset_managers.diff().dropna(), leveraged.diff().dropna())[0, 1] < -0.9
    assert asset_managers.mean() > 0 > leveraged.mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_hold_no_more_than_there_is(seed: int) -> None:
    for key in (key for key in LISTED if key.endswith("_positions")):
        track = world(seed)[key]
        for side in ("long", "short"):
            held = np.sum([part for name, part in track.parts.items() if name.endswith(side)], axis=0)
            assert (held <= track.values).all()
            assert min(part.min() for part in track.parts.values()) > 0
