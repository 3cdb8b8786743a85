"""Treasury yields and breakevens in the demo, on sessions.

Short yields average the expected policy path; 10-year yields are real yield plus breakeven, both simulated
with the prices. Published identities (DGS10 - DFII10 = T10YIE and the curves) hold exactly, because the parts
are rounded first.
"""

from __future__ import annotations

import numpy as np

from analytics.sources.demo import anchors, noise
from analytics.sources.demo.noise import generator
from analytics.sources.demo.policy import Policy
from analytics.sources.demo.sessions import Calendar

LEAST = 0.01
"""The lowest nominal yield [%]."""


def simulate(
    levels: dict[str, np.ndarray], policy: Policy, calendar: Calendar, seed: int
) -> dict[str, np.ndarray]:
    """Yields, breakevens and slopes by key, each (T,), two decimals [%]."""
    wiggle = _wiggles(seed, len(calendar.sessions))
    slope = {key: anchors.between(text, calendar.sessions) for key, text in anchors.SLOPES.items()}
    real10, even10 = np.round(levels["real_yield_10y"], 2), np.round(levels["breakeven_10y"], 2)
    real5 = np.round(levels["real_yield_10y"] + slope["real_5y_less_10y"] + wiggle["real_5y"], 2)
    even5 = np.round(levels["breakeven_10y"] + slope["breakeven_5y_less_10y"] + wiggle["even_5y"], 2)
    nominal10 = real10 + even10
    short = _short(policy, calendar, slope["treasury_2y_premium"], wiggle)
    premium = slope["term_premium_10y"] + 0.5 * (nominal10 - _slow(nominal10)) + wiggle["premium"]
    found = {
        "real_yield_10y": real10,
        "breakeven_10y": even10,
        "treasury_10y": nominal10,
        "real_yield_5y": real5,
        "breakeven_5y": even5,
        "treasury_5y": real5 + even5,
        "breakeven_5y5y": 2.0 * even10 - even5,
        "treasury_30y": nominal10 + slope["treasury_30y_less_10y"] + wiggle["treasury_30y"],
        "curve_10y2y": nominal10 - short["treasury_2y"],
        "curve_10y3m": nominal10 - short["treasury_3m"],
        **short,
    }
    return {key: np.round(values, 2) for key, values in found.items()} | {
        "term_premium_10y": np.round(premium, 4)
    }


def _short(
    policy: Policy, calendar: Calendar, premium: np.ndarray, wiggle: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Yields of 3 months to 2 years: means of the expected path, from where in the month it is."""
    through = calendar.sessions - calendar.sessions.astype("datetime64[M]").astype("datetime64[D]")
    share = through.astype(float) / 30.5
    found = {}
    for key, months, extra in (
        ("treasury_3m", 3, -0.02),
        ("treasury_1y", 12, 0.4 * premium),
        ("treasury_2y", 24, premium),
    ):
        now, later = policy.expected[:, :months], policy.expected[:, 1 : months + 1]
        mean = (1.0 - share) * now.mean(axis=1) + share * later.mean(axis=1)
        found[key] = np.round(np.maximum(mean + extra + wiggle[key], LEAST), 2)
    return found


def _wiggles(seed: int, n: int) -> dict[str, np.ndarray]:
    """Small persistent noise by name, each (n,) [percentage points]."""
    sizes = {
        "real_5y": 0.015, "even_5y": 0.012, "treasury_30y": 0.012, "premium": 0.012,
        "treasury_3m": 0.006, "treasury_1y": 0.008, "treasury_2y": 0.012,
    }  # fmt: skip
    shocks = generator(seed, "yields").standard_normal((n, len(sizes))) * np.array(list(sizes.values()))
    paths = noise.autoregression(shocks, 0.97)
    return {name: paths[:, i] for i, name in enumerate(sizes)}


def _slow(values: np.ndarray, memory: float = 0.98) -> np.ndarray:
    """Exponentially weighted mean (T,) that starts at the first value."""
    return values[0] + noise.autoregression((1.0 - memory) * (values - values[0]), memory)
