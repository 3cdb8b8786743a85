"""Claim 8: did policy uncertainty and the term premium move together with silver? (docs/methods.md#policy-uncertainty)

Weeks, because the daily uncertainty index is mostly noise. Same-week association: it does not show what
causes what.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.stats.pairs import weekly
from analytics.stats.regression.wild_newey_west import long_run
from analytics.stats.regression.wild_regression import Contrasts, contrasts
from analytics.stats.resampling import DRAWS, SEED, critical_value, generator, p_text, p_value, packed_signs
from analytics.stats.verdict import ALPHA, Inference, Verdict, decide, far_end, left_open, smallest_detectable

LINKS = ("policy_uncertainty", "term_premium_10y")
NAMES = {
    "silver": "silver",
    "policy_uncertainty": "policy uncertainty",
    "term_premium_10y": "the 10-year term premium",
}
FIVE_YEARS = 260
"""The claim's window [weeks]."""
LEAST = 60
"""Fewest weekly changes that a test is made on."""
MEAN_OF = "7D"
"""The uncertainty index is a mean of as many calendar days, all of which must be there."""
UNIT = "correlation of weekly changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One of the two links.

    Attributes:
        key: ``policy_uncertainty`` or ``term_premium_10y``.
        name: As sentences say it.
        correlation: Of its weekly change with silver's weekly log return.
        interval: 95%, White's error and the wild bootstrap's critical value.
        t: Statistic of the verdict: sum xy / sqrt(sum x^2 y^2), x and y demeaned.
        p, p_opposite: One-sided wild-bootstrap p of a positive and of a negative link.
        mde: Smallest correlation seen 80% of the time.
        effective_n: n x White / Newey-West variance of the products, at most n.
    """

    key: str
    name: str
    correlation: float
    interval: tuple[float, float]
    t: float
    p: float
    p_opposite: float
    mde: float
    effective_n: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uncertainty:
    """What claim 8 rests on.

    Attributes:
        links: Policy uncertainty, then the term premium.
        weeks: Weekly changes by Friday: ``silver`` and ``policy_uncertainty`` [% log], ``term_premium_10y``
            [bp].
        first, last: First and last Friday.
        n, asked: Weeks, and those asked for.
        inference: Both must hold: p and mde are the larger of the two, estimate and interval those of the
            link with the larger p; contradicted where either link is negative, at twice the smaller p
            (Bonferroni).
        sentence: What a reader sees.
    """

    links: tuple[Link, Link]
    weeks: pd.DataFrame
    first: dt.date
    last: dt.date
    n: int
    asked: int
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def uncertainty(
    silver: pd.Series,
    policy_uncertainty: pd.Series,
    term_premium: pd.Series,
    *,
    delta: float = 0.15,
    weeks: int = FIVE_YEARS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Uncertainty:
    """Test both links week by week and decide.

    Args:
        silver: Closes on US trading days, rising; NaN days are left out.
        policy_uncertainty: The daily index on its own calendar days, above zero (a seven-day mean is taken
            here).
        term_premium: Daily [%].
        delta: Smallest correlation worth acting on (published/thresholds.toml).
        weeks: Only the last so many weekly changes.

    Raises:
        NotEnoughData: fewer than 60 weekly changes.
        NotPositive: a price or an index value at or below zero.
        NoVariation: a series whose weekly change is always the same.
    """
    table = weekly_changes(silver, policy_uncertainty, term_premium).iloc[-weeks:]
    if len(table) < LEAST:
        raise NotEnoughData("The weeks with a change in all three series", len(table), LEAST)
    for key in table:
        if table[key].std() == 0:
            raise NoVariation(NAMES[str(key)].capitalize())
    y = table["silver"].to_numpy()
    packed = packed_signs(generator("uncertainty", seed), draws, len(y))
    first, second = (_link(key, y, table[key].to_numpy(), packed) for key in LINKS)
    inference = _both((first, second), len(y), delta)
    last = table.index[-1].date()
    return Uncertainty(
        links=(first, second),
        weeks=table,
        first=table.index[0].date(),
        last=last,
        n=len(y),
        asked=weeks,
        inference=inference,
        sentence=_sentence((first, second), inference, last, weeks),
    )


def weekly_changes(silver: pd.Series, policy_uncertainty: pd.Series, term_premium: pd.Series) -> pd.DataFrame:
    """Changes between the last days of two Friday weeks that all three share; the means first, common days
    second, differences last.

    Returns:
        Index Fridays; ``silver`` and ``policy_uncertainty`` [% log], ``term_premium_10y`` [bp].
    """
    known = policy_uncertainty.dropna().astype(float)
    for series, name in ((silver.dropna(), "Silver"), (known, "Policy uncertainty")):
        if (series <= 0).any():
            raise NotPositive(name, f"{series.index[(series <= 0).to_numpy().argmax()]:%Y-%m-%d}")
    mean = known.rolling(MEAN_OF, min_periods=7).mean() if len(known) else known
    levels = pd.concat(
        {"silver": silver, LINKS[0]: mean, LINKS[1]: term_premium}, axis=1, join="inner"
    ).dropna()
    if levels.empty:
        raise NotEnoughData("The days on which all three series have a value", 0, LEAST)
    closes = weekly(levels)
    return pd.DataFrame(
        {
            "silver": 100 * np.log(closes["silver"]).diff(),
            LINKS[0]: 100 * np.log(closes[LINKS[0]]).diff(),
            LINKS[1]: 100 * closes[LINKS[1]].diff(),
        }
    ).iloc[1:]


def _link(key: str, y: np.ndarray, x: np.ndarray, packed: np.ndarray) -> Link:
    found = contrasts(y, np.column_stack([np.ones(len(y)), x]), np.array([0.0, 1.0]), packed)
    drawn, t, scale = (
        found.drawn[:, 0],
        float(found.t[0]),
        float(x.std() / y.std()),
    )  # from a slope to a correlation
    correlation = scale * float(found.estimate[0])
    half = critical_value(np.abs(drawn), ALPHA) * scale * float(found.error[0])
    return Link(
        key=key,
        name=NAMES[key],
        correlation=correlation,
        interval=(max(-1.0, correlation - half), min(1.0, correlation + half)),
        t=t,
        p=p_value(drawn, t),
        p_opposite=p_value(-drawn, -t),
        mde=smallest_detectable(scale * float(found.null_error[0]), critical_value(drawn, ALPHA)),
        effective_n=_effective(found, x, y),
    )


def _effective(found: Contrasts, x: np.ndarray, y: np.ndarray) -> float:
    x, y = x - x.mean(), y - y.mean()
    products = x * (y - float(found.estimate[0]) * x)
    return len(y) * min(1.0, float(products @ products) / float(long_run(products)))


def _both(links: tuple[Link, Link], n: int, delta: float) -> Inference:
    weaker = max(links, key=lambda link: (link.p, -link.t))
    mde = max(link.mde for link in links)
    far = min(far_end(link.interval, 0.0, "greater") for link in links)
    p_opposite = min(1.0, 2 * min(link.p_opposite for link in links))
    return Inference(
        estimate=weaker.correlation,
        interval=weaker.interval,
        unit=UNIT,
        statistic=weaker.t,
        p=weaker.p,
        p_opposite=p_opposite,
        n=n,
        effective_n=min(link.effective_n for link in links),
        mde=mde,
        delta=delta,
        far=far,
        direction="greater",
        per_year=52,
        verdict=decide(weaker.p, p_opposite, far, delta),
    )


def _sentence(links: tuple[Link, Link], found: Inference, last: dt.date, asked: int) -> str:
    said = " and ".join(f"{link.name} (r {link.correlation:+.2f}, {p_text(link.p)})" for link in links)
    short = f" (all that the series share; {asked} were asked for)" if found.n < asked else ""
    span = f"Over {found.n} weeks to {last:%-d %b %Y}{short}"
    text = f"{span}, silver moved with {said}; both together: {found.verdict}"
    if found.verdict in ("supported", "contradicted"):
        return f"{text}."
    return f"{text}; {left_open(found)}."
