from __future__ import annotations

import dataclasses
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.topics.pair.measures.acceleration import FEWEST_WEEKS, acceleration, draw_null
from bench.nulls import levels, simulate

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"


def daily(seed=1, days=1_300, explode=0.0, last=130):
    """A Gaussian walk of daily closes; its last days grow by ``explode`` a day of their distance from where they began."""
    rng = np.random.default_rng(seed)
    returns = rng.normal(0.0003, 0.012, days)
    ahead = 0.15
    for day in range(max(days - last, 0), days):
        returns[day] += explode * ahead
        ahead += returns[day]
    return pd.Series(20 * np.exp(np.cumsum(returns)), index=pd.bdate_range("2019-01-07", periods=days))


def ask(closes, **options):
    return acceleration(closes, closes.index[-1].date(), **{"draws": 199, "name": "Silver", **options})


def test_a_planted_acceleration_is_found_and_a_walk_is_none():
    found = ask(daily(explode=0.02))
    assert found.verdict == "supported"
    assert found.inference.p == pytest.approx(1 / 200)
    assert found.inference.statistic > found.critical
    # 2% of the distance a day compound to 10.5% a week.
    assert found.inference.estimate == pytest.approx(0.105, abs=0.03)
    assert found.window_last == found.last
    assert "Silver fed on its own rise over the" in found.sentence
    assert ask(daily()).verdict != "supported"


def test_only_the_tested_weeks_may_answer():
    closes = daily(explode=0.02)
    quiet = 20 * np.exp(np.random.default_rng(3).normal(0, 0.012, 250).cumsum())  # back where it began
    after = pd.bdate_range(closes.index[-1] + pd.Timedelta(days=1), periods=250)
    both = pd.concat([closes, pd.Series(quiet, index=after)])
    assert ask(both).verdict == "supported"
    late = ask(both, tested_from=after[-20].date())
    assert late.verdict != "supported"
    assert late.window_last >= late.tested_from >= after[-20].date()


def test_the_critical_value_is_taken_over_the_tested_weeks_only():
    closes = daily()
    few, all_weeks = ask(closes, tested_from=closes.index[-10].date()), ask(closes)
    assert few.critical < all_weeks.critical
    assert few.inference.statistic <= all_weeks.inference.statistic


def test_the_draws_keep_drift_and_the_size_of_every_week():
    y = np.log(daily().iloc[::5].to_numpy())
    assert draw_null(y, 30, 30, 50, seed=4) == pytest.approx(
        draw_null(100 + 3 * y, 30, 30, 50, seed=4), rel=1e-6
    )


def test_unit_and_later_days_do_not_matter():
    closes = daily(days=1_400)
    end = closes.index[1_000].date()
    found = acceleration(closes, end, draws=99)
    cut = acceleration(7.5 * closes.loc[: pd.Timestamp(end)], end, draws=99)
    assert cut.inference.statistic == pytest.approx(found.inference.statistic, rel=1e-6)
    assert cut.inference.p == found.inference.p


def test_the_same_question_has_the_same_answer_to_the_last_bit():
    first, second = ask(daily()), ask(daily())
    assert dataclasses.asdict(first.inference) == dataclasses.asdict(second.inference)
    assert ask(daily(), seed=5).critical != first.critical


def test_a_week_that_is_not_over_is_left_out():
    closes = daily(days=1_000)
    wednesday = closes.loc[: pd.Timestamp("2022-06-01")]
    assert ask(wednesday, draws=19).last == dt.date(2022, 5, 27)
    assert ask(closes.loc[: pd.Timestamp("2022-06-03")], draws=19).last == dt.date(2022, 6, 3)


def test_the_last_weeks_of_a_long_history():
    closes = daily(days=1_300)
    assert ask(closes, weeks=150, draws=19).inference.n == 150
    assert ask(closes, weeks=150, draws=19).last == ask(closes, draws=19).last


def test_the_numbers_of_the_inference_belong_together():
    found = ask(daily(explode=0.02))
    numbers = found.inference
    assert all(math.isnan(end) for end in numbers.interval)  # the largest of many t has none
    error = numbers.estimate / numbers.statistic
    assert numbers.mde == pytest.approx((found.critical + 0.8416) * error, rel=1e-4)
    assert found.doubling_weeks == pytest.approx(math.log(2) / math.log1p(numbers.estimate))
    assert numbers.effective_n == found.window_weeks <= numbers.n


def test_bad_input():
    with pytest.raises(NotEnoughData, match=f"needs {FEWEST_WEEKS}"):
        ask(daily(days=30))
    with pytest.raises(NotEnoughData):
        acceleration(daily(), dt.date(2001, 1, 1))
    with pytest.raises(NoVariation):
        ask(pd.Series(20.0, index=pd.bdate_range("2019-01-07", periods=900)))
    stopped = daily()
    stopped.iloc[500:900] = stopped.iloc[500]
    with pytest.raises(NoVariation):
        ask(stopped)
    negative = daily()
    negative.iloc[3] = -37.63
    with pytest.raises(NotPositive):
        ask(negative)
    with pytest.raises(NotEnoughData, match="2030-01-01"):
        ask(daily(), tested_from=dt.date(2030, 1, 1))


def test_forty_years_of_weeks():
    found = ask(daily(days=10_400), draws=9)
    assert found.inference.n == 2_080


def test_few_false_alarms():
    """100 unrelated histories of three years under common volatility: within the exact 99.9% band of a 5% test."""
    alarms = 0
    for i, (x, y) in enumerate(zip(*simulate("N2", 100, 7, n=760), strict=True)):
        closes = levels(x, y)["lead"]
        alarms += ask(closes, draws=99, seed=i).verdict == "supported"
    assert alarms <= 14  # P(more | 5%) = 0.0002


@pytest.mark.market
def test_silver_in_january_2026():
    """Claim 2 as thresholds.toml words it: 260 weeks to 23 January 2026, the weeks from 2 January may answer."""
    path = MARKET / "SI=F.csv"
    if not path.exists():
        pytest.skip("the recorded market data are not beside the checkout")
    closes = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"]
    found = acceleration(closes, dt.date(2026, 1, 23), weeks=260, tested_from=dt.date(2026, 1, 2))
    assert found.last == dt.date(2026, 1, 23)
    assert found.inference.n == 260
    assert found.smallest_window == 31
    assert found.inference.statistic == pytest.approx(3.65, abs=0.01)
    assert (found.inference.p <= 0.05) == (found.verdict == "supported")
