"""The Fed in the demo: its range, the effective rate, what the market expects, and the futures that say so.

Meetings are those of ``published.fomc``; the decisions are the record's. What a coming meeting is priced to
do moves from the market's mood to the decision as the meeting nears, with noise that fades likewise.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from analytics.published import fomc
from analytics.sources.demo import anchors
from analytics.sources.demo import noise as demo_noise
from analytics.sources.demo.noise import Noise, generator
from analytics.sources.demo.sessions import DEMO_LAST_DAY, UNBROKEN, Calendar
from analytics.sources.demo.truths import BY_NAME

DECISIONS = (
    "2015-12-16 25, 2016-12-14 25, 2017-03-15 25, 2017-06-14 25, 2017-12-13 25, "
    "2018-03-21 25, 2018-06-13 25, 2018-09-26 25, 2018-12-19 25, 2019-07-31 -25, 2019-09-18 -25, "
    "2019-10-30 -25, 2020-03-03 -50, 2020-03-15 -100, 2022-03-16 25, 2022-05-04 50, 2022-06-15 75, "
    "2022-07-27 75, 2022-09-21 75, 2022-11-02 75, 2022-12-14 50, 2023-02-01 25, 2023-03-22 25, "
    "2023-05-03 25, 2023-07-26 25, 2024-09-18 -50, 2024-11-07 -25, 2024-12-18 -25, 2025-09-17 -25, "
    "2025-10-29 -25, 2025-12-10 -25, 2026-09-16 25"
)
"""Changes of the target range from 0-0.25 [bp]; Board of Governors, FOMC statements. The last is past the
demo's end: its market leans towards it."""
WIDTH = 0.25
ABOVE_LOWER = (
    "2010-01-04 0.13, 2010-06-01 0.19, 2011-06-01 0.09, 2012-06-01 0.15, "
    "2014-01-01 0.08, 2015-12-01 0.13, 2018-01-01 0.17, 2019-06-01 0.13, 2020-03-16 0.06, 2022-01-01 0.08, "
    "2025-09-01 0.08, 2026-01-01 0.13"
)  # where in the range the effective rate lies [percentage points]

MONTHS_LISTED = 24
"""Contract months after the current one that are quoted."""
LAST_CONTRACT = np.datetime64(DEMO_LAST_DAY, "M") + 18
MEETINGS_AHEAD = 22
KNOWN = BY_NAME["the market comes to know the Fed"]
MOOD_FADES = 540.0
"""Days over which the mood's grip on far meetings fades (e-folding) [days]."""
FLOOR = 0.03
"""Below the lower of this and the present rate nothing is expected [%]."""
UNPRICED_PAST, ILLIQUID_PAST = 18, 14
"""Months ahead past which volume is often unknown, and often zero."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Policy rates and expectations.

    Attributes:
        lower: Lower bound in force on each calendar day (D,) [%].
        effective: Effective rate of each calendar day, weekends carrying Friday's, two decimals (D,) [%].
        expected: Expected mean effective rate of the current and the next MONTHS_LISTED months at each
            session's close (T, 1 + MONTHS_LISTED) [%].
        announced: Lower bound announced by each session's close (T,) [%].
    """

    lower: np.ndarray
    effective: np.ndarray
    expected: np.ndarray
    announced: np.ndarray


def simulate(noise: Noise, calendar: Calendar, seed: int) -> Policy:
    """Range, effective rate and expectations."""
    days, changes, scheduled = _meetings()
    bounds = np.concatenate([[0.0], np.cumsum(changes)])
    lower = bounds[np.searchsorted(days, calendar.days, side="left")]  # in force from the day after
    announced = bounds[np.searchsorted(days, calendar.sessions, side="right")]
    effective = _effective(lower, calendar, seed)
    steps, position = _expected_steps(noise, calendar, announced, days, changes)
    steps = steps * scheduled[position]
    today = np.searchsorted(calendar.days, calendar.sessions)
    base = announced + effective[today] - lower[today]
    steps = _floored(base, steps)
    expected = _monthly(base, steps, position, days, effective, calendar)
    return Policy(lower, effective, expected, announced)


def _meetings() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Decision days (datetime64[D]), changes [percentage points], whether scheduled; far ones pad the end."""
    dates, points = anchors.parse(DECISIONS)
    change = dict(zip(dates.astype(object), points / 100.0, strict=True))
    held = [m for m in fomc.meetings() if m.day.year >= 2010 and (m.scheduled or m.day in change)]
    days = np.array([m.day for m in held], dtype="datetime64[D]")
    padding = days[-1] + 45 * np.arange(1, MEETINGS_AHEAD + 1)
    changes = np.array([change.get(m.day, 0.0) for m in held])
    scheduled = np.array([m.scheduled for m in held])
    return (
        np.append(days, padding),
        np.append(changes, np.zeros(MEETINGS_AHEAD)),
        np.append(scheduled, np.ones(MEETINGS_AHEAD, dtype=bool)),
    )


def _effective(lower: np.ndarray, calendar: Calendar, seed: int) -> np.ndarray:
    n = len(calendar.days)
    rng = generator(seed, "effective")
    wiggle = demo_noise.autoregression(0.005 * rng.standard_normal(n), 0.9)
    months = calendar.days.astype("datetime64[M]")
    month_end = np.append(months[1:] != months[:-1], True) & (calendar.days < np.datetime64("2018-01-01"))
    inside = anchors.between(ABOVE_LOWER, calendar.days) + wiggle - 0.03 * month_end
    rate = np.round(lower + np.clip(inside, 0.03, WIDTH - 0.02), 2)
    return rate[_last_true(calendar.fed)]


def _last_true(mask: np.ndarray) -> np.ndarray:
    """For each position that of the last True at or before it."""
    return np.maximum.accumulate(np.where(mask, np.arange(len(mask)), 0))


def _expected_steps(
    noise: Noise, calendar: Calendar, announced: np.ndarray, days: np.ndarray, changes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Expected changes at the next meetings and the meetings' positions, both (T, MEETINGS_AHEAD)."""
    first = np.searchsorted(days, calendar.sessions, side="right")
    position = first[:, None] + np.arange(MEETINGS_AHEAD)
    ahead = (days[position] - calendar.sessions[:, None]).astype(float)
    known = KNOWN.size * np.exp(-ahead / KNOWN.last)
    mood = 0.01 * anchors.between(anchors.MOOD, calendar.sessions)[:, None]
    mood = mood * np.exp(-ahead / MOOD_FADES)
    level, slope = _factors(noise, calendar)
    # Expectations are quiet while the rate is at zero and nobody thinks of moving it.
    width = 0.010 + 0.035 * np.minimum(1.0, np.maximum(announced, np.abs(mood[:, 0]) * 10) / 2.0)
    wander = width[:, None] * (level[:, None] + slope[:, None] * (ahead / 365.25 - 0.7))
    steps = (mood + wander) * (1.0 - known) + changes[position] * known
    return steps, position


def _factors(noise: Noise, calendar: Calendar) -> tuple[np.ndarray, np.ndarray]:
    """Level and slope of expectations' noise, each (T,); the level's news also moves real yields and the
    dollar.

    Both are tied to zero at the anchors of the mood, where expectations are to be what the anchor says.
    """
    memory = np.array([0.985, 0.985])
    news = np.column_stack([noise.shock["policy"], np.roll(noise.shock["policy"], 1500)])
    factors = demo_noise.autoregression(news * np.sqrt(1.0 - memory**2), memory)
    tied = calendar.at(anchors.parse(anchors.MOOD)[0])
    time = np.arange(len(factors))
    level, slope = (column - np.interp(time, tied, column[tied]) for column in factors.T)
    return 1.3 * level, 0.6 * slope


def _floored(base: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Steps whose running sum never leads below FLOOR, or below the present rate where that is lower."""
    levels = np.maximum(base[:, None] + np.cumsum(steps, axis=1), np.minimum(FLOOR, base)[:, None])
    return np.diff(levels, axis=1, prepend=base[:, None])


def _monthly(
    base: np.ndarray,
    steps: np.ndarray,
    position: np.ndarray,
    days: np.ndarray,
    effective: np.ndarray,
    calendar: Calendar,
) -> np.ndarray:
    """Mean expected rate of calendar months; the current one holds what was already realised."""
    first = calendar.sessions[0].astype("datetime64[M]")
    month = (calendar.sessions.astype("datetime64[M]") - first).astype(int)
    offsets = month[:, None] + np.arange(MONTHS_LISTED + 1)
    starts = (first + np.arange(offsets.max() + 2)).astype("datetime64[D]")
    length = np.diff(starts).astype(float)
    # Share of each month's days that come after each meeting's decision day.
    after = (starts[1:, None] - days[None, :]).astype(float) - 1.0
    share = np.clip(after / length[:, None], 0.0, 1.0)
    expected = base[:, None] + np.einsum(
        "tk,tok->to", steps, share[offsets[:, :, None], position[:, None, :]]
    )
    today = np.searchsorted(calendar.days, calendar.sessions)
    sums = np.append(0.0, np.cumsum(effective))
    begun = np.searchsorted(calendar.days, starts[month])
    realised = sums[today + 1] - sums[begun] - (today + 1 - begun) * base
    expected[:, 0] += realised / length[month]
    return expected


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract month's quotes.

    Attributes:
        sessions: Positions of the sessions on which it was quoted.
        price: 100 minus the expected mean rate, in ticks [points].
        volume: Contracts traded; NaN where unknown.
    """

    sessions: np.ndarray
    price: np.ndarray
    volume: np.ndarray


def contracts(policy: Policy, calendar: Calendar, seed: int) -> dict[dt.date, Contract]:
    """Quotes of every contract month from the first day to LAST_CONTRACT, by first day of the month."""
    rng = generator(seed, "contracts")
    month = calendar.sessions.astype("datetime64[M]")
    offset = np.arange(MONTHS_LISTED + 1)
    tick = np.where(offset == 0, 0.0025, 0.005)
    price = 100.0 - np.round(policy.expected / tick) * tick
    volume = _volume(rng, price.shape)
    quoted = rng.random(price.shape) > 0.003
    quoted[calendar.sessions >= UNBROKEN] = True
    found = {}
    for contract in np.arange(month[0], LAST_CONTRACT + 1):
        start, stop = np.searchsorted(month, [contract - MONTHS_LISTED, contract + 1])
        sessions = np.arange(start, stop)
        column = (contract - month[sessions]).astype(int)
        kept = quoted[sessions, column]
        sessions, column = sessions[kept], column[kept]
        values = np.round(price[sessions, column], 4)
        found[contract.astype("datetime64[D]").astype(object)] = Contract(
            sessions, values, volume[sessions, column]
        )
    return found


def _volume(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Volume that thins out with distance: often zero far out, and past that often unknown (NaN)."""
    ahead = np.arange(shape[1])
    volume = np.round(60_000.0 * np.exp(-ahead / 3.5) * np.exp(0.7 * rng.standard_normal(shape)))
    idle = (rng.random(shape) < 0.5) & (ahead > ILLIQUID_PAST)
    unknown = (rng.random(shape) < 0.4) & (ahead > UNPRICED_PAST)
    return np.where(unknown, np.nan, np.where(idle, 0.0, volume))
