"""Whether a series agrees with another source's: its witnesses, whose bounds the catalogue holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.catalogue import Witness

WINDOW = 21
"""A gap is the distance from the median of so many common dates before ..."""
FEWEST = 5
"""... of which so many must be there."""


def compare(witness: Witness, values: pd.Series, others: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Level and gap on every date that a series has in common with all series of its witness.

    Prices must be in the same shares on both sides of a split.

    Args:
        witness: Of the series.
        values: The series by date, rising, without NaN.
        others: At least the witness's ``keys``, each like ``values``.

    Returns:
        Indexed by the common dates: ``level`` (the ratio, or the residual), ``gap`` (distance of the level from its own
        trailing median, of logs for a ratio; NaN for the first dates) and ``against`` (bool: out of bounds; the bounds of the
        level hold from ``since`` on). Empty where no date is common.
    """
    table = pd.concat({"": values, **{key: others[key] for key in witness.keys}}, axis=1, join="inner")
    factors = np.array([factor for _, factor in witness.terms])
    terms = table[list(witness.keys)].to_numpy()
    with np.errstate(all="ignore"):  # a lie may be zero or negative: then no level, which is against
        if witness.relation == "ratio":
            level = table[""] / np.prod(terms**factors, axis=1)
            course = np.log(level)
        else:
            level = course = table[""] - terms @ factors
    gap = (course - course.rolling(WINDOW, min_periods=FEWEST).median().shift(1)).abs()
    outside = ~level.between(witness.low, witness.high)
    if witness.since is not None:
        outside &= table.index >= pd.Timestamp(witness.since)
    broken = ~np.isfinite(course.to_numpy())
    return pd.DataFrame({"level": level, "gap": gap, "against": outside | (gap > witness.gap) | broken})
