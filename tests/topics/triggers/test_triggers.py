from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData, NotPositive
from analytics.published import fomc, thresholds
from analytics.stats.event_study.event_test import effective_n
from analytics.topics.rate_path.measures.rate_path_days import announced_range
from analytics.topics.triggers.measures.trigger_outcomes import HORIZON, outcomes
from analytics.topics.triggers.measures.trigger_states import (
    BALANCE_LAG,
    PART,
    QUARTER,
    cut_changes,
    deficits,
    dollar_changes,
    firings,
)
from analytics.topics.triggers.measures.triggers import triggers
from bench.nulls import simulate
from bench.planted_regime import prices, weekdays

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market"
DAYS = weekdays(900, "2022-01-03")


def bitcoin(seed=4):
    _, y = simulate("N1", 1, seed, n=len(DAYS) - 1)
    return pd.Series(prices({"b": y[0]})["b"].to_numpy(), index=DAYS)


def target(*steps, start=5.5):
    """Upper limit by calendar day; each step is (position in DAYS, change)."""
    level = pd.Series(start, index=pd.date_range("2021-12-01", DAYS[-1]))
    for at, change in steps:
        level.loc[DAYS[at] :] += change
    return level


def monthly(*years):
    """Balances by month in million $, from 2019 on: one deficit a year, spread evenly."""
    values = np.repeat([-1e3 * deficit / 12 for deficit in years], 12)
    return pd.Series(values, index=pd.date_range("2019-01-01", periods=len(values), freq="MS"))


def ask(upper=None, dollar=None, balance=None):
    return triggers(DAYS, upper, dollar, balance, bitcoin())


def test_the_bars_are_those_of_the_claim():
    claim = thresholds.get(33)
    assert claim.delta == 3
    for words in ("lower than 63 trading days before", "at least 2% lower", "two of the three 21-day parts"):
        assert words in claim.measurement
    assert "at least 10% wider" in claim.measurement
    assert (QUARTER, PART) == (63, 21)


def test_a_cut_is_on_for_a_quarter_from_its_announcement():
    cut = ask(upper=target((500, -0.25), (800, 0.25))).triggers[0]
    on = cut.states[cut.states == 1].index
    assert list(on) == list(DAYS[500 : 500 + QUARTER])
    assert cut.fired == (DAYS[500].date(),)
    assert cut.on is False
    assert cut.since == DAYS[500 + QUARTER].date()
    assert "where it was" in cut.distance
    assert "one cut of 25 bp" in cut.distance


def test_a_hike_takes_two_cuts():
    cut = ask(upper=target((880, 0.25))).triggers[0]
    assert cut.value == 25
    assert "25 bp higher" in cut.distance
    assert "2 cuts of 25 bp" in cut.distance
    assert ask(upper=target((880, -0.5))).triggers[0].distance.startswith("the range is 50 bp lower")
    assert cut_changes(DAYS, target((880, 0.25)))[-1] == 25


def test_the_dollar_must_fall_enough_and_for_months():
    def on(*parts):
        """Three parts of 21 days with these changes [%], after a flat past."""
        level = np.full(len(DAYS), 100.0)
        for k, change in enumerate(parts):
            at = len(DAYS) - (3 - k) * PART
            level[at:] *= 1 + change / 100
        return ask(dollar=pd.Series(level, index=DAYS)).triggers[1]

    assert on(-1.0, -1.0, -0.5).on is True
    assert on(-0.5, -0.5, -0.5).on is False  # not enough
    assert on(1.0, 1.0, -5.0).on is False  # enough, but in one part
    assert on(1.0, -2.5, -1.0).on is True
    slow = on(-0.5, -0.5, -0.5)
    assert slow.value == pytest.approx(100 * (0.995**3 - 1))
    assert f"would have to be {100 * (1 - 0.98 / 0.995**3):.1f}% lower" in slow.distance
    assert "1 of its three 21-day parts was down, 2 are needed" in on(1.0, 1.0, -5.0).distance


def test_parts_are_the_three_months_of_the_quarter():
    rng = np.random.default_rng(2)
    level = pd.Series(100 * np.exp(0.004 * rng.standard_normal(len(DAYS)).cumsum()), index=DAYS)
    change, down = dollar_changes(DAYS, level)
    values = level.to_numpy()
    for at in (63, 400, 899):
        cuts = values[[at - 63, at - 42, at - 21, at]]
        assert down[at] == (np.diff(cuts) < 0).sum()
        assert change[at] == pytest.approx(100 * (cuts[-1] / cuts[0] - 1))
    assert np.isnan(change[:63]).all()


def test_the_deficit_is_that_of_the_published_months():
    balance = monthly(1_000, 1_000, 1_300, 1_500, 1_500, 1_900, 1_900)
    now, before = deficits(DAYS, balance)
    for at in (10, 400, 700):
        known = balance[balance.index + pd.Timedelta(days=BALANCE_LAG) <= DAYS[at]]
        assert now[at] == pytest.approx(-known.iloc[-12:].sum())
        assert before[at] == pytest.approx(-known.iloc[-24:-12].sum())
    fiscal = ask(balance=balance).triggers[2]
    growth = pd.Series(100 * (now / before - 1), index=DAYS)
    assert fiscal.states.dropna().equals((growth >= 10).astype(float)[fiscal.states.notna()])
    assert fiscal.value == pytest.approx(growth.iloc[-1], nan_ok=True)


def test_fiscal_distance_and_years_without_a_deficit():
    near = ask(balance=monthly(1_000, 1_000, 1_000, 1_000, 1_000, 1_050, 1_050)).triggers[2]
    assert near.on is False
    assert "bn $ short of the bar" in near.distance
    wide = ask(balance=monthly(1_000, 1_000, 1_000, 1_000, 1_000, 2_000, 3_000)).triggers[2]
    assert wide.on is True
    assert "beyond the bar" in wide.distance
    surplus = ask(balance=monthly(-10, -10, -10, -10, -10, 20, 20)).triggers[2]
    assert surplus.states.iloc[-300:].max() == 1
    assert ask(balance=monthly(-10, -10, -10, -10, -10, -10, -10)).triggers[2].on is False


def test_a_missing_month_leaves_the_state_unknown():
    balance = monthly(1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000)
    assert ask(balance=balance).triggers[2].on is False
    assert ask(balance=balance.drop(pd.Timestamp("2024-10-01"))).triggers[2].on is None
    assert ask(balance=balance[:"2024-10"]).triggers[2].on is None  # too old to speak of now


def test_nothing_later_is_used():
    upper, dollar = target((500, -0.25)), bitcoin(9) / 100
    balance = monthly(1_000, 1_100, 1_300, 1_500, 1_500, 2_000)
    whole = triggers(DAYS, upper, dollar, balance, bitcoin())
    for end in (300, 520, 760):
        last = DAYS[end]
        cut = triggers(DAYS[: end + 1], upper[:last], dollar[:last], balance[:last], bitcoin()[:last])
        for a, b in zip(cut.triggers, whole.triggers, strict=True):
            pd.testing.assert_series_equal(a.states, b.states.iloc[: end + 1])
            assert a.fired == tuple(day for day in b.fired if day <= last.date())


def test_counting_with_unknowns():
    found = ask(upper=target((880, -0.25)))
    assert (found.on, found.unknown, found.all_on) == (1, 2, None)
    assert "1 of three triggers on, 2 not known" in found.sentence
    off = ask(upper=target())
    assert (off.on, off.unknown, off.all_on) == (0, 2, False)
    assert off.triggers[1].known_from is None
    assert off.triggers[1].distance.startswith("not known")
    falling = pd.Series(100 * 0.999 ** np.arange(len(DAYS)), index=DAYS)
    wide = monthly(1_000, 1_000, 1_000, 1_000, 1_000, 2_000, 3_000)
    every = ask(upper=target((880, -0.25)), dollar=falling, balance=wide)
    assert (every.on, every.unknown, every.all_on) == (3, 0, True)


def test_a_state_already_on_is_no_firing():
    states = pd.Series([np.nan, 1, 1, 0, 1, np.nan, 1, 0, 0, 1], index=DAYS[:10])
    assert list(firings(states)) == [DAYS[4], DAYS[9]]
    early = states.set_axis(pd.bdate_range("2002-12-20", periods=10))
    assert [day.year for day in firings(early)] == [2003]


def test_outcomes_follow_bitcoin_from_the_day_after():
    closes = bitcoin()
    fired = DAYS[[100, 130, 600, 870]]
    found = outcomes(closes, fired)
    logs = np.log(closes.to_numpy())
    after = [100 * (logs[at + HORIZON] - logs[at]) for at in (100, 130, 600)]
    assert found.table["after"].tolist() == pytest.approx([*after, np.nan], nan_ok=True)
    assert found.over == 3
    assert found.false_alarms == sum(a <= 0 for a in after)
    assert found.mean == pytest.approx(np.mean(after))
    every = 100 * (logs[HORIZON:] - logs[:-HORIZON])
    assert (found.chance, found.usual) == pytest.approx((np.mean(every <= 0), every.mean()))
    assert found.effective_n == effective_n(np.array([100, 130, 600, 870]), HORIZON)
    first = 100 * np.mean([logs[at + 1] - logs[at] for at in (100, 130, 600, 870)])
    assert found.path.mean[0] == pytest.approx(first)


def test_firings_before_bitcoin_are_left_out():
    closes = bitcoin()
    early = pd.DatetimeIndex([pd.Timestamp("2010-01-04"), DAYS[50], DAYS[-1]])
    assert list(outcomes(closes, early).table.index) == [DAYS[50]]
    assert outcomes(closes, early[:1]) is None
    gone = outcomes(closes.drop(DAYS[50]), early)
    assert gone.table["counted_from"].tolist() == [DAYS[51]]


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(NotEnoughData, match="needs 64"):
        triggers(DAYS[:63], target(), None, None, bitcoin())
    with pytest.raises(NotPositive, match="Bitcoin"):
        triggers(DAYS, target(), None, None, bitcoin() - 1e9)
    with pytest.raises(NotEnoughData, match="Bitcoin after triggers"):
        triggers(DAYS, target(), None, None, bitcoin().iloc[:50])


def recorded(folder, name):
    path = MARKET / folder / f"{name}.csv"
    if not path.exists():
        pytest.skip("the recorded market data are not beside the checkout")
    table = pd.read_csv(path, parse_dates=["date"], index_col="date", na_values=".")
    return table["close" if folder == "yahoo" else "value"].dropna()


@pytest.mark.market
def test_the_recorded_day_of_the_article():
    upper = recorded("fred", "DFEDTARU")
    ranges = announced_range(recorded("fred", "DFEDTARL"), upper, fomc.decision_days()).by_day["upper"]
    dollar, closes = recorded("yahoo", "DX-Y.NYB"), recorded("yahoo", "BTC-USD")
    day = pd.Timestamp("2026-01-23")
    days = recorded("yahoo", "^VIX").index
    days = days[(days >= "2009-01-02") & (days <= day)]
    found = triggers(days, ranges[:day], dollar[:day], None, closes[closes.index.isin(days)])
    cut, weak, fiscal = found.triggers
    assert (cut.on, cut.since) == (True, dt.date(2025, 9, 17))
    assert cut.fired == (
        dt.date(2019, 7, 31),
        dt.date(2020, 3, 3),
        dt.date(2024, 9, 18),
        dt.date(2025, 9, 17),
    )
    assert weak.on is False
    assert fiscal.on is None
    assert found.all_on is False
