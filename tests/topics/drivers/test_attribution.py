from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import BadChoice, NotEnoughData
from analytics.stats.regression.wild_newey_west import LAGS
from analytics.topics.drivers.measures.attribution import LEAST, MAIN, attribution
from analytics.topics.drivers.measures.moves import USUAL, moves
from tests.topics.drivers.driver_samples import BETAS, recorded, simulated

EXACT = 1e-10


def adds_up(found):
    return abs(sum(part.contribution for part in found.parts) + found.residual - found.total)


def span(table, first=-31, last=-1):
    return table.index[first].date(), table.index[last].date()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000), st.integers(2, 120))
def test_parts_and_residual_add_up_to_the_total(seed, length):
    table = simulated(seed, n=500)
    found = attribution(table, *span(table, -length))
    assert adds_up(found) < EXACT
    assert found.total == pytest.approx(
        100 * math.log(table["silver"].iloc[-1] / table["silver"].iloc[-length]), abs=1e-9
    )
    assert found.days == length - 1


def test_betas_come_from_the_days_before_the_window():
    table = simulated(n=1_600)
    start, end = span(table)
    found = attribution(table, start, end)
    assert (found.n, found.asked) == (1_250, 1_250)
    shifted = table.copy()
    shifted.iloc[-30:] *= 1.5  # nothing inside the window moves them
    again = attribution(shifted, start, end)
    assert [part.beta for part in again.parts] == [part.beta for part in found.parts]
    made = moves(table.loc[: str(start)], ("silver",), need=100).latest(1_250)
    fit = sm.OLS(made.assets[:, 0], sm.add_constant(made.drivers)).fit()
    assert [part.beta for part in found.parts] == pytest.approx(list(fit.params[1:]), rel=1e-9)
    assert found.explained == pytest.approx(fit.rsquared, rel=1e-9)
    assert found.first == table.index[-31 - 1_249].date()


def test_the_share_and_its_interval_follow_from_betas_and_their_covariance():
    table = simulated(n=900)
    start, end = span(table)
    found = attribution(table, start, end)
    made = moves(table.loc[: str(start)], ("silver",), need=100)
    fit = sm.OLS(made.assets[:, 0], sm.add_constant(made.drivers)).fit(
        cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": False}
    )
    move = np.array([0, found.parts[0].move, found.parts[1].move, 0, 0])
    half = 1.959964 * math.sqrt(move @ fit.cov_params() @ move) / abs(found.total)
    assert found.share == pytest.approx(move @ fit.params / found.total, rel=1e-9)
    assert found.interval == pytest.approx((found.share - half, found.share + half), rel=1e-6)
    every = np.array([0, *(part.move for part in found.parts)])
    wide = 1.959964 * math.sqrt(every @ fit.cov_params() @ every)
    assert found.residual_interval == pytest.approx((found.residual - wide, found.residual + wide), rel=1e-6)
    part = found.parts[1]
    assert part.contribution == part.beta * part.move
    assert part.interval[1] - part.interval[0] == pytest.approx(
        2 * 1.959964 * fit.bse[2] * abs(part.move), rel=1e-6
    )


def test_a_move_made_by_the_planted_betas_is_accounted_for():
    table = simulated(n=900, noise=0.01)
    found = attribution(table, *span(table), main=USUAL)
    assert found.share == pytest.approx(1, abs=0.1)
    assert abs(found.residual) < 0.5
    assert [part.beta for part in found.parts] == pytest.approx([BETAS[key] for key in USUAL], abs=0.01)


def test_the_last_common_day_at_or_before_counts():
    table = simulated(n=500)
    friday = next(day for day in reversed(table.index[-40:-10]) if day.day_of_week == 4)
    sunday = (friday + np.timedelta64(2, "D")).date()
    assert attribution(table, sunday, span(table)[1]).start == friday.date()
    late = attribution(table, friday.date(), dt.date(2099, 1, 1))
    assert late.end == table.index[-1].date()
    table.iloc[-1, 1] = np.nan  # the yield of the last day is not known yet
    assert attribution(table, friday.date(), dt.date(2099, 1, 1)).end == table.index[-2].date()


def test_nothing_after_the_window_matters():
    table = simulated(n=600)
    start, end = span(table, -60, -30)
    later = table.copy()
    later.iloc[-29:] *= 3
    assert attribution(later, start, end).sentence == attribution(table, start, end).sentence


def test_no_move_has_no_share():
    table = simulated(n=500)
    table.iloc[-1, table.columns.get_loc("silver")] = table["silver"].iloc[-3]
    found = attribution(table, *span(table, -3))
    assert found.total == pytest.approx(0, abs=1e-9)
    assert math.isnan(found.share)
    assert math.isnan(found.interval[0])
    assert "no share of it can be stated" in found.sentence


def test_the_sentence_says_share_interval_and_basis():
    found = attribution(simulated(n=500), *span(simulated(n=500)))
    assert "the 10-year real yield and the dollar account for" in found.sentence
    assert f"{100 * found.share:.0f}% of it" in found.sentence
    assert "all that the series share; 1,250 were asked for" in found.sentence


def test_a_share_of_nothing_is_not_minus_zero():
    table = simulated(n=500)
    table.iloc[-31:, table.columns.get_indexer(["real_yield_10y", "dollar_index"])] = table.iloc[-31][
        ["real_yield_10y", "dollar_index"]
    ].to_numpy()
    table.iloc[-1, table.columns.get_loc("silver")] *= 0.5
    found = attribution(table, *span(table))
    assert math.copysign(1, found.share) == -1  # -0.0
    assert "account for 0% of it (0% to 0%" in found.sentence


def test_bad_input():
    table = simulated(n=500)
    with pytest.raises(NotEnoughData, match=f"needs {LEAST}"):
        attribution(table, table.index[100].date(), table.index[-1].date())
    with pytest.raises(NotEnoughData):
        attribution(table, dt.date(1999, 1, 1), table.index[-1].date())
    with pytest.raises(BadChoice, match="the window"):
        attribution(table, table.index[-1].date(), table.index[-2].date())
    with pytest.raises(BadChoice, match="main"):
        attribution(table, *span(table), main=("gold",))
    assert set(MAIN) <= set(USUAL)


@pytest.mark.market
def test_january_2026_adds_up_on_recorded_prices():
    found = attribution(recorded("silver", *USUAL), dt.date(2025, 12, 31), dt.date(2026, 1, 23))
    assert adds_up(found) < EXACT
    assert (found.start, found.end, found.n, found.days) == (
        dt.date(2025, 12, 31),
        dt.date(2026, 1, 23),
        1_250,
        15,
    )
    assert found.total == pytest.approx(36.4, abs=0.05)
    assert found.share == pytest.approx(0.027, abs=0.001)
