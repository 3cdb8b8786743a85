from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.errors import BadChoice, MeasureError, NoOverlap, NotEnoughData, NoVariation, SameSeries
from analytics.published import thresholds
from analytics.stats.event_study.event_test import HORIZONS, Design
from analytics.stats.verdict import VERDICTS, Direction, decide, smallest_detectable
from analytics.topics.lead_lag.measures.event_sentence import sentence
from analytics.topics.lead_lag.measures.events import EventStudy, event_study, highs_252, record_highs
from bench import nulls
from tests.topics.lead_lag.event_samples import ANY_GAIN, NAMES, RULED_OUT, highs, simulated, study

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"
closes = st.lists(st.integers(1, 12).map(float), min_size=2, max_size=60)


@pytest.fixture(scope="module")
def unrelated() -> EventStudy:
    return study(*simulated())


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


def test_the_verdict_follows_from_the_family_and_the_stated_horizon(unrelated: EventStudy) -> None:
    found, test = unrelated.inference, unrelated.test
    at = HORIZONS.index(60)
    assert found.statistic == test.t.max()
    assert found.p == test.p.min() == test.p[test.best]
    assert (found.p <= 0.05) == (found.statistic > test.critical)
    assert found.estimate == test.effect[at]
    assert found.mde == pytest.approx(smallest_detectable(test.standard_error[at], test.critical))
    assert found.interval[1] - found.estimate == pytest.approx(
        test.critical_two_sided * test.standard_error[at]
    )
    assert found.verdict == decide(found.p, found.p_opposite, found.far, 5.0)
    per_day = (test.effect + test.critical_two_sided * test.standard_error) / np.array(HORIZONS)
    assert found.far == pytest.approx(60 * per_day.max())
    assert found.unit == thresholds.get(31).unit
    summary = json.loads(json.dumps(unrelated.summary(), allow_nan=False))
    assert {"statistic", "p", "n", "mde", "verdict", "effective_n"} <= summary.keys()


def test_unrelated_series_earn_nothing(unrelated: EventStudy) -> None:
    assert unrelated.verdict in ("not supported", "undecided")
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


def test_the_same_input_gives_the_same_bits() -> None:
    first, again = study(*simulated()), study(*simulated())
    assert first.inference == again.inference
    assert (first.path.band == again.path.band).all()
    assert first.cycles == again.cycles


@pytest.mark.parametrize("direction", ["greater", "less"])
@pytest.mark.parametrize("verdict", [word for word in VERDICTS if word != "not measurable"])
def test_each_verdict_has_its_sentence(unrelated: EventStudy, verdict: str, direction: Direction) -> None:
    for denies in (False, True):
        design = Design(5.0, direction=direction, null_value=5.0 * denies, denies=denies)
        found = dataclasses.replace(unrelated.inference, verdict=verdict)
        text = sentence(unrelated.test, found, design, NAMES, "record highs", 40)
        assert text.endswith(".")
        assert text.startswith("Bitcoin made")
        assert "of silver" in text


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
            planted = study(
                x, nulls.plant_gain(y, flags, 0.05, 20), flags, RULED_OUT, draws=99, seed=i
            ).inference
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
    assert found.verdict == decide(
        found.inference.p, found.inference.p_opposite, found.inference.far, design.delta
    )
