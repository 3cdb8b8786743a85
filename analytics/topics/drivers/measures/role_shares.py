"""The two roots behind silver's roles, from second moments: so that resamples and windows cost sums, not
regressions.

The industrial factor is the first component of three standardised industrial series with gold taken out. It
is orthogonal to gold, so each Shapley share is a squared correlation; its root (a semi-partial correlation,
with its sign) is what is resampled, on Fisher's scale.
"""

from __future__ import annotations

import numpy as np

FIRST, SECOND = np.triu_indices(5)
"""Which two of silver, gold and the three industrial series each second moment multiplies."""
MOMENTS = 5 + len(FIRST)
BLOCK = 20
"""Mean block of the bootstrap, and length of a jackknife block [trading days]."""
_BOUND = 1 - 1e-12


def moment_terms(returns: np.ndarray) -> np.ndarray:
    """Each day's standardised returns and their products, (n, 5) -> (n, 20)."""
    x = (returns - returns.mean(axis=0)) / returns.std(axis=0)
    return np.column_stack([x, x[:, FIRST] * x[:, SECOND]])


def correlations(moments: np.ndarray) -> np.ndarray:
    """Correlation matrices from the means of ``moment_terms``, (..., 20) -> (..., 5, 5)."""
    means, products = moments[..., :5], moments[..., 5:]
    covariance = np.empty((*moments.shape[:-1], 5, 5))
    centred = products - means[..., FIRST] * means[..., SECOND]
    covariance[..., FIRST, SECOND] = centred
    covariance[..., SECOND, FIRST] = centred
    scale = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return covariance / (scale[..., :, None] * scale[..., None, :])


def factor_weights(correlation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the first component on the three standardised series, their sum positive, (..., 3), and its
    variance."""
    variances, vectors = np.linalg.eigh(correlation[..., 2:, 2:])
    first = vectors[..., -1]
    turn = np.where(first.sum(axis=-1) < 0, -1.0, 1.0)
    return first * turn[..., None], variances[..., -1]


def with_factor(correlation: np.ndarray) -> np.ndarray:
    """Correlations of silver, gold and the factor before gold is taken out, (..., 5, 5) -> (..., 3, 3)."""
    weights, variance = factor_weights(correlation)
    shared = (weights[..., None, :] @ correlation[..., 2:, :2])[..., 0, :] / np.sqrt(variance)[..., None]
    found = np.ones((*correlation.shape[:-2], 3, 3))
    found[..., 0, 1] = found[..., 1, 0] = correlation[..., 0, 1]
    found[..., 2, :2] = found[..., :2, 2] = shared
    return found


def roots(moments: np.ndarray) -> np.ndarray:
    """Correlations of silver with gold and with the factor that has gold taken out, (..., 20) -> (..., 2)."""
    found = with_factor(correlations(moments))
    gold, factor, shared = found[..., 0, 1], found[..., 0, 2], found[..., 1, 2]
    apart = (factor - gold * shared) / np.sqrt(1 - shared**2)
    return np.stack([gold, apart], axis=-1)


def fisher(root: np.ndarray) -> np.ndarray:
    """Inverse hyperbolic tangent, kept finite at +-1."""
    return np.arctanh(np.clip(root, -_BOUND, _BOUND))


def with_error(terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both roots on Fisher's scale, and their block-jackknife errors (Kuensch 1989, Annals of Statistics 17,
    1217-1241).

    Args:
        terms: (..., n, 20), from ``moment_terms``, in the sample's or the resample's order.

    Returns:
        (..., 2) each.
    """
    n = terms.shape[-2]
    begins = np.arange(0, n, BLOCK)
    sums = np.add.reduceat(terms, begins, axis=-2)
    total = sums.sum(axis=-2)
    lengths = np.diff(np.append(begins, n))
    left_out = fisher(roots((total[..., None, :] - sums) / (n - lengths)[:, None]))
    count = len(begins)
    spread = ((left_out - left_out.mean(axis=-2, keepdims=True)) ** 2).sum(axis=-2)
    return fisher(roots(total / n)), np.sqrt((count - 1) / count * spread)
