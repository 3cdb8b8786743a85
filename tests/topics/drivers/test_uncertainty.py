from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.published import thresholds
from analytics.topics.drivers.measures.uncertainty import LINKS, uncertainty, weekly_changes
from bench.planted_drivers import uncertainty_worlds
from tests.topics.drivers.driver_samples import recorded


def world(index=0.45, premium=0.4, seed=1):
    return next(uncertainty_worlds(1, seed, index, premium))


def ask(series, **options):
    return uncertainty(*series, **{"draws": 199, **options})


def test_two_planted_links_are_found_with_their_sizes():
    found = ask(world())
    index, premium = found.links
    assert (index.key, premium.key) == LINKS
    assert found.verdict == "supported"
    for link in found.links:
        assert link.interval[0] < link.correlation < link.interval[1]
        assert link.interval[0] > 0
    assert found.n <= 260
    assert "silver moved with policy uncertainty (r +0." in found.sentence
    assert found.sentence.endswith("both together: supported.")


def test_the_mean_of_many_worlds_is_what_was_planted():
    """Which also says that the mean of seven days is corrected for as ``planted_drivers.SEEN`` says."""
    found = [ask(series, draws=19).links for series in uncertainty_worlds(60, 3, 0.45, 0.4)]
    means = np.mean([[link.correlation for link in links] for links in found], axis=0)
    assert means == pytest.approx([0.45, 0.4], abs=0.05)


def test_weekly_changes_by_hand():
    """Means of seven calendar days first, the Friday (or the last day before it) second, differences last."""
    days = pd.date_range("2024-01-01", "2024-02-02", freq="D")
    index = pd.Series(np.arange(50.0, 50 + len(days)), index=days)
    trading = days[days.day_of_week < 5].drop(pd.Timestamp("2024-01-19"))  # one Friday is a holiday
    silver = pd.Series(np.linspace(20, 30, len(trading)), index=trading)
    premium = pd.Series(np.linspace(0.1, 0.4, len(trading)), index=trading)
    found = weekly_changes(silver, index, premium)
    assert [f"{day:%m-%d}" for day in found.index] == ["01-19", "01-26", "02-02"]
    closes = ["2024-01-12", "2024-01-18", "2024-01-26", "2024-02-02"]
    assert found["silver"].tolist() == pytest.approx((100 * np.diff(np.log(silver[closes]))).tolist())
    assert found["term_premium_10y"].tolist() == pytest.approx((100 * np.diff(premium[closes])).tolist())
    means = [index[pd.Timestamp(day) - pd.Timedelta(days=6) : day].mean() for day in closes]
    assert found["policy_uncertainty"].tolist() == pytest.approx((100 * np.diff(np.log(means))).tolist())


def test_a_day_without_the_index_is_no_part_of_a_mean():
    silver, index, premium = world()
    gap = index.index[-10]
    found = ask((silver, index.drop(gap), premium))
    assert len(found.weeks) in (ask((silver, index, premium)).n, ask((silver, index, premium)).n - 1)
    kept = weekly_changes(silver, index.drop(gap), premium)
    whole = weekly_changes(silver, index, premium)
    untouched = whole.index[whole.index < gap - pd.Timedelta(days=7)]
    pd.testing.assert_frame_equal(kept.loc[untouched], whole.loc[untouched])


def test_the_statistic_and_the_correlation_are_those_of_the_definition():
    found = ask(world())
    y = found.weeks["silver"] - found.weeks["silver"].mean()
    for link in found.links:
        x = found.weeks[link.key] - found.weeks[link.key].mean()
        assert link.correlation == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-9)
        assert link.t == pytest.approx((x * y).sum() / np.sqrt((x**2 * y**2).sum()), rel=1e-9)


def test_both_must_hold():
    found = ask(world(index=0.0, seed=2))
    index, premium = found.links
    assert premium.p < 0.05 < index.p
    assert found.inference.p == index.p
    assert found.inference.estimate == index.correlation
    assert found.inference.mde == max(index.mde, premium.mde)
    assert found.verdict in ("not supported", "undecided")


def test_one_link_the_other_way_contradicts():
    found = ask(world(index=0.45, premium=-0.5))
    assert found.verdict == "contradicted"
    assert found.inference.p_opposite == 2 * found.links[1].p_opposite


def test_too_short_a_span_is_undecided():
    found = ask(world(index=0.0, premium=0.0, seed=5), weeks=70)
    assert found.n == 70
    assert found.verdict == "undecided"
    assert "both possible" in found.sentence
    assert ask(world(index=0.0, premium=0.0, seed=5), weeks=70, delta=0.9).verdict == "not supported"


@settings(max_examples=10, deadline=None)
@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(-3, 3))
def test_units_do_not_matter(metal, scale, lift):
    silver, index, premium = world()
    base, other = (
        ask((silver, index, premium), draws=19),
        ask((metal * silver, scale * index, premium + lift), draws=19),
    )
    assert other.inference.p == base.inference.p
    assert other.inference.estimate == pytest.approx(base.inference.estimate, abs=1e-9)


def test_the_same_question_has_the_same_answer():
    assert dataclasses.asdict(ask(world()).inference) == dataclasses.asdict(ask(world()).inference)


def test_thresholds_are_the_defaults():
    claim, found = thresholds.get(8), ask(world()).inference
    assert (claim.delta, claim.direction, claim.unit) == (found.delta, found.direction, found.unit)


def test_bad_input():
    silver, index, premium = world()
    with pytest.raises(NotEnoughData, match="needs 60"):
        ask((silver.iloc[:200], index, premium))
    with pytest.raises(NotEnoughData):
        ask((silver, index.iloc[:0], premium))
    with pytest.raises(NotPositive, match="Policy uncertainty"):
        ask((silver, index - index.min(), premium))
    with pytest.raises(NotPositive, match="Silver"):
        ask((silver - silver.min(), index, premium))
    with pytest.raises(NoVariation, match="term premium"):
        ask((silver, index, premium * 0))


def test_few_false_alarms_with_one_link_planted_and_the_other_absent():
    """150 worlds: within the exact 99.9% band of a 5% test."""
    found = [ask(series, seed=i).verdict for i, series in enumerate(uncertainty_worlds(150, 4, 0.45, 0.0))]
    assert found.count("supported") <= 18  # P(more | 5%) = 0.0002


@pytest.mark.market
def test_on_recorded_prices_the_term_premium_s_weeks_are_there():
    """The uncertainty index is not among the recorded series: a constant path that alternates stands in for it."""
    table = recorded("silver", "term_premium_10y")
    days = pd.date_range(table.index[0] - pd.Timedelta(days=10), table.index[-1])
    rng = np.random.default_rng(1)
    index = pd.Series(np.exp(4 + 0.3 * rng.standard_normal(len(days))), index=days)
    found = ask((table["silver"], index, table["term_premium_10y"]))
    assert found.n == 260
    assert -0.4 < found.links[1].correlation < 0.4
