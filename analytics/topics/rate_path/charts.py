"""The Rate path page's figures. Cuts and hikes are symmetrical: blue eases, red tightens, grey holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.rate_path.measures.rate_odds import STEP
from analytics.topics.rate_path.measures.rate_path import RatePath
from analytics.topics.rate_path.measures.rate_priced import MeetingChange
from analytics.topics.rate_path.measures.rate_score import RateScore

LONGEST_REST = 5
"""Futures rest at most a long weekend; lines and areas stop at a longer hole [days]."""
OUTCOME_COLOURS = {"cut": "easing", "hold": "context", "hike": "tightening"}
CAVEATS = (
    "A contract settles on the mean effective rate of its month, so it cannot show two-sided tails: a 50% chance of two "
    "moves and a certain single move look alike.",
    "Meetings are taken as independent of each other.",
    "The effective rate (EFFR) is not the target range; the distance between them is taken as it is now.",
    "A term premium, small this near, is read as expectation.",
)


def path(
    found: RatePath,
    earlier: RatePath | None,
    upper: pd.Series,
    lower: pd.Series,
    papers: Sequence[Papers],
    ink: Ink,
) -> Chart:
    """The priced path after each meeting against the target range so far."""
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="%", right=96)}
    since = pd.Timestamp(found.as_of) - pd.DateOffset(months=15)
    figure["data"] += _range_band(lower[since:], upper[since:], ink)
    if earlier is not None:
        figure["data"].append(
            _steps(earlier, f"priced on {day(earlier.as_of)}", ink.colour("context"), 1.2, "dot")
        )
    figure["data"].append(_steps(found, "priced", ink.colour("rates"), 2.4, "solid"))
    ends = [meeting for meeting in found.meetings if meeting.end is not None]
    if ends:
        marks.end_label(
            figure,
            pd.Series([ends[-1].end], index=[pd.Timestamp(ends[-1].date)]),
            f"{ends[-1].end:.2f}%",
            ink.colour("rates"),
        )
    figure["layout"]["shapes"].append(_today(found.as_of, ink))
    rows = pd.DataFrame(
        {
            "start": [meeting.start for meeting in found.meetings],
            "end": [meeting.end for meeting in found.meetings],
            "expected_moves": [meeting.expected_moves for meeting in found.meetings],
            "residual_bp": [meeting.residual_bp for meeting in found.meetings],
            "liquid": [meeting.liquid for meeting in found.meetings],
        },
        index=pd.DatetimeIndex([meeting.date for meeting in found.meetings], name="meeting"),
    )
    return Chart(
        key="path",
        figure=marks.finish(figure, papers),
        reading=found.sentence,
        alt=f"Step line of the rate priced after each meeting, with the target range so far as a band. {found.sentence}",
        papers=tuple(papers),
        rule=f"closes of {day(found.as_of)}{_from(found)} · day count: the decision's own day counts {found.count} it · {len(found.meetings)} meetings ahead",
        method=(
            "Each 30-day fed funds future settles on the mean effective rate of its month. Months without a meeting pin the "
            "rate between meetings; from these pins the path is solved back without limit and forward by one month. "
            + " ".join(CAVEATS)
        ),
        rows=rows,
    )


def _from(found: RatePath) -> str:
    """Where the path starts, where that is no contract's word."""
    now = found.observed
    if now is None:
        return ""
    moved = f" and the {100 * now.announced:+.0f} bp announced since" if now.announced else ""
    return f" · from the effective rate of {day(now.day)}{moved}: {now.rate:.2f}%"


def _range_band(lower: pd.Series, upper: pd.Series, ink: Ink) -> list[dict[str, Any]]:
    shared = {"type": "scatter", "mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    colour = shade(ink.colour("rates"), 0.22)
    moved = (lower != lower.shift()) | (upper != upper.shift())
    moved.iloc[-1] = True  # a step needs its corners and its end, not every day between
    dates = [f"{stamp:%Y-%m-%d}" for stamp in lower.index[moved]]
    return [
        {**shared, "x": dates, "y": marks.encode(lower[moved].to_numpy()), "name": "range, lower"},
        {
            **shared,
            "x": dates,
            "y": marks.encode(upper[moved].to_numpy()),
            "name": "target range",
            "fill": "tonexty",
            "fillcolor": colour,
        },
    ]


def _steps(found: RatePath, name: str, colour: str, width: float, dash: str) -> dict[str, Any]:
    """A step line: the rate after each meeting holds until the next; unsolved meetings leave a hole."""
    solved = [meeting for meeting in found.meetings if meeting.start is not None]
    first = solved[0].start if solved and found.meetings[0].start is not None else None
    held = [found.meetings[0].date] if first is not None and found.meetings[0].end is None else []
    dates = [day.isoformat() for day in (found.as_of, *held, *(meeting.date for meeting in found.meetings))]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": dates,
        "y": [first, *(first for _ in held), *(meeting.end for meeting in found.meetings)],
        "name": name,
        "line": {"color": colour, "width": width, "shape": "hv", "dash": dash},
        "marker": {
            "size": 5,
            "color": [
                colour,
                *(colour for _ in held),
                *(colour if meeting.liquid else shade(colour, 0.35) for meeting in found.meetings),
            ],
        },
        "hovertemplate": f"%{{x|%d %b %Y}}: %{{y:.3f}}% {name}<extra></extra>",
    }


def _today(as_of: dt.date, ink: Ink) -> dict[str, Any]:
    stroke = {"color": ink.muted, "width": 1}
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": as_of.isoformat(),
        "x1": as_of.isoformat(),
        "y0": 0,
        "y1": 1,
        "line": stroke,
    }


def moves_line(found: pd.Series, year: int, papers: Sequence[Papers], ink: Ink, begins: str) -> Chart:
    """Moves priced to the end of a year, through time: below zero are cuts, above are hikes."""
    line = found.dropna()
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, unit="moves of 25 bp: above zero hikes, below zero cuts", height=300),
    }
    for run in marks.runs(line, LONGEST_REST):
        figure["data"] += [
            _area(run.clip(upper=0), "easing", ink),
            _area(run.clip(lower=0), "tightening", ink),
        ]
    figure["data"].append(
        marks.line(line, "priced", ink.text, number="+.2f", width=1.6, longest=LONGEST_REST)
    )
    figure["layout"]["shapes"].append(marks.level(0, ink))
    last = float(line.iloc[-1])
    marks.end_label(figure, line, moves_words(last), ink.colour("easing" if last < 0 else "tightening"))
    reading = (
        f"{moves_words(last).capitalize()} were priced to the end of {year} on {day(line.index[-1].date())}."
    )
    return Chart(
        key="moves",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Line of the moves priced to the end of {year}, by day. {reading}",
        papers=tuple(papers),
        rule=f"n = {len(line):,} days · {begins}",
        method="From the rate before the next meeting to the rate after the year's last meeting, in steps of 25 bp.",
        rows=found.rename("moves").to_frame(),
    )


def _area(side: pd.Series, colour: str, ink: Ink) -> dict[str, Any]:
    fill: dict[str, Any] = {
        "fill": "tozeroy",
        "fillcolor": shade(ink.colour(colour), 0.18),
        "hoverinfo": "skip",
        "hovertemplate": None,
    }
    return marks.line(side, colour, ink.colour(colour), width=0, **fill)


def moves_words(moves: float) -> str:
    """``1.76 cuts``, ``0.97 hikes``, ``no move``."""
    if abs(moves) < 0.005:
        return "no move"
    return f"{abs(moves):.2f} {'cuts' if moves < 0 else 'hikes'}"


def odds(found: pd.DataFrame, meeting: dt.date, papers: Sequence[Papers], ink: Ink, begins: str) -> Chart:
    """The odds of a cut, of no move and of a hike at one meeting, through time."""
    shown = found.dropna()
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="% probability", height=300)}
    for name, tone in OUTCOME_COLOURS.items():
        colour = ink.colour(tone)
        figure["data"].append(marks.line(shown[name], name, colour, number=".1f", longest=LONGEST_REST))
        marks.end_label(figure, shown[name], f"{name} {shown[name].iloc[-1]:.0f}%", colour)
    figure["layout"]["yaxis"]["range"] = [-3, 103]
    marks.spread_labels(figure, height=230)
    last = shown.iloc[-1]
    reading = (
        f"For {day(meeting)} the market priced a cut at {last['cut']:.0f}%, no move at {last['hold']:.0f}% and a hike at "
        f"{last['hike']:.0f}% on {day(shown.index[-1].date())}."
    )
    return Chart(
        key="odds",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Lines of the odds of a cut, hold and hike at the meeting of {day(meeting)}. {reading}",
        papers=tuple(papers),
        rule=f"n = {len(shown):,} days · the meeting's own move, whatever comes before it · {begins}",
        method="x = (rate after − rate before) / 25 bp; k = floor(x) moves have probability 1 − frac(x), k + 1 has frac(x).",
        rows=found,
    )


def reliability(
    found: RateScore, papers: Sequence[Papers], ink: Ink, horizon: int, record: str = ""
) -> Chart:
    """How often what was priced came: one dot a bin of priced probability."""
    bins = [one for one in found.bins if one.horizon == horizon]
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, unit="% of times it came", right=20, height=320, hover="closest"),
    }
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": [0, 100],
            "y": [0, 100],
            "line": {"color": ink.muted, "dash": "dot", "width": 1},
            "hoverinfo": "skip",
        }
    )
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [100 * one.forecast for one in bins],
            "y": [100 * one.frequency for one in bins],
            "text": [f"n = {one.n}" for one in bins],
            "marker": {
                "color": [ink.colour(OUTCOME_COLOURS[one.outcome]) for one in bins],
                "size": [round(5 + 1.6 * one.n**0.5, 1) for one in bins],
            },
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [100 * (one.interval[1] - one.frequency) for one in bins],
                "arrayminus": [100 * (one.frequency - one.interval[0]) for one in bins],
                "color": shade(ink.muted, 0.5),
                "thickness": 1,
                "width": 0,
            },
            "customdata": [one.outcome for one in bins],
            "hovertemplate": "%{customdata} priced at %{x:.0f}%: came %{y:.0f}% of times, %{text}<extra></extra>",
        }
    )
    figure["layout"]["xaxis"] |= {
        "title": {"text": "% priced", "font": {"size": 12}},
        "range": [-4, 104],
        "showgrid": True,
    }
    figure["layout"]["yaxis"]["range"] = [-6, 108]
    score = next(one for one in found.horizons if one.horizon == horizon)
    better = score.against_no_change.high < 0
    reading = (
        f"{horizon} days before {score.n} meetings the market's odds scored {score.market.mean:.2f} (lower is better), "
        f"{'better than' if better else 'not reliably better than'} always saying no change ({score.no_change.mean:.2f})."
    )
    return Chart(
        key="reliability",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Reliability picture: {reading} Dots on the diagonal are honest odds; a larger dot stands for more odds.",
        papers=tuple(papers),
        rule="blue: cut, grey: hold, red: hike · size: how many meetings a dot stands for · bars: 95% Wilson intervals"
        + record,
        method="Every decided meeting gives three odds. Odds are binned by size; a bin's height is the share that came true.",
        rows=pd.DataFrame(
            [
                {"outcome": one.outcome, "priced": one.forecast, "came": one.frequency, "n": one.n}
                for one in bins
            ]
        ),
    )


def score_rows(found: RateScore) -> pd.DataFrame:
    """The score table: one row a horizon."""
    return pd.DataFrame(
        [
            {
                "days before": one.horizon,
                "market": one.market.mean,
                "no change": one.no_change.mean,
                "base rates": one.base_rate.mean,
                "market − no change": one.against_no_change.mean,
                "interval low": one.against_no_change.low,
                "interval high": one.against_no_change.high,
                "market, all moves": one.market_with,
                "no change, all moves": one.no_change_with,
                "meetings": one.n,
                "cuts, holds, hikes": "/".join(str(count) for count in one.outcomes),
            }
            for one in found.horizons
        ]
    ).set_index("days before")


def odds_table(found: RatePath, changes: Sequence[MeetingChange]) -> pd.DataFrame:
    """Meeting x range: probability [%], with the change in points beside it where there is an earlier day."""
    moved = {change.date: change.points for change in changes}
    levels = sorted(
        {level for meeting in found.meetings for level, p in meeting.probabilities.items() if p >= 0.05}
    )
    rows = {}
    for meeting in found.meetings:
        label = f"{meeting.date:%d %b %Y}" + ("" if meeting.liquid else " (thin)")
        rows[label] = {
            range_name(level): _cell(meeting.probabilities, moved.get(meeting.date, {}), level)
            for level in levels
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("meeting")


def _cell(now: dict[float, float], points: dict[float, float], level: float) -> str:
    if not now:
        return "–"
    text = f"{now.get(level, 0.0):.1f}"
    if level in points and abs(points[level]) >= 0.05:
        text += f" ({points[level]:+.1f})".replace("-", "−")
    return text


def range_name(level: float) -> str:
    """``3.50–3.75`` for a lower bound."""
    return f"{level:.2f}–{level + STEP:.2f}"


def inputs_table(found: RatePath) -> pd.DataFrame:
    """Each contract month: its average, the path through it, the residual, and what is wrong with it."""
    return pd.DataFrame(
        {
            "month": [f"{one.month:%b %Y}" for one in found.months],
            "average %": [one.average for one in found.months],
            "start %": [one.start for one in found.months],
            "end %": [one.end for one in found.months],
            "residual bp": [one.residual_bp for one in found.months],
            "role": ["pin" if one.pinned else "meeting" for one in found.months],
            "note": [one.note for one in found.months],
        }
    ).set_index("month")
