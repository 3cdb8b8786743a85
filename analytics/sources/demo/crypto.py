"""Bitcoin and ether: every day of the week, tied to the other prices through their sessions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.sources.demo import anchors
from analytics.sources.demo.noise import SHOCKS, Noise, bridge, explained, generator, student
from analytics.sources.demo.prices import Moves, highs, trailing_sum
from analytics.sources.demo.sessions import Calendar
from analytics.sources.demo.truths import BY_NAME, size

STRESS_VIX = float(BY_NAME["bitcoin's extra beta in stress"].first)
GOLD_LAGS = (BY_NAME["gold leads ether"].first, BY_NAME["gold leads ether"].last)
WEEKEND = 0.6
"""A weekend day's standard deviation over a trading day's."""
UNRELATED_WINDOWS = ((5, 3), (20, 3), (60, 3), (20, 23), (60, 61))
"""(window, delay) of silver's earlier returns from which bitcoin's corrections keep clear [sessions]."""
UNRELATED_HORIZONS = (5, 20, 60, 120)
"""Horizons of silver's highs from which they keep clear [sessions]."""


@dataclass(frozen=True, slots=True)
class Crypto:
    """One coin.

    Attributes:
        first: Position in ``Calendar.days`` of its first close.
        closes: Closes of every day from there to the last day [$].
        session_moves: Log returns by session (T,), weekends compounded; 0 before it exists.
    """

    first: int
    closes: np.ndarray
    session_moves: np.ndarray


def simulate(
    levels: dict[str, np.ndarray], moves: Moves, noise: Noise, calendar: Calendar, seed: int
) -> dict[str, Crypto]:
    """Bitcoin from 2014-09-17 and ether from 2017-11-09."""
    sp500, gold = moves["sp500"], moves["gold"]
    stress = np.append(False, np.round(levels["vix"], 2)[:-1] >= STRESS_VIX).astype(float)
    beta = size("bitcoin's calm beta") + size("bitcoin's extra beta in stress") * stress
    unrelated = _unrelated(np.round(levels["silver"], 3), moves["silver"])
    start = _start("bitcoin", calendar)
    drift = beta * (sp500 - noise.shock["sp500"])
    borrowed = np.append(np.zeros(start), explained(drift[start:], unrelated[:, start:]))
    gold_before = trailing_sum(gold, GOLD_LAGS[1] - GOLD_LAGS[0] + 1, GOLD_LAGS[0])
    keep = np.vstack([sp500, stress * sp500, stress, unrelated, gold_before])
    bitcoin = _coin(
        "bitcoin", beta * sp500 - borrowed + 0.3 * noise.shock["gold"], keep, noise, calendar, seed
    )
    follows = 0.85 * bitcoin.session_moves + size("gold leads ether") * gold_before
    ether = _coin("ether", follows, np.vstack([gold_before, sp500]), noise, calendar, seed)
    return {"bitcoin": bitcoin, "ether": ether}


def _start(key: str, calendar: Calendar) -> int:
    """Position of the session on which a coin begins."""
    return int(calendar.at(anchors.parse(anchors.PRICES[key])[0][:1])[0])


def _unrelated(silver: np.ndarray, returns: np.ndarray) -> np.ndarray:
    """What bitcoin must not follow: silver's earlier returns and its highs, as regressors (K, T)."""
    events = highs(silver).astype(float)
    windows = [trailing_sum(returns, window, delay) for window, delay in UNRELATED_WINDOWS]
    return np.vstack(windows + [trailing_sum(events, horizon) for horizon in UNRELATED_HORIZONS])


def _coin(
    key: str, systematic: np.ndarray, keep: np.ndarray, noise: Noise, calendar: Calendar, seed: int
) -> Crypto:
    """A coin whose session return is ``systematic`` plus its own noise of the days since the last."""
    dates, targets = anchors.parse(anchors.PRICES[key])
    start = _start(key, calendar)
    first = int(np.searchsorted(calendar.days, dates[0]))
    own = _own_noise(key, noise, calendar, seed)
    total = np.bincount(calendar.session_of_day, own, len(calendar.sessions)) + systematic
    correction = bridge(total[start:], calendar.at(dates) - start, np.log(targets), keep[:, start:])
    correction = np.append(np.zeros(start), correction)
    days_each = np.bincount(calendar.session_of_day, minlength=len(calendar.sessions))
    daily = own + (correction / days_each)[calendar.session_of_day]
    daily[np.searchsorted(calendar.days, calendar.sessions)] += systematic
    closes = targets[0] * np.exp(np.cumsum(np.append(0.0, daily[first + 1 :])))
    alive = np.arange(len(total)) > start
    return Crypto(first, closes, np.where(alive, total + correction, 0.0))


def _own_noise(key: str, noise: Noise, calendar: Calendar, seed: int) -> np.ndarray:
    """A coin's own returns on every day, calming down over the years as the market grew."""
    draws = student(generator(seed, key), SHOCKS[key].df, (len(calendar.days),))
    scale = noise.scale[key][calendar.session_of_day]
    own = WEEKEND * scale * draws
    own[np.searchsorted(calendar.days, calendar.sessions)] = noise.shock[key]
    return own * np.linspace(1.6, 0.6, len(own))
