"""Fits that never see the day they speak of: expanding-window regressions, and Clark and West's comparison
with the mean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True, slots=True)
class ClarkWest:
    """One set of forecasts against the mean of the days before.

    Attributes:
        r_squared: 1 - mean squared error / that of the mean, out of sample; below zero where the mean does
            better.
        statistic: t of the adjusted difference (Clark and West 2007, Journal of Econometrics 138, 291-311).
        p: One-sided, normal; display, no verdict rests on it.
        n: Forecasts.
    """

    r_squared: float
    statistic: float
    p: float
    n: int


def hat_rows(design: np.ndarray, burn_in: int) -> np.ndarray:
    """Row i maps the sums of x y over the days before day burn_in + i to that day's prediction: x' (sum of x
    x')^-1.

    Args:
        design: (n, k), the days before ``burn_in`` of full rank.

    Returns:
        (n - burn_in, k).
    """
    squares = np.cumsum(design[:, :, None] * design[:, None, :], axis=0)[burn_in - 1 : -1]
    rows: np.ndarray = np.linalg.solve(squares, design[burn_in:, :, None])[..., 0]
    return rows


def expanding_predictions(y: np.ndarray, design: np.ndarray, hats: np.ndarray) -> np.ndarray:
    """Prediction of each day's outcome by least squares on all days before it.

    Args:
        y: Outcomes, (n,) or (n, m) for m sets at once.
        design: (n, k).
        hats: ``hat_rows(design, burn_in)``.

    Returns:
        (n - burn_in,) or (n - burn_in, m).
    """
    outcomes = y.reshape(len(y), -1)
    burn_in = len(y) - len(hats)
    total = np.zeros((len(hats), outcomes.shape[1]))
    for k in range(design.shape[1]):
        total += hats[:, k, None] * np.cumsum(design[:, k, None] * outcomes, axis=0)[burn_in - 1 : -1]
    return total.reshape(len(hats), *y.shape[1:])


def expanding_means(y: np.ndarray, burn_in: int) -> np.ndarray:
    """Mean of all days before each day from ``burn_in`` on, (n - burn_in,)."""
    means: np.ndarray = (np.cumsum(y) / np.arange(1, len(y) + 1))[burn_in - 1 : -1]
    return means


def expanding_sd(values: np.ndarray) -> np.ndarray:
    """Standard deviation of all values up to and with each one, (n, m); the first row is NaN."""
    count = np.arange(1, len(values) + 1)[:, None]
    mean = np.cumsum(values, axis=0) / count
    variance = np.cumsum(values**2, axis=0) / count - mean**2
    variance[0] = np.nan
    return np.sqrt(np.maximum(variance, 1e-300))


def clark_west(y: np.ndarray, forecasts: np.ndarray, means: np.ndarray) -> ClarkWest:
    """Do forecasts beat the mean of the days before, allowing for the noise of what they estimate?

    f = (y - mean)^2 - [(y - forecast)^2 - (mean - forecast)^2]; one-step forecasts, so no correction for
    overlap.

    Args:
        y, forecasts, means: (n,), no NaN.
    """
    plain, model = (y - means) ** 2, (y - forecasts) ** 2
    adjusted = plain - model + (means - forecasts) ** 2
    t = float(adjusted.mean() / (adjusted.std(ddof=1) / math.sqrt(len(y))))
    return ClarkWest(
        r_squared=float(1 - model.sum() / plain.sum()), statistic=t, p=float(special.ndtr(-t)), n=len(y)
    )
