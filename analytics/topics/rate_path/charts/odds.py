"""The odds of each meeting."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.topics.rate_path.measures.rate_odds import STEP
from analytics.topics.rate_path.measures.rate_path import RatePath
from analytics.topics.rate_path.measures.rate_priced import MeetingChange

OUTCOME_COLOURS = {"cut": "easing", "hold": "context", "hike": "tightening"}


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
