"""A scan in words and as a table: how many pairs stand out, and how many would by chance."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analytics import catalogue
from analytics.render.words import day, in_sentence, p_value
from analytics.topics.scan.measures.scan import Scan, Standing

METHOD = (
    "Every ordered pair is asked what this page asks of one: the largest t over its smoothed windows. With so many pairs some "
    "look good by chance, so each is compared with the largest t of the *whole scan* in wild-bootstrap draws in which all "
    "series of a day share one sign; dependence between pairs is kept (Westfall and Young 1993). *p, alone* is the pair's own "
    "test without that correction, as a reader who had looked at no other pair would apply it."
)


def table(found: Scan) -> pd.DataFrame:
    """The strongest pairs, best first."""
    return pd.DataFrame(
        {
            "follow": [catalogue.get(one.follow).label for one in found.standings],
            "p, whole scan": [one.p for one in found.standings],
            "t": [one.statistic for one in found.standings],
            "correlation": [one.correlation for one in found.standings],
            "days in the window": [one.length for one in found.standings],
            "ends days before": [one.gap for one in found.standings],
            "p, alone": [one.p_alone for one in found.standings],
        },
        index=pd.Index([catalogue.get(one.lead).label for one in found.standings], name="lead"),
    )


def rule(found: Scan, first: dt.date, last: dt.date) -> str:
    """One line: sample, bar, and what chance gives."""
    return (
        f"{len(found.keys)} series, {found.n:,} daily returns on common days, {day(first)} to {day(last)} · a t must exceed "
        f"{found.critical:.2f} (unrelated series reach {found.unrelated[0]:.2f} half of the time) · {found.alone:,} of {found.pairs:,} "
        f"pairs pass a 5% test of their own, expected by chance {found.by_chance:,.0f} · a correlation below {found.mde:.2f} would "
        "be missed more than one time in five"
    )


def place(found: Standing) -> str:
    """Where the page's own pair stands in the scan."""
    lead, follow = (in_sentence(catalogue.get(key).label) for key in (found.lead, found.follow))
    return f"{lead[:1].upper()}{lead[1:]} before {follow}: t = {found.statistic:.2f}, {p_value(found.p)} in the whole scan."
