"""Shapley shares of explained variance: each regressor's gain in R^2, averaged over all orders in which they
can enter.

Lindeman, Merenda and Gold (1980); Groemping (2007), The American Statistician 61, 139-147 (LMG). Shares are
never negative and add up to R^2.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np

MOST = 8
"""Regressors: the number of subsets doubles with each."""


def lmg(correlation: np.ndarray) -> np.ndarray:
    """Shares of the outcome's variance, for one correlation matrix or a stack of them.

    Args:
        correlation: (..., k + 1, k + 1), or covariance; row 0 is the outcome, the others the regressors, not
            collinear. NaN gives NaN.

    Returns:
        (..., k); the sum over the last axis is the R^2 of the whole regression.

    Raises:
        ValueError: no regressor, or more than eight.
    """
    k = correlation.shape[-1] - 1
    if not 1 <= k <= MOST:
        raise ValueError(f"Shapley shares need 1 to {MOST} regressors, not {k}")
    explained = {
        subset: explained_by(correlation, subset)
        for size in range(k + 1)
        for subset in combinations(range(k), size)
    }
    shares = np.zeros((*correlation.shape[:-2], k))
    for subset, before in explained.items():
        weight = (
            factorial(len(subset)) * factorial(k - len(subset) - 1) / factorial(k) if len(subset) < k else 0.0
        )
        for one in set(range(k)) - set(subset):
            shares[..., one] += weight * (explained[tuple(sorted((*subset, one)))] - before)
    return shares


def explained_by(correlation: np.ndarray, subset: tuple[int, ...]) -> np.ndarray:
    """R^2 of the outcome on a subset of the regressors (numbered from 0), (...,)."""
    rows = [1 + i for i in subset]
    if not rows:
        return np.zeros(correlation.shape[:-2])
    own = correlation[..., rows, :][..., rows]
    shared = correlation[..., rows, 0]
    fitted = (shared * np.linalg.solve(own, shared[..., None])[..., 0]).sum(axis=-1)
    return fitted / correlation[..., 0, 0]
