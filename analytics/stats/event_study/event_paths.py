"""The follow's mean path after events, with a band around its unconditional path that holds for all days at
once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.stats.event_study.event_test import exposures
from analytics.stats.resampling import critical_value, cumulate, signed_cross_sums, signed_sums
from analytics.stats.verdict import ALPHA


@dataclass(frozen=True, slots=True, eq=False)
class EventPath:
    """Cumulative log returns from the day after an event on.

    Attributes:
        days: 1 .. last, (m,) [trading days].
        mean: After events, (m,) [pp].
        unconditional: After any day: days x mean daily return, (m,) [pp].
        other: After days that are no event, (m,) [pp].
        band: Half-width of the simultaneous 95% band around ``unconditional``, (m,) [pp].
    """

    days: np.ndarray
    mean: np.ndarray
    unconditional: np.ndarray
    other: np.ndarray
    band: np.ndarray


def event_path(
    y: np.ndarray, flags: np.ndarray, last: int, packed: np.ndarray, workers: int = 1
) -> EventPath:
    """Paths up to ``last`` days after events; an event counts with the days there are after it.

    Args:
        y: Log returns, (n,), no NaN.
        flags: Events by price day, (n + 1,); at least one event and one other day.
        last: Longest horizon [trading days].
        packed: Signs for n.
    """
    days = np.arange(1, last + 1)
    counts, others = exposures(flags, days), exposures(~flags, days)
    pp = 100 * days / counts.sum(axis=0)
    demeaned = y - y.mean()
    excess = counts - counts.mean(axis=0)
    scale = np.sqrt((excess**2).T @ demeaned**2)
    t = np.abs(_drawn(demeaned, flags, counts.mean(axis=0), packed, workers)) / scale
    unconditional = 100 * days * y.mean()
    return EventPath(
        days=days,
        mean=unconditional + pp * (excess.T @ demeaned),
        unconditional=unconditional,
        other=100 * days * (others.T @ y) / others.sum(axis=0),
        band=critical_value(t.max(axis=1), ALPHA) * pp * scale,
    )


def _drawn(
    demeaned: np.ndarray, flags: np.ndarray, mean_counts: np.ndarray, packed: np.ndarray, workers: int
) -> np.ndarray:
    """sum of (N_t - mean) w_t y_t for every draw and day, (draws, m).

    The sums over N are running sums of the events' cross sums with the drawn returns, so one FFT serves all
    days.
    """
    last = len(mean_counts)
    by_lag = signed_cross_sums(flags[:-1].astype(float), demeaned, last - 1, packed, workers)[:, last - 1 :]
    totals = signed_sums(demeaned[:, None], packed)
    return cumulate(by_lag.T)[1:].T - mean_counts * totals
