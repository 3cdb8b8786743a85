"""The odds as a table: four ways to read one path, and its distance from an earlier day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import view
from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_table import KINDS, rate_table
from tests.topics.rate_path.test_partial_strips import noise_free, strip
from tests.topics.rate_path.test_rate_path import T1, T1_DAY, T1_RANGE, known


@pytest.fixture(scope="module")
def now():
    return rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE)


def test_the_address_offers_these():
    assert KINDS == view.ODDS


def test_the_four_readings_agree(now):
    odds = {kind: rate_table(now, None, kind).odds.dropna() for kind in KINDS}
    assert len(odds["range"]) >= 4
    np.testing.assert_allclose(odds["range"].sum(axis=1), 100)
    np.testing.assert_allclose(odds["at_most"].iloc[:, -1], 100)
    np.testing.assert_allclose(odds["at_least"].iloc[:, 0], 100)
    np.testing.assert_allclose(odds["at_most"] + odds["at_least"], 100 + odds["range"])
    first = odds["range"].iloc[0]
    lower = T1_RANGE[0]
    np.testing.assert_allclose(
        odds["meeting"].iloc[0],
        [first[first.index < lower].sum(), first[lower], first[first.index > lower].sum()],
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_is_no_distance_from_itself_and_none_from_nothing(now, kind):
    same = rate_table(now, now, kind)
    assert (same.points.dropna() == 0).all(axis=None)
    assert (same.points.isna() == same.odds.isna()).all(axis=None)
    assert same.then == T1_DAY
    alone = rate_table(now, None, kind)
    assert alone.points.isna().all(axis=None)
    assert alone.then is None


@settings(deadline=None, max_examples=40)
@given(noise_free(), st.sampled_from(KINDS), st.floats(-0.3, 0.3))
def test_changes_are_differences_and_an_unknown_row_stays_unknown(market, kind, shift):
    """Two strips of one calendar, the second with months missing: every change adds up, whatever is not known is NaN."""
    as_of, after, dropped = market
    full = strip(after)
    moved = {month: price - shift for i, (month, price) in enumerate(full.items()) if i not in dropped}
    if not any(month >= as_of.replace(day=1) for month in moved):
        return
    paths = [rate_path(prices, list(after), as_of, (3.5, 3.75), count="before") for prices in (full, moved)]
    found, then = rate_table(*paths, kind), rate_table(paths[1], None, kind).odds
    for date, row in found.points.iterrows() if len(found.points.columns) else ():
        known_then = date in then.index and bool(then.loc[date].notna().any())
        known_both = known_then and bool(found.odds.loc[date].notna().all())
        assert row.notna().all() == known_both
        assert row.isna().all() != known_both
        if known_both and kind in ("range", "meeting"):
            assert row.sum() == pytest.approx(0, abs=1e-6)
            for column, value in then.loc[date].items():
                assert found.odds.loc[date, column] - row[column] == pytest.approx(value)


def test_a_meeting_that_the_earlier_day_did_not_know_has_no_change(now):
    near = {month: price for month, price in T1.items() if month <= dt.date(2026, 10, 1)}
    then = rate_path(near, known(T1_DAY), T1_DAY, T1_RANGE)
    found = rate_table(now, then, "range")
    assert found.points.iloc[0].notna().all()
    lost = found.odds.notna().all(axis=1) & found.points.isna().all(axis=1)
    assert lost[dt.date(2026, 12, 9)]
