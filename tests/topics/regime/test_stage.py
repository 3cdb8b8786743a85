from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.regime.measures.stage import (
    CONDITIONS,
    STAGES,
    classify,
    panic_share,
    spells,
    stage_history,
)
from analytics.topics.regime.measures.stage_inputs import MOVE_DAYS, Inputs, as_known, expected_path
from bench.planted_regime import EQUITIES, stage_inputs, weekdays

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market"
CALM = {"vix": 15.0, "conditions": -0.5, "dollar": 0.0, "breakeven": 0.0, "path": 0.0}


def stage_of(**inputs):
    return classify(pd.DataFrame([{**CALM, **inputs}]))[0]


@pytest.fixture(scope="module")
def inputs():
    rng = np.random.default_rng(5)
    return stage_inputs(EQUITIES.sd * rng.standard_t(5, (1, 800)), 5)[0]


@pytest.mark.parametrize(
    ("inputs", "stage"),
    [
        ({}, "neither"),
        ({"vix": 25.0}, "panic"),
        ({"vix": 24.99}, "neither"),
        ({"conditions": 0.01}, "panic"),
        ({"conditions": 0.0}, "neither"),
        ({"dollar": -2.0, "breakeven": 15.0}, "debasement"),
        ({"dollar": -2.0, "path": -25.0}, "debasement"),
        ({"breakeven": 15.0, "path": -25.0}, "debasement"),
        ({"dollar": -9.0}, "neither"),
        ({"dollar": -1.99, "breakeven": 14.9, "path": -90.0}, "neither"),
        ({"dollar": -5.0, "breakeven": 40.0, "path": -90.0, "vix": 40.0}, "panic"),
        ({"conditions": np.nan, "dollar": -5.0, "breakeven": 40.0}, "debasement"),
        ({"path": np.nan, "breakeven": 40.0}, "neither"),
        ({"vix": np.nan}, "unknown"),
        ({"dollar": np.nan, "vix": 60.0}, "unknown"),
        ({"breakeven": np.nan}, "unknown"),
    ],
)
def test_the_rule_at_its_thresholds(inputs, stage):
    assert stage_of(**inputs) == stage


def test_every_threshold_has_its_reason():
    assert {c.stage for c in CONDITIONS} == {"panic", "debasement"}
    for condition in CONDITIONS:
        assert len(condition.reason) > 60
        assert condition.text
        assert condition.unit
    assert [c.key for c in CONDITIONS if not c.required] == ["conditions", "path"]


def test_each_day_uses_what_was_known_at_the_close_before(inputs):
    days = inputs.vix.index
    table = stage_history(inputs, days).table
    day, before = days[500], days[499]
    row = table.loc[day]
    assert row["vix"] == inputs.vix[before]
    assert row["dollar"] == pytest.approx(
        100 * np.log(inputs.dollar[before] / inputs.dollar.iloc[499 - MOVE_DAYS])
    )
    out = inputs.breakeven.iloc[498]  # published a business day later
    assert row["breakeven"] == pytest.approx(100 * (out - inputs.breakeven.iloc[498 - MOVE_DAYS]))
    assert row["path"] == inputs.path[before]
    released = inputs.conditions[inputs.conditions.index <= before - pd.Timedelta(days=5)]
    assert row["conditions"] == released.iloc[-1]


def test_what_comes_later_changes_no_stage(inputs):
    """As of a day, from the whole record or from one that ends on it: the same stages."""
    days = inputs.vix.index
    whole = stage_history(inputs, days).stages
    for end in (300, 417, 650):
        last = days[end]
        known = replace(
            inputs,
            vix=inputs.vix[:last],
            dollar=inputs.dollar[:last],
            breakeven=inputs.breakeven[:last],
            path=inputs.path[:last],
            conditions=inputs.conditions[:last],
        )
        cut = stage_history(known, days[: end + 1]).stages
        pd.testing.assert_series_equal(cut, whole[:last])


def test_spells_cover_the_days_without_overlap(inputs):
    history = stage_history(inputs, inputs.vix.index)
    assert sum(spell.days for spell in history.spells) == len(history.table)
    for earlier, later in zip(history.spells, history.spells[1:], strict=False):
        assert earlier.last < later.first
        assert earlier.stage != later.stage
    assert sum(history.share.values()) == pytest.approx(1)
    assert history.unknown == (history.stages == "unknown").sum() == 61
    assert {spell.stage for spell in spells(history.stages)} <= set(STAGES)
    assert history.on(inputs.vix.index[400].date()) == history.stages.iloc[399]


def test_missing_inputs_are_said_not_filled(inputs):
    bare = stage_history(replace(inputs, path=None, conditions=None), inputs.vix.index)
    assert bare.without == {
        "conditions": len(bare.table) - bare.unknown,
        "path": len(bare.table) - bare.unknown,
    }
    assert "NFCI not known, so without a vote" in bare.sentence
    assert "Fed path not known" in bare.sentence
    assert stage_history(inputs, inputs.vix.index).without.get("path", 0) == 0
    stale = replace(inputs, vix=inputs.vix.iloc[:-20])
    assert stage_history(stale, inputs.vix.index).stages.iloc[-1] == "unknown"
    assert "VIX not known" in stage_history(stale, inputs.vix.index).sentence


def test_the_broad_dollar_stands_in_and_is_never_spliced(inputs):
    late = inputs.dollar.iloc[300:]
    both = as_known(replace(inputs, dollar=late, broad=2 * inputs.dollar), inputs.vix.index)
    assert both["dollar_from"].iloc[:66].eq("").sum() >= 60
    assert set(both["dollar_from"].iloc[70:360]) == {"broad"}
    assert set(both["dollar_from"].iloc[360:]) == {"index"}
    move = 100 * np.log(inputs.dollar.iloc[345] / inputs.dollar.iloc[285])
    assert both["dollar"].iloc[350] == pytest.approx(move)  # five business days late
    with pytest.raises(NotPositive, match="dollar"):
        as_known(replace(inputs, dollar=inputs.dollar - 200), inputs.vix.index)


def test_a_move_over_a_hole_is_not_known(inputs):
    holed = replace(inputs, dollar=inputs.dollar.drop(inputs.dollar.index[300:340]))
    table = as_known(holed, inputs.vix.index)
    assert table["dollar"].iloc[345:395].isna().all()
    assert table["dollar"].iloc[405:].notna().all()


def test_the_path_is_the_contract_a_year_ahead_less_the_rate_known_that_day():
    days = pd.to_datetime(["2026-01-22", "2026-01-23", "2026-02-02"])
    months = pd.date_range("2026-01-01", periods=14, freq="MS")
    prices = pd.DataFrame(100.0 - 3.5, index=days, columns=months)
    prices.loc[days[:2], pd.Timestamp("2027-01-01")] = [100 - 3.2, 100 - 3.1]
    prices.loc[days[2], pd.Timestamp("2027-02-01")] = np.nan
    effective = pd.Series(
        [3.64, 3.60, 3.90], index=pd.to_datetime(["2026-01-21", "2026-01-22", "2026-01-23"])
    )
    path = expected_path(prices, effective)
    assert path.to_dict() == pytest.approx({days[0]: -44.0, days[1]: -50.0})
    assert expected_path(prices[months[:6]], effective).empty


def test_the_share_of_a_window(inputs):
    history = stage_history(inputs, inputs.vix.index)
    first, last = (inputs.vix.index[i].date() for i in (200, 260))
    found = panic_share(history, first, last)
    window = history.stages[str(first) : str(last)]
    assert found.days == len(window) == 61
    assert found.share == pytest.approx((window == "panic").mean())
    assert f"of {found.days} trading days panic" in found.sentence
    with pytest.raises(NotEnoughData, match="stage history from"):
        panic_share(history, dt.date(2040, 1, 1), dt.date(2040, 2, 1))


def test_what_cannot_be_staged_is_refused(inputs):
    with pytest.raises(NotEnoughData, match="needs 2"):
        stage_history(inputs, inputs.vix.index[:1])
    with pytest.raises(NotEnoughData, match="inputs"):
        stage_history(inputs, weekdays(30, "1999-01-01"))
    history = stage_history(inputs, inputs.vix.index)
    with pytest.raises(NotEnoughData, match="on 1 Jan 2040"):
        history.on(dt.date(2040, 1, 1))


def recorded(folder, name):
    path = MARKET / folder / f"{name}.csv"
    if not path.exists():
        pytest.skip("the recorded market data are not beside the checkout")
    table = pd.read_csv(path, parse_dates=["date"], index_col="date", na_values=".")
    return table["close" if folder == "yahoo" else "value"].dropna()


@pytest.mark.market
def test_the_recorded_day_of_the_article():
    """With and without what was recorded after it: the same stage, not panic (VIX 15.6 the day before)."""
    given = Inputs(
        vix=recorded("yahoo", "^VIX"),
        dollar=recorded("yahoo", "DX-Y.NYB"),
        breakeven=recorded("fred", "T10YIE"),
        conditions=recorded("fred", "NFCI"),
    )
    day = pd.Timestamp("2026-01-23")
    days = given.vix.index[given.vix.index >= "2025-06-01"]
    then = replace(
        given,
        vix=given.vix[:day],
        dollar=given.dollar[:day],
        breakeven=given.breakeven[:day],
        conditions=given.conditions[:day],
    )
    known = stage_history(then, days[days <= day])
    assert known.on(day.date()) == stage_history(given, days).on(day.date()) == "neither"
    assert known.table.at[day, "vix"] == pytest.approx(15.64)
    assert panic_share(known, dt.date(2026, 1, 2), day.date()).share == 0
