"""What Overview and Divergence show of the pair."""

from __future__ import annotations

import pandas as pd

from analytics import catalogue, evaluate, shown
from analytics.evaluate.asks import Asks
from analytics.render.chart import Chart
from analytics.render.exhibits import Cards, Judged, Table, Words, judged
from analytics.render.words import day, p_value
from analytics.topics.pair.charts import acceleration as growth
from analytics.topics.pair.charts import divergence as charts
from analytics.topics.pair.measures.best_of_many import BestOfMany
from analytics.topics.pair.measures.league import WINDOWS
from analytics.topics.pair.measures.outperformance import BLOCK, DAYS, Outperformance


def cards(asks: Asks) -> Cards:
    """The metric cards."""
    return Cards(tuple(shown.cards(asks)), shown.papers(asks, "snapshots"))


def indexed(asks: Asks) -> Chart:
    """The pair from 100."""
    return charts.indexed(asks.finding("divergence"), shown.pair(asks), shown.events(asks))


def legs(asks: Asks) -> Chart:
    """The ratio's change by leg."""
    return charts.legs(asks.finding("divergence"), shown.pair(asks))


def ratio(asks: Asks) -> Chart:
    """Ounces of the lead that one of the follow buys."""
    return charts.ratio(asks.finding("divergence"), shown.pair(asks), shown.events(asks))


def zscore(asks: Asks) -> Chart:
    """The trailing z of the spread."""
    return charts.zscore(asks.finding("divergence"), shown.pair(asks))


def drawdowns(asks: Asks) -> Chart:
    """How far each leg is below its high."""
    return charts.drawdowns(asks.finding("drawdowns"), shown.pair(asks))


def correlation(asks: Asks) -> Chart:
    """The rolling correlation with its band."""
    return charts.correlation(asks.finding("correlation"), shown.pair(asks), asks.window)


def cointegration(asks: Asks) -> Judged:
    """Whether the gap closes by itself."""
    found = asks.finding("cointegration")
    method = charts.cointegration_method(found)
    return judged("cointegration", found.sentence, found.inference, shown.pair(asks).papers, method)


def acceleration(asks: Asks) -> Judged:
    """Whether the lead feeds on its own rise."""
    found, papers = asks.finding("acceleration"), shown.papers(asks, "acceleration")
    return judged("acceleration_verdict", found.sentence, found.inference, papers, growth.METHOD)


def growth_path(asks: Asks) -> Chart:
    """The same statistic through the window."""
    found, (paper, *_) = asks.finding("acceleration"), shown.papers(asks, "acceleration")
    return growth.acceleration(found, catalogue.get(asks.view.lead), paper, asks.window, asks.ink)


def outperformance(asks: Asks) -> Judged:
    """The lead against the follow."""
    return _beat(asks, "outperformance")


def outperformance_metal(asks: Asks) -> Judged:
    """The lead against gold."""
    return _beat(asks, "outperformance_metal")


def _beat(asks: Asks, name: str) -> Judged:
    found: Outperformance = asks.finding(name)
    method = (
        f"Mean daily log return of the one less that of the other over {DAYS} trading days, times 21; studentised stationary "
        f"bootstrap, mean block {BLOCK} days (Ledoit and Wolf 2008). Whoever picked the pair or the window because of its past "
        f"has already looked: no test undoes that. Sharpe ratios differ by {found.sharpe:+.1f} a year ({p_value(found.sharpe_p)}; "
        "display only)."
    ).replace(" -", " −")
    return judged(name, found.sentence, found.inference, shown.papers(asks, name), method)


def best_of_many(asks: Asks) -> Table:
    """Whether the best of the universe beat the follow once all that were tried count."""
    found: BestOfMany = asks.finding("best_of_many")
    values = {
        "best": found.best,
        "ahead_pp_a_month": found.ahead,
        "p": found.p,
        "p_lower": found.p_lower,
        "p_upper": found.p_upper,
        "p_alone_naive": found.p_alone,
        "tried": found.tried,
        "n": found.n,
    }
    rows = pd.DataFrame({"value": values}).rename_axis("name")
    return Table(
        "best_of_many",
        found.sentence,
        rows,
        rows,
        shown.papers(asks, "best_of_many"),
        f"n = {found.n} days that all have · a display: no claim rests on it",
        f"Hansen's SPA test over the fixed universe against {catalogue.get(found.benchmark).label}, and Romano and Wolf's StepM for "
        f"each series; stationary bootstrap of whole days, mean block {BLOCK}. A test of the best alone forgets that it was "
        "picked as the best.",
    )


def league(asks: Asks) -> Table:
    """Returns over five windows with ranks, best first over the last month."""
    found = asks.finding("league")
    held = asks.panel(evaluate.recipe("league").keys(asks.view, asks.day)).papers
    papers = tuple(held[key] for key in found.returns.index)
    labels = [catalogue.get(key).label for key in found.returns.index]
    order = found.returns["1m"].rank(ascending=False, method="first", na_option="bottom").to_numpy().argsort()
    columns: dict[str, object] = {}
    for window in WINDOWS:
        columns[window] = found.returns[window].to_numpy()
        columns[f"{window} rank"] = [found.place(key, window) for key in found.returns.index]
    lead = asks.view.lead
    return Table(
        "league",
        f"{catalogue.get(lead).label} ranks {found.place(lead, '1m')} over one month and {found.place(lead, '6m')} over six.",
        pd.DataFrame(columns, index=pd.Index(labels, name="Series")).iloc[order],
        found.returns.add_suffix("_percent").join(found.ranks.add_suffix("_rank")),
        papers,
        f"as of {day(found.as_of)} · last closes, at most 7 days old · ranks over {len(papers)} series, 1 is the best",
        "Simple return from the last close at or before the same calendar day one week, one, three and six months and one "
        "year earlier to the last close at or before the as-of day. The universe is fixed and includes the pair.",
        dict.fromkeys(WINDOWS, "%+.1f%%"),
    )


def stale(asks: Asks) -> Words:
    """What is stale."""
    return Words(shown.staleness(asks), quiet=True)
