"""Figures that came out on another day than their publisher's rule says. Facts, sources: ``late_releases.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files


@cache
def of(rule: str) -> dict[dt.date, dt.date]:
    """Day of publication by period, of one rule; empty where none is known."""
    text = files("analytics.published").joinpath("late_releases.toml").read_text(encoding="utf-8")
    return {
        dt.date.fromisoformat(period): day
        for group in tomllib.loads(text)["group"]
        if group["rule"] == rule
        for period, day in group["days"].items()
    }
