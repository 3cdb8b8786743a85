from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats.shapley import explained_by, lmg


def correlated(k, seed, shape=()):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((*shape, 200, k + 1)) @ rng.standard_normal((k + 1, k + 1))
    x = x - x.mean(axis=-2, keepdims=True)
    covariance = np.swapaxes(x, -1, -2) @ x
    scale = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return covariance / scale[..., :, None] / scale[..., None, :]


def by_orders(correlation):
    """Brute force: the gain in R^2 of each regressor in every order, averaged."""
    k = len(correlation) - 1
    total = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        before = 0.0
        for place, one in enumerate(order):
            rows = [0] + [1 + i for i in order[: place + 1]]
            inverse = np.linalg.inv(correlation[np.ix_(rows, rows)])
            after = 1 - 1 / inverse[0, 0]  # R^2 of the first on the others
            total[one] += after - before
            before = after
    return total / len(orders)


def test_two_regressors_by_hand():
    """r_y1 = .6, r_y2 = .5, r_12 = .5: R^2 = (.36 + .25 - 2 .6 .5 .5) / .75 = .41333; alone .36 and .25, second
    .41333 - .25 = .16333 and .41333 - .36 = .05333; means .26167 and .15167."""
    found = lmg(np.array([[1, 0.6, 0.5], [0.6, 1, 0.5], [0.5, 0.5, 1]]))
    assert found == pytest.approx(
        [0.5 * (0.36 + 0.31 / 0.75 - 0.25), 0.5 * (0.25 + 0.31 / 0.75 - 0.36)], abs=1e-14
    )
    assert found == pytest.approx([0.2616667, 0.1516667], abs=1e-6)


def test_three_regressors_by_hand():
    """y = x1 + x2 + x3, all of variance one, x1 and x2 correlated .5, x3 apart: var y = 4, so R^2 of {3} = 1/4, of
    {1} = {2} = 1.5^2/4 = .5625, of {1, 2} = 3/4, of {1, 3} = .8125, of all 1. x3 always brings 1/4; x1 and x2 share the
    3/4 alike."""
    cov = np.array([[4.0, 1.5, 1.5, 1.0], [1.5, 1.0, 0.5, 0.0], [1.5, 0.5, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]])
    assert lmg(cov) == pytest.approx([0.375, 0.375, 0.25], abs=1e-14)
    assert explained_by(cov, (0,)) == pytest.approx(0.5625)
    assert explained_by(cov, (0, 1)) == pytest.approx(0.75)
    assert explained_by(cov, (0, 2)) == pytest.approx(0.8125)
    assert explained_by(cov, ()) == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10_000))
def test_against_every_order(k, seed):
    correlation = correlated(k, seed)
    found = lmg(correlation)
    assert found == pytest.approx(by_orders(correlation), abs=1e-9)
    assert (found >= -1e-12).all()
    assert found.sum() == pytest.approx(explained_by(correlation, tuple(range(k))), abs=1e-9)


def test_orthogonal_regressors_have_their_squared_correlations():
    correlation = np.eye(4)
    correlation[0, 1:] = correlation[1:, 0] = [0.5, -0.4, 0.1]
    assert lmg(correlation) == pytest.approx([0.25, 0.16, 0.01], abs=1e-14)


def test_a_stack_is_each_alone_and_scale_does_not_matter():
    stack = correlated(3, 5, (4, 2))
    found = lmg(stack)
    assert found.shape == (4, 2, 3)
    assert found[2, 1] == pytest.approx(lmg(stack[2, 1]), abs=1e-12)
    scale = np.array([2.0, 0.1, 5.0, 3.0])
    assert lmg(stack[0, 0] * np.outer(scale, scale)) == pytest.approx(found[0, 0], abs=1e-12)


def test_names_of_regressors_do_not_matter():
    correlation = correlated(3, 8)
    order = [0, 3, 1, 2]
    assert lmg(correlation[np.ix_(order, order)]) == pytest.approx(lmg(correlation)[[2, 0, 1]], abs=1e-12)


def test_too_few_and_too_many_are_refused():
    with pytest.raises(ValueError, match="1 to 8"):
        lmg(np.eye(1))
    with pytest.raises(ValueError, match="1 to 8"):
        lmg(np.eye(10))
