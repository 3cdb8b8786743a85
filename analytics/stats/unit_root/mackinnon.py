"""Published constants of the unit-root and cointegration tests; tests hold them to statsmodels' copy.

Critical values: MacKinnon (2010), "Critical values for cointegration tests", Queen's Economics Department Working Paper
1227, tables 2 and 3: b0 + b1/T + b2/T^2 + b3/T^3. p-values: MacKinnon (1994), Journal of Business & Economic Statistics
12(2), 167-176. Kept here because importing statsmodels costs 2.5 s that a page does not have.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from scipy.special import ndtr

Trend = Literal["c", "ct"]
"""Constant, or constant and linear trend."""

# Keyed by (trend, series believed to be integrated): rows 1%, 5%, 10%, then the four coefficients.
_CRITICAL: dict[tuple[str, int], list[list[float]]] = {
    ("c", 1): [
        [-3.43035, -6.5393, -16.786, -79.433],
        [-2.86154, -2.8903, -4.234, -40.04],
        [-2.56677, -1.5384, -2.809, 0.0],
    ],
    ("c", 2): [
        [-3.89644, -10.9519, -33.527, 0.0],
        [-3.33613, -6.1101, -6.823, 0.0],
        [-3.04445, -4.2412, -2.72, 0.0],
    ],
    ("ct", 1): [
        [-3.95877, -9.0531, -28.428, -134.155],
        [-3.41049, -4.3904, -9.036, -45.374],
        [-3.12705, -2.5856, -3.925, -22.38],
    ],
    ("ct", 2): [
        [-4.32762, -15.4387, -35.679, 0.0],
        [-3.78057, -9.5106, -12.074, 0.0],
        [-3.49631, -7.0815, -7.538, 21.892],
    ],
}
# (least, greatest tau of the fit; where the left fit ends; left and right polynomials in tau, constant first).
_P_FIT: dict[tuple[str, int], tuple[float, float, float, list[float], list[float]]] = {
    ("c", 1): (-18.83, 2.74, -1.61, [2.1659, 1.4412, 0.038269], [1.7339, 0.93202, -0.12745, -0.010368]),
    ("c", 2): (-18.86, 0.92, -2.62, [2.92, 1.5012, 0.039796], [2.1945, 0.64695, -0.29198, -0.042377]),
    ("ct", 1): (-16.18, 0.7, -2.89, [3.2512, 1.6047, 0.049588], [2.5261, 0.61654, -0.37956, -0.060285]),
    ("ct", 2): (-21.15, 0.63, -3.19, [3.6646, 1.5419, 0.036448], [2.85, 0.5272, -0.36622, -0.051695]),
}


def critical_values(trend: Trend, series: int, n: float = math.inf) -> tuple[float, float, float]:
    """Critical values of tau at 1%, 5% and 10%.

    Args:
        trend: What the regression of levels holds beside the series.
        series: 1 for a series that was observed, 2 for the residual of one on another.
        n: Observations; infinity for the limit.
    """
    rows = np.array(_CRITICAL[trend, series])
    one, five, ten = rows @ (1 / n) ** np.arange(4)
    return float(one), float(five), float(ten)


def p_value(tau: float, trend: Trend, series: int) -> float:
    """Approximate asymptotic p of tau, left tail; 0 or 1 beyond the range of the published fit."""
    least, greatest, star, left, right = _P_FIT[trend, series]
    if tau > greatest:
        return 1.0
    if tau < least:
        return 0.0
    return float(ndtr(np.polynomial.polynomial.polyval(tau, left if tau <= star else right)))
