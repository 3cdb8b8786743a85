"""The demo's prices on US trading days: drivers first, then the metals, then what follows them.

Every return is a sum of named parts, so that a planted truth is a coefficient that can be read here. Loadings
without a name in ``demo.truths`` only give plausible correlations.
"""

from __future__ import annotations

import numpy as np

from analytics.sources.demo import anchors
from analytics.sources.demo import noise as demo_noise
from analytics.sources.demo.noise import Noise, lead
from analytics.sources.demo.sessions import Calendar
from analytics.sources.demo.truths import BY_NAME, size

PER_BASIS_POINTS = 0.01 / 0.10
"""A size in per cent per 10 bp, as log return per percentage point of yield."""
HIGH_WINDOW = 252
EVENT_HORIZON = BY_NAME["nasdaq rises after gold's highs"].last
HALF_LIFE = BY_NAME["solar and clean energy are cointegrated"].last
AFTERNOON, MOST_AFTERNOON = 0.15, 0.03
"""Share of the future's next return that an ETF's later close already shows; the largest it applies to."""

PANIC_VIX, QUIET_VIX = 50.0, 11.0
"""Levels beyond which the VIX is drawn back [% a year]."""

CURRENCIES: dict[str, tuple[float, float]] = {
    "eur_usd": (-1.0, 0.0016),
    "usd_cny": (0.25, 0.0012),
    "usd_inr": (0.30, 0.0020),
}
"""Loading on the dollar index and own daily deviation [log return]."""

Moves = dict[str, np.ndarray]


def drivers(noise: Noise, calendar: Calendar) -> Moves:
    """Moves of yields [percentage points], equities and the dollar [log return], each (T,)."""
    shock = noise.shock
    sp500 = lead(anchors.PRICES["sp500"], calendar, shock["sp500"])
    real = shock["real"] + 0.024 * shock["policy"]
    real = lead(anchors.YIELDS["real_yield_10y"], calendar, real, log=False)
    breakeven = shock["breakeven"] + 0.9 * sp500
    breakeven = lead(anchors.YIELDS["breakeven_10y"], calendar, breakeven, log=False)
    dollar = shock["dollar_index"] - 0.08 * sp500 + 0.012 * real + 0.0012 * shock["policy"]
    dollar = lead(anchors.PRICES["dollar_index"], calendar, dollar)
    return {"sp500": sp500, "real_yield_10y": real, "breakeven_10y": breakeven, "dollar_index": dollar}


def metals(moves: Moves, noise: Noise, calendar: Calendar) -> Moves:
    """Log returns of gold, silver and copper (T,), driven by real yield and dollar as planted."""
    shock = noise.shock
    real, dollar, breakeven, sp500 = (
        moves[key] for key in ("real_yield_10y", "dollar_index", "breakeven_10y", "sp500")
    )
    known = np.vstack([real, dollar, breakeven, sp500])
    gold = PER_BASIS_POINTS * size("gold on the real yield") * real + size("gold on the dollar") * dollar
    gold = gold + 0.03 * breakeven + shock["gold"]
    silver = (
        PER_BASIS_POINTS * size("silver on the real yield") * real + size("silver on the dollar") * dollar
    )
    silver = silver + 0.05 * breakeven + 0.15 * sp500
    silver = silver + 1.25 * shock["gold"] + 0.75 * shock["industry"] + shock["silver"]
    copper = 0.35 * sp500 - 0.5 * dollar + 0.02 * breakeven + 0.35 * shock["gold"]
    copper = copper + shock["industry"] + shock["copper"]
    own = {"gold": gold, "silver": silver, "copper": copper}
    return {key: lead(anchors.PRICES[key], calendar, value, known) for key, value in own.items()}


def highs(levels: np.ndarray, window: int = HIGH_WINDOW) -> np.ndarray:
    """Sessions (bool, (T,)) whose level is above all of the ``window`` - 1 before, once there are as many."""
    before = np.lib.stride_tricks.sliding_window_view(levels[:-1], window - 1).max(axis=1)
    return np.concatenate([np.zeros(window - 1, dtype=bool), levels[window - 1 :] > before])


def trailing_sum(values: np.ndarray, window: int, delay: int = 1) -> np.ndarray:
    """Sum (T,) of the ``window`` values that end ``delay`` sessions before; those before the first are 0."""
    sums = np.concatenate([np.zeros(window + delay), np.cumsum(values)])
    return sums[window : window + len(values)] - sums[: len(values)]


def equities(moves: Moves, gold_levels: np.ndarray, noise: Noise, calendar: Calendar) -> Moves:
    """Log returns of the other equity indices and funds (T,); the event effect is in Nasdaq."""
    shock, sp500 = noise.shock, moves["sp500"]
    count = trailing_sum(highs(gold_levels).astype(float), EVENT_HORIZON)
    borrowed = demo_noise.explained(1.12 * (sp500 - shock["sp500"]), count[None, :])
    nasdaq = (
        1.12 * sp500 - borrowed + shock["nasdaq"] + 0.01 * size("nasdaq rises after gold's highs") * count
    )
    nasdaq = lead(anchors.PRICES["nasdaq"], calendar, nasdaq, np.vstack([count, sp500]))
    parts = {
        "nasdaq_100_etf": 1.02 * nasdaq + shock["nasdaq_100_etf"],
        "semiconductors_etf": 1.2 * nasdaq + 0.6 * shock["industry"] + shock["semiconductors_etf"],
        "clean_energy_etf": 0.9 * sp500 + 0.9 * shock["industry"] + shock["clean_energy_etf"],
        "gold_miners_etf": 1.6 * moves["gold"] + 0.4 * sp500 + shock["gold_miners_etf"],
    }
    return {"nasdaq": nasdaq} | {
        key: lead(anchors.PRICES[key], calendar, value) for key, value in parts.items()
    }


def others(moves: Moves, noise: Noise, calendar: Calendar) -> Moves:
    """Log returns of the broad dollar and of the dollar and bond funds (T,)."""
    shock = noise.shock
    yields = moves["real_yield_10y"] + moves["breakeven_10y"]
    parts = {
        "dollar_broad": 0.62 * moves["dollar_index"] + shock["dollar_broad"],
        "dollar_etf": moves["dollar_index"] + shock["dollar_etf"],
        "high_yield_etf": 0.32 * moves["sp500"] + shock["high_yield_etf"],
        "treasury_20y_etf": -0.155 * yields + shock["treasury_20y_etf"],
    }
    return {key: lead(anchors.PRICES[key], calendar, value) for key, value in parts.items()}


def currencies(dollar: np.ndarray, calendar: Calendar, seed: int) -> Moves:
    """Log returns of exchange rates (T,), from a generator of their own: they move no other series."""
    rng = demo_noise.generator(seed, "currencies")
    own = demo_noise.student(rng, 5.0, (len(dollar), len(CURRENCIES)))
    return {
        key: lead(anchors.PRICES[key], calendar, loading * dollar + deviation * own[:, i])
        for i, (key, (loading, deviation)) in enumerate(CURRENCIES.items())
    }


def volatility(moves: Moves, noise: Noise) -> np.ndarray:
    """The VIX (T,) [% a year]: the slow part, pushed up by falling equities."""
    pushes = -5.0 * (moves["sp500"] - moves["sp500"].mean()) + noise.shock["vix"]
    level = noise.slow_vix * np.exp(demo_noise.autoregression(pushes, 0.9))
    level = np.where(level > PANIC_VIX, np.sqrt(PANIC_VIX * level), level)
    return np.where(level < QUIET_VIX, np.sqrt(QUIET_VIX * level), level)


def followers(
    levels: dict[str, np.ndarray], moves: Moves, noise: Noise, calendar: Calendar
) -> dict[str, np.ndarray]:
    """Levels (T,) of funds that follow another price: metals, the S&P, and solar by cointegration."""
    years = (calendar.sessions - calendar.sessions[0]).astype(float) / 365.25
    wobble = demo_noise.autoregression(noise.shock["solar_etf"], 0.5 ** (1.0 / HALF_LIFE))
    slope = size("solar and clean energy are cointegrated")
    solar = np.log(100.0) + slope * np.log(levels["clean_energy_etf"] / 22.0) + wobble
    return {
        "silver_etf": 0.979 * levels["silver"] * np.exp(-0.0056 * years + _afternoon(moves["silver"])),
        "gold_etf": 0.098 * levels["gold"] * np.exp(-0.0042 * years + _afternoon(moves["gold"])),
        "sp500_etf": 0.1 * levels["sp500"] * np.exp(0.0001 * noise.shock["policy"]),
        "solar_etf": np.exp(solar),
    }


def _afternoon(returns: np.ndarray) -> np.ndarray:
    """What moved after the future settled at midday: in the fund's close, and in the future's next day."""
    following = np.append(returns[1:], 0.0)
    return AFTERNOON * np.clip(following, -MOST_AFTERNOON, MOST_AFTERNOON)


def simulate(noise: Noise, calendar: Calendar, seed: int) -> tuple[dict[str, np.ndarray], Moves]:
    """All prices on sessions but crypto.

    Returns:
        Levels (T,) by key, not rounded, and the moves of those that have anchors.
    """
    moves = drivers(noise, calendar)
    moves |= metals(moves, noise, calendar)
    gold = demo_noise.path(anchors.PRICES["gold"], moves["gold"])
    moves |= equities(moves, np.round(gold, 1), noise, calendar)
    moves |= others(moves, noise, calendar)
    moves |= currencies(moves["dollar_index"], calendar, seed)
    levels = {key: demo_noise.path(anchors.PRICES[key], moves[key]) for key in moves if key in anchors.PRICES}
    levels |= {key: demo_noise.path(text, moves[key], log=False) for key, text in anchors.YIELDS.items()}
    levels["vix"] = volatility(moves, noise)
    return levels | followers(levels, moves, noise, calendar), moves
