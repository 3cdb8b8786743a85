"""Size and power of the test behind claim 12, more easing priced with lower real yields and a weaker dollar, where its own
null is true: one of the two links absent, the other planted strongly (the hardest point of "both must hold").

N2: GARCH-t changes under one common stochastic volatility. N4: no common volatility, and a quarter of each leg's day falls
into the next day of the pricing. Chunks as in ``honesty_lead_lag``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd

from analytics.topics.rate_path.measures.easing_link import FIVE_YEARS, easing_link
from bench.honesty_drivers import Z_ONE_SIDED
from bench.honesty_lead_lag import CHUNK, Counts, Sized, add, sides
from bench.nulls import _common_volatility
from bench.planted_drivers import BURN_IN, LATE, PLAIN, _series

STRONG = -0.5
"""A link that the test cannot miss [correlation]."""
SCALES = {"cuts": 0.15, "real_yield": 0.05, "dollar": 0.4}
"""Daily moves [cuts, % points, % log return]."""
Ask = Callable[[int, int, int], Counts]


def size_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of a case of ``SIZE``."""
    return SIZE[name](draws, seed * 1_000 + chunk, seed * 100_000 + chunk * CHUNK)


def power_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of a case of ``POWER``."""
    return POWER[name](draws, seed * 1_000 + 500 + chunk, seed * 100_000 + chunk * CHUNK)


def worlds(
    kind: Literal["N2", "N4"], replications: int, seed: int, links: tuple[float, float], n: int = FIVE_YEARS
) -> list[pd.DataFrame]:
    """Daily changes of cuts priced, real yield and dollar.

    Args:
        links: Correlation of the real yield's and of the dollar's day with the day of the pricing; under N4 a quarter of
            their own part, and of what they share with it, is seen a day later.
    """
    rng = np.random.default_rng([seed, 12 if kind == "N2" else 14])
    shape = (replications, n + BURN_IN)
    common = _common_volatility(rng, shape) if kind == "N2" else np.ones(shape)
    cuts, *own = (_series(rng, shape, PLAIN)[0] * common for _ in range(3))
    late = LATE if kind == "N4" else 0.0
    legs = []
    for link, rest in zip(links, own, strict=True):
        day = link * cuts + math.sqrt(1 - link * link) * rest
        legs.append(math.sqrt(1 - late) * day + math.sqrt(late) * np.roll(day, 1, axis=1))
    days = pd.DatetimeIndex(
        np.busday_offset(np.datetime64("2015-01-05"), np.arange(n)).astype("datetime64[s]")
    )
    moved = dict(zip(SCALES, (cuts, *legs), strict=True))
    return [
        pd.DataFrame({key: scale * moved[key][r, -n:] for key, scale in SCALES.items()}, index=days)
        for r in range(replications)
    ]


def ask_link(kind: Literal["N2", "N4"], real: float, dollar: float, sized: Sized = "claimed") -> Ask:
    """Claim 12 with the given true correlations; ``sized``: the side whose null these are."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        for i, changes in enumerate(worlds(kind, CHUNK, data_seed, (real, dollar))):
            found = easing_link(changes, draws=draws, seed=draw_seed + i)
            add(counts, sides("easing link, claim 12", found.inference, sized))
            plain = [leg.correlation * math.sqrt(found.n) for leg in found.legs]
            add(counts, {("easing link: plain t of both", "naive"): max(plain) < -Z_ONE_SIDED})
            add(counts, {("easing link: plain t of the better", "naive"): min(plain) < -Z_ONE_SIDED})
        return counts

    return ask


SIZE: dict[str, Ask] = {
    **{f"{kind}, no link to the real yield": ask_link(kind, 0.0, STRONG) for kind in ("N2", "N4")},
    **{f"{kind}, no link to the dollar": ask_link(kind, STRONG, 0.0) for kind in ("N2", "N4")},
    **{f"{kind}, no link to either": ask_link(kind, 0.0, 0.0, "opposite") for kind in ("N2", "N4")},
}
POWER: dict[str, Ask] = {
    f"N2, both links {link:g}": ask_link("N2", link, link) for link in (-0.1, -0.2, -0.3)
}
