from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import (
    MeasureError,
    NoOverlap,
    NotEnoughData,
    NotPositive,
    NoVariation,
    SameSeries,
    TooManyGaps,
)
from analytics.published import thresholds
from analytics.stats import naive
from analytics.stats.verdict import VERDICTS, decide
from analytics.topics.lead_lag.measures.lead_lag import LeadLag, lead_lag
from bench import nulls

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"
DELTA = thresholds.get(28).delta or 0.0
NAMES = ("silver", "Bitcoin")


def find(levels: pd.DataFrame, draws: int = 199, seed: int = 1) -> LeadLag:
    return lead_lag(levels, delta=DELTA, names=NAMES, draws=draws, seed=seed)


def simulated(kind: nulls.Kind = "N1", seed: int = 3, n: int = 1_500) -> tuple[np.ndarray, np.ndarray]:
    x, y = nulls.simulate(kind, 1, seed, n=n)
    return x[0], y[0]


@pytest.fixture(scope="module")
def unrelated() -> LeadLag:
    return find(nulls.levels(*simulated()))


def test_single_lags_are_their_definition(unrelated: LeadLag) -> None:
    x, y = (series - series.mean() for series in simulated())
    chart = unrelated.correlogram
    assert list(chart.lags[[0, -1]]) == [-120, 120]
    for lag in (-120, -7, 0, 1, 55, 120):
        before, after = (x[: len(x) - lag], y[lag:]) if lag >= 0 else (x[-lag:], y[: len(y) + lag])
        t = (before * after).sum() / np.sqrt((before**2 * after**2).sum())
        correlation = (before * after).sum() / np.sqrt((before**2).sum() * (after**2).sum())
        assert chart.t[120 + lag] == pytest.approx(t, abs=1e-9)
        assert chart.correlation[120 + lag] == pytest.approx(correlation, abs=1e-11)


@pytest.mark.parametrize(("length", "gap"), [(1, 3), (5, 3), (20, 41), (60, 61), (1, 120)])
def test_windows_are_their_definition(unrelated: LeadLag, length: int, gap: int) -> None:
    x, y = (pd.Series(series - series.mean()) for series in simulated())
    window = x.rolling(length, min_periods=1).sum().shift(gap).iloc[gap:]
    after = y.iloc[gap:]
    t = (window * after).sum() / np.sqrt((window**2 * after**2).sum())
    row, column = unrelated.windows.reach.lengths.index(length), gap - 3
    assert unrelated.windows.t[row, column] == pytest.approx(t, abs=1e-9)
    correlation = (window * after).sum() / np.sqrt((window**2).sum() * (after**2).sum())
    assert unrelated.windows.correlation[row, column] == pytest.approx(correlation, abs=1e-11)


def test_the_family_holds_every_window_up_to_120_days_and_no_other(unrelated: LeadLag) -> None:
    inside = ~np.isnan(unrelated.windows.t)
    for row, length in enumerate(unrelated.windows.reach.lengths):
        assert list(unrelated.windows.gaps[inside[row]]) == list(range(3, 120 - length + 2))
    assert unrelated.windows.members == 578
    assert (np.isnan(unrelated.windows.p) == ~inside).all()


def test_statistic_p_and_estimate_are_those_of_the_best_window(unrelated: LeadLag) -> None:
    windows, found = unrelated.windows, unrelated.inference
    row, column = windows.reach.lengths.index(windows.length), windows.gap - 3
    assert found.statistic == windows.t[row, column] == np.nanmax(windows.t)
    assert found.p == windows.p[row, column] == np.nanmin(windows.p)
    assert found.estimate == windows.correlation[row, column]
    assert found.interval[0] < found.estimate < found.interval[1]
    assert found.estimate / windows.standard_error == pytest.approx(found.statistic)
    assert (found.p <= 0.05) == (found.statistic > windows.critical)
    assert found.verdict == decide(found.p, found.p_opposite, found.far, DELTA)
    assert found.far >= found.interval[1]
    assert 0 < found.effective_n <= found.n == 1_500


def test_unrelated_series_are_not_supported_and_the_usual_chart_is_alarmed(unrelated: LeadLag) -> None:
    assert unrelated.verdict in ("not supported", "undecided")
    assert unrelated.correlogram.naive_false_alarms > 0.95
    chart = unrelated.correlogram
    at = int(np.argmax(np.abs(chart.correlation)))
    assert chart.naive_best_lag == chart.lags[at]
    assert chart.naive_band == pytest.approx(stats.norm.ppf(0.975) / np.sqrt(1_500))
    assert chart.unrelated_t[0] < chart.unrelated_t[1]


@pytest.mark.parametrize("lag", [4, 30, 90])
def test_a_planted_lag_is_found_where_it_was_planted(lag: int) -> None:
    x, y = simulated(seed=8, n=2_700)
    found = find(nulls.levels(x, nulls.plant_lag(x, y, lag, 0.15)))
    assert found.verdict == "supported"
    assert found.correlogram.best_lag == lag
    assert found.correlogram.best_p <= 0.05
    assert (found.windows.length, found.windows.gap) == (1, lag)
    assert found.placebo.p_best > 0.05
    assert found.sentence.startswith("Bitcoin follows silver")


def test_a_planted_slow_effect_is_found_by_windows_and_not_by_single_lags() -> None:
    x, y = simulated(seed=12, n=2_700)
    found = find(nulls.levels(x, nulls.plant_window(x, y, 20, 60, 0.1)))
    assert found.verdict == "supported"
    assert found.windows.length >= 20
    assert found.windows.gap <= 60
    assert found.weekly.p_best <= 0.05
    assert found.correlogram.best_p > 0.05


def test_a_planted_reversal_is_contradicted() -> None:
    x, y = simulated(seed=8, n=2_700)
    found = find(nulls.levels(x, nulls.plant_lag(x, y, 30, -0.15)))
    assert found.verdict == "contradicted"
    assert "against" in found.sentence


def test_time_reversed_the_placebo_becomes_the_test() -> None:
    x, y = simulated(seed=5)
    found, mirrored = find(nulls.levels(x, y)), find(nulls.levels(x[::-1], y[::-1]))
    np.testing.assert_allclose(found.correlogram.t, mirrored.correlogram.t[::-1], atol=1e-9)
    np.testing.assert_allclose(found.placebo.t, mirrored.windows.t, atol=1e-9)
    assert found.correlogram.placebo_lag == -mirrored.correlogram.best_lag


def test_units_and_drift_change_nothing() -> None:
    x, y = simulated(seed=6)
    found = find(nulls.levels(x, y))
    same = find(nulls.levels(x + 0.01, 3 * y - 0.02) * 7)
    np.testing.assert_allclose(found.windows.t, same.windows.t, atol=1e-8)
    assert found.inference.p == same.inference.p


def test_the_same_input_gives_the_same_bits_and_another_seed_other_draws() -> None:
    levels = nulls.levels(*simulated(seed=7))
    first, again, other = find(levels), find(levels.copy()), find(levels, seed=2)
    assert first.summary() == again.summary()
    assert (first.correlogram.band == again.correlogram.band).all()
    assert (first.correlogram.band != other.correlogram.band).any()
    threaded = lead_lag(levels, delta=DELTA, names=NAMES, draws=199, seed=1, workers=2)
    assert threaded.summary() == first.summary()


def test_the_summary_is_plain_json_with_the_promised_keys(unrelated: LeadLag) -> None:
    summary = json.loads(json.dumps(unrelated.summary(), allow_nan=False))
    assert {"best_lag", "statistic", "p", "n", "mde", "naive_best_lag", "verdict"} <= summary.keys()
    assert summary["verdict"] == unrelated.verdict


@pytest.mark.parametrize("verdict", [word for word in VERDICTS if word != "not measurable"])
def test_each_verdict_has_its_sentence(unrelated: LeadLag, verdict: str) -> None:
    from analytics.topics.lead_lag.measures.lead_lag import _sentence

    found = dataclasses.replace(unrelated.inference, verdict=verdict)
    sentence = _sentence(unrelated.windows, found, NAMES)
    assert sentence.endswith(".")
    assert "nan" not in sentence
    assert "silver" in sentence
    assert "Bitcoin" in sentence


def _bad(change: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    return change(nulls.levels(*simulated(n=800)))


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (NoOverlap, lambda levels: levels.assign(lead=np.nan)),
        (NoOverlap, lambda levels: levels.iloc[:0]),
        (NotEnoughData, lambda levels: levels.iloc[:30]),
        (NoVariation, lambda levels: levels.assign(follow=5.0)),
        (
            NoVariation,
            lambda levels: levels.assign(lead=levels["lead"].where(np.arange(801) % 4 == 0).ffill()),
        ),
        (SameSeries, lambda levels: levels.assign(follow=3 * levels["lead"])),
        (NotPositive, lambda levels: levels.assign(lead=levels["lead"] - 100)),
        (NotPositive, lambda levels: levels.assign(lead=levels["lead"].replace(100.0, np.inf))),
        (TooManyGaps, lambda levels: levels.iloc[::2]),
        (TooManyGaps, lambda levels: levels.drop(levels.index[300:500])),
    ],
)
def test_bad_input_is_a_sentence_and_never_a_number(
    error: type[MeasureError], change: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    with pytest.raises(error) as refused:
        find(_bad(change))
    assert str(refused.value).endswith(".")


def test_small_gaps_are_bridged_and_told() -> None:
    found = find(_bad(lambda levels: levels.drop(levels.index[100:112])))
    assert found.windows.n == 788
    assert found.longest_step == 19


def test_forty_years_are_no_trouble() -> None:
    found = find(nulls.levels(*simulated(n=10_080)), draws=99)
    assert found.inference.n == 10_080
    assert np.isfinite(found.inference.mde)


def test_size_over_100_unrelated_pairs_stays_in_its_exact_band() -> None:
    """25 pairs of each null; rejections at 5% must lie within the binomial 99.9% band. The long run is `make
    honesty`."""
    rejected = []
    for kind in nulls.KINDS:
        x, y = nulls.simulate(kind, 25, 77)
        found = [find(nulls.levels(x[i], y[i]), draws=99, seed=1_000 + i) for i in range(25)]
        rejected += [(one.inference.p <= 0.05, one.inference.p_opposite <= 0.05) for one in found]
    low, high = stats.binom.interval(0.999, 100, 0.05)
    for count in np.sum(rejected, axis=0):
        assert low <= count <= high


def test_bonferroni_and_alone_resampling_leave_out_the_days_that_closing_times_spoil() -> None:
    correlation = np.zeros(241)
    correlation[118:123] = 0.9
    assert not naive.bonferroni_alarm(correlation, 1_000)
    correlation[123] = 0.2
    assert naive.bonferroni_alarm(correlation, 1_000)
    x, y = simulated(n=400)
    assert naive.stationary_p(x - x.mean(), y - y.mean(), 120, 1.0, 99, np.random.default_rng(0)) > 0.01
    moved = np.roll(x, 40) - x.mean()
    assert naive.stationary_p(x - x.mean(), moved, 120, 1.0, 99, np.random.default_rng(0)) == 0.01


def recorded(symbol: str) -> pd.Series:
    path = MARKET / f"{symbol}.csv"
    if not path.exists():
        pytest.skip("the recorded market data are not beside the checkout")
    return pd.read_csv(path, parse_dates=["date"], index_col="date")["close"].dropna()


@pytest.mark.market
@pytest.mark.parametrize("symbol", ["SI=F", "GC=F"])
def test_recorded_metals_against_bitcoin(symbol: str) -> None:
    both = pd.concat({"lead": recorded(symbol), "follow": recorded("BTC-USD")}, axis=1, join="inner")
    found = lead_lag(both, delta=DELTA, names=NAMES)
    assert str(found.last) == "2026-06-05"
    assert found.inference.n == len(both) - 1 > 2_900
    logs = np.log(both).diff().dropna()
    logs -= logs.mean()
    window = logs["lead"].rolling(found.windows.length, min_periods=1).sum().shift(found.windows.gap)
    product = (window * logs["follow"]).dropna()
    assert found.inference.statistic == pytest.approx(product.sum() / np.sqrt((product**2).sum()), abs=1e-8)
    assert found.verdict == decide(found.inference.p, found.inference.p_opposite, found.inference.far, DELTA)
