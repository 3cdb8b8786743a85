"""The planted truths of the demo data: what is in it, where, how large, and which measure should find it.

The simulator reads its sizes from here, so this table cannot drift from the data. A truth holds for simple
estimators on the whole history; what a measure makes of a shorter span is for the measure's own test.

Calendar of every truth on prices: US trading days (the sessions of ``demo.sessions``), log returns from close
to close. Crypto is compounded: its return of a Monday runs from Friday's close to Monday's, weekend included,
and likewise over holidays. An effect on crypto is planted in that compounded return and lands on the
session's own calendar day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["lag", "event", "stress_beta", "driver_beta", "cointegration", "policy", "positions"]


@dataclass(frozen=True, slots=True)
class Truth:
    """One planted fact.

    Attributes:
        name: Unique short name.
        kind: What sort of relation it is.
        cause: Key of the leading or explaining series.
        effect: Key of the series that responds.
        size: The planted size; zero is a planted absence [unit].
        unit: Unit of ``size``.
        measure: The measure of that name in its topic that should recover it.
        where: Exactly how and on which calendar it is planted.
        first: First lag, horizon or state bound that the text names, 0 where there is none.
        last: Last lag, horizon or half-life that the text names, 0 where there is none.
    """

    name: str
    kind: Kind
    cause: str
    effect: str
    size: float
    unit: str
    measure: str
    where: str
    first: int = 0
    last: int = 0


TRUTHS: tuple[Truth, ...] = (
    Truth(
        name="gold leads ether",
        kind="lag",
        cause="gold",
        effect="ether",
        size=0.20,
        unit="% of ether per 1% of gold, for each of the lags",
        measure="lead_lag",
        where="ether's return of session t holds size x gold's return of sessions t-12, ..., t-5 (eight "
        "lags); silver shares three quarters of gold's moves, so it leads ether too, only through "
        "gold, and gold's highs are followed by a little more of ether",
        first=5,
        last=12,
    ),
    Truth(
        name="silver does not lead bitcoin",
        kind="lag",
        cause="silver",
        effect="bitcoin",
        size=0.0,
        unit="% of bitcoin per 1% of silver, at any lag from 3 to 120",
        measure="lead_lag",
        where="bitcoin's return holds nothing of silver's earlier returns; on the same session they share "
        "equities and gold (correlation about .15)",
        first=3,
        last=120,
    ),
    Truth(
        name="nasdaq rises after gold's highs",
        kind="event",
        cause="gold",
        effect="nasdaq",
        size=0.032,
        unit="% a session for each event in the last 20 sessions",
        measure="events",
        where="an event is a session whose gold close is above the closes of the 251 sessions before it; "
        "nasdaq's return of session t + 1 holds size x the number of events in sessions t-19, ..., t; "
        "so does what follows nasdaq (QQQ and, times its beta, semiconductors). Highs come after "
        "gains, so a lead-lag test of gold or silver on nasdaq sees it too",
        first=1,
        last=20,
    ),
    Truth(
        name="nothing follows silver's highs in bitcoin",
        kind="event",
        cause="silver",
        effect="bitcoin",
        size=0.0,
        unit="% a session for each event, at horizons from 5 to 120 sessions",
        measure="events",
        where="events as above with silver's closes; bitcoin's return does not know of them",
        first=1,
        last=120,
    ),
    Truth(
        name="bitcoin's calm beta",
        kind="stress_beta",
        cause="sp500",
        effect="bitcoin",
        size=0.6,
        unit="beta to the S&P 500",
        measure="stress_beta",
        where="bitcoin's return of session t holds size x the S&P 500's of session t while VIX closed below "
        "25 on t-1",
        first=25,
    ),
    Truth(
        name="bitcoin's extra beta in stress",
        kind="stress_beta",
        cause="sp500",
        effect="bitcoin",
        size=0.8,
        unit="beta to the S&P 500, on top of the calm one",
        measure="stress_beta",
        where="added on sessions whose session before had a VIX close of 25 or more: the whole beta is then "
        "1.4",
        first=25,
    ),
    Truth(
        name="gold on the real yield",
        kind="driver_beta",
        cause="real_yield_10y",
        effect="gold",
        size=-0.6,
        unit="% per 10 bp",
        measure="drivers",
        where="same-session coefficient, given the other drivers: dollar_index, breakeven_10y, sp500",
    ),
    Truth(
        name="gold on the dollar",
        kind="driver_beta",
        cause="dollar_index",
        effect="gold",
        size=-0.8,
        unit="% per 1%",
        measure="drivers",
        where="same-session coefficient, given the other drivers: real_yield_10y, breakeven_10y, sp500",
    ),
    Truth(
        name="silver on the real yield",
        kind="driver_beta",
        cause="real_yield_10y",
        effect="silver",
        size=-1.0,
        unit="% per 10 bp",
        measure="drivers",
        where="same-session coefficient, given the other drivers: dollar_index, breakeven_10y, sp500",
    ),
    Truth(
        name="silver on the dollar",
        kind="driver_beta",
        cause="dollar_index",
        effect="silver",
        size=-1.6,
        unit="% per 1%",
        measure="drivers",
        where="same-session coefficient, given the other drivers: real_yield_10y, breakeven_10y, sp500; "
        "beyond the -1 that a change of the unit of account alone would give",
    ),
    Truth(
        name="solar and clean energy are cointegrated",
        kind="cointegration",
        cause="clean_energy_etf",
        effect="solar_etf",
        size=1.25,
        unit="slope of log solar_etf on log clean_energy_etf",
        measure="cointegration",
        where="log solar_etf = constant + size x log clean_energy_etf + an AR(1) whose half-life is 25 "
        "sessions",
        last=25,
    ),
    Truth(
        name="silver and bitcoin are not cointegrated",
        kind="cointegration",
        cause="silver",
        effect="bitcoin",
        size=0.0,
        unit="no stationary combination exists",
        measure="cointegration",
        where="both are random walks between their anchors and share no stochastic trend",
    ),
    Truth(
        name="the market comes to know the Fed",
        kind="policy",
        cause="fed_funds_front",
        effect="target_upper",
        size=0.96,
        unit="share of a scheduled decision that is priced at the close before it",
        measure="rate_path",
        where="weight of the true change in what contracts price for a meeting: size x exp(-days to the "
        "meeting / 130); the rest is mood and noise; the unscheduled cuts of March 2020 are priced by "
        "nobody",
        last=130,
    ),
    Truth(
        name="managed money follows silver",
        kind="positions",
        cause="silver",
        effect="silver_positions.managed_long",
        size=0.5,
        unit="% of open interest per 1% of silver, in the same week",
        measure="positioning",
        where="managed money's net long over open interest, less its usual level, is 0.95 of the week before's plus size x "
        "silver's log return from report day to report day, plus noise; in gold, copper and Bitcoin (asset managers) too",
    ),
    Truth(
        name="silver does not follow managed money",
        kind="positions",
        cause="silver_positions.managed_long",
        effect="silver",
        size=0.0,
        unit="% of silver per 1% of open interest, one to thirteen weeks after",
        measure="positioning",
        where="silver's returns hold nothing of any earlier report; given silver's own last week, which its levels' anchors "
        "make tell a little of the next, a change of positions tells nothing",
        first=1,
        last=13,
    ),
)

BY_NAME: dict[str, Truth] = {truth.name: truth for truth in TRUTHS}


def size(name: str) -> float:
    """The planted size of a truth, in its own unit."""
    return BY_NAME[name].size
