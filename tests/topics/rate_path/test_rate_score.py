from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotPriced
from analytics.published import fomc
from analytics.topics.rate_path.measures.rate_decisions import Decided, decided, forecasts
from analytics.topics.rate_path.measures.rate_history import OUTCOMES, RateHistory
from analytics.topics.rate_path.measures.rate_reliability import reliability, wilson
from analytics.topics.rate_path.measures.rate_score import brier, rate_score
from bench import fedwatch

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market"
LAST = dt.date(2019, 12, 31)
DAYS = pd.bdate_range("2010-01-04", "2019-12-31")
MEETINGS = pd.DatetimeIndex(
    [entry.day for entry in fomc.meetings() if entry.scheduled and 2010 <= entry.day.year < 2020]
)


def history_of(moves):
    """A history in which each meeting is priced alike on every day before it: (meetings,) expected moves."""
    ahead = DAYS.to_numpy()[:, None] < MEETINGS.to_numpy()[None, :]
    priced = np.where(ahead, np.asarray(moves, dtype=float)[None, :], np.nan)
    nothing = np.full(priced.shape, np.nan)
    return RateHistory(
        DAYS, MEETINGS, ahead, nothing, nothing, priced, np.full(len(DAYS), 1.0), 0, (), pd.DataFrame()
    )


def decisions_of(moves):
    """Decisions at those meetings, after three holds before 2010 that feed the base rates only."""
    earlier = [Decided(dt.date(2009, month, 1), 0.0, 1) for month in (3, 6, 9)]
    return earlier + [
        Decided(day.date(), float(x), int(np.sign(x)) + 1) for day, x in zip(MEETINGS, moves, strict=True)
    ]


def drawn(seed=3):
    """Odds in {0, .1, ..., 1} of a hike or a cut, and outcomes drawn from those very odds: a perfect market."""
    rng = np.random.default_rng(seed)
    size = rng.integers(0, 11, len(MEETINGS)) / 10
    sign = rng.choice([-1.0, 1.0], len(MEETINGS))
    return sign * size, np.where(rng.random(len(MEETINGS)) < size, sign, 0.0)


@pytest.fixture(scope="module")
def perfect():
    priced, outcomes = drawn()
    return rate_score(history_of(priced), decisions_of(outcomes), LAST)


def test_brier_at_its_ends_and_in_the_middle():
    odds = np.array([[1.0, 0, 0], [0, 0, 1.0], [1 / 3, 1 / 3, 1 / 3], [0.2, 0.5, 0.3]])
    assert brier(odds, np.array([0, 0, 2, 1])).tolist() == pytest.approx(
        [0.0, 2.0, 2 / 3, 0.04 + 0.25 + 0.09]
    )


def test_what_meetings_did_comes_from_the_announced_range():
    ranges = pd.DataFrame({"lower": 1.5, "upper": 1.75}, index=pd.date_range("2020-01-01", "2020-06-30"))
    ranges.loc["2020-03-03":] -= 0.5
    ranges.loc["2020-03-15":] -= 1.0
    ranges.loc["2020-06-10":] += 0.25
    found = decided(ranges, fomc.load(), dt.date(2020, 6, 15))
    assert [(d.day, d.moves, OUTCOMES[d.outcome]) for d in found] == [
        (dt.date(2020, 1, 29), 0.0, "hold"),
        (dt.date(2020, 4, 29), 0.0, "hold"),  # the emergency moves of March were no scheduled meetings
        (dt.date(2020, 6, 10), 1.0, "hike"),
    ]
    assert len(decided(ranges, fomc.load(), dt.date(2020, 6, 9))) == 2
    assert (
        len(decided(ranges[:"2020-06-10"], fomc.load(), dt.date(2020, 6, 15))) == 2
    )  # not known yet, so no "hold"


def test_a_perfect_market_beats_both_benchmarks(perfect):
    for score in perfect.horizons:
        assert score.against_no_change.high < 0
        assert score.against_base_rate.high < 0
        assert score.market.low < score.market.mean < score.market.high
        assert score.against_no_change.mean == pytest.approx(score.market.mean - score.no_change.mean)
        assert sum(score.outcomes) == score.n
    assert [score.horizon for score in perfect.horizons] == [1, 30, 90, 180]
    assert perfect.horizons[0].n == len(MEETINGS)
    assert (
        perfect.horizons[3].unpriced > perfect.horizons[0].unpriced == 0
    )  # the first ones lie before the prices
    assert perfect.sentence.startswith(
        "Brier score of the market's odds at scheduled meetings to 11 Dec 2019, lower is better: "
    )


def test_a_market_that_prices_the_opposite_loses():
    priced, outcomes = drawn()
    right, wrong = (
        rate_score(history_of(sign * priced), decisions_of(outcomes), LAST, horizons=(1,)).horizons[0]
        for sign in (1, -1)
    )
    assert wrong.against_base_rate.low > 0
    assert wrong.market.low > right.market.high
    assert wrong.base_rate == right.base_rate


def test_no_change_scores_two_for_each_move(perfect):
    _, outcomes = drawn()
    assert perfect.horizons[0].no_change.mean == pytest.approx(2 * np.mean(outcomes != 0))


def test_base_rates_know_only_what_was_decided_by_the_day_of_the_forecast():
    """Turning the last decisions around must not change the base-rate score of the earlier ones."""
    priced, outcomes = drawn()
    turned = outcomes.copy()
    turned[40:] = -turned[40:]
    cut = MEETINGS[39].date()
    first, second = (
        rate_score(history_of(priced), decisions_of(done), cut, horizons=(30,)) for done in (outcomes, turned)
    )
    assert first == second


def test_base_rates_by_hand():
    """Eleven hikes in a row after three holds: the k-th forecast knows three holds and the hikes a month back."""
    score = rate_score(
        history_of(np.ones(len(MEETINGS))),
        decisions_of(np.ones(len(MEETINGS))),
        MEETINGS[10].date(),
        horizons=(30,),
    )
    known = np.array(
        [sum(day + pd.Timedelta(days=30) <= meeting for day in MEETINGS) for meeting in MEETINGS[:11]]
    )
    share = known / (known + 3)
    kept = MEETINGS[:11] - pd.Timedelta(days=30) >= DAYS[0]
    assert score.horizons[0].base_rate.mean == pytest.approx((2 * (1 - share) ** 2)[kept].mean())
    assert score.horizons[0].market.mean == 0


def test_forecasts_are_read_on_the_day_or_shortly_before_never_after():
    history = history_of(np.zeros(len(MEETINGS)))
    meeting = MEETINGS[20]
    read = meeting - pd.Timedelta(days=30)
    moves = history.moves.copy()
    row = DAYS.searchsorted(read, side="right") - 1
    moves[:, 20] = np.nan
    moves[row + 1 :, 20] = -1.0
    priced = replace(history, moves=moves)
    decision = [Decided(meeting.date(), 0.0, 1)]
    assert np.isnan(forecasts(priced, decision, 30)).all()
    moves[row - 3, 20] = 0.25
    assert forecasts(priced, decision, 30).tolist() == [[0.0, 0.75, 0.25]]
    moves[row - 3, 20], moves[row - 9, 20] = np.nan, 0.25
    assert np.isnan(forecasts(priced, decision, 30)).all()
    assert np.isnan(forecasts(priced, [Decided(dt.date(2031, 1, 1), 0.0, 1)], 30)).all()


def test_too_few_meetings_are_no_score():
    priced, outcomes = drawn()
    with pytest.raises(NotPriced, match="Only 9 decided meetings have odds by then, and a score takes 10"):
        rate_score(history_of(priced), decisions_of(outcomes), MEETINGS[8].date(), horizons=(1,))


def test_the_same_seed_gives_the_same_intervals():
    priced, outcomes = drawn()
    first, again, other = (
        rate_score(history_of(priced), decisions_of(outcomes), LAST, seed=seed, horizons=(30,))
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first.horizons[0].market != other.horizons[0].market


def test_reliability_bins_hold_every_forecast_once(perfect):
    for score in perfect.horizons:
        for outcome in OUTCOMES:
            bins = [b for b in perfect.bins if (b.horizon, b.outcome) == (score.horizon, outcome)]
            assert sum(b.n for b in bins) == score.n
            came = score.outcomes[OUTCOMES.index(outcome)]
            assert sum(b.n * b.frequency for b in bins) == pytest.approx(came)
            assert all(b.low - 1e-12 <= b.forecast <= b.high + 1e-12 for b in bins)
    inside = [b.interval[0] <= b.forecast <= b.interval[1] for b in perfect.bins if b.n >= 8]
    assert np.mean(inside) > 0.8


def test_the_last_bin_is_closed():
    bins = reliability(1, np.array([[0.0, 1.0, 0.0]] * 2), np.array([1, 2]))
    assert [(b.outcome, b.low, b.n, b.frequency) for b in bins] == [
        ("cut", 0.0, 2, 0.0),
        ("hold", 0.9, 2, 0.5),
        ("hike", 0.0, 2, 0.5),
    ]


def test_wilson_interval_of_eight_in_ten():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=5e-5)  # R: prop.test(8, 10, correct = FALSE)
    assert wilson(0, 5)[0] == 0
    assert wilson(5, 5)[1] == pytest.approx(1)


@pytest.mark.market
def test_the_recorded_market_beat_both_benchmarks_a_month_ahead():
    if not (MARKET / "zq_contracts.csv").exists():
        pytest.skip("the recorded market data are not beside the checkout")
    recorded = fedwatch.load(MARKET)
    last = dt.date(2026, 6, 5)
    score = rate_score(
        fedwatch.history_of(recorded), decided(recorded.announced.by_day, fomc.load(), last), last
    )
    for horizon in score.horizons[:2]:
        assert horizon.n >= 120
        assert horizon.against_no_change.high < 0
        assert horizon.against_base_rate.high < 0
    means = [horizon.market.mean for horizon in score.horizons]
    assert means == sorted(means)
