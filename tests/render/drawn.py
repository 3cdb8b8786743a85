"""A figure as a reader gets it: dates and numbers of each trace, decoded from what is sent to the browser."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_MS = 86_400_000


def numbers(values: Any) -> np.ndarray:
    """A trace's values, whether sent as a list or as base64."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), f"<{values['dtype']}").astype(float)
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def dates(trace: dict[str, Any]) -> list[dt.date | None]:
    """A trace's x where it is made of dates; None where the line breaks."""
    if "x0" in trace:
        assert trace["dx"] == DAY_MS
        start = dt.date.fromisoformat(trace["x0"])
        return [start + dt.timedelta(days=i) for i in range(len(numbers(trace["y"])))]
    texts = [text if isinstance(text, str) else "" for text in trace.get("x", [])]
    return [dt.date.fromisoformat(text[:10]) if _ISO.match(text) else None for text in texts]


def points(trace: dict[str, Any]) -> dict[dt.date, float]:
    """The drawn points of a dated trace: no NaN."""
    both = zip(dates(trace), numbers(trace["y"]), strict=True)
    return {day: float(value) for day, value in both if day is not None and np.isfinite(value)}


def every_date(figure: Any) -> Iterator[dt.date]:
    """All dates that a figure holds anywhere: points, shapes, labels, hover texts."""
    for trace in figure.get("data", []):
        if isinstance(trace.get("x0"), str):
            yield from (day for day in dates(trace) if day is not None)
    yield from _in(figure)


def _in(part: Any) -> Iterator[dt.date]:
    if isinstance(part, str):
        yield from said(part)
    elif isinstance(part, dict):
        for value in part.values():
            yield from _in(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _in(value)


_WRITTEN = re.compile(r"\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (\d{4})\b")


def said(text: str) -> Iterator[dt.date]:
    """The dates in a text: ``2026-01-23`` and ``23 Jan 2026``."""
    for match in _ISO.finditer(text):
        yield dt.date.fromisoformat(match[0])
    for day, month, year in _WRITTEN.findall(text):
        yield dt.datetime.strptime(f"{day} {month} {year}", "%d %b %Y").date()
