"""Whether a price had begun to feed on itself: the GSADF test on weekly log prices, with a wild bootstrap of its own.

The table for independent shocks raises false alarms by the dozen under changing volatility
(docs/methods.md#acceleration). Here every draw keeps the size of each week's move and the drift, and turns only the sign
of its deviation: r* = mean + w (r - mean).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.stats.pairs import weekly
from analytics.stats.resampling import SEED, critical_value, generator, p_text, p_value, packed_signs, unpack
from analytics.stats.unit_root.explosive import Window, backward_sup, best_window, smallest_window
from analytics.stats.verdict import Inference, Verdict, decide, smallest_detectable

DRAWS = 999
FEWEST_WEEKS = 100
UNIT = "weekly explosive coefficient (rho - 1)"
DELTA = 0.05
"""Smallest coefficient worth acting on where a caller names none: claim 2's."""


@dataclass(frozen=True, slots=True, eq=False)
class Acceleration:
    """What the test found.

    Attributes:
        name: The series.
        bsadf: Backward sup-ADF at every Friday from the smallest window on.
        critical: What the largest of the tested Fridays must exceed at 5%.
        first, last: First and last week used.
        tested_from: First Friday that may answer; later ones up to ``last`` count too.
        smallest_window: Fewest weeks in a window.
        window_first, window_last: First and last week of the window that answers.
        window_weeks: Its length.
        doubling_weeks: Weeks in which a deviation doubles at the estimate; NaN where it does not grow.
        draws: Bootstrap draws.
        inference: Effect: the coefficient of that window. n: weeks; effective n: weeks in that window.
        sentence: What a reader sees.
    """

    name: str
    bsadf: pd.Series
    critical: float
    first: dt.date
    last: dt.date
    tested_from: dt.date
    smallest_window: int
    window_first: dt.date
    window_last: dt.date
    window_weeks: int
    doubling_weeks: float
    draws: int
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def acceleration(
    closes: pd.Series,
    end: dt.date,
    *,
    weeks: int | None = None,
    tested_from: dt.date | None = None,
    name: str = "The series",
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Acceleration:
    """Test the weekly log price for an explosive stretch (Phillips, Shi and Yu 2015; wild bootstrap after Harvey,
    Leybourne, Sollis and Taylor 2016).

    Args:
        closes: Daily prices above zero on rising dates; NaN days are left out. The last close of each week that ends on
            a Friday counts; a week that is not over is left out.
        end: Nothing later is used.
        weeks: How many weeks, up to the last; the whole history by default.
        tested_from: Only stretches that last until this day or later may answer, in the data and in every draw alike.
        name: How a sentence calls the series.
        delta: Smallest coefficient worth acting on [per week].

    Returns:
        The statistic is the largest t of all windows; p is its share of draws at or above, p_opposite at or below
        (steadier than nineteen in twenty random walks). The interval moves the draws' quantiles to the estimate, so it
        is exact only where the growth is slow.

    Raises:
        NotEnoughData: fewer than 100 weeks, or no tested week.
        NotPositive: a close at or below zero.
        NoVariation: a stretch as long as the smallest window in which the price stands still.
    """
    path = _weekly_logs(closes, end, weeks, name)
    shortest = smallest_window(len(path))
    first_end = _first_end(path, shortest, tested_from, name)
    y = path.to_numpy()
    _check_moves(y, shortest, name)
    series = pd.Series(backward_sup(y[:, None], shortest)[:, 0], index=path.index[shortest:], name="bsadf")
    window = best_window(y, shortest, first_end)
    null = draw_null(y, shortest, first_end, draws, seed)
    inference = _infer(window, null, len(path), delta)
    return Acceleration(
        name=name,
        bsadf=series,
        critical=critical_value(null),
        first=path.index[0].date(),
        last=path.index[-1].date(),
        tested_from=path.index[first_end].date(),
        smallest_window=shortest,
        window_first=path.index[window.first].date(),
        window_last=path.index[window.last].date(),
        window_weeks=window.rows,
        doubling_weeks=_doubling(window.slope),
        draws=draws,
        inference=inference,
        sentence=_sentence(name, window, path, inference),
    )


def draw_null(y: np.ndarray, shortest: int, first_end: int, draws: int, seed: int = SEED) -> np.ndarray:
    """The statistic of ``draws`` wild resamples of one log price path, (draws,)."""
    returns = np.diff(y)
    packed = packed_signs(generator("acceleration", seed), draws, len(returns))
    paths = np.zeros((len(y), draws))
    drift = returns.mean()
    np.cumsum(drift + unpack(packed, len(returns)).T * (returns - drift)[:, None], axis=0, out=paths[1:])
    return backward_sup(paths, shortest, first_end).max(axis=0)


def _weekly_logs(closes: pd.Series, end: dt.date, weeks: int | None, name: str) -> pd.Series:
    known = closes.loc[: pd.Timestamp(end)].dropna()
    if (known <= 0).any():
        raise NotPositive(name, f"{known.index[known <= 0][0]:%Y-%m-%d}")
    if known.empty:
        raise NotEnoughData(f"The weekly history of {name}", 0, FEWEST_WEEKS)
    fridays = weekly(known.to_frame("close"))["close"]
    if weeks is not None:
        fridays = fridays.iloc[-weeks:]
    if len(fridays) < FEWEST_WEEKS:
        raise NotEnoughData(f"The weekly history of {name}", len(fridays), FEWEST_WEEKS)
    return pd.Series(np.log(fridays))


def _first_end(path: pd.Series, shortest: int, tested_from: dt.date | None, name: str) -> int:
    if tested_from is None:
        return shortest
    first = int(path.index.searchsorted(pd.Timestamp(tested_from)))
    if first >= len(path):
        raise NotEnoughData(f"{name} from {tested_from:%Y-%m-%d} on", 0, 1)
    return max(first, shortest)


def _check_moves(y: np.ndarray, shortest: int, name: str) -> None:
    """Refuse a stretch without variation, where no t exists."""
    changes = np.lib.stride_tricks.sliding_window_view(np.diff(y), shortest)
    if (np.ptp(changes, axis=1) < 1e-10).any():
        raise NoVariation(name)


def _infer(window: Window, null: np.ndarray, weeks: int, delta: float) -> Inference:
    mde = smallest_detectable(window.error, critical_value(null))
    p, p_opposite = p_value(null, window.t), p_value(-null, -window.t)
    return Inference(
        estimate=window.slope,
        interval=(math.nan, math.nan),
        unit=UNIT,
        statistic=window.t,
        p=p,
        p_opposite=p_opposite,
        n=weeks,
        effective_n=float(window.rows),
        mde=mde,
        delta=delta,
        far=math.inf,
        direction="greater",
        per_year=52,
        verdict=decide(p, p_opposite, math.inf, delta),
    )


def _doubling(slope: float) -> float:
    return math.log(2) / math.log1p(slope) if slope > 0 else math.nan


def _sentence(name: str, window: Window, path: pd.Series, found: Inference) -> str:
    begun, ended = (f"{path.index[i].day} {path.index[i]:%b %Y}" for i in (window.first, window.last))
    where = f"over the {window.rows} weeks from {begun} to {ended}"
    if found.verdict == "supported":
        return (
            f"{name} fed on its own rise {where}: a deviation doubled in {_doubling(window.slope):.0f} weeks, more than "
            f"random walks as volatile show in 95 of 100 cases ({p_text(found.p)})."
        )
    if found.verdict == "contradicted":
        return f"{name} was steadier than random walks as volatile usually are ({p_text(found.p_opposite)})."
    return (
        f"{name} shows no acceleration beyond what random walks as volatile show ({p_text(found.p)}); its most explosive "
        f"stretch was {where}."
    )
