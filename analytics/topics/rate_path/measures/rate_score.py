"""How good the market's odds were: Brier scores of cut, hold and hike before each decided meeting (docs/methods.md#record-of-the-odds)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.errors import NotPriced
from analytics.published.fed_odds import HORIZONS, FedOdds
from analytics.stats.resampling import DRAWS, SEED, generator
from analytics.topics.rate_path.measures.rate_decisions import (
    Decided,
    base_rates,
    forecasts,
    recorded,
)
from analytics.topics.rate_path.measures.rate_history import RateHistory
from analytics.topics.rate_path.measures.rate_reliability import ReliabilityBin, reliability

LEAST = 10
"""Fewest meetings that a score is printed for."""
SINCE = dt.date(2010, 1, 1)
"""First decision day that is scored."""
WORST = 2.0
"""Brier score of what was sure and wrong."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over meetings with its 95% bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HorizonScore:
    """Scores at one horizon; all forecasts are scored on the same meetings.

    Attributes:
        horizon: Calendar days before the decision [days].
        n: Meetings scored.
        unpriced: Decided meetings left out because the contracts did not solve them then.
        from_record: Meetings whose odds are the published record's, in whole percents, as no contract is held.
        unscheduled: Decisions outside the calendar since the first meeting scored that moved the rate; nobody had priced them
            by date, and they are not among the ``n``.
        first, last: Decision days of the first and the last meeting scored.
        outcomes: How many of them were cuts, holds and hikes.
        market: Brier score of the market's odds, 0 (right and sure) to 2 (wrong and sure).
        no_change: The same for "hold, for sure".
        base_rate: The same for the frequencies of cut, hold and hike among the meetings decided by then.
        against_no_change, against_base_rate: Market minus the other, paired; below zero the market was better.
        market_with, no_change_with: Mean scores with each unscheduled move counted as a hold that was sure and wrong.
    """

    horizon: int
    n: int
    unpriced: int
    from_record: int
    unscheduled: int
    first: dt.date
    last: dt.date
    outcomes: tuple[int, int, int]
    market: Estimate
    no_change: Estimate
    base_rate: Estimate
    against_no_change: Estimate
    against_base_rate: Estimate

    @property
    def market_with(self) -> float:
        return self._with(self.market.mean)

    @property
    def no_change_with(self) -> float:
        return self._with(self.no_change.mean)

    def _with(self, mean: float) -> float:
        return (self.n * mean + self.unscheduled * WORST) / (self.n + self.unscheduled)


@dataclass(frozen=True, slots=True)
class RateScore:
    """The market's record.

    Attributes:
        as_of: Only meetings decided by this day count.
        horizons: One a horizon with at least ``LEAST`` meetings.
        bins: Non-empty bins, by horizon, outcome and probability.
        sentence: The page's reading.
    """

    as_of: dt.date
    horizons: tuple[HorizonScore, ...]
    bins: tuple[ReliabilityBin, ...]
    sentence: str


def rate_score(
    history: RateHistory | None,
    decisions: Sequence[Decided],
    as_of: dt.date,
    *,
    record: Sequence[FedOdds] = (),
    unscheduled: Sequence[dt.date] = (),
    since: dt.date = SINCE,
    horizons: Sequence[int] = HORIZONS,
    seed: int = SEED,
) -> RateScore:
    """Score the odds of cut, hold and hike that stood some days before each decided meeting.

    Brier (1950) over the three outcomes, beside the score of "no change" and of the frequencies known on the day of the
    forecast (expanding). Intervals: percentile bootstrap over meetings, 4,999 draws; meetings close to one another
    share surprises, so the true intervals are somewhat wider.

    Args:
        history: The priced path by day; None where no contract is held.
        decisions: ``decided(...)``; those before ``since`` feed the frequencies only.
        as_of: Neither later prices nor later decisions are used.
        record: Published odds, which stand in where the history has none (``fed_odds.load()``).
        unscheduled: ``unscheduled_moves(...)``, counted beside the score.
        since: First decision day that is scored.
        horizons: Calendar days before the decision [days].
        seed: Of the bootstrap.

    Raises:
        NotPriced: no horizon has ``LEAST`` scored meetings.
    """
    rng = generator("rate_score", seed)
    past = [decision for decision in decisions if decision.day <= as_of]
    scored = [decision for decision in past if decision.day >= since]
    found: list[HorizonScore] = []
    bins: list[ReliabilityBin] = []
    most = 0
    for horizon in horizons:
        market = forecasts(history, scored, horizon)
        lacking = np.isnan(market).any(axis=1)
        market[lacking] = recorded(record, scored, horizon)[lacking]
        base = base_rates(past, scored, horizon)
        usable = ~np.isnan(market).any(axis=1) & ~np.isnan(base).any(axis=1)
        most = max(most, int(usable.sum()))
        if usable.sum() < LEAST:
            continue
        kept = [decision for decision, use in zip(scored, usable, strict=True) if use]
        counts = (
            len(scored) - len(kept),
            int((lacking & usable).sum()),
            sum(kept[0].day <= day <= as_of for day in unscheduled),
        )
        found.append(_score(horizon, kept, counts, market[usable], base[usable], rng))
        bins += reliability(horizon, market[usable], np.array([decision.outcome for decision in kept]))
    if not found:
        raise NotPriced(
            f"Only {most} decided meetings have odds by then, and a score takes {LEAST}: choose a later day, or import the "
            "history of contracts with `python -m analytics import zq FILE`."
        )
    return RateScore(as_of, tuple(found), tuple(bins), _sentence(found))


def brier(odds: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Brier score of each forecast: squared differences summed over the classes, 0 to 2 (Brier 1950).

    Args:
        odds: (n, classes) probabilities [fractions].
        outcome: (n,) position of the class that came.
    """
    return ((odds - np.eye(odds.shape[1])[outcome]) ** 2).sum(axis=1)


def _score(
    horizon: int,
    kept: Sequence[Decided],
    counts: tuple[int, int, int],
    market: np.ndarray,
    base: np.ndarray,
    rng: np.random.Generator,
) -> HorizonScore:
    outcome = np.array([decision.outcome for decision in kept])
    hold = np.tile([0.0, 1.0, 0.0], (len(kept), 1))
    scores = [brier(odds, outcome) for odds in (market, hold, base)]
    columns = np.column_stack([*scores, scores[0] - scores[1], scores[0] - scores[2]])
    cut, held, hike = np.bincount(outcome, minlength=3).tolist()
    return HorizonScore(
        horizon,
        len(kept),
        *counts,
        kept[0].day,
        kept[-1].day,
        (cut, held, hike),
        *_estimates(columns, rng),
    )


def _estimates(columns: np.ndarray, rng: np.random.Generator) -> list[Estimate]:
    """Mean and percentile interval of each column, its rows drawn together."""
    n = len(columns)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=DRAWS) @ columns / n
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return [Estimate(*map(float, row)) for row in zip(columns.mean(axis=0), low, high, strict=True)]


def _sentence(scores: Sequence[HorizonScore]) -> str:
    parts = [
        f"{score.market.mean:.2f} at {score.horizon} day{'' if score.horizon == 1 else 's'} "
        f"(no change {score.no_change.mean:.2f}, base rates {score.base_rate.mean:.2f}, n = {score.n})"
        for score in scores
    ]
    first = scores[0]
    left_out = (
        f" The {first.unscheduled} moves outside the calendar had no odds and are not scored; counted as a hold that was sure and "
        f"wrong they make it {first.market_with:.2f} at {first.horizon} day{'' if first.horizon == 1 else 's'} "
        f"(no change {first.no_change_with:.2f})."
    )
    last = max(score.last for score in scores)
    words = f"Brier score of the market's odds at scheduled meetings to {last:%-d %b %Y}, lower is better: {'; '.join(parts)}."
    return words + left_out if first.unscheduled else words
