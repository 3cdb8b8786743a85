from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats.resampling import (
    critical_value,
    cross_sums,
    cumulate,
    generator,
    p_text,
    p_value,
    p_values,
    packed_signs,
    signed_cross_sums,
    signed_sums,
    stationary_indices,
    trailing_sums,
    unpack,
    window_sums,
)

seeds = st.integers(0, 2**32 - 1)


def sample(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def test_signs_are_fair_independent_and_repeatable() -> None:
    signs = unpack(packed_signs(generator("test"), 400, 1_001), 1_001)
    assert signs.shape == (400, 1_001)
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert abs(signs.mean()) < 4 / np.sqrt(signs.size)
    assert np.abs(np.corrcoef(signs.T[:40]) - np.eye(40)).max() < 5 / np.sqrt(400)
    assert (signs == unpack(packed_signs(generator("test"), 400, 1_001), 1_001)).all()


def test_each_purpose_and_seed_has_its_own_draws() -> None:
    drawn = [generator(*args).random() for args in (("a",), ("b",), ("a", 1), ("a", 2))]
    assert len(set(drawn)) == 4


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(1, 70), st.integers(1, 5), st.integers(1, 30))
def test_signed_sums_are_the_plain_product(seed: int, n: int, m: int, draws: int) -> None:
    terms, packed = sample(seed, n, m), packed_signs(np.random.default_rng(seed), draws, n)
    np.testing.assert_allclose(signed_sums(terms, packed), unpack(packed, n) @ terms, atol=1e-12 * n)


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(2, 90), st.integers(0, 12))
def test_cross_sums_are_their_definition(seed: int, n: int, reach: int) -> None:
    x, y = sample(seed, n), sample(seed + 1, n)
    found = cross_sums(x, y, reach)
    assert found.shape == (2 * reach + 1,)
    for k in range(-reach, reach + 1):
        pairs = [x[t] * y[t + k] for t in range(n) if 0 <= t + k < n]
        assert found[reach + k] == pytest.approx(sum(pairs), abs=1e-10 * n)


def test_signed_cross_sums_are_cross_sums_of_signed_returns() -> None:
    x, y = sample(1, 500), sample(2, 500)
    packed = packed_signs(generator("test"), 130, 500)
    found = signed_cross_sums(x, y, 30, packed)
    expected = cross_sums(np.broadcast_to(x, (130, 500)), unpack(packed, 500) * y, 30)
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.sqrt(500))
    assert (found == signed_cross_sums(x, y, 30, packed, workers=2)).all()


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 40), st.integers(1, 50))
def test_trailing_sums_are_rolling_sums(seed: int, n: int, length: int) -> None:
    x = sample(seed, n)
    expected = pd.Series(x).rolling(length, min_periods=1).sum()
    np.testing.assert_allclose(trailing_sums(x, length), expected, atol=1e-12 * n)


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 9))
def test_windows_of_cross_sums_are_cross_sums_of_windows(seed: int, length: int) -> None:
    """The algebra that makes the smoothed family cheap (Hodrick 1992, 1B)."""
    x, y, reach = sample(seed, 80), sample(seed + 1, 80), 9
    ahead = cross_sums(x, y, reach)[reach + 1 :]
    smoothed = cross_sums(trailing_sums(x, length), y, reach)[reach + 1 :]
    windows = window_sums(cumulate(ahead), length)
    np.testing.assert_allclose(windows, smoothed[: reach - length + 1], atol=1e-10)


def test_p_counts_the_draws_at_or_above() -> None:
    null = np.array([1.0, 2.0, 3.0, 4.0])
    assert p_value(null, 3.0) == 3 / 5
    assert p_value(null, 9.0) == 1 / 5
    assert p_value(null, -9.0) == 1.0


@settings(deadline=None)
@given(seeds, st.integers(19, 400))
def test_critical_value_and_p_agree(seed: int, draws: int) -> None:
    null = sample(seed, draws).round(1)
    critical = critical_value(null, 0.05)
    observed = np.append(sample(seed + 1, 50).round(1) * 2, [critical, np.nan])
    found = p_values(null, observed)
    for value, p in zip(observed[:-1], found[:-1], strict=True):
        assert p == p_value(null, value)
        assert (p <= 0.05) == (value > critical)
    assert np.isnan(found[-1])


def test_stationary_bootstrap_keeps_blocks_of_the_asked_length() -> None:
    indices = stationary_indices(np.random.default_rng(3), 2_000, 20, 50)
    assert indices.shape == (50, 2_000)
    assert indices.min() >= 0
    assert indices.max() <= 1_999
    follows = (np.diff(indices, axis=1) % 2_000 == 1).mean()
    assert follows == pytest.approx(1 - 1 / 20, abs=0.005)
    counts = np.bincount(indices.ravel(), minlength=2_000)
    assert abs(counts.mean() - 50) < 1e-9
    assert counts.std() < 25


def test_blocks_of_one_are_independent_draws() -> None:
    indices = stationary_indices(np.random.default_rng(4), 1_000, 1, 20)
    assert (np.diff(indices, axis=1) % 1_000 == 1).mean() < 0.004


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0002, "p < .001"), (0.001, "p = .001"), (0.0312, "p = .031"), (0.456, "p = .46"), (1.0, "p = 1.00")],
)
def test_p_is_rounded_to_what_it_is_worth(p: float, text: str) -> None:
    assert p_text(p) == text
