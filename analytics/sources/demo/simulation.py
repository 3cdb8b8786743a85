"""The simulated world: every series of the catalogue as rows, from one seed, the same to the bit every time.

The parts by subject: ``demo.noise`` (shocks and the bridge), ``demo.prices``, ``demo.crypto``,
``demo.policy`` (the Fed and its futures), ``demo.yields``, ``demo.macro``; levels to pass through in
``demo.anchors``, what is planted in ``demo.truths``, dates in ``demo.sessions``. Here they are put on each
source's dates and rounded as the source would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock.calendars import release_times
from analytics.clock.instants import end_of_day, to_micros
from analytics.clock.releases import at_clock
from analytics.sources.demo import crypto, macro, prices, quantities
from analytics.sources.demo import noise as demo_noise
from analytics.sources.demo import policy as demo_policy
from analytics.sources.demo import yields as demo_yields
from analytics.sources.demo.sessions import DEMO_LAST_DAY, UNBROKEN, Calendar, calendar

SEED = 12
"""Chosen among the first twenty for a plain demo: every planted truth within two standard errors of its size,
silver's peak on 29 January 2026, Bitcoin's in October 2025. The tests hold for seeds nobody chose, too."""
LAST_INSTANT = end_of_day(DEMO_LAST_DAY)
REVISED_AFTER = 60
"""Days from a macro figure's first print to its revision [days]."""
ROLLING_YEARS = 3
MISSING = 0.0008
"""Share of a daily series' dates that the source lacks."""
ANNOUNCEMENT_CLOCK = "14:00 America/New_York"
NEVER_MISSING = ("fed_funds_rate", "target_upper", "target_lower")

DECIMALS: dict[str, int] = {
    "silver": 3, "gold": 1, "copper": 4, "dollar_index": 3, "eur_usd": 5, "usd_cny": 4, "usd_inr": 3, "fed_funds_front": 4, "dollar_broad": 4,
    "term_premium_10y": 4, "financial_conditions": 3, "reverse_repo": 3, "fed_assets": 0,
    "treasury_account": 0, "m2": 1, "m2_weekly": 1, "cpi": 3, "core_cpi": 3, "core_pce": 3,
    "unemployment": 1, "payrolls": 0, "federal_balance_monthly": 0, "gdp": 3, "federal_debt": 0,
    "debt_to_gdp": 5, "interest_outlays": 3, "federal_receipts": 3, "deficit_to_gdp": 5, "fed_dots_median": 1,
}  # fmt: skip
"""Decimals as the source shows them; two where nothing else is said."""
MILLIONS = ("federal_debt", "federal_balance_monthly")
"""Simulated in bn $, stated in m $."""


@dataclass(frozen=True, slots=True)
class Track:
    """One series' rows.

    Attributes:
        dates: Periods, datetime64[D], rising; a period appears twice where it was revised.
        values: Values of the main field, rounded, no NaN.
        known_at: datetime64[us] in UTC, or None where the catalogue's rule decides.
        volume: Beside ``values``, NaN where unknown, or None.
        parts: Further figures of a report by the names of their fields, each beside ``values``.
    """

    dates: np.ndarray
    values: np.ndarray
    known_at: np.ndarray | None = None
    volume: np.ndarray | None = None
    parts: Mapping[str, np.ndarray] = field(default_factory=dict)


@lru_cache(maxsize=2)
def world(seed: int = SEED) -> Mapping[str, Track]:
    """All series by key: the catalogue's, every fed funds contract month, silver's months of delivery; cached for the process."""
    days = calendar()
    noise = demo_noise.make_noise(seed, days)
    levels, moves = prices.simulate(noise, days, seed)
    coins = crypto.simulate(levels, moves, noise, days, seed)
    policy = demo_policy.simulate(noise, days, seed)
    yields = demo_yields.simulate(levels, policy, days, seed)
    contracts = _contracts(policy, days, seed)
    raw = {
        **{key: (days.sessions, values) for key, values in levels.items()},
        **{key: (days.days[coin.first :], coin.closes) for key, coin in coins.items()},
        **{key: (days.sessions[days.bond], values[days.bond]) for key, values in yields.items()},
        **_policy_rates(policy, days, seed),
        **macro.weekly(levels["vix"], days, seed),
        **macro.daily(levels["vix"], days, seed),
        "dollar_broad": (days.sessions[days.bond], levels["dollar_broad"][days.bond]),
        "vix_close_fred": (days.sessions, levels["vix"]),
        "bitcoin_coinbase": _coinbase(coins["bitcoin"], days, seed),
    }
    tracks = {key: _published(key, *pair, seed) for key, pair in raw.items()}
    tracks |= {key: _revised(key, found) for key, found in macro.figures(days, seed).items()}
    prices_seen = {key: raw[key] for key in ("silver", "gold", "copper", "bitcoin")}
    reports = quantities.positions(prices_seen, days, seed) | {"london_vaults": quantities.vaults(days, seed)}
    tracks |= {key: _reported(key, report) for key, report in reports.items()}
    tracks["fed_dots_median"] = _dots(policy, days)
    tracks["fed_funds_front"] = _front(contracts)
    listed = {key: tracks[key] for key in catalogue.load()}
    deliveries = {key: Track(*found) for key, found in quantities.deliveries(*raw["silver"]).items()}
    return MappingProxyType({**listed, **contracts, **deliveries})


def _policy_rates(
    policy: demo_policy.Policy, days: Calendar, seed: int
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Dates and values of the rates that the Fed sets or measures."""
    fed, effective = days.days[days.fed], policy.effective[days.fed]
    secured = (fed >= np.datetime64("2018-04-03")).nonzero()[0]
    rng = demo_noise.generator(seed, "sofr")
    spread = demo_noise.autoregression(0.012 * rng.standard_normal(len(fed)), 0.7)
    month_end = np.append(fed[1:].astype("datetime64[M]") != fed[:-1].astype("datetime64[M]"), False)
    sofr = np.maximum(effective + spread + 0.06 * month_end, 0.01)
    return {
        "fed_funds_rate": (days.days, policy.effective),
        "effr": (fed, effective),
        "target_lower": (days.days, policy.lower),
        "target_upper": (days.days, policy.lower + demo_policy.WIDTH),
        "sofr": (fed[secured], sofr[secured]),
    }


def _coinbase(bitcoin: crypto.Crypto, days: Calendar, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Bitcoin again as one exchange saw it at about the same hour."""
    first = int(np.searchsorted(days.days, np.datetime64("2014-12-01")))
    closes = bitcoin.closes[first - bitcoin.first :]
    noise = demo_noise.generator(seed, "bitcoin_coinbase").standard_normal(len(closes))
    return days.days[first:], closes * np.exp(0.002 * noise)


def _rounded(key: str, values: np.ndarray) -> np.ndarray:
    scaled = values * 1000.0 if key in MILLIONS else values
    return np.round(scaled, DECIMALS.get(key, 2)) + 0.0  # no negative zero


def _published(key: str, dates: np.ndarray, values: np.ndarray, seed: int) -> Track:
    """What of a simulated series its source has shown by the last instant."""
    series = catalogue.get(key)
    kept = _is_out(series, dates) & ~_missing(series, dates, seed)
    if series.rolling:
        kept &= dates > np.datetime64(DEMO_LAST_DAY) - np.timedelta64(365 * ROLLING_YEARS, "D")
    return Track(dates[kept], _rounded(key, values[kept]))


def _is_out(series: Series, dates: np.ndarray) -> np.ndarray:
    """Whether a figure's release is not after the last day; prices of the last day are final on it."""
    if series.final is not None:
        return np.ones(len(dates), dtype=bool)
    released = release_times(series, pd.Series(dates.astype("datetime64[s]")))
    return (released <= LAST_INSTANT).to_numpy()


def _missing(series: Series, dates: np.ndarray, seed: int) -> np.ndarray:
    """A few dates that the source lacks: daily series only, never the first date and none lately."""
    draws = demo_noise.generator(seed, f"missing {series.key}").random(len(dates))
    gone = (draws < MISSING) & (dates < UNBROKEN) & (dates > dates[0])
    return gone & (series.frequency == "d") & (series.key not in NEVER_MISSING)


def _reported(key: str, report: quantities.Report) -> Track:
    """What of a report is out by the last instant; every figure of it comes out at once."""
    out = _is_out(catalogue.get(key), report.dates)
    return Track(
        report.dates[out], report.value[out], parts={name: part[out] for name, part in report.parts.items()}
    )


def _revised(key: str, found: macro.Figures) -> Track:
    """First prints at the catalogue's lag and revisions REVISED_AFTER days later, where out by the end."""
    begun = found.stamps >= np.datetime64("2010-01-01")
    stamps, first, final = (
        found.stamps[begun],
        _rounded(key, found.first[begun]),
        _rounded(key, found.final[begun]),
    )
    released = _utc(release_times(catalogue.get(key), pd.Series(stamps.astype("datetime64[s]"))))
    differs = first != final
    dates = np.concatenate([stamps, stamps[differs]])
    values = np.concatenate([first, final[differs]])
    known_at = np.concatenate([released, released[differs] + np.timedelta64(REVISED_AFTER, "D")])
    return _in_order(dates, values, known_at)


def _dots(policy: demo_policy.Policy, days: Calendar) -> Track:
    stamps, values, made = macro.dots(policy, days)
    return _in_order(stamps, values, _instants(made, ANNOUNCEMENT_CLOCK, 0))


def _in_order(dates: np.ndarray, values: np.ndarray, known_at: np.ndarray) -> Track:
    """Rows known by the last instant, by period and then by instant."""
    order = np.lexsort((known_at, dates))
    out = known_at[order] <= np.datetime64(to_micros(LAST_INSTANT), "us")
    order = order[out]
    return Track(dates[order], values[order], known_at[order])


def _instants(dates: np.ndarray, clock: str, add_days: int) -> np.ndarray:
    """UTC instants, datetime64[us], of a clock time so many days after ``dates``."""
    return _utc(at_clock(pd.Series(dates.astype("datetime64[s]")), clock, add_days))


def _utc(zoned: pd.Series) -> np.ndarray:
    return zoned.dt.tz_localize(None).to_numpy().astype("datetime64[us]")


def _contracts(policy: demo_policy.Policy, days: Calendar, seed: int) -> dict[str, Track]:
    found = demo_policy.contracts(policy, days, seed)
    return {
        contract_key(month): Track(days.sessions[quotes.sessions], quotes.price, volume=quotes.volume)
        for month, quotes in found.items()
    }


def contract_key(month: dt.date) -> str:
    """Key of the contract of a month."""
    return f"zq_{month:%Y_%m}"


def _front(contracts: Mapping[str, Track]) -> Track:
    """The nearest contract's quotes, month after month."""
    parts = []
    for key, track in contracts.items():
        inside = track.dates.astype("datetime64[M]") == np.datetime64(catalogue.contract_month(key), "M")
        parts.append((track.dates[inside], track.values[inside], track.volume[inside]))  # type: ignore[index]
    dates, values, volume = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Track(dates, values, volume=volume)
