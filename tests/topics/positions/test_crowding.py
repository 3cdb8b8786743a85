"""What comes after a crowded market, on made reports with a planted fall and with none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData
from analytics.topics.positions.measures import crowding as crowds
from analytics.topics.positions.measures.crowding import AHEAD, EARLIER, crowded_reports, crowding

WEEKS = 900
DAYS = pd.date_range("2008-01-01", periods=WEEKS, freq="7D")
RELEASED = DAYS + pd.Timedelta(days=3)


def shares(seed: int = 1) -> pd.Series:
    rng = np.random.default_rng(seed)
    values = np.zeros(WEEKS)
    for at in range(1, WEEKS):
        values[at] = 0.95 * values[at - 1] + rng.standard_normal()
    return pd.Series(values, index=DAYS)


def prices(share: pd.Series, planted: float, pull: float = 0.0, seed: int = 2) -> pd.Series:
    """Daily closes that fall by ``planted`` [% a week] after a crowded report, and rise with ``pull`` [% for each point]."""
    rng = np.random.default_rng(seed)
    weekly = -planted * (crowded_reports(share) == 1).to_numpy() / 100
    moves = (
        weekly + pull * np.roll(share.diff().fillna(0).to_numpy(), -1) / 100
    )  # in the week up to the report
    daily = np.repeat(moves / 7, 7) + 0.0005 * rng.standard_normal(7 * WEEKS)
    days = pd.date_range(DAYS[0], periods=7 * WEEKS, freq="D")
    return pd.Series(100 * np.exp(np.cumsum(daily)), index=days)


def test_crowded_is_more_than_four_fifths_of_what_lay_before():
    rising = pd.Series(np.arange(200.0), index=DAYS[:200])
    found = crowded_reports(rising)
    assert found[:EARLIER].isna().all()
    assert (found[EARLIER:] == 1).all()
    assert (crowded_reports(-rising)[EARLIER:] == 0).all()


def test_a_report_is_judged_by_earlier_ones_only():
    share = shares()
    whole, cut = crowded_reports(share), crowded_reports(share[:500])
    pd.testing.assert_series_equal(whole[:500], cut)


def test_a_planted_fall_is_found_and_windows_that_overlap_count_once():
    share = shares()
    found = crowding(share, RELEASED, prices(share, planted=1.0), "managed money")
    assert found.after_crowded < -4.0 < found.after_others
    assert found.fell > 80
    assert found.effective_n < found.n_crowded / 3
    assert found.n == pytest.approx(WEEKS - EARLIER - AHEAD, abs=2)


def test_nothing_is_found_where_nothing_is_planted_and_following_is():
    share = shares()
    found = crowding(share, RELEASED, prices(share, planted=0.0, pull=1.0), "managed money")
    assert found.follows > 0.8
    none = crowding(share, RELEASED, prices(share, planted=0.0), "managed money")
    assert abs(none.after_crowded) < 1.0
    assert abs(none.follows) < 0.15


def test_what_comes_after_begins_with_the_first_close_after_the_release():
    price = pd.Series([1.0, 2.0, 4.0], index=pd.DatetimeIndex(["2020-01-01", "2020-01-04", "2020-04-05"]))
    released = pd.DatetimeIndex(["2020-01-03", "2020-01-04"])
    assert crowds._after(released, price).tolist() == pytest.approx([100 * np.log(2.0), 0.0])
    assert np.isnan(crowds._after(pd.DatetimeIndex(["2020-01-05"]), price)).all()


def test_too_short_a_record_says_so():
    share = shares()[:200]
    with pytest.raises(NotEnoughData, match="a quarter after them"):
        crowding(share, RELEASED[:200], prices(shares(), 0.0), "managed money")


def test_few_windows_apart_say_so_instead_of_a_mean():
    share = pd.Series(np.where(np.arange(WEEKS) == 400, 5.0, -np.arange(WEEKS) / 1e3), index=DAYS)
    found = crowding(share, RELEASED, prices(share, 0.0), "managed money")
    assert (found.effective_n, found.n_crowded) == (1, 1)
    assert found.sentence.startswith("Only 1 quarters apart")
