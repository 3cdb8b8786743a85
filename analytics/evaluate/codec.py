"""Results as bytes and back: typed JSON with the arrays beside it. Nothing is ever unpickled.

A record is named by its module and class, and only records of this package are made again: what was written by other code, or by
nobody, is refused as ``Foreign``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.errors import AnalyticsError

PACKAGE = "analytics."
DIGEST, LENGTH = 32, 8
"""Bytes of the hash in front, and of a length."""
Node = Any


class Foreign(ValueError):
    """Bytes that no result of this package wrote, or a value that cannot be written."""


def encode(value: Any) -> bytes:
    """A result as bytes.

    Args:
        value: Records of this package, their tables, arrays, dates, texts and numbers, nested as they like.

    Raises:
        Foreign: something else is in it.
    """
    blobs: list[bytes] = []
    tree = json.dumps(_written(value, blobs), separators=(",", ":"), ensure_ascii=False).encode()
    body = b"".join(len(part).to_bytes(LENGTH, "big") + part for part in (tree, *blobs))
    return hashlib.sha256(body).digest() + body


def decode(data: bytes) -> Any:
    """What ``encode`` was given.

    Raises:
        Foreign: the bytes are not its.
    """
    try:
        digest, body = data[:DIGEST], data[DIGEST:]
        if hashlib.sha256(body).digest() != digest:
            raise Foreign("it is damaged")
        tree, *blobs = _parts(body)
        return _read(json.loads(tree), blobs)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, ImportError) as error:
        raise Foreign(f"This is no result of this package: {error}") from error


def _parts(data: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + LENGTH], "big")
        parts.append(data[at + LENGTH : at + LENGTH + size])
        if len(parts[-1]) != size:
            raise Foreign("it breaks off")
        at += LENGTH + size
    return parts


def _written(value: Any, blobs: list[bytes]) -> Node:
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, np.generic)):
        return value
    if isinstance(value, list):
        return [_written(one, blobs) for one in value]
    for name, (kind, write) in _WRITERS.items():
        if isinstance(value, kind):
            return {name: write(value, blobs)}
    if is_dataclass(value) and not isinstance(value, type):
        return {"record": [_name(type(value)), _fields(value, blobs)]}
    raise Foreign(f"A {type(value).__name__} cannot be written.")


def _name(kind: type) -> str:
    if not kind.__module__.startswith(PACKAGE):
        raise Foreign(f"{kind.__name__} is not of this package.")
    return f"{kind.__module__}:{kind.__qualname__}"


def _fields(value: Any, blobs: list[bytes]) -> dict[str, Node]:
    return {field.name: _written(getattr(value, field.name), blobs) for field in fields(value)}


def _pairs(value: Mapping[Any, Any], blobs: list[bytes]) -> Node:
    return [[_written(key, blobs), _written(one, blobs)] for key, one in value.items()]


def _array(value: np.ndarray, blobs: list[bytes]) -> Node:
    if value.dtype.hasobject:
        return [list(value.shape), [_written(one, blobs) for one in value.ravel().tolist()]]
    out = io.BytesIO()
    np.save(out, value, allow_pickle=False)
    blobs.append(out.getvalue())
    return len(blobs) - 1


def _column(value: Any, blobs: list[bytes]) -> Node:
    """Values of a series or an index: a plain array, or its dtype with its values."""
    if isinstance(value.dtype, np.dtype) and not value.dtype.hasobject:
        return _array(np.asarray(value), blobs)
    if isinstance(value.dtype, pd.DatetimeTZDtype):
        return [
            "zoned",
            str(value.dtype.tz),
            _array(np.asarray(value.dt.tz_convert("UTC").dt.tz_localize(None)), blobs),
        ]
    if not isinstance(value.dtype, np.dtype | pd.StringDtype):
        raise Foreign(f"A column of {value.dtype} cannot be written.")
    told = value if isinstance(value.dtype, np.dtype) else value.astype(object).where(value.notna(), None)
    return [str(value.dtype), [_written(one, blobs) for one in told]]


def _index(value: pd.Index, blobs: list[bytes]) -> Node:
    if isinstance(value, pd.MultiIndex):
        levels = [_column(value.get_level_values(at).to_series(), blobs) for at in range(value.nlevels)]
        return ["many", levels, [_written(name, blobs) for name in value.names]]
    if isinstance(value, pd.RangeIndex):
        return ["range", [value.start, value.stop, value.step], _written(value.name, blobs)]
    step = getattr(value, "freqstr", None)
    return ["one", _column(value.to_series(), blobs), _written(value.name, blobs), step]


def _series(value: pd.Series, blobs: list[bytes]) -> Node:
    return [_written(value.index, blobs), _column(value, blobs), _written(value.name, blobs)]


def _frame(value: pd.DataFrame, blobs: list[bytes]) -> Node:
    columns = [_column(value.iloc[:, at], blobs) for at in range(value.shape[1])]
    return [_written(value.index, blobs), _written(value.columns, blobs), columns]


def _zone(value: dt.datetime) -> str | None:
    if value.tzinfo is None or value.tzinfo is dt.UTC:
        return None if value.tzinfo is None else "UTC"
    if not isinstance(value.tzinfo, ZoneInfo):
        raise Foreign(f"The zone {value.tzinfo} cannot be written.")
    return f"@{value.tzinfo.key}"


def _moment(value: dt.datetime, blobs: list[bytes]) -> Node:
    return [value.replace(tzinfo=None).isoformat(), _zone(value)]


def _error(value: AnalyticsError, blobs: list[bytes]) -> Node:
    return [_name(type(value)), str(value), _pairs(value.__dict__, blobs)]


_WRITERS: dict[str, tuple[type | tuple[type, ...], Callable[[Any, list[bytes]], Node]]] = {
    "nat": (type(pd.NaT), lambda value, blobs: 0),
    "stamp": (pd.Timestamp, lambda value, blobs: [value.isoformat(), value.unit]),
    "datetime": (dt.datetime, _moment),
    "date": (dt.date, lambda value, blobs: value.isoformat()),
    "delta": (dt.timedelta, lambda value, blobs: [value.days, value.seconds, value.microseconds]),
    "scalar": (np.generic, lambda value, blobs: _array(np.asarray(value), blobs)),
    "array": (np.ndarray, _array),
    "frame": (pd.DataFrame, _frame),
    "series": (pd.Series, _series),
    "index": (pd.Index, _index),
    "tuple": (tuple, lambda value, blobs: [_written(one, blobs) for one in value]),
    "table": (MappingProxyType, _pairs),
    "dict": (dict, _pairs),
    "set": (frozenset, lambda value, blobs: [_written(one, blobs) for one in sorted(value)]),
    "error": (AnalyticsError, _error),
}
"""By name: the type and how it is written. The first that fits counts, so what is a kind of another comes before it."""


def _read(node: Node, blobs: list[bytes]) -> Any:
    if isinstance(node, list):
        return [_read(one, blobs) for one in node]
    if not isinstance(node, dict):
        return node
    ((name, body),) = node.items()
    return _READERS[name](body, blobs)


def _class(name: str) -> type:
    module, _, path = name.partition(":")
    if not module.startswith(PACKAGE):
        raise Foreign(f"{module} is not of this package.")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    if not isinstance(found, type) or not (is_dataclass(found) or issubclass(found, AnalyticsError)):
        raise Foreign(f"{name} is no record.")
    return found


def _read_record(body: Node, blobs: list[bytes]) -> Any:
    kind, told = _class(body[0]), body[1]
    if {field.name for field in fields(kind)} != told.keys():
        raise Foreign(f"{body[0]} has other fields now.")
    made: Any = object.__new__(kind)
    for name, node in told.items():
        object.__setattr__(made, name, _read(node, blobs))
    return made


def _read_error(body: Node, blobs: list[bytes]) -> AnalyticsError:
    kind: Any = _class(body[0])
    made: AnalyticsError = kind.__new__(kind, body[1])
    made.__dict__.update(_read_pairs(body[2], blobs))
    return made


def _read_pairs(body: Node, blobs: list[bytes]) -> dict[Any, Any]:
    return {_read(key, blobs): _read(one, blobs) for key, one in body}


def _read_array(body: Node, blobs: list[bytes]) -> np.ndarray:
    if isinstance(body, int):
        found: np.ndarray = np.load(io.BytesIO(blobs[body]), allow_pickle=False)
        return found
    shape, told = body
    made = np.empty(len(told), dtype=object)
    made[:] = [_read(one, blobs) for one in told]
    return made.reshape(shape)


def _read_column(body: Node, blobs: list[bytes]) -> Any:
    if isinstance(body, int):
        return _read_array(body, blobs)
    if body[0] == "zoned":
        return pd.Series(_read_array(body[2], blobs)).dt.tz_localize("UTC").dt.tz_convert(body[1]).array
    return (
        pd.array([_read(one, blobs) for one in body[1]], dtype=body[0])
        if body[0] != "object"
        else _objects(body[1], blobs)
    )


def _objects(body: Node, blobs: list[bytes]) -> np.ndarray:
    return _read_array([[len(body)], body], blobs)


def _read_index(body: Node, blobs: list[bytes]) -> pd.Index:
    if body[0] == "range":
        return pd.RangeIndex(*body[1], name=_read(body[2], blobs))
    if body[0] == "many":
        names = [_read(name, blobs) for name in body[2]]
        return pd.MultiIndex.from_arrays([_read_column(one, blobs) for one in body[1]], names=names)
    values = _read_column(body[1], blobs)
    found = pd.Index(values, dtype=values.dtype, name=_read(body[2], blobs), copy=False)
    if body[3] is not None:
        found.freq = body[3]
    return found


def _read_series(body: Node, blobs: list[bytes]) -> pd.Series:
    index, column, name = body
    return _along(_read(index, blobs), column, blobs).rename(_read(name, blobs))


def _along(index: pd.Index, column: Node, blobs: list[bytes]) -> pd.Series:
    values = _read_column(column, blobs)  # its dtype is said: pandas would read texts from objects
    return pd.Series(values, index, values.dtype, copy=False)


def _read_frame(body: Node, blobs: list[bytes]) -> pd.DataFrame:
    index, labels, columns = _read(body[0], blobs), _read(body[1], blobs), body[2]
    made = pd.DataFrame({at: _along(index, one, blobs) for at, one in enumerate(columns)}, index)
    made.columns = labels
    return made


def _read_moment(body: Node, blobs: list[bytes]) -> dt.datetime:
    text, zone = body
    found = dt.datetime.fromisoformat(text)
    if zone is None:
        return found
    return found.replace(tzinfo=dt.UTC if zone == "UTC" else ZoneInfo(zone.removeprefix("@")))


_READERS: dict[str, Callable[[Node, list[bytes]], Any]] = {
    "record": _read_record,
    "error": _read_error,
    "nat": lambda body, blobs: pd.NaT,
    "stamp": lambda body, blobs: pd.Timestamp(body[0]).as_unit(body[1]),
    "datetime": _read_moment,
    "date": lambda body, blobs: dt.date.fromisoformat(body),
    "delta": lambda body, blobs: dt.timedelta(*body),
    "scalar": lambda body, blobs: _read_array(body, blobs)[()],
    "array": _read_array,
    "frame": _read_frame,
    "series": _read_series,
    "index": _read_index,
    "tuple": lambda body, blobs: tuple(_read(one, blobs) for one in body),
    "table": lambda body, blobs: MappingProxyType(_read_pairs(body, blobs)),
    "dict": _read_pairs,
    "set": lambda body, blobs: frozenset(_read(one, blobs) for one in body),
}
