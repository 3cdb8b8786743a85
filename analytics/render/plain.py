"""Findings as JSON-ready values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

HEADLINE = ("verdict", "estimate", "interval", "unit", "p", "n", "effective_n", "mde", "delta")


def plain(finding: Any, rows: bool = False) -> Any:
    """A finding as JSON-ready values.

    Args:
        finding: A frozen finding, or tuples and dictionaries of them.
        rows: Also give tables and series, by date; otherwise only their place is left out.

    Returns:
        Dictionaries, lists, text, numbers and None (for NaN).
    """
    for own in ("to_dict", "summary"):
        if is_dataclass(finding) and hasattr(finding, own):
            return plain(getattr(finding, own)(), rows)
    if is_dataclass(finding) and not isinstance(finding, type):
        named = {field.name: getattr(finding, field.name) for field in fields(finding)}
        return plain(named, rows)
    if isinstance(finding, Mapping):
        return {
            str(key): plain(value, rows) for key, value in finding.items() if rows or not _is_table(value)
        }
    if isinstance(finding, list | tuple):
        return [plain(value, rows) for value in finding]
    return _plain_value(finding)


def headline(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a plain finding behind a verdict, in the names that every measure shares: to stand first.

    Args:
        body: From ``plain``; its ``inference`` holds the numbers where it earned a verdict.

    Returns:
        Empty for a finding without a verdict.
    """
    found = body.get("inference")
    if not isinstance(found, Mapping):
        return {}
    return {"sentence": body.get("sentence"), **{name: found[name] for name in HEADLINE}}


def answer(found: Any, rows: bool = False) -> dict[str, Any]:
    """A finding as ``measure --json`` prints it: the answer first, several findings under ``findings``."""
    body = plain(found, rows)
    return headline(body) | body if isinstance(body, dict) else {"findings": body}


def _is_table(value: Any) -> bool:
    return isinstance(value, pd.DataFrame | pd.Series | pd.Index | np.ndarray)


def _plain_value(value: Any) -> Any:
    if isinstance(value, pd.DataFrame | pd.Series):
        return [
            _plain_row(label, row)
            for label, row in (value.to_frame() if isinstance(value, pd.Series) else value).iterrows()
        ]
    if isinstance(value, pd.Index | np.ndarray):
        return [_plain_value(item) for item in value.tolist()]
    if isinstance(value, float | np.floating):
        return None if not np.isfinite(value) else float(value)
    if isinstance(value, np.integer | np.bool_):
        return value.item()
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value.astype("datetime64[D]"))
    if value is pd.NaT:
        return None
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    return value


def _plain_row(label: Any, row: pd.Series) -> dict[str, Any]:
    place = label.date().isoformat() if isinstance(label, pd.Timestamp) else str(label)
    return {"at": place, **{str(name): _plain_value(value) for name, value in row.items()}}
