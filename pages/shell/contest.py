"""The Divergence page's tests: does the lead feed on its own rise, did it beat what it is held against."""

from __future__ import annotations

import pandas as pd

from analytics import catalogue, findings
from analytics.charts import acceleration as charts
from analytics.charts.words import p_value
from analytics.measures.best_of_many import BestOfMany
from analytics.measures.outperformance import BLOCK, DAYS, Outperformance
from analytics.panel import Papers
from pages.shell import show
from pages.shell.frame import Page

METAL = "gold"


def acceleration(page: Page) -> None:
    """The verdict on the lead's acceleration, and the statistic through the window."""
    with show.working("Drawing random walks as volatile…"):
        found = page.finding("acceleration")
    series = catalogue.get(page.view.lead)
    papers = _papers(page, "acceleration")
    show.verdict(page, "acceleration_verdict", found.sentence, found.inference, papers, charts.METHOD)
    with show.place():
        show.chart(page, charts.acceleration(found, series, papers[0], page.window, page.ink))


def outperformance(page: Page) -> None:
    """The lead against the follow, and against gold where it is neither."""
    _beat(page, "outperformance")
    if METAL not in (page.view.lead, page.view.follow):
        with show.place("Against gold"):
            _beat(page, "outperformance_metal")


def _beat(page: Page, name: str) -> None:
    with show.working("Resampling the half year…"):
        found: Outperformance = page.finding(name)
    method = (
        f"Mean daily log return of the one less that of the other over {DAYS} trading days, times 21; studentised stationary "
        f"bootstrap, mean block {BLOCK} days (Ledoit and Wolf 2008). Whoever picked the pair or the window because of its past "
        f"has already looked: no test undoes that. Sharpe ratios differ by {found.sharpe:+.1f} a year ({p_value(found.sharpe_p)}; "
        "display only)."
    ).replace(" -", " −")
    show.verdict(page, name, found.sentence, found.inference, _papers(page, name), method)


def best(page: Page) -> None:
    """Whether the best of the universe beat the follow once all that were tried count; the naive answer greyed beside it."""
    with show.working("Trying every asset against the follow…"):
        found: BestOfMany = page.finding("best_of_many")
    beat = ", ".join(catalogue.get(key).label for key in found.superior) or "none"
    follow = catalogue.get(found.benchmark).label
    said = (
        f"With all {found.tried} counted: **{show.escape(p_value(found.p))}**. "
        f"Beat {show.escape(follow)} each on its own, all {found.tried} counted: {show.escape(beat)}."
    )
    rows = pd.DataFrame(
        {
            "value": [
                found.best,
                found.ahead,
                found.p,
                found.p_lower,
                found.p_upper,
                found.p_alone,
                found.tried,
                found.n,
            ]
        },
        index=pd.Index(
            ["best", "ahead_pp_a_month", "p", "p_lower", "p_upper", "p_alone_naive", "tried", "n"],
            name="name",
        ),
    )
    show.block(
        page,
        "best_of_many",
        found.sentence,
        [said, f":gray[{show.escape(found.naive_sentence)}]"],
        rows,
        _papers(page, "best_of_many"),
        f"n = {found.n} days that all have · a display: no claim rests on it",
        f"Hansen's SPA test over the fixed universe against {follow}, and Romano and Wolf's StepM for each series; stationary "
        f"bootstrap of whole days, mean block {BLOCK}. A test of the best alone forgets that it was picked as the best.",
    )


def _papers(page: Page, name: str) -> list[Papers]:
    """Papers of what a finding was measured on."""
    return list(page.panel(findings.recipe(name).keys(page.view, page.day)).papers.values())
