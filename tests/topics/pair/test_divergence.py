from __future__ import annotations

import datetime as dt
import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.pair.measures.divergence import (
    Z_SHARE_RANDOM,
    divergence,
    percentiles,
    spread_z,
    wide_share,
)

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"
NAMES = ("silver", "Bitcoin")
ARTICLE, LAST = dt.date(2026, 1, 23), dt.date(2026, 6, 5)


def pair_of(lead, follow, first="2020-01-01"):
    dates = pd.bdate_range(first, periods=len(lead))
    return pd.DataFrame({"lead": lead, "follow": follow}, index=dates, dtype=float)


def two_days(lead_return, follow_return):
    """A pair of two closes with the given simple returns [%]."""
    return pair_of([50.0, 50 * (1 + lead_return / 100)], [400.0, 400 * (1 + follow_return / 100)])


def whole(pair, **options):
    return divergence(pair, pair.index[0].date(), pair.index[-1].date(), names=NAMES, **options)


@pytest.fixture(scope="module")
def recorded():
    """Silver against Bitcoin on the days of the silver future, from the recorded closes beside the checkout."""
    columns = {}
    for column, symbol in (("lead", "SI=F"), ("follow", "BTC-USD")):
        path = MARKET / f"{symbol}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        columns[column] = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"].dropna()
    return pd.concat(columns, axis=1, join="inner")


prices = st.lists(st.tuples(st.floats(1e-2, 1e5), st.floats(1e-2, 1e5)), min_size=2, max_size=40).map(
    lambda rows: pair_of(*zip(*rows, strict=True))
)


@given(prices)
def test_the_legs_add_up_to_the_ratio(pair):
    found = whole(pair)
    assert found.lead.contribution + found.follow.contribution == pytest.approx(
        found.ratio_log_points, abs=1e-12
    )
    ends = 100 * math.log(found.ratio_last / found.ratio_first)
    assert found.ratio_log_points == pytest.approx(ends, abs=1e-9)
    legs = 1 + found.follow.simple / 100, 1 + found.lead.simple / 100
    assert 1 + found.ratio_simple / 100 == pytest.approx(legs[0] / legs[1], rel=1e-6)


@given(prices, st.integers(1, 39))
def test_a_window_cut_in_two_adds_up(pair, cut):
    cut = min(cut, len(pair) - 1)
    if cut == len(pair) - 1 or cut == 0:
        return
    day = pair.index[cut].date()
    parts = whole(pair, legs_end=day), whole(pair, legs_start=day)
    total = whole(pair)
    assert sum(part.ratio_log_points for part in parts) == pytest.approx(total.ratio_log_points, abs=1e-9)
    assert sum(part.lead.log_points for part in parts) == pytest.approx(total.lead.log_points, abs=1e-9)


@given(prices, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_do_not_matter(pair, lead_unit, follow_unit):
    found, other = whole(pair, z_window=5), whole(pair * [lead_unit, follow_unit], z_window=5)
    assert np.allclose(found.indexed, other.indexed, rtol=1e-9)
    assert other.ratio_log_points == pytest.approx(found.ratio_log_points, abs=1e-7)
    assert other.ratio_now == pytest.approx(found.ratio_now * follow_unit / lead_unit, rel=1e-9)


def test_units_do_not_matter_for_z_and_percentile():
    rng = np.random.default_rng(3)
    pair = pair_of(*np.exp(rng.normal(0, 0.02, (2, 400)).cumsum(axis=1)))
    found, other = whole(pair), whole(pair * [31.1034768, 0.001])
    assert other.z_now == pytest.approx(found.z_now, abs=1e-8)
    assert other.percentile == pytest.approx(found.percentile)


def test_swapping_the_legs_flips_every_sign():
    rng = np.random.default_rng(4)
    pair = pair_of(*np.exp(rng.normal(0, 0.02, (2, 400)).cumsum(axis=1)))
    swapped = pair.rename(columns={"lead": "follow", "follow": "lead"})
    found, mirror = whole(pair), whole(swapped)
    assert mirror.z_now == pytest.approx(-found.z_now)
    assert mirror.ratio_log_points == pytest.approx(-found.ratio_log_points)
    assert mirror.ratio_now == pytest.approx(1 / found.ratio_now)
    assert mirror.percentile == pytest.approx(100 - found.percentile)
    assert mirror.z_share == pytest.approx(found.z_share)


@given(prices, st.integers(2, 40))
def test_nothing_after_the_end_is_used(pair, keep):
    keep = min(keep, len(pair))
    cut = pair.iloc[:keep]
    start, end = pair.index[0].date(), cut.index[-1].date()
    found, truncated = (divergence(data, start, end, z_window=3) for data in (pair, cut))
    pd.testing.assert_frame_equal(found.indexed, truncated.indexed, check_exact=True)
    pd.testing.assert_series_equal(found.z, truncated.z, check_exact=True)
    assert found.percentile == truncated.percentile
    assert found.sentence == truncated.sentence


def test_percentile_counts_earlier_days_and_ties_by_half():
    values = pd.Series([1.0, 3.0, 2.0, 2.0, 2.0, 9.0])
    expected = [np.nan, 100.0, 50.0, 50.0, 50.0, 100.0]
    assert np.allclose(percentiles(values), expected, equal_nan=True)
    assert np.isnan(percentiles(pd.Series([5.0])).iloc[0])


@given(prices)
def test_percentile_is_the_plain_count(pair):
    found = whole(pair)
    ratio = (pair["follow"] / pair["lead"]).to_numpy()
    lower, equal = (ratio[:-1] < ratio[-1]).sum(), (ratio[:-1] == ratio[-1]).sum()
    assert found.n_earlier == len(pair) - 1
    assert found.percentile == pytest.approx(100 * (lower + equal / 2) / (len(pair) - 1), abs=1e-9)


def test_z_is_the_plain_formula_and_has_the_sign_of_the_lead():
    rng = np.random.default_rng(5)
    pair = pair_of(*np.exp(rng.normal(0, 0.02, (2, 300)).cumsum(axis=1)))
    window = np.log(pair["lead"] / pair["follow"]).iloc[-250:]
    z = spread_z(pair)
    assert z.iloc[:249].isna().all()
    assert z.iloc[-1] == pytest.approx((window.iloc[-1] - window.mean()) / window.std(), abs=1e-9)
    jump = pair.copy()
    jump.iloc[-1, 0] *= 3
    assert spread_z(jump).iloc[-1] > z.iloc[-1]


def test_a_spread_that_never_moves_has_no_z():
    pair = pair_of([20.0] * 300, [60_000.0] * 300)
    found = whole(pair)
    assert found.z.isna().all()
    assert found.n_z == 0
    assert math.isnan(found.z_share)
    assert found.sentence == "Neither leg moved by more than 1% since 1 Jan 2020; the ratio is where it was."


def garch_t(rng, days, a, b, nu, mean, deviation):
    """Returns of a GARCH(1,1) with t innovations [%]."""
    noise = rng.standard_t(nu, days + 500) * math.sqrt((nu - 2) / nu)
    variance, path = 1.0, np.empty(days + 500)
    for day, z in enumerate(noise):
        path[day] = math.sqrt(variance) * z
        variance = 1 - a - b + a * path[day] ** 2 + b * variance
    return mean + deviation * path[500:]


def test_the_share_of_a_random_spread_is_what_the_constant_says():
    rng = np.random.default_rng(20260123)
    shares = []
    for _ in range(250):
        silver = garch_t(rng, 2700, 0.035, 0.955, 4.6, 0.05, 1.72)
        bitcoin = garch_t(rng, 2700, 0.105, 0.88, 3.5, 0.20, 4.23)
        shares.append(
            wide_share(spread_z(pair_of(*np.exp(np.array([silver, bitcoin]).cumsum(axis=1) / 100))))
        )
    error = np.std(shares, ddof=1) / math.sqrt(len(shares))
    assert error < 0.25
    assert abs(np.mean(shares) - Z_SHARE_RANDOM) < 3 * error


SIZES = (-60.0, -5.0, -0.4, 0.0, 0.4, 5.0, 60.0)


@pytest.mark.parametrize(("lead", "follow"), list(itertools.product(SIZES, SIZES)))
def test_the_sentence_is_true_in_every_combination(lead, follow):
    found = whole(two_days(lead, follow))
    text, change = found.sentence, 100 * ((1 + follow / 100) / (1 + lead / 100) - 1)
    if abs(change) <= 0.9:
        assert "the ratio is where it was" in text
        assert found.cause == ""
    else:
        assert text.startswith(f"The ratio {'rose' if change > 0 else 'fell'} {abs(change):.0f}%"[:14])
        assert found.cause in text
    for name, size in zip(NAMES, (lead, follow), strict=True):
        wrong = "fell" if size >= 0 else "rose"
        assert f"{name} {wrong}" not in text
    if "Both legs" in text:
        assert lead * follow > 0
        assert ("Both legs rose" in text) == (lead > 0)
    if "more than" in found.cause:
        assert lead * follow > 0
    if "Neither" in text:
        assert max(abs(lead), abs(follow)) <= 1


@given(st.floats(-90, 900), st.floats(-90, 900))
def test_the_named_cause_pushed_the_ratio_the_way_it_went(lead, follow):
    found = whole(two_days(lead, follow))
    if not found.cause:
        assert abs(found.ratio_log_points) <= 1
        return
    main = max((found.lead, found.follow), key=lambda leg: leg.contribution * found.ratio_log_points)
    assert f"because {main.name}" in found.cause
    assert main.contribution * found.ratio_log_points > 0


@pytest.mark.parametrize(
    ("lead", "follow", "expected"),
    [
        (-30, 0, "The ratio rose 43% since 1 Jan 2020 because silver fell (silver -30%, Bitcoin 0.0%)."),
        (-30, -10, "The ratio rose 29% since 1 Jan 2020 because silver fell more than Bitcoin (silver -30%, Bitcoin -10%)."),
        (-30, 30, "The ratio rose 86% since 1 Jan 2020 because silver fell and Bitcoin rose (silver -30%, Bitcoin +30%)."),
        (3, -40, "The ratio fell 42% since 1 Jan 2020 because Bitcoin fell (silver +3.0%, Bitcoin -40%)."),
        (8, -40, "The ratio fell 44% since 1 Jan 2020 mostly because Bitcoin fell (silver +8.0%, Bitcoin -40%)."),
        (-32, -32, "Both legs fell about 32% since 1 Jan 2020 (39% in log terms); the ratio is where it was."),
        (5, 5.3, "Both legs rose 5.0% to 5.3% since 1 Jan 2020 (4.9% to 5.2% in log terms); the ratio is where it was."),
    ],
)  # fmt: skip
def test_sentences(lead, follow, expected):
    assert whole(two_days(lead, follow)).sentence == expected


def test_a_legs_window_before_the_history_is_clamped_and_says_so():
    pair = two_days(-30, 30)
    found = whole(pair, legs_start=dt.date(1999, 1, 1))
    assert found.clamped
    assert found.legs_start == pair.index[0].date()
    assert "since 1 Jan 2020, as far back as the pair goes, because" in found.sentence
    assert not whole(pair).clamped


def test_a_legs_window_that_ends_early_names_both_ends():
    pair = pair_of([10, 11, 12], [10, 20, 40])
    found = whole(pair, legs_end=pair.index[1].date())
    assert found.sentence.startswith(
        "The ratio rose 82% from 1 Jan 2020 to 2 Jan 2020 because Bitcoin rose more"
    )


def test_a_leg_starts_from_the_last_close_at_or_before_the_day():
    pair = pair_of([10.0] * 8, [10.0, 11, 12, 13, 14, 15, 16, 17], first="2024-01-01")
    found = whole(pair, legs_start=dt.date(2024, 1, 6))  # a Saturday
    assert found.legs_start == dt.date(2024, 1, 5)
    assert found.follow.first == 14


def test_windows_without_data_are_refused():
    pair = two_days(1, 1)
    with pytest.raises(NotEnoughData, match="5 Jan 2021"):
        divergence(pair, dt.date(2021, 1, 5), dt.date(2021, 6, 1))
    with pytest.raises(NotEnoughData):
        divergence(pair.iloc[:0], dt.date(2020, 1, 1), dt.date(2020, 2, 1))
    with pytest.raises(NotEnoughData, match="legs window"):
        whole(pair, legs_start=pair.index[-1].date())


@pytest.mark.parametrize("bad", [0.0, -37.63, np.nan])
def test_a_price_at_or_below_zero_is_refused(bad):
    pair = pair_of([10.0, bad, 10.0], [1.0, 2.0, 3.0])
    with pytest.raises(NotPositive, match="Silver is not above zero on 2 Jan 2020"):
        whole(pair)


@pytest.mark.market
def test_the_article_to_june_moved_both_legs_and_not_the_ratio(recorded):
    """SI=F 100.925 and 68.943, BTC-USD 89,503.9 and 60,922.7 (recorded Yahoo closes): 886.8 to 883.7 ounces."""
    found = divergence(recorded, dt.date(2025, 6, 5), LAST, legs_start=ARTICLE, names=NAMES)
    assert found.ratio_first == pytest.approx(886.8, abs=0.05)
    assert found.ratio_last == pytest.approx(883.7, abs=0.05)
    assert found.lead.log_points == pytest.approx(-38.1, abs=0.05)
    assert found.follow.log_points == pytest.approx(-38.5, abs=0.05)
    assert found.sentence == (
        "Both legs fell about 32% since 23 Jan 2026 (38% in log terms); the ratio is where it was."
    )
    assert found.cause == ""


@pytest.mark.market
def test_the_recorded_spread_as_known_on_the_day_of_the_article(recorded):
    found = divergence(recorded, dt.date(2025, 1, 23), ARTICLE, names=NAMES)
    assert found.last == ARTICLE
    assert found.z_now > 3
    assert found.ratio.index[-1].date() == ARTICLE
    assert found.z_share > found.z_share_random
