from __future__ import annotations

import numpy as np
import pytest

from analytics.stats.event_study.event_test import Design, exposures, sup_test
from analytics.stats.pairs import returns
from analytics.stats.resampling import generator, packed_signs
from analytics.topics.lead_lag.measures.events import highs_252
from bench import nulls

MANY = 120


def correlations(x: np.ndarray, y: np.ndarray, lag: int) -> np.ndarray:
    """Of x_t with y_{t+lag}, one a replication."""
    first, then = (x[:, : x.shape[1] - lag], y[:, lag:]) if lag >= 0 else (x[:, -lag:], y[:, :lag])
    return np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(first, then, strict=True)])


@pytest.fixture(scope="module", params=nulls.KINDS)
def simulated(request: pytest.FixtureRequest) -> tuple[str, np.ndarray, np.ndarray]:
    return request.param, *nulls.simulate(request.param, MANY, 5)


def test_drift_and_volatility_are_those_of_silver_and_bitcoin(
    simulated: tuple[str, np.ndarray, np.ndarray],
) -> None:
    _, x, y = simulated
    assert x.shape == y.shape == (MANY, nulls.DAYS)
    assert x.mean() == pytest.approx(0.0005, abs=0.0002)
    assert y.mean() == pytest.approx(0.0020, abs=0.0004)
    # So fat are Bitcoin's tails that most samples fall short of the true standard deviation of .0423.
    assert 0.0145 < np.median(x.std(axis=1)) < 0.0172
    assert 0.0280 < np.median(y.std(axis=1)) < 0.0423


def test_tails_are_fat_and_volatility_clusters(simulated: tuple[str, np.ndarray, np.ndarray]) -> None:
    _, x, y = simulated
    for series in (x, y):
        centred = series - series.mean(axis=1, keepdims=True)
        kurtosis = (centred**4).mean(axis=1) / (centred**2).mean(axis=1) ** 2
        assert np.median(kurtosis) > 5
        assert correlations(np.abs(centred), np.abs(centred), 1).mean() > 0.05


def test_only_what_is_named_is_shared(simulated: tuple[str, np.ndarray, np.ndarray]) -> None:
    kind, x, y = simulated
    expected = {"N1": (0, 0), "N2": (0, 0), "N3": (0.14, 0), "N4": (0.105, 0.035)}[kind]
    error = 4 / np.sqrt(MANY * nulls.DAYS)
    # Drawn correlations fall short of the planted ones by the two volatilities' independence over time.
    assert correlations(x, y, 0).mean() == pytest.approx(expected[0], abs=error + 0.2 * expected[0])
    assert correlations(x, y, -1).mean() == pytest.approx(expected[1], abs=error + 0.2 * expected[1])
    assert correlations(np.abs(x), np.abs(y), 0).mean() > 0.1 if kind == "N2" else True


@pytest.mark.parametrize("lag", [1, 2, 5, 20, 60])
def test_nothing_ahead_is_ever_planted(simulated: tuple[str, np.ndarray, np.ndarray], lag: int) -> None:
    kind, x, y = simulated
    found = correlations(x, y, lag)
    spread = 1.3 if kind == "N2" else 1.0
    assert abs(found.mean()) < 4.5 * spread / np.sqrt(MANY * nulls.DAYS)


def test_the_same_seed_gives_the_same_pairs() -> None:
    first, again, other = (nulls.simulate("N4", 2, seed, n=300) for seed in (1, 1, 2))
    assert (first[1] == again[1]).all()
    assert not (first[1] == other[1]).any()


def test_levels_give_back_their_returns_on_weekdays() -> None:
    x, y = (series[0] for series in nulls.simulate("N1", 1, 1, n=50))
    levels = nulls.levels(x, y)
    np.testing.assert_allclose(
        returns(levels)[["lead", "follow"]].to_numpy(), np.column_stack([x, y]), atol=1e-12
    )
    assert (levels.index.day_of_week < 5).all()
    assert levels.index.is_unique


@pytest.mark.parametrize(("nearest", "farthest"), [(7, 7), (20, 60)])
def test_a_planted_window_has_its_correlation_and_sits_where_it_should(nearest: int, farthest: int) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal(60_000), 3 * rng.standard_normal(60_000)
    planted = nulls.plant_window(x, y, nearest, farthest, 0.2)
    total = np.cumsum(np.concatenate([[0.0], x]))
    days = np.arange(farthest, len(x))
    window = total[days - nearest + 1] - total[days - farthest]
    assert np.corrcoef(window, planted[days])[0, 1] == pytest.approx(0.2, abs=0.02)
    ahead = np.corrcoef(x[: -nearest + 1], planted[nearest - 1 :])[0, 1]
    assert abs(ahead) < 0.02


def test_a_planted_gain_is_the_excess_that_the_study_measures() -> None:
    x, y = (series[0] for series in nulls.simulate("N1", 1, 9))
    flags = highs_252(nulls.levels(x, y)["lead"]).to_numpy(copy=True)
    flags[-40:] = False
    design = Design(5.0, (20,), 20)
    packed, counts = packed_signs(generator("test"), 19, len(y)), exposures(flags, (20,))
    before = sup_test(y, counts, design, packed).effect[0]
    after = sup_test(nulls.plant_gain(y, flags, 0.05, 20), counts, design, packed).effect[0]
    assert after - before == pytest.approx(5.0, abs=1e-9)
