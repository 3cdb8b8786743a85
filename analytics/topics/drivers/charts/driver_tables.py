"""The Drivers page: tables beside its tests, as numbers for a download and as words for a reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.render.words import day, percent, short_p
from analytics.topics.drivers.charts.drivers import short, signed
from analytics.topics.drivers.measures.driver_stability import Stability
from analytics.topics.drivers.measures.drivers import Coefficient, Drivers


def whole_table(found: Drivers, stability: Stability) -> pd.DataFrame:
    """The betas over the whole window, and the likeliest break in each, as numbers."""
    breaks = {one.key: one for one in stability.breaks}
    rows = [
        {
            "driver": short(one.key),
            "beta": one.estimate,
            "low": one.interval[0],
            "high": one.interval[1],
            "p": one.p,
            "before": breaks[one.key].before,
            "after": breaks[one.key].after,
            "break": breaks[one.key].day,
            "p_break": breaks[one.key].p,
        }
        for one in found.coefficients
    ]
    return pd.DataFrame(rows).set_index("driver")


def whole_shown(rows: pd.DataFrame) -> pd.DataFrame:
    """``whole_table`` as a reader sees it."""
    return pd.DataFrame(
        {
            "beta, %": [signed(value, 2) for value in rows["beta"]],
            "95%": _intervals(rows),
            "p": [short_p(value) for value in rows["p"]],
            "likeliest break": [day(value) for value in rows["break"]],
            "before": [signed(value, 2) for value in rows["before"]],
            "after": [signed(value, 2) for value in rows["after"]],
            "its p": [short_p(value) for value in rows["p_break"]],
        },
        index=rows.index,
    )


def tests_table(pairs: Sequence[tuple[str, Drivers]]) -> pd.DataFrame:
    """What was tested, and the same on weeks, as numbers."""
    rows = []
    for name, found in pairs:
        rows.append(_test_row(name, _tested(found), found.n))
        if found.weeks is not None:
            rows.append(_test_row(f"{name}, weeks", found.weeks, found.n_weeks))
    return pd.DataFrame(rows).set_index("test")


def tests_shown(rows: pd.DataFrame) -> pd.DataFrame:
    """``tests_table`` as a reader sees it."""
    return pd.DataFrame(
        {
            "effect, %": [signed(value, 2) for value in rows["effect"]],
            "95%": _intervals(rows),
            "t": [f"{value:.1f}".replace("-", "−") for value in rows["t"]],
            "p": [short_p(value) for value in rows["p"]],
            "n": rows["n"],
        },
        index=rows.index,
    )


def broad_reading(real: Drivers, broad: Drivers) -> str:
    """What the broad dollar in the index's place says of both tests."""
    yields, dollar = _tested(real).estimate, _tested(broad).estimate
    return (
        f"With the broad dollar in the index's place, over {real.n:,} days to {day(real.last)}: {percent(yields, 2)} per 10 bp "
        f"of real yield and {percent(dollar, 2)} in the basket per 1% of the dollar. It decides nothing."
    )


def _tested(found: Drivers) -> Coefficient:
    return next(one for one in found.coefficients if one.key == found.driver)


def _test_row(name: str, one: Coefficient, n: int) -> dict[str, Any]:
    low, high = one.interval
    return {"test": name, "effect": one.estimate, "low": low, "high": high, "t": one.t, "p": one.p, "n": n}


def _intervals(rows: pd.DataFrame) -> list[str]:
    return [
        f"{signed(low, 2)} to {signed(high, 2)}" for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
