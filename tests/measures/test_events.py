from __future__ import annotations

import dataclasses
import datetime as dt
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.claims import thresholds
from analytics.errors import BadChoice, MeasureError, NoOverlap, NotEnoughData, NoVariation, SameSeries
from analytics.measures import naive, nulls
from analytics.measures.event_test import HORIZONS, Design, circular_shift_p, effective_n, exposures, sup_test
from analytics.measures.events import EventStudy, event_study, highs_252, record_highs
from analytics.measures.resampling import generator, packed_signs
from analytics.measures.verdict import Direction, decide, smallest_detectable

MARKET = Path(__file__).resolve().parents[2] / ".." / "shared" / "market" / "yahoo"
NAMES = ("silver", "Bitcoin")
ANY_GAIN = Design(thresholds.get(31).delta or 0.0)
RULED_OUT = Design(thresholds.get(29).delta or 0.0, (20,), 20, "less", thresholds.get(29).null_value)


def simulated(seed: int = 2, n: int = 2_000, kind: nulls.Kind = "N1") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns of lead and follow, and the lead's highs by price day."""
    x, y = (series[0] for series in nulls.simulate(kind, 1, seed, n=n))
    return x, y, highs(x)


def highs(x: np.ndarray) -> np.ndarray:
    return highs_252(nulls.levels(x, x)["lead"]).to_numpy(copy=True)


def study(x: np.ndarray, y: np.ndarray, flags: np.ndarray, design: Design = ANY_GAIN, **options: int) -> EventStudy:
    levels = nulls.levels(x, y)
    return event_study(
        levels, pd.Series(flags, levels.index), design, names=NAMES, **{"draws": 199, "seed": 1, **options}
    )


@pytest.fixture(scope="module")
def unrelated() -> EventStudy:
    return study(*simulated())


closes = st.lists(st.integers(1, 12).map(float), min_size=2, max_size=60)


@settings(deadline=None)
@given(closes, st.integers(1, 59))
def test_records_are_above_every_earlier_close_and_use_nothing_later(prices: list[float], cut: int) -> None:
    series = pd.Series(prices, pd.date_range("2020-01-01", periods=len(prices)))
    flags = record_highs(series)
    expected = [i > 0 and p > max(prices[:i]) for i, p in enumerate(prices)]
    assert flags.tolist() == expected
    assert record_highs(series.iloc[:cut]).tolist() == flags.iloc[:cut].tolist()


@settings(deadline=None)
@given(closes, st.integers(1, 8), st.integers(1, 59))
def test_highs_are_above_each_of_the_closes_before_and_use_nothing_later(
    prices: list[float], days: int, cut: int
) -> None:
    series = pd.Series(prices, pd.date_range("2020-01-01", periods=len(prices)))
    flags = highs_252(series, days)
    expected = [i >= days and p > max(prices[i - days : i]) for i, p in enumerate(prices)]
    assert flags.tolist() == expected
    assert highs_252(series.iloc[:cut], days).tolist() == flags.iloc[:cut].tolist()


def test_a_high_from_before_the_history_must_be_passed_too() -> None:
    series = pd.Series([20.0, 30, 49, 51, 50, 60], pd.date_range("2020-01-01", periods=6))
    assert record_highs(series).tolist() == [False, True, True, True, False, True]
    assert record_highs(series, earlier_high=50.0).tolist() == [False, False, False, True, False, True]
    assert record_highs(series, earlier_high=19.0).iloc[0]


def test_missing_closes_are_no_events_and_hide_none() -> None:
    series = pd.Series([1.0, np.nan, 2, np.nan, 3], pd.date_range("2020-01-01", periods=5))
    assert record_highs(series).tolist() == [False, False, True, False, True]


def test_exposures_count_the_events_of_the_days_before() -> None:
    flags = np.array([True, False, True, False, False, False, True])
    expected = [[1, 1], [0, 1], [1, 2], [0, 1], [0, 1], [0, 0]]
    assert exposures(flags, (1, 3)).tolist() == expected


def test_effect_is_the_mean_excess_return_after_events() -> None:
    x, y, flags = simulated()
    flags[-130:] = False
    found = study(x, y, flags)
    total = np.concatenate([[0.0], np.cumsum(y)])
    for h, effect, usual in zip(HORIZONS, found.test.effect, found.unconditional, strict=True):
        after = np.array([total[i + h] - total[i] for i in np.flatnonzero(flags)])
        assert usual == pytest.approx(100 * h * y.mean())
        assert effect == pytest.approx(100 * after.mean() - usual, abs=1e-9)
        assert found.events[f"h{h}"].mean() == pytest.approx(100 * after.mean(), abs=1e-9)


def test_t_is_white_and_its_error_scales_the_effect(unrelated: EventStudy) -> None:
    _, y, flags = simulated()
    for j, h in enumerate(HORIZONS):
        counts = exposures(flags, (h,))[:, 0]
        terms = (counts - counts.mean()) * (y - y.mean())
        assert unrelated.test.t[j] == pytest.approx(terms.sum() / np.sqrt((terms**2).sum()), abs=1e-9)
    np.testing.assert_allclose(unrelated.test.effect / unrelated.test.standard_error, unrelated.test.t, atol=1e-9)


def test_the_verdict_follows_from_the_family_and_the_stated_horizon(unrelated: EventStudy) -> None:
    found, test = unrelated.inference, unrelated.test
    at = HORIZONS.index(60)
    assert found.statistic == test.t.max()
    assert found.p == test.p.min() == test.p[test.best]
    assert (found.p <= 0.05) == (found.statistic > test.critical)
    assert found.estimate == test.effect[at]
    assert found.mde == pytest.approx(smallest_detectable(test.standard_error[at], test.critical))
    assert found.interval[1] - found.estimate == pytest.approx(test.critical_two_sided * test.standard_error[at])
    assert found.verdict == decide(found.p, found.p_opposite, found.mde, 5.0)
    assert found.unit == thresholds.get(31).unit


def test_unrelated_series_earn_nothing(unrelated: EventStudy) -> None:
    assert unrelated.verdict in ("not supported", "underpowered")
    assert unrelated.sentence.endswith(".")


def test_a_planted_gain_is_found_and_a_planted_loss_contradicts() -> None:
    x, y, flags = simulated(seed=5, n=2_700)
    gain = study(x, nulls.plant_gain(y, flags, 0.5, 60), flags)
    assert gain.verdict == "supported"
    assert "more than usual" in gain.sentence
    loss = study(x, nulls.plant_gain(y, flags, -0.5, 60), flags)
    assert loss.verdict == "contradicted"
    assert "less than usual" in loss.sentence


def test_a_loss_claimed_is_the_mirror_image_of_a_gain() -> None:
    x, y, flags = simulated(seed=6)
    gain = study(x, y, flags, Design(5.0))
    loss = study(x, -y, flags, Design(5.0, direction="less"))
    assert gain.inference.p == loss.inference.p
    assert gain.inference.p_opposite == loss.inference.p_opposite
    assert gain.inference.estimate == pytest.approx(-loss.inference.estimate)


def test_two_sided_has_one_p_and_no_opposite() -> None:
    found = study(*simulated(), Design(5.0, direction="two-sided")).inference
    assert math.isnan(found.p_opposite)
    assert found.p <= 1


def test_claim_29_rules_out_a_gain_only_when_it_is_absent() -> None:
    x, y, flags = simulated(seed=5, n=2_700)
    for planted, verdict in ((-0.2, "supported"), (0.4, "contradicted")):
        found = study(x, nulls.plant_gain(y, flags, planted, 20), flags, RULED_OUT)
        assert found.verdict == verdict
        assert found.inference.null_value == 5.0
        assert found.inference.unit == thresholds.get(29).unit
    assert "larger than 5 pp" in found.sentence


def test_under_the_planted_null_the_statistic_is_centred() -> None:
    """With exactly 5 pp planted, the distance from the null is what sampling alone leaves."""
    x, y, flags = simulated(seed=5, n=2_700)
    flags[-30:] = False
    before = study(x, y, flags, RULED_OUT).inference
    after = study(x, nulls.plant_gain(y, flags, 0.05, 20), flags, RULED_OUT).inference
    assert after.estimate - 5.0 == pytest.approx(before.estimate, abs=1e-9)


def test_effective_n_counts_overlap() -> None:
    assert effective_n(np.array([0, 100, 200, 300]), 20) == 4
    assert effective_n(np.array([0, 1]), 10**9) == pytest.approx(1, abs=1e-6)
    assert effective_n(np.array([0, 10]), 20) == pytest.approx(4 / 3)


def test_150_event_days_are_worth_what_methods_says() -> None:
    """METHODS, section 3: 150 event days of simulated silver are worth 25 / 13 / 9 at 20 / 60 / 120 days."""
    worth = []
    for x in nulls.simulate("N1", 60, 1)[0]:
        at = np.flatnonzero(highs(x))
        if len(at):
            worth.append([len(at), *(effective_n(at, h) for h in (20, 60, 120))])
    assert np.mean(worth, axis=0) == pytest.approx([150, 25, 13, 9], rel=0.15)


def test_circular_shifts_are_every_roll_of_the_events() -> None:
    y, flags = simulated(n=400)[1], np.random.default_rng(7).random(401) < 0.1
    known, excess = flags[:-1].astype(float), y - y.mean()
    wrapped = [np.convolve(np.concatenate([known, known]), np.ones(h))[400:800] for h in (5, 20)]
    shifts = []
    for k in range(400):
        t = []
        for counts in wrapped:
            rolled = np.roll(counts - counts.mean(), k)
            t.append((rolled * excess).sum() / np.sqrt((rolled**2 * excess**2).sum()))
        shifts.append(max(t))
    expected = (1 + sum(t >= shifts[0] for t in shifts[1:])) / 400
    assert circular_shift_p(y, flags, (5, 20)) == pytest.approx(expected, abs=1 / 400)


def test_path_meets_the_test_at_every_horizon_and_starts_from_the_usual(unrelated: EventStudy) -> None:
    path = unrelated.path
    at = np.array(HORIZONS) - 1
    np.testing.assert_allclose((path.mean - path.unconditional)[at], unrelated.test.effect, atol=1e-9)
    np.testing.assert_allclose(path.unconditional[at], unrelated.unconditional, atol=1e-9)
    assert (path.band > 0).all()
    assert len(path.days) == 120


def test_path_of_other_days_is_the_mean_over_days_that_are_no_event(unrelated: EventStudy) -> None:
    _, y, flags = simulated()
    total = np.concatenate([[0.0], np.cumsum(y)])
    quiet = np.flatnonzero(~flags[:-1])
    assert unrelated.path.other[0] == pytest.approx(100 * (total[quiet + 1] - total[quiet]).mean())


def test_band_of_the_path_holds_for_all_days_at_once() -> None:
    """On 60 unrelated pairs the whole path leaves the 95% band about 3 times; 99.9% binomial band."""
    left = 0
    for x, y in zip(*nulls.simulate("N2", 60, 100, n=1_000), strict=True):
        flags = highs(x)
        if flags[:-1].sum() >= 10:
            path = study(x, y, flags, draws=99).path
            left += bool((np.abs(path.mean - path.unconditional) > path.band).any())
    low, high = stats.binom.interval(0.999, 60, 0.05)
    assert low <= left <= high


def test_cycles_add_up_and_few_of_them_prove_little() -> None:
    x, y, flags = simulated(n=2_700)
    found = study(x, y, flags)
    rows = found.cycles.rows
    assert sum(row.events for row in rows) == found.n_events
    assert found.cycles.with_events == sum(row.events > 0 for row in rows)
    assert found.cycles.sign_floor == 0.5**found.cycles.with_events
    assert found.cycles.sign_floor <= found.cycles.sign_p <= 1
    assert all(before.last < after.first for before, after in pairwise(rows))


def test_four_cycles_of_one_sign_reach_the_floor_of_one_sixteenth() -> None:
    x, y, flags = simulated(n=2_700, seed=3)
    cuts = tuple(dt.date(year, 1, 1) for year in (2018, 2020, 2023))
    levels = nulls.levels(x, nulls.plant_gain(y, flags, 2.0, 60))
    found = event_study(levels, pd.Series(flags, levels.index), ANY_GAIN, cuts=cuts, draws=99)
    assert [row.effect > 0 for row in found.cycles.rows] == [True] * 4
    assert found.cycles.sign_p == found.cycles.sign_floor == 0.0625


def test_leaving_a_cycle_out_is_the_test_on_the_other_days() -> None:
    x, y, flags = simulated(n=2_700)
    found = study(x, y, flags)
    row = found.cycles.rows[0]
    days = nulls.levels(x, y).index.to_numpy().astype("datetime64[D]")[1:]
    rest = (days < row.first) | (days > row.last)
    counts = exposures(flags, HORIZONS)
    packed = packed_signs(generator("events", 1), 199, len(y))
    without = sup_test(y[rest], counts[rest], ANY_GAIN, packed)
    assert row.p_without == without.p_best
    assert row.p_opposite_without == without.p_opposite
    assert row.effect_without == pytest.approx(without.effect[HORIZONS.index(60)])


def test_table_leaves_what_is_not_over_empty_and_numbers_spells() -> None:
    x, y, flags = simulated()
    flags[-3] = True
    table = study(x, y, flags).events
    assert table["h5"].isna().iloc[-1]
    assert table["h5"].notna().iloc[0]
    assert table.index.is_monotonic_increasing
    gaps = np.diff(np.flatnonzero(flags[:-1]))
    assert table["spell"].iloc[-1] == 1 + (gaps > 60).sum()


def test_events_move_to_the_next_common_day_and_earlier_ones_are_left_out() -> None:
    x, y, flags = simulated()
    levels = nulls.levels(x, y)
    expected = study(x, y, flags)
    sundays = {date: date - pd.Timedelta(days=1) for date in levels.index[flags] if date.day_of_week == 0}
    moved = pd.Series(flags, levels.index).rename(index=sundays)
    early = pd.Series([True, True], pd.to_datetime(["2001-01-01", "2014-12-31"]))
    found = event_study(levels, pd.concat([early, moved]), ANY_GAIN, names=NAMES, draws=199, seed=1)
    assert len(sundays) > 0
    assert found.inference == expected.inference


def test_the_usual_tests_are_those_of_scipy(unrelated: EventStudy) -> None:
    _, y, flags = simulated()
    after = naive.horizon_returns(y, 60)
    hit = flags[: len(after)]
    zero, welch, newey_west, hansen_hodrick, best = unrelated.naive
    assert zero.p == pytest.approx(stats.ttest_1samp(after[hit], 0).pvalue)
    theirs = stats.ttest_ind(after[hit], after[~hit], equal_var=False)
    assert (welch.statistic, welch.p) == (pytest.approx(theirs.statistic), pytest.approx(theirs.pvalue))
    assert newey_west.effect == pytest.approx(welch.effect) == pytest.approx(hansen_hodrick.effect)
    assert best.p <= welch.p


def test_the_same_input_gives_the_same_bits() -> None:
    first, again = study(*simulated()), study(*simulated())
    assert first.inference == again.inference
    assert (first.path.band == again.path.band).all()
    assert first.cycles == again.cycles


@pytest.mark.parametrize("direction", ["greater", "less"])
@pytest.mark.parametrize("verdict", ["supported", "contradicted", "underpowered", "not supported"])
def test_each_verdict_has_its_sentence(unrelated: EventStudy, verdict: str, direction: Direction) -> None:
    from analytics.measures.events import _sentence

    for null_value in (0.0, 5.0):
        design = Design(5.0, direction=direction, null_value=null_value)
        found = dataclasses.replace(unrelated.inference, verdict=verdict)
        sentence = _sentence(found, design, NAMES, "record highs", 40)
        assert sentence.endswith(".")
        assert "silver" in sentence
        assert "Bitcoin" in sentence


def test_too_few_events_and_bad_pairs_are_refused() -> None:
    x, y, flags = simulated()
    few = np.zeros_like(flags)
    few[[500, 900]] = True
    cases: list[tuple[type[MeasureError], np.ndarray, np.ndarray, np.ndarray]] = [
        (NotEnoughData, x, y, few),
        (NotEnoughData, x[:30], y[:30], flags[:31]),
        (NoVariation, x, 0 * y, flags),
        (SameSeries, x, x, flags),
    ]
    for error, lead, follow, hit in cases:
        with pytest.raises(error, match=r"\.$"):
            study(lead, follow, hit)
    with pytest.raises(NoOverlap):
        event_study(nulls.levels(x, y).iloc[:0], pd.Series(flags, nulls.levels(x, y).index), ANY_GAIN)
    with pytest.raises(BadChoice):
        Design(5.0, (5, 10), 60)


def test_size_over_100_unrelated_pairs_stays_in_its_exact_band() -> None:
    """25 pairs of each null, for both claims and both directions; exact binomial 99.9% band."""
    rejected = []
    for kind in nulls.KINDS:
        for i, (x, y) in enumerate(zip(*nulls.simulate(kind, 25, 1_000), strict=True)):
            flags = highs(x)
            gain = study(x, y, flags, draws=99, seed=i).inference
            planted = study(x, nulls.plant_gain(y, flags, 0.05, 20), flags, RULED_OUT, draws=99, seed=i).inference
            rejected.append([p <= 0.05 for one in (gain, planted) for p in (one.p, one.p_opposite)])
    low, high = stats.binom.interval(0.999, 100, 0.05)
    for count in np.sum(rejected, axis=0):
        assert low <= count <= high


def recorded(symbol: str) -> pd.Series:
    path = MARKET / f"{symbol}.csv"
    if not path.exists():
        pytest.skip("the recorded market data are not beside the checkout")
    return pd.read_csv(path, parse_dates=["date"], index_col="date")["close"].dropna()


@pytest.mark.market
@pytest.mark.parametrize("design", [ANY_GAIN, RULED_OUT])
def test_recorded_silver_and_bitcoin(design: Design) -> None:
    silver, bitcoin = recorded("SI=F"), recorded("BTC-USD")
    levels = pd.concat({"lead": silver, "follow": bitcoin}, axis=1, join="inner")
    flags = highs_252(silver)
    assert flags.loc["2026-01-23"]
    assert record_highs(silver).loc["2026-01-23"]
    found = event_study(levels, flags, design, names=NAMES)
    assert found.n_events == flags.loc[levels.index[0] : levels.index[-2]].reindex(levels.index[:-1]).sum()
    h = design.stated
    logs = np.log(levels["follow"]).diff()
    count = flags.reindex(levels.index).rolling(h, min_periods=1).sum().shift().iloc[1:]
    excess = logs.iloc[1:] - logs.mean()
    assert found.inference.estimate == pytest.approx(100 * h * (count * excess).sum() / count.sum(), abs=1e-9)
    assert found.verdict == decide(found.inference.p, found.inference.p_opposite, found.inference.mde, design.delta)
