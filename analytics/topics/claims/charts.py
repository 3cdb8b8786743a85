"""The claims ledger's figures: the tally then and now, and one claim's number against its threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.published.thresholds import Threshold, Weight
from analytics.render import chart as marks
from analytics.render.chart import Chart, Source
from analytics.render.theme import Ink, layout, shade
from analytics.render.verdict_words import RULE, number
from analytics.render.words import day, p_value
from analytics.stats.verdict import VERDICTS
from analytics.topics.claims.measures.verdicts import WORDS_OF_A_TEST, ClaimLedger, ClaimVerdict

COLOURS = {
    "supported": "up",
    "not supported": "context",
    "contradicted": "down",
    "undecided": "equities",
    "too small to matter": "gold",
    "not measurable": "context",
}
WEIGHTS: dict[Weight, str] = {"thesis": "the story", "background": "around it", "fact": "facts"}
"""How a reader is told what a claim is to the story."""
TOPICS = {
    "silver": "Silver's rise",
    "bitcoin": "Bitcoin",
    "rates": "The Fed's rates",
    "drivers": "Drivers",
    "supply": "Silver's supply",
    "stages": "Stages",
    "triggers": "Triggers",
}
LEDGER_RULE = (
    "Every claim is asked of silver and Bitcoin, whatever pair is shown, and held against a threshold that was written down "
    "before any measure was made. A description passes or does not. A test follows one rule: "
    + RULE
    + " A claim "
    "that free data cannot test, whose data are absent or too short, or whose figures have been revised since without the "
    "figures of the day being held, is **not measurable**. Claims about the day of the article keep their window."
)


def counted(found: ClaimLedger, then: ClaimLedger | None) -> str:
    """How many claims of the story, and of what is around it, are supported, then and now."""
    story, around, facts = (f"{_supported(found, weight)} of {_count(found, weight)}" for weight in WEIGHTS)
    if then is None:
        return f"Of the story's claims {story} are supported as of {day(found.day)}, around it {around}; facts: {facts}."
    before = [_supported(then, weight) for weight in WEIGHTS]
    return (
        f"Of the story's claims {story} are supported now ({before[0]} on {day(then.day)}), around it {around} ({before[1]}); "
        f"facts: {facts} ({before[2]})."
    )


def _supported(found: ClaimLedger, weight: Weight) -> str:
    return str(found.tally(weight)["supported"] or "none")


def _count(found: ClaimLedger, weight: Weight) -> int:
    return sum(found.tally(weight).values())


def changed(found: ClaimLedger, then: ClaimLedger | None) -> str:
    """How many verdicts have changed between the two days, and which; what they are where there is one day only."""
    if then is None:
        return found.sentence
    moved = [
        f"{now.id} {before.verdict} → {now.verdict}"
        for before, now in zip(then.claims, found.claims, strict=True)
        if before.verdict != now.verdict
    ]
    count = (
        "No verdict has"
        if not moved
        else "One verdict has"
        if len(moved) == 1
        else f"{len(moved)} verdicts have"
    )
    return f"{count} changed since {day(then.day)}{': ' if moved else ''}{'; '.join(moved)}."


def many(found: ClaimLedger) -> str:
    """What is left of the tests once it is allowed for that there are many."""
    decided = [claim.id for claim in found.claims if claim.p is not None and claim.verdict in WORDS_OF_A_TEST]
    left = ", ".join(map(str, found.survivors)) or "none"
    return (
        f"{found.tests} claims rest on a test; {len(decided)} of them find something. Allowing for so many tests at once "
        f"(Benjamini-Yekutieli at 10%, both sides), {len(found.survivors)} remain: {left}."
    )


def tally(
    found: ClaimLedger, then: ClaimLedger | None, papers: Sequence[Source], ink: Ink, title: str
) -> Chart:
    """Claims by verdict: a bar for the story, one for what is around it and one for facts, each day apart."""
    days = {"now" if then else day(found.day): found} | ({day(then.day): then} if then else {})
    rows = {
        f"{name}, {when}": ledger.tally(weight)
        for weight, name in reversed(WEIGHTS.items())
        for when, ledger in reversed(days.items())
    }
    figure: dict[str, Any] = {
        "data": [_segment(verdict, rows, ink) for verdict in VERDICTS],
        "layout": layout(ink, height=100 + 34 * len(rows), right=8, hover="closest"),
    }
    figure["layout"]["barmode"] = "stack"
    figure["layout"]["margin"] |= {"t": 8, "b": 8}
    figure["layout"]["xaxis"] |= {
        "visible": False,
        "range": [0, max(sum(counts.values()) for counts in rows.values())],
    }
    figure["layout"]["yaxis"] |= {
        "type": "category",
        "showgrid": False,
        "tickfont": {"size": 13, "color": ink.text},
    }
    figure["layout"]["showlegend"] = True
    figure["layout"]["legend"] = {
        "orientation": "h",
        "traceorder": "normal",
        "x": 0,
        "y": 0,
        "yanchor": "top",
        "font": {"size": 12, "color": ink.text},
        "itemclick": False,
        "itemdoubleclick": False,
    }
    return Chart(
        key="tally",
        figure=marks.finish(figure, papers),
        reading=title,
        alt=f"Bars of claims by verdict. {counted(found, then)} {found.sentence}",
        papers=tuple(papers),
        rule=many(found),
        method=LEDGER_RULE,
        rows=table(found, then),
    )


def _segment(verdict: str, rows: dict[str, dict[Any, int]], ink: Ink) -> dict[str, Any]:
    counts = [tally[verdict] for tally in rows.values()]
    colour = ink.colour(COLOURS[verdict])
    open_ended = verdict == "not measurable"
    return {
        "type": "bar",
        "orientation": "h",
        "name": verdict,
        "y": list(rows),
        "x": counts,
        "width": 0.62,
        "marker": {
            "color": ink.paper if open_ended else colour,
            "line": {"color": colour if open_ended else ink.paper, "width": 1},
        },
        "text": [str(count) if count else "" for count in counts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": 14, "color": ink.text if open_ended else ink.paper},
        "hovertemplate": f"%{{y}}: %{{x}} {verdict}<extra></extra>",
    }


def table(found: ClaimLedger, then: ClaimLedger | None = None) -> pd.DataFrame:
    """Every claim as a row: wording, threshold, number, verdict; for CSV."""
    rows = []
    for claim in found.claims:
        low, high = claim.interval or (None, None)
        before = (
            {}
            if then is None
            else {"verdict_then": then.claim(claim.id).verdict, "value_then": then.claim(claim.id).value}
        )
        rows.append(
            {
                "claim": claim.id, "weight": claim.weight, "topic": claim.topic, "wording": claim.wording, "kind": claim.kind,
                "verdict": claim.verdict, "value": claim.value, "interval_low": low, "interval_high": high,
                "unit": claim.unit, "direction": claim.direction, "threshold": claim.threshold, "n": claim.n,
                "effective_n": claim.effective_n, "p": claim.p, "mde": claim.mde, "sentence": claim.sentence,
                "beside": claim.beside, "reason": claim.reason, "missing": claim.missing, **before,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("claim")


def threshold_text(claim: Threshold) -> str:
    """The threshold in words, as it was fixed."""
    if claim.delta is None:
        return "none: no threshold on free data would test it"
    if claim.kind == "descriptive":
        return f"{claim.direction} {number(claim.delta)} {claim.unit}"
    null = "zero" if claim.null_value == 0 else f"{number(claim.null_value)}"
    side = "above" if claim.direction == "greater" else "below"
    return f"{side} {null} at p ≤ .05; worth acting on from {number(claim.delta)} away [{claim.unit}]"


def numbers(claim: ClaimVerdict) -> str:
    """Value, interval, p and n in one line; empty where nothing was measured."""
    if claim.value is None:
        return ""
    parts = [number(claim.value)]
    if claim.interval is not None:
        parts[0] += f" [{number(claim.interval[0])} to {number(claim.interval[1])}]"
    parts[0] += f" {claim.unit}"
    if claim.p is not None:
        parts.append(p_value(claim.p))
    if claim.n is not None:
        fewer = claim.effective_n is not None and claim.effective_n < claim.n
        worth = f", worth {claim.effective_n:,.0f} independent ones" if fewer else ""
        parts.append(f"n = {claim.n:,}{worth}")
    return " · ".join(parts)


def against(
    claim: Threshold, now: ClaimVerdict, then: ClaimVerdict | None, papers: Sequence[Source], ink: Ink
) -> Chart | None:
    """The claim's number with its interval against its threshold; None where there is no number."""
    rows = {"now" if then else day(now.as_of): now}
    if then is not None:
        rows[day(then.as_of)] = then
    measured = {name: row for name, row in rows.items() if row.value is not None}
    if not measured or claim.delta is None:
        return None
    mark = claim.delta if claim.kind == "descriptive" else _worth(claim)
    reach = _reach(measured.values(), mark, claim.null_value if claim.kind == "inferential" else mark)
    figure: dict[str, Any] = {
        "data": [_dot(name, row, ink) for name, row in measured.items()],
        "layout": layout(ink, height=108 + 34 * len(measured), right=12, hover="closest"),
    }
    figure["layout"]["margin"] |= {"t": 22, "b": 46}
    figure["layout"]["xaxis"] |= {
        "range": reach,
        "title": {"text": claim.unit, "font": {"size": 12, "color": ink.muted}},
    }
    figure["layout"]["yaxis"] |= {"type": "category", "showgrid": False, "range": [-0.6, len(measured) - 0.4]}
    figure["layout"]["shapes"] += _sides(claim, mark, reach, ink)
    figure["layout"]["annotations"].append(_mark_label(claim, mark, reach, ink))
    said = now.sentence or now.reason
    dots = "dot and 95% interval" if any(row.interval for row in measured.values()) else "dot: the number"
    return Chart(
        key=f"claim_{claim.id}",
        figure=marks.finish(figure, papers),
        reading=said,
        alt=f"The number with its 95% interval against the threshold. {said}",
        papers=tuple(papers),
        rule=f"{dots} · shaded: where the claim holds · threshold fixed beforehand: {threshold_text(claim)}",
        method=f"{claim.measurement}\n\n{RULE if claim.kind == 'inferential' else ''}",
        rows=pd.DataFrame({name: _row(row) for name, row in rows.items()}).T.rename_axis("when"),
    )


def _worth(claim: Threshold) -> float:
    assert claim.delta is not None
    return claim.null_value + (claim.delta if claim.direction == "greater" else -claim.delta)


def _reach(rows: Any, mark: float, null: float) -> list[float]:
    ends = [mark, null]
    for row in rows:
        ends += [row.value, *(row.interval or ())]
    room = 0.12 * (max(ends) - min(ends)) or max(abs(mark), 1.0)
    return [min(ends) - room, max(ends) + room]


def _dot(name: str, row: ClaimVerdict, ink: Ink) -> dict[str, Any]:
    low, high = row.interval or (row.value, row.value)
    assert row.value is not None
    assert low is not None
    assert high is not None
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.value],
        "y": [name],
        "marker": {"size": 11, "color": ink.colour("rates")},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - row.value],
            "arrayminus": [row.value - low],
            "color": ink.colour("rates"),
            "thickness": 2,
            "width": 5,
            "visible": row.interval is not None,
        },
        "hovertemplate": f"{name}: {numbers(row)}<extra></extra>",
    }


def _sides(claim: Threshold, mark: float, reach: list[float], ink: Ink) -> list[dict[str, Any]]:
    """The side of the threshold on which the claim holds, shaded; the threshold; and the null of a test."""
    test = claim.kind == "inferential"
    edge = claim.null_value if test else mark
    up = claim.direction in (">", ">=", "greater")
    span = {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"width": 0},
    }
    rule = {"type": "line", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    shapes = [
        {**span, "x0": edge, "x1": reach[1] if up else reach[0], "fillcolor": shade(ink.colour("up"), 0.10)},
        {**rule, "x0": mark, "x1": mark, "line": {"color": ink.text, "width": 1.2, "dash": "dash"}},
    ]
    if test:
        shapes.append({**rule, "x0": edge, "x1": edge, "line": {"color": ink.muted, "width": 1}})
    return shapes


def _mark_label(claim: Threshold, mark: float, reach: list[float], ink: Ink) -> dict[str, Any]:
    words = "threshold" if claim.kind == "descriptive" else "worth acting on"
    left = mark < (reach[0] + reach[1]) / 2
    return {
        "text": f"{words} {number(mark)}",
        "x": mark,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": "left" if left else "right",
        "showarrow": False,
        "font": {"size": 12, "color": ink.muted},
    }


def _row(row: ClaimVerdict) -> dict[str, object]:
    low, high = row.interval or (None, None)
    return {
        "verdict": row.verdict, "value": row.value, "interval_low": low, "interval_high": high, "n": row.n,
        "p": row.p, "mde": row.mde, "threshold": row.threshold, "unit": row.unit,
    }  # fmt: skip
