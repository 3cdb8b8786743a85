"""What Lead and lag shows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.evaluate import Evaluator
from analytics.render.chart import Chart
from analytics.render.exhibits import Block, Judged, Table, judged
from analytics.render.words import p_value, short_p
from analytics.topics.lead_lag import charts, recipes
from analytics.topics.lead_lag.measures.events import EventStudy
from analytics.topics.lead_lag.measures.lead_lag import LeadLag


def verdict(evaluator: Evaluator) -> Judged:
    """The verdict on "the follow comes after the lead"."""
    found: LeadLag = evaluator.finding(recipes.LEAD_LAG)
    pair = evaluator.pair()
    method = (
        "Decided by the smoothed family alone (claim 28). Granger, single lags and weeks stand beside it and decide nothing. "
        f"Placebo, {pair.names[1]} first: {p_value(found.placebo.p_best)}. Friday weeks: {p_value(found.weekly.p_best)}."
    )
    return judged(
        "lead_lag",
        found.sentence,
        found.inference,
        pair.papers,
        method,
        evaluator.own_verdict(recipes.FOLLOWS),
    )


def correlogram(evaluator: Evaluator) -> Chart:
    """Every lag with its band."""
    return charts.correlogram(evaluator.finding(recipes.LEAD_LAG), evaluator.pair())


def windows(evaluator: Evaluator) -> Chart:
    """The smoothed family."""
    found, pair = evaluator.finding(recipes.LEAD_LAG), evaluator.pair()
    return charts.windows(found.windows, pair, f"Smoothed windows: {charts.strongest(found.windows, pair)}")


def beside(evaluator: Evaluator) -> Table:
    """Placebo, weekly row and Granger: display only."""
    found: LeadLag = evaluator.finding(recipes.LEAD_LAG)
    test, pair = evaluator.finding(recipes.GRANGER), evaluator.pair()
    tests = {
        f"smoothed windows, {pair.names[0]} first (decides)": (found.windows.statistic, found.windows.p_best),
        f"the mirror image, {pair.names[1]} first (placebo)": (found.placebo.statistic, found.placebo.p_best),
        "Friday weeks": (found.weekly.statistic, found.weekly.p_best),
        "best single lag of 3 to 120": (found.correlogram.best_t, found.correlogram.best_p),
        "Granger, lags 3 to 7 given 1 and 2 (robust, wild)": (test.statistic, test.p),
        "Granger, plain F (naive)": (test.plain.statistic, test.plain.p),
    }
    rows = pd.DataFrame.from_dict(tests, orient="index", columns=["statistic", "p"]).rename_axis("test")
    return Table(
        "beside",
        test.sentence,
        rows.assign(p=rows["p"].map(short_p)),
        rows,
        pair.papers,
        f"n = {found.inference.n:,} daily returns",
        "One family-wise test decides; the others are shown so that nobody has to wonder.",
        {"statistic": "%.2f"},
    )


def highs(evaluator: Evaluator) -> Sequence[Block]:
    """The follow after the lead's highs, and the verdict."""
    found: EventStudy = evaluator.finding(recipes.EVENTS)
    pair, design = evaluator.pair(), found.design
    method = f"Claim 31. Largest t over {len(design.horizons)} horizons; estimate and smallest detectable effect at {design.stated} days."
    return [
        charts.event_path(found, pair),
        judged(
            "events",
            found.sentence,
            found.inference,
            pair.papers,
            method,
            evaluator.own_verdict(recipes.RALLIES),
        ),
    ]


def horizons(evaluator: Evaluator) -> Table:
    """Every horizon, tested as one family."""
    rows = charts.horizon_rows(evaluator.finding(recipes.EVENTS))
    return Table(
        "horizons",
        "Every horizon, tested as one family",
        rows,
        rows,
        evaluator.pair().papers,
        "against the mean of all days",
        "Hodrick 1B, White errors, wild bootstrap, largest t over the horizons.",
        dict.fromkeys(rows.columns, "%.2f"),
    )


def cycles(evaluator: Evaluator) -> Table:
    """The test without each market cycle."""
    found: EventStudy = evaluator.finding(recipes.EVENTS)
    rows, counted = charts.cycle_rows(found), found.cycles.with_events
    floor = p_value(found.cycles.sign_floor).removeprefix("p = ")
    return Table(
        "cycles",
        f"Leave one cycle out: with {counted} cycles no sign test can fall below {floor}",
        rows,
        rows,
        evaluator.pair().papers,
        "cycles begin at Bitcoin's halvings",
        "The test repeated without each cycle.",
        dict.fromkeys(rows.columns[1:], "%.2f"),
    )


def event_days(evaluator: Evaluator) -> Table:
    """Every event day with the returns that followed."""
    found: EventStudy = evaluator.finding(recipes.EVENTS)
    title = f"All {len(found.events)} event days"
    return Table("event_days", title, found.events, found.events, evaluator.pair().papers)


def usual(evaluator: Evaluator) -> Table:
    """What the usual event tables would have said."""
    found: EventStudy = evaluator.finding(recipes.EVENTS)
    tests = [
        {"test": one.name, "horizon": one.horizon, "effect, pp": one.effect, "t": one.statistic, "p": one.p}
        for one in found.naive
    ]
    rows = pd.DataFrame(tests).set_index("test")
    rule = "not to be trusted: overlapping windows are not independent"
    return Table(
        "usual",
        "What the usual event tests would have said",
        rows.assign(p=rows["p"].map(short_p)),
        rows,
        evaluator.pair().papers,
        rule,
        formats={"effect, pp": "%.1f", "t": "%.2f"},
    )


def signal(evaluator: Evaluator) -> Judged:
    """Claim 29: a high is not an immediate buy signal."""
    found = evaluator.finding(recipes.BUY_SIGNAL)
    method = "Claim 29: the gain over 20 days is smaller than the gain worth acting on. Supported means that such a gain is ruled out."
    return judged(
        "buy_signal",
        found.sentence,
        found.inference,
        evaluator.pair().papers,
        method,
        evaluator.own_verdict(recipes.NO_SIGNAL),
    )
