"""Returns about the level that was usual lately: a drift that changed years ago bends no benchmark."""

from __future__ import annotations

import numpy as np

LEVEL_DAYS = 500
"""Trading days whose mean is the usual level of the next one."""


def about_local_level(returns: np.ndarray, days: int = LEVEL_DAYS) -> np.ndarray:
    """Each return less the mean of the ``days`` before it, with the mean of those levels put back.

    Events, regimes and gaps gather in some years. Against the mean of all years, a follow whose drift differs between
    them is found to do better or worse after events that have nothing to do with it
    (docs/methods.md#events).

    Args:
        returns: Log returns, (n,), no NaN.
        days: Returns before each that make its level.

    Returns:
        (n - days,), empty where there are no more than ``days``; each uses nothing later.
    """
    if len(returns) <= days:
        return np.empty(0)
    total = np.concatenate([[0.0], np.cumsum(returns)])
    level = (total[days:-1] - total[: -days - 1]) / days
    found: np.ndarray = returns[days:] - level + level.mean()
    return found
