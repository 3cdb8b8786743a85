"""The demo's slower series: liquidity, credit, macro figures with a first print and a revision, and the dots.

A macro figure is an anchored trend with a little persistent noise; its first print misses it by a small
error. Relations between series hold: debt to GDP is debt over GDP, the fiscal year's deficit the sum of its
months.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.published import fomc
from analytics.sources.demo import anchors
from analytics.sources.demo import noise as demo_noise
from analytics.sources.demo.noise import generator
from analytics.sources.demo.policy import Policy
from analytics.sources.demo.sessions import Calendar

FIRST_MONTH = np.datetime64("2009-10")
"""The first fiscal year of the demo begins before its first day."""
NEVER_PUBLISHED = np.datetime64("2025-10-01")
"""The month whose consumer prices were never collected (the federal shutdown of 2025)."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How a macro series departs from its trend.

    Attributes:
        noise: Shock of its persistent noise [share of the level; percentage points where ``relative`` is
            False].
        error: Standard deviation of the first print's error [same].
        relative: Noise and errors are shares of the level.
    """

    noise: float
    error: float
    relative: bool = True


MONTHLY: dict[str, Habit] = {
    "m2": Habit(0.0008, 0.001),
    "cpi": Habit(0.0006, 0.0002),
    "core_cpi": Habit(0.0003, 0.0002),
    "core_pce": Habit(0.0003, 0.0004),
    "unemployment": Habit(0.07, 0.04, relative=False),
    "payrolls": Habit(0.0002, 0.0004),
}
ESTIMATED: dict[str, Habit] = {"expected_inflation_1y": Habit(0.15, 0.03, relative=False)}
"""Drawn apart from the others, which would all be drawn anew by one more."""
QUARTERLY: dict[str, Habit] = {
    "gdp": Habit(0.002, 0.003),
    "federal_debt": Habit(0.002, 0.0),
    "interest_outlays": Habit(0.006, 0.01),
    "federal_receipts": Habit(0.01, 0.012),
}
SEASON = (70, -120, -80, 260, -100, 20, -60, -70, 110, 0, -60, 30)
"""The federal balance by month, January first, beside its yearly course [bn $ at a GDP of 20,000]."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One macro series before its release instants.

    Attributes:
        stamps: First days of the periods, datetime64[D].
        first: First prints.
        final: Revised figures.
    """

    stamps: np.ndarray
    first: np.ndarray
    final: np.ndarray


def figures(calendar: Calendar, seed: int) -> dict[str, Figures]:
    """Monthly, quarterly and annual series by key, from FIRST_MONTH to the last day's period."""
    months = np.arange(FIRST_MONTH, calendar.days[-1].astype("datetime64[M]") + 1)
    rng = generator(seed, "macro")
    monthly = {key: _figures(key, habit, months, rng) for key, habit in MONTHLY.items()}
    quarterly = {key: _figures(key, habit, months[::3], rng) for key, habit in QUARTERLY.items()}
    found = {**monthly, **quarterly}
    found |= {key: _figures(key, habit, months, generator(seed, key)) for key, habit in ESTIMATED.items()}
    for key in ("cpi", "core_cpi"):
        found[key] = _without(found[key], NEVER_PUBLISHED)
    debt, gdp = found["federal_debt"], found["gdp"]
    found["debt_to_gdp"] = Figures(
        debt.stamps, 100.0 * debt.first / gdp.first, 100.0 * debt.final / gdp.final
    )
    balance = _balance(months, gdp, rng)
    return found | {"federal_balance_monthly": balance, "deficit_to_gdp": _yearly(balance, gdp)}


def _figures(key: str, habit: Habit, months: np.ndarray, rng: np.random.Generator) -> Figures:
    stamps = months.astype("datetime64[D]")
    trend = anchors.between(anchors.MACRO[key], stamps)
    noise = demo_noise.autoregression(habit.noise * rng.standard_normal(len(stamps)), 0.6)
    error = habit.error * rng.standard_normal(len(stamps))
    if habit.relative:
        final = trend * np.exp(noise)
        return Figures(stamps, final * np.exp(error), final)
    return Figures(stamps, trend + noise + error, trend + noise)


def _without(found: Figures, stamp: np.datetime64) -> Figures:
    kept = found.stamps != stamp
    return Figures(found.stamps[kept], found.first[kept], found.final[kept])


def _balance(months: np.ndarray, gdp: Figures, rng: np.random.Generator) -> Figures:
    """The federal balance by month [bn $], a deficit being negative."""
    stamps = months.astype("datetime64[D]")
    size = np.interp(stamps.astype(float), gdp.stamps.astype(float), gdp.final) / 20_000.0
    season = np.array(SEASON)[months.astype(int) % 12] * size
    yearly = anchors.between(anchors.MACRO["yearly_deficit"], stamps)
    final = season - yearly / 12.0 + 20.0 * size * rng.standard_normal(len(months))
    return Figures(stamps, final + 0.5 * rng.standard_normal(len(months)), final)


def _yearly(balance: Figures, gdp: Figures) -> Figures:
    """Balance of each whole fiscal year over the mean GDP of the calendar year it ends in [%]."""
    years = np.arange(2010, balance.stamps[-9].astype("datetime64[Y]").astype(int) + 1970)
    months, quarters = balance.stamps.astype("datetime64[M]"), gdp.stamps.astype("datetime64[Y]")
    ratios: dict[str, list[float]] = {"first": [], "final": []}
    for year in years:
        start = np.datetime64(f"{year - 1}-10")
        inside = (months >= start) & (months < start + 12)
        for print_, found in ratios.items():
            output = getattr(gdp, print_)[quarters == np.datetime64(str(year))].mean()
            found.append(100.0 * getattr(balance, print_)[inside].sum() / output)
    stamps = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return Figures(stamps, np.array(ratios["first"]), np.array(ratios["final"]))


def weekly(vix: np.ndarray, calendar: Calendar, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Dates and values of weekly series by key, in the source's unit."""
    rng = generator(seed, "weekly")
    fridays, wednesdays, mondays = (_weekdays(calendar.days, weekday) for weekday in (4, 2, 0))
    stress = _stress(vix, calendar, fridays, 10)
    money = anchors.between(anchors.MACRO["m2"], mondays)
    assets = anchors.between(anchors.LIQUIDITY["fed_assets"], wednesdays)
    account = anchors.between(anchors.LIQUIDITY["treasury_account"], wednesdays)
    tides = 0.006 * np.sin(2.0 * np.pi * mondays.astype(float) / 365.25)
    return {
        "financial_conditions": (fridays, -0.55 + 0.85 * stress + _persistent(rng, len(fridays), 0.01, 0.95)),
        "fed_assets": (wednesdays, 1000.0 * assets * np.exp(_persistent(rng, len(assets), 0.0012, 0.8))),
        "treasury_account": (
            wednesdays,
            1000.0 * account * np.exp(_persistent(rng, len(account), 0.05, 0.8)),
        ),
        "m2_weekly": (mondays, money * np.exp(tides + _persistent(rng, len(money), 0.0015, 0.7))),
    }


def daily(vix: np.ndarray, calendar: Calendar, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Dates and values of FRED's daily series outside rates and prices, by key, in the source's unit."""
    rng = generator(seed, "daily")
    fed, days = calendar.days[calendar.fed], calendar.days
    lent = anchors.between(anchors.LIQUIDITY["reverse_repo"], fed)
    talk = anchors.between(anchors.LIQUIDITY["policy_uncertainty"], days)
    spread = 3.5 + 3.2 * _stress(vix, calendar, calendar.sessions, 15)
    return {
        "reverse_repo": (fed, lent * np.exp(_persistent(rng, len(fed), 0.05, 0.8))),
        "policy_uncertainty": (days, talk * np.exp(_persistent(rng, len(days), 0.3, 0.5))),
        "high_yield_spread": (calendar.sessions, spread + _persistent(rng, len(spread), 0.03, 0.97)),
    }


def _persistent(rng: np.random.Generator, n: int, size: float, memory: float) -> np.ndarray:
    return demo_noise.autoregression(size * rng.standard_normal(n), memory)


def _weekdays(days: np.ndarray, weekday: int) -> np.ndarray:
    """The dates of ``days`` on a weekday, 0 being Monday."""
    return days[(days.astype(int) + 3) % 7 == weekday]


def _stress(vix: np.ndarray, calendar: Calendar, dates: np.ndarray, window: int) -> np.ndarray:
    """Log of the VIX's mean over the last ``window`` sessions against its calm level, at ``dates``."""
    padded = np.concatenate([np.full(window - 1, vix[0]), vix])
    smooth = np.convolve(padded, np.full(window, 1.0 / window), mode="valid")
    position = np.searchsorted(calendar.sessions, dates, side="right") - 1
    return np.log(smooth[position] / demo_noise.CALM_VIX)


def dots(policy: Policy, calendar: Calendar) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Median projections for the year ends of this and the next years, made each March, June, September,
    December.

    Returns:
        Stamps (first days of the projected years), values in eighths shown with one decimal [%], and the
        meetings' days.
    """
    held = [
        m.day for m in fomc.meetings() if m.scheduled and m.day.month in (3, 6, 9, 12) and m.day.year >= 2012
    ]
    made = np.array(held, dtype="datetime64[D]")
    made = made[made <= calendar.days[-1]]
    years = np.arange(4)
    at = calendar.at(made)
    month = made.astype("datetime64[M]").astype(int) % 12
    ahead = 11 - month[:, None] + 12 * years
    within = np.minimum(ahead, policy.expected.shape[1] - 1)
    market = policy.expected[at[:, None], within]
    # Further out the Committee sees rates nearer to normal.
    drift = np.where(market < 3.0, 0.02, -0.005) * ahead
    value = np.round(np.round((market + drift) * 8.0) / 8.0, 1)
    stamps = (made.astype("datetime64[Y]")[:, None] + years).astype("datetime64[D]")
    asked = (years < 3) | (month[:, None] >= 8)
    return stamps[asked], value[asked], np.broadcast_to(made[:, None], asked.shape)[asked]
