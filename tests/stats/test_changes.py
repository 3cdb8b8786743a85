from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NoOverlap, NotEnoughData, NotPositive, NoVariation, TooManyGaps
from analytics.stats.changes import LONGEST_WAIT, changes, known_by


def walk(n=60, seed=1):
    rng = np.random.default_rng(seed)
    days = pd.bdate_range("2024-01-01", periods=n)
    moved = rng.standard_normal((n, 2)) * [0.01, 0.05]
    return pd.DataFrame(
        {"gold": 100 * np.exp(moved[:, 0].cumsum()), "yield": moved[:, 1].cumsum()}, index=days
    )


def test_prices_return_and_rates_differ_between_common_days():
    levels = walk()
    levels.iloc[5, 0] = np.nan  # no common day: the change over it spans two days
    moved = changes(levels, 30, ["yield"])
    assert len(moved) == 58
    assert levels.index[5] not in moved.index
    spanned = moved.loc[levels.index[6]]
    assert spanned["gold"] == pytest.approx(np.log(levels["gold"].iloc[6] / levels["gold"].iloc[4]))
    assert spanned["yield"] == pytest.approx(levels["yield"].iloc[6] - levels["yield"].iloc[4])
    assert moved["yield"].sum() == pytest.approx(levels["yield"].iloc[-1] - levels["yield"].iloc[0])


def test_what_cannot_be_differenced_is_refused():
    levels = walk()
    with pytest.raises(NoOverlap, match="gold and yield"):
        changes(levels.assign(gold=levels["gold"].iloc[:30], **{"yield": levels["yield"].iloc[30:]}), 5)
    with pytest.raises(NotEnoughData, match="59 observations and needs 60"):
        changes(levels, 60, ["yield"])
    with pytest.raises(NotPositive, match="yield is not above zero on 2024"):
        changes(levels.assign(**{"yield": levels["yield"] - 10}), 30)
    with pytest.raises(NotPositive, match="gold"):
        changes(levels.assign(gold=levels["gold"].where(levels.index.day != 9, np.inf)), 30, ["yield"])
    with pytest.raises(NoVariation, match="yield"):
        changes(levels.assign(**{"yield": 2.0}), 30, ["yield"])
    with pytest.raises(TooManyGaps, match="51%"):
        changes(levels.iloc[::2], 20, ["yield"])


def test_a_state_is_the_last_one_known_and_no_older_than_a_week():
    series = pd.Series([1.0, np.nan, 3.0], index=pd.to_datetime(["2024-01-02", "2024-01-04", "2024-01-08"]))
    days = pd.to_datetime(
        ["2024-01-01", "2024-01-02", "2024-01-05", "2024-01-08", "2024-01-15", "2024-01-16"]
    )
    assert LONGEST_WAIT == 7
    assert known_by(series, days).tolist() == pytest.approx([np.nan, 1, 1, 3, 3, np.nan], nan_ok=True)
    assert np.isnan(known_by(series.iloc[:0], days)).all()
