"""Whether the best of many beat a benchmark, once all that were tried count.

Hansen's SPA (2005, Journal of Business & Economic Statistics 23, 365-380) and Romano and Wolf's StepM (2005, Econometrica
73, 1237-1282) from ``arch``, with the universe fixed beforehand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.stats.pairs import returns
from analytics.stats.resampling import SEED, generator, p_text, stationary_indices
from analytics.stats.verdict import ALPHA
from analytics.topics.pair.measures.outperformance import BLOCK, DAYS, DELTA, mean_difference


@dataclass(frozen=True, slots=True)
class BestOfMany:
    """Whether any of a universe beat the benchmark once all were tried.

    Attributes:
        benchmark: What had to be beaten.
        best: Series with the highest mean return.
        ahead: Mean log return of the best less that of the benchmark [pp a month].
        p: SPA p (Hansen's consistent version); p_lower and p_upper bound it.
        p_alone: What a test of the best alone would have said, as if the others had not been tried: naive.
        superior: Those that beat the benchmark one by one at 5% family-wise (StepM).
        n, tried: Days, and series tried.
        sentence: What a reader sees.
        naive_sentence: What the test of the best alone would have said.
    """

    benchmark: str
    best: str
    ahead: float
    p: float
    p_lower: float
    p_upper: float
    p_alone: float
    superior: tuple[str, ...]
    n: int
    tried: int
    sentence: str
    naive_sentence: str


def best_of_many(
    closes: pd.DataFrame,
    benchmark: str,
    end: dt.date,
    *,
    days: int = DAYS,
    names: Mapping[str, str] | None = None,
    draws: int = 999,
    seed: int = SEED,
) -> BestOfMany:
    """Did any series of a universe fixed beforehand beat the benchmark, given that all were tried?

    Args:
        closes: One column a series, the benchmark among them, prices above zero on rising dates; only days that all have
            count.
        benchmark: A column.
        end: Nothing later is used.
        days: Returns in the window.
        names: How sentences call the columns; by their own names where it is silent.

    Raises:
        NotEnoughData: fewer common days than the window, or nothing beside the benchmark.
        NotPositive: a price at or below zero in the window.
        NoVariation: one of them stands still in the window.
    """
    from arch.bootstrap import SPA, StepM  # 1 s with its statsmodels: only here

    said = {str(key): str(key) for key in closes} | dict(names or {})
    known = closes.loc[: pd.Timestamp(end)].dropna().iloc[-days - 1 :]
    _check_prices(known, said)
    found = returns(known)
    others = [key for key in found if key != benchmark]
    if len(found) < days or not others:
        raise NotEnoughData(f"The universe around {said[benchmark]}", len(found) if others else 0, days)
    for key in found.columns[found.nunique() == 1]:
        raise NoVariation(said[key])
    losses = -100 * found[others]
    against = -100 * found[benchmark]
    spa = SPA(against, losses, block_size=BLOCK, reps=draws, bootstrap="stationary", seed=seed)
    spa.compute()
    stepm = StepM(against, losses, ALPHA, block_size=BLOCK, reps=draws, bootstrap="stationary", seed=seed)
    stepm.compute()
    best = str(found[others].mean().idxmax())
    indices = stationary_indices(generator("best_of_many", seed), len(found), BLOCK, draws)
    alone = mean_difference((found[best] - found[benchmark]).to_numpy(), indices, DELTA)
    p = float(spa.pvalues["consistent"])
    return BestOfMany(
        benchmark=benchmark,
        best=best,
        ahead=alone.estimate,
        p=p,
        p_lower=float(spa.pvalues["lower"]),
        p_upper=float(spa.pvalues["upper"]),
        p_alone=alone.p,
        superior=tuple(sorted(str(key) for key in stepm.superior_models)),
        n=len(found),
        tried=len(others),
        sentence=_sentence(said[best], said[benchmark], alone.estimate, len(others), p),
        naive_sentence=f"Tested alone, as if it had not been picked from {len(others)}, it would have had {p_text(alone.p)}.",
    )


def _check_prices(known: pd.DataFrame, said: Mapping[str, str]) -> None:
    for key in known:
        wrong = known[key] <= 0
        if wrong.any():
            raise NotPositive(said[str(key)], f"{known.index[wrong][0]:%Y-%m-%d}")


def _sentence(best: str, benchmark: str, ahead: float, tried: int, p: float) -> str:
    if ahead <= 0:
        return f"None of {tried} assets beat {benchmark}; the best, {best}, was {-ahead:.1f} points a month behind."
    head = f"Of {tried} assets {best} did best against {benchmark}, {ahead:.1f} points a month ahead"
    if p <= ALPHA:
        return f"{head}: more than the best of {tried} owes to chance ({p_text(p)})."
    return f"{head}: no more than the best of {tried} can owe to chance ({p_text(p)})."
