"""A two-state Markov-switching filter beside the stage rule. Display only: its parameters come from the whole
span shown, so its past is not what anybody knew then, and no verdict rests on it.

The number of states is fixed at two. It is never chosen by an information criterion, which finds more than
one state in every series with changing volatility (docs/methods.md#markov-filter).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analytics.errors import MeasureError, NotEnoughData, NoVariation

if TYPE_CHECKING:
    from statsmodels.tsa.regime_switching.markov_autoregression import MarkovAutoregression

STATES = 2
FEWEST = 100
LIKELY = 0.5
DISPLAY = "display only: fitted to the whole span shown; no verdict rests on it"


@dataclass(frozen=True, slots=True, eq=False)
class MarkovFilter:
    """The fitted filter. State 0 is the stressed one: the more volatile, or without switching variance the
    lower mean.

    Attributes:
        name: The series.
        n: Observations that the likelihood counts.
        order: Autoregressive lags.
        stressed: Filtered probability of state 0 by date: parameters of the whole span, data up to the date.
        stay: Probability of staying in state 0 and in state 1, per period.
        means: Of each state [the series' unit].
        sds: Of the shocks in each state [the series' unit].
        periods: Expected length of a stay in each state [periods].
        log_likelihood: At the estimate.
        converged: Whether the optimiser says so; False deserves no trust.
        note: Why it is no verdict.
        sentence: What a reader sees.
    """

    name: str
    n: int
    order: int
    stressed: pd.Series
    stay: tuple[float, float]
    means: tuple[float, float]
    sds: tuple[float, float]
    periods: tuple[float, float]
    log_likelihood: float
    converged: bool
    note: str
    sentence: str


def markov_filter(
    values: pd.Series, *, order: int = 0, switching_variance: bool = True, name: str = "The series"
) -> MarkovFilter:
    """Fit two states by maximum likelihood and filter (Hamilton 1989, Econometrica 57, 357-384).

    Args:
        values: Returns or growth rates on rising dates, in per cent (the optimiser dislikes tiny numbers);
            NaN are left out. The product shows weekly S&P 500 returns.
        order: Lags of an autoregression common to both states; 0 for none.
        switching_variance: Whether the states differ in variance, or in the mean alone.
        name: How sentences call the series.

    Raises:
        NotEnoughData: fewer than ``FEWEST`` values.
        NoVariation: values that stand still.
        MeasureError: an infinite value, or no fit can be computed.
    """
    known = values.dropna()
    if len(known) < FEWEST:
        raise NotEnoughData(name, len(known), FEWEST)
    wrong = ~np.isfinite(known.to_numpy(float))
    if wrong.any():
        raise MeasureError(
            f"{name} is not finite on {known.index[wrong.argmax()]:%Y-%m-%d}. Choose another series."
        )
    if float(known.std()) == 0:
        raise NoVariation(name)
    model = _model(known.to_numpy(float), order, switching_variance)
    fitted = _fitted(model, name)
    found = dict(zip(model.param_names, np.asarray(fitted.params, float).tolist(), strict=True))
    first = _stressed_state(found, switching_variance)
    order_of = (first, 1 - first)
    stay = _stay(found)
    stressed = pd.Series(
        fitted.filtered_marginal_probabilities[:, first], index=known.index[order:], name="stressed"
    )
    return MarkovFilter(
        name=name,
        n=int(fitted.nobs),
        order=order,
        stressed=stressed,
        stay=(stay[order_of[0]], stay[order_of[1]]),
        means=(found[f"const[{order_of[0]}]"], found[f"const[{order_of[1]}]"]),
        sds=(_sd(found, order_of[0]), _sd(found, order_of[1])),
        periods=(1 / (1 - stay[order_of[0]]), 1 / (1 - stay[order_of[1]])),
        log_likelihood=float(fitted.llf),
        converged=bool(fitted.mle_retvals["converged"]),
        note=DISPLAY,
        sentence=_sentence(name, float(stressed.iloc[-1]), bool(fitted.mle_retvals["converged"])),
    )


def _model(y: np.ndarray, order: int, switching_variance: bool) -> MarkovAutoregression:
    from statsmodels.tsa.regime_switching.markov_autoregression import (
        MarkovAutoregression,
    )  # 2.5 s: only here
    from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

    if order:
        return MarkovAutoregression(
            y, k_regimes=STATES, order=order, switching_ar=False, switching_variance=switching_variance
        )
    return MarkovRegression(y, k_regimes=STATES, switching_variance=switching_variance)


def _fitted(model: MarkovAutoregression, name: str) -> Any:
    with warnings.catch_warnings():
        # The optimiser tries impossible variances on its way and says so; what counts is where it ends.
        warnings.simplefilter("ignore")
        try:
            found = model.fit(disp=False, cov_type="none")
        except np.linalg.LinAlgError:
            found = None
    if found is None or not np.isfinite(found.llf):
        raise MeasureError(f"No two states can be fitted to {name} over this span. Choose a longer span.")
    return found


def _stressed_state(found: dict[str, float], switching_variance: bool) -> int:
    if switching_variance:
        return int(found["sigma2[1]"] > found["sigma2[0]"])
    return int(found["const[1]"] < found["const[0]"])


def _stay(found: dict[str, float]) -> tuple[float, float]:
    return found["p[0->0]"], 1 - found["p[1->0]"]


def _sd(found: dict[str, float], state: int) -> float:
    return float(np.sqrt(found.get(f"sigma2[{state}]", found.get("sigma2", np.nan))))


def _sentence(name: str, probability: float, converged: bool) -> str:
    if not converged:
        return f"The two-state filter of {name} did not settle on this span; do not read it."
    side = "stressed" if probability > LIKELY else "calm"
    share = f"{100 * probability:.0f}% stressed"
    return f"A two-state filter puts {name} in its {side} state now ({share}); display only."
