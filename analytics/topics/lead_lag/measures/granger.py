"""Granger's test between daily returns, robust and by wild bootstrap: shown beside the verdict, it decides
nothing.

Do the lead's returns of three to seven days ago help to predict the follow's, given one and two days ago
(which closing times spoil) and the follow's own seven? One set of lags, fixed; never the best of several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analytics.stats.pairs import pair
from analytics.stats.resampling import SEED, generator, p_text, p_value, packed_signs, unpack

TESTED = (3, 4, 5, 6, 7)
GIVEN = (1, 2)
DRAWS = 999
FEWEST_RETURNS = 360
_BATCH = 250


@dataclass(frozen=True, slots=True)
class FTest:
    """The textbook F test of the same lags, which trusts constant volatility: the naive answer.

    Attributes:
        statistic: F.
        freedom: Degrees of freedom of numerator and denominator.
        p: Upper tail.
    """

    statistic: float
    freedom: tuple[int, int]
    p: float


@dataclass(frozen=True, slots=True)
class Granger:
    """Whether the lead's past helps to predict the follow.

    Attributes:
        names: Lead and follow.
        tested, given: Lags of the lead that are tested, and those that are held fixed [trading days].
        n: Returns that are predicted.
        statistic: Wald statistic with White errors.
        p_asymptotic: Its chi-squared p.
        p: Its wild-bootstrap p; the one to read.
        plain: The textbook F test.
        sentence: What a reader sees.
    """

    names: tuple[str, str]
    tested: tuple[int, ...]
    given: tuple[int, ...]
    n: int
    statistic: float
    p_asymptotic: float
    p: float
    plain: FTest
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class _Regression:
    """y on (base, extra): ``extra`` holds the tested lags, ``base`` all else."""

    y: np.ndarray
    base: np.ndarray
    extra: np.ndarray


def granger(
    levels: pd.DataFrame,
    *,
    names: tuple[str, str] = ("the lead", "the follow"),
    draws: int = DRAWS,
    seed: int = SEED,
) -> Granger:
    """Test whether the lead's returns 3 to 7 days ago help to predict the follow's.

    Args:
        levels: Columns ``lead`` and ``follow``, closes on common US trading days, rising dates.
        names: How the sentence calls them.
        draws, seed: Same levels, draws and seed give the same finding to the last bit.

    Raises:
        MeasureError: one of those that ``pairs.pair`` names.
    """
    found = pair(levels, names, FEWEST_RETURNS)
    regression = _lagged(found.lead, found.follow, TESTED, GIVEN)
    statistic = float(wald(regression.y, regression.base, regression.extra))
    packed = packed_signs(generator("granger", seed), draws, len(regression.y))
    p = p_value(_wild_walds(regression, packed), statistic)
    return Granger(
        names=names,
        tested=TESTED,
        given=GIVEN,
        n=len(regression.y),
        statistic=statistic,
        p_asymptotic=float(special.chdtrc(len(TESTED), statistic)),
        p=p,
        plain=_f_test(regression),
        sentence=_sentence(names, p),
    )


def f_test(x: np.ndarray, y: np.ndarray, tested: Sequence[int], given: Sequence[int] = ()) -> FTest:
    """The textbook F test that lags ``tested`` of x do not help to predict y.

    The regression holds a constant, lags ``given`` of x and every lag of y up to the longest of x.

    Args:
        x, y: (n,), no NaN.
    """
    return _f_test(_lagged(x, y, tested, given))


def wald(y: np.ndarray, base: np.ndarray, extra: np.ndarray) -> np.ndarray:
    """Wald statistic with White's errors (HC0) that the coefficients of ``extra`` are zero.

    Args:
        y: (n,), or many outcomes at once (draws, n).
        base, extra: (n, k) and (n, q).

    Returns:
        Scalar, or (draws,).
    """
    basis = np.linalg.qr(base)[0]
    apart = extra - basis @ (basis.T @ extra)
    full = np.linalg.qr(np.hstack([base, extra]))[0]
    residuals = y - (y @ full) @ full.T
    scores = y @ apart
    count = apart.shape[1]
    squares = (apart[:, :, None] * apart[:, None, :]).reshape(len(apart), count**2)
    meat = (residuals**2 @ squares).reshape(*y.shape[:-1], count, count)
    # The bread cancels: b' V^-1 b = scores' meat^-1 scores, with b = bread scores and V = bread meat bread.
    return np.einsum("...i,...i", scores, np.linalg.solve(meat, scores[..., None])[..., 0])


def _lagged(x: np.ndarray, y: np.ndarray, tested: Sequence[int], given: Sequence[int]) -> _Regression:
    longest = max(*tested, *given) if given else max(tested)
    rows = len(y) - longest

    def lag(series: np.ndarray, k: int) -> np.ndarray:
        return series[longest - k : longest - k + rows]

    own = [lag(y, k) for k in range(1, longest + 1)]
    held = [lag(x, k) for k in given]
    base = np.column_stack([np.ones(rows), *own, *held])
    return _Regression(y[longest:], base, np.column_stack([lag(x, k) for k in tested]))


def _wild_walds(regression: _Regression, packed: np.ndarray) -> np.ndarray:
    """Wald statistics of outcomes without the tested lags: restricted residuals with random signs, regressors
    fixed (Goncalves and Kilian 2004)."""
    basis = np.linalg.qr(regression.base)[0]
    residuals = regression.y - basis @ (basis.T @ regression.y)
    batches = [packed[start : start + _BATCH] for start in range(0, len(packed), _BATCH)]
    # The fitted part is left out: it lies in the base, and the statistic does not see the base.
    drawn = (unpack(batch, len(residuals)) * residuals for batch in batches)
    return np.concatenate([wald(y, regression.base, regression.extra) for y in drawn])


def _f_test(regression: _Regression) -> FTest:
    restricted = _residual_sum(regression.y, regression.base)
    design = np.hstack([regression.base, regression.extra])
    free = _residual_sum(regression.y, design)
    freedom = regression.extra.shape[1], len(regression.y) - design.shape[1]
    statistic = (restricted - free) / freedom[0] / (free / freedom[1])
    return FTest(statistic, freedom, float(special.fdtrc(*freedom, statistic)))


def _residual_sum(y: np.ndarray, design: np.ndarray) -> float:
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(residuals @ residuals)


def _sentence(names: tuple[str, str], p: float) -> str:
    lead, follow = names
    helps = "help" if p <= 0.05 else "do not help"
    odds = f"{p_text(p)}, robust; display only"
    return f"Returns of {lead} three to seven days ago {helps} to predict {follow} ({odds})."
