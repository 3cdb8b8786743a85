"""Silver's two shares through time: rolling windows with a bootstrap band each. Display, not a verdict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.stats.resampling import SEED, generator, stationary_indices
from analytics.stats.verdict import ALPHA
from analytics.topics.drivers.measures.role_shares import BLOCK, moment_terms, roots

WINDOW, EVERY = 250, 5
"""Length of the rolling windows, and steps between them [trading days]."""
BAND_DRAWS = 199
_BATCH = 64
"""Windows at once: one product of matrices instead of 64 small ones, which threads make slow on a busy machine."""


def rolling_shares(moved: pd.DataFrame, draws: int = BAND_DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Both shares of every fifth 250-day window, with percentile bands of a stationary bootstrap inside the
    window.

    Args:
        moved: Log returns of ``COLUMNS`` in that order, at least 250 rows, no NaN.

    Returns:
        As ``Roles.rolling``; the last row ends on the last day.
    """
    terms = moment_terms(moved.to_numpy())
    ends = np.arange(len(terms), WINDOW - 1, -EVERY)[::-1]
    indices = stationary_indices(generator("roles band", seed), WINDOW, BLOCK, draws)
    counts = np.stack([np.bincount(row, minlength=WINDOW) for row in indices]) / WINDOW
    windows = np.lib.stride_tricks.sliding_window_view(terms, WINDOW, axis=0)[ends - WINDOW]
    rows = []
    for start in range(0, len(ends), _BATCH):
        inside = windows[start : start + _BATCH]  # (windows, 20, WINDOW)
        drawn = roots(np.tensordot(inside, counts, axes=(2, 1)).transpose(2, 0, 1))
        low, high = np.quantile(drawn, [ALPHA / 2, 1 - ALPHA / 2], axis=0)
        shares = roots(inside.mean(axis=-1)) ** 2
        for share, below, above in zip(shares, low, high, strict=True):
            bounds = [squared(*pair) for pair in zip(below, above, strict=True)]
            rows.append([*share, *bounds[0], *bounds[1]])
    names = ["gold", "industry", "gold_low", "gold_high", "industry_low", "industry_high"]
    return pd.DataFrame(rows, index=moved.index[ends - 1], columns=names)


def squared(low: float, high: float) -> tuple[float, float]:
    """The interval of a share from that of its root; from zero where the root's holds zero."""
    if low < 0 < high:
        return 0.0, float(max(low * low, high * high))
    return float(min(low * low, high * high)), float(max(low * low, high * high))
