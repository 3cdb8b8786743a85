"""Claims 13 and 14: silver on real yields and the dollar (docs/methods.md#driver-regression).

One regression of an asset's daily log return on the changes of all the drivers; one of its coefficients is
tested. With ``basket`` the asset is priced in the driver's own basket of currencies: log asset + log dollar
on the left, so that a coefficient below zero means that the asset gains more than a change of its unit of
account. Same-day association: it does not show what causes what.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import BadChoice
from analytics.stats.regression.wild_newey_west import WildT, wild_t
from analytics.stats.resampling import DRAWS, SEED, critical_value, generator, p_text, p_value
from analytics.stats.verdict import ALPHA, Inference, Verdict, decide, far_end, left_open, smallest_detectable
from analytics.topics.drivers.measures.moves import DRIVERS, USUAL, Moves, moves, name_of

FIVE_YEARS, FIVE_YEARS_OF_WEEKS = 1_250, 260
"""The claims' window [trading days, weeks]."""
BASKETS = ("dollar_index", "dollar_broad")
"""Drivers that are prices of one currency in a basket of others."""
LEAST, FEWEST_WEEKS = 250, 60
"""Fewest changes that the tests are made on [trading days, weeks]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """What one step of one driver goes with, the other drivers held still.

    Attributes:
        key: The driver.
        name, step: As sentences say them.
        estimate: [% of the asset per step].
        error: Newey-West standard error, 5 lags.
        interval: 95%, by the wild bootstrap's critical value of |t|.
        t: estimate / error.
        p: Two-sided wild-bootstrap p.
    """

    key: str
    name: str
    step: str
    estimate: float
    error: float
    interval: tuple[float, float]
    t: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """What usual tables say of the tested driver: t of plain least squares, and of the two series alone."""

    t_plain: float
    t_alone: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drivers:
    """What claims 13 and 14 rest on.

    Attributes:
        asset, driver, basket: What is explained and tested; the asset is priced in the driver's basket.
        first, last: First and last day of change.
        n: Days of change; fewer than ``asked`` where the series share no more.
        asked: The window asked for [trading days].
        coefficients: One for each driver, in the order asked for.
        weeks, n_weeks: The tested coefficient on Friday weeks (None below 60), and how many; decides nothing.
        explained: R^2 of the regression.
        naive: Display only.
        inference: Of the tested coefficient [% per step]; the claimed direction is ``less``.
        sentence: What a reader sees.
    """

    asset: str
    driver: str
    basket: bool
    first: dt.date
    last: dt.date
    n: int
    asked: int
    coefficients: tuple[Coefficient, ...]
    weeks: Coefficient | None
    n_weeks: int
    explained: float
    naive: Naive
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def drivers(
    levels: pd.DataFrame,
    driver: str = "real_yield_10y",
    *,
    asset: str = "silver",
    name: str = "",
    keys: Sequence[str] = USUAL,
    basket: bool = False,
    delta: float = 0.5,
    days: int = FIVE_YEARS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Drivers:
    """Regress, test one coefficient, and decide whether a rise of the driver goes with a fall of the asset.

    Claim 13: ``drivers(levels)``. Claim 14: ``drivers(levels, "dollar_index", basket=True, delta=0.25)``;
    with ``dollar_broad`` among the keys in the index's place, the row that is shown beside it.

    Args:
        levels: Columns ``asset`` and ``keys``: closes and yields [%] on rising US trading days; NaN rows left out.
        name: How the sentence calls the asset; its key in words where it is empty.
        driver: The tested one, among ``keys``; with ``basket`` an index of the dollar.
        delta: Smallest effect worth acting on [% per step] (published/thresholds.toml).
        days: Only the last so many changes; fewer where the series share no more.

    Raises:
        BadChoice: a driver that is not among the keys, or a basket that is not a currency index's.
        MeasureError: one of those that ``moves.moves`` names; 250 changes are needed.
    """
    choices = [key for key in keys if not basket or key in BASKETS]
    if driver not in choices:
        raise BadChoice("driver", driver, " or ".join(choices) or "one of the keys")
    found = moves(levels, (asset,), tuple(keys), need=LEAST).latest(days)
    weeks = found.weeks().latest(-(-days * FIVE_YEARS_OF_WEEKS // FIVE_YEARS))
    tests = [_test(found, key, driver if basket else "", draws, seed) for key in keys]
    tested = tests[list(keys).index(driver)]
    of_weeks = (
        _test(weeks, driver, driver if basket else "", draws, seed) if len(weeks) >= FEWEST_WEEKS else None
    )
    inference = _infer(tested, len(found), DRIVERS[driver].step, delta)
    first, last = (found.days[i].astype(object) for i in (1, -1))
    return Drivers(
        asset=asset,
        driver=driver,
        basket=basket,
        first=first,
        last=last,
        n=len(found),
        asked=days,
        coefficients=tuple(_coefficient(key, test) for key, test in zip(keys, tests, strict=True)),
        weeks=None if of_weeks is None else _coefficient(driver, of_weeks),
        n_weeks=len(weeks),
        explained=_explained(found, driver if basket else ""),
        naive=_naive(found, driver, basket),
        inference=inference,
        sentence=_sentence(name or name_of(asset), driver, basket, inference, first, last, days),
    )


def design_of(found: Moves) -> np.ndarray:
    """A constant and the drivers, (n, 1 + k)."""
    return np.column_stack([np.ones(len(found)), found.drivers])


def outcome_of(found: Moves, unit_of_account: str = "") -> np.ndarray:
    """The first asset's return [%], in the basket of ``unit_of_account`` where there is one, (n,)."""
    own = found.assets[:, 0]
    return own + found.drivers[:, found.driver_keys.index(unit_of_account)] if unit_of_account else own


def _test(found: Moves, key: str, unit_of_account: str, draws: int, seed: int) -> WildT:
    column = 1 + found.driver_keys.index(key)
    rng = generator(f"drivers {key}", seed)
    return wild_t(outcome_of(found, unit_of_account), design_of(found), column, draws, rng)


def _coefficient(key: str, test: WildT) -> Coefficient:
    width = np.abs(test.drawn)
    half = critical_value(width, ALPHA) * test.error
    return Coefficient(
        key=key,
        name=DRIVERS[key].name,
        step=DRIVERS[key].step,
        estimate=test.estimate,
        error=test.error,
        interval=(test.estimate - half, test.estimate + half),
        t=test.t,
        p=p_value(width, abs(test.t)),
    )


def _infer(test: WildT, n: int, step: str, delta: float) -> Inference:
    half = critical_value(np.abs(test.drawn), ALPHA) * test.error
    p, p_opposite = p_value(-test.drawn, -test.t), p_value(test.drawn, test.t)
    mde = smallest_detectable(test.error, critical_value(-test.drawn, ALPHA))
    interval = (test.estimate - half, test.estimate + half)
    far = far_end(interval, 0.0, "less")
    return Inference(
        estimate=test.estimate,
        interval=interval,
        unit=f"% per {step}",
        statistic=test.t,
        p=p,
        p_opposite=p_opposite,
        n=n,
        effective_n=test.effective_n,
        mde=mde,
        delta=delta,
        far=far,
        direction="less",
        verdict=decide(p, p_opposite, far, delta),
    )


def _explained(found: Moves, unit_of_account: str) -> float:
    y, basis = outcome_of(found, unit_of_account), np.linalg.qr(design_of(found))[0]
    left = y - basis @ (basis.T @ y)
    return 1 - float(left @ left / ((y - y.mean()) @ (y - y.mean())))


def _naive(found: Moves, driver: str, basket: bool) -> Naive:
    """Plain errors; alone means the asset as quoted on the one driver, as in a scatter chart."""
    column = found.driver_keys.index(driver)
    return Naive(
        t_plain=_plain_t(outcome_of(found, driver if basket else ""), design_of(found), 1 + column),
        t_alone=_plain_t(found.assets[:, 0], design_of(found)[:, [0, 1 + column]], 1),
    )


def _plain_t(y: np.ndarray, design: np.ndarray, column: int) -> float:
    bread = np.linalg.inv(design.T @ design)
    slope = bread @ design.T @ y
    left = y - design @ slope
    variance = left @ left / (len(y) - design.shape[1]) * bread[column, column]
    return float(slope[column] / np.sqrt(variance))


def _sentence(
    name: str, driver: str, basket: bool, found: Inference, first: dt.date, last: dt.date, asked: int
) -> str:
    span = f"Over {found.n:,} trading days to {last:%-d %b %Y}"
    if found.n < asked:
        span += f" (all that the series share, from {first:%-d %b %Y}; {asked:,} were asked for)"
    priced = f"{name}, priced in the currencies that {DRIVERS[driver].name} is against," if basket else name
    low, high = found.interval
    text = (
        f"{span}, a rise of {DRIVERS[driver].step} in {DRIVERS[driver].name} went with "
        f"{found.estimate:+.2f}% of {priced} ({low:+.2f} to {high:+.2f}; {p_text(found.p)}), the other "
        "drivers held still"
    )
    if found.verdict in ("supported", "contradicted"):
        return f"{text}: {found.verdict}."
    return f"{text}; {left_open(found)}."
