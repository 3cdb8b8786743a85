"""Results as bytes and back: what is read is what was written, and nothing else is read."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.clock.instants import NEW_YORK
from analytics.errors import AnalyticsError, NotEnoughData, NotPriced
from analytics.evaluate import RECIPES, evaluator
from analytics.evaluate.cache import Asked, Refusal, attempt
from analytics.evaluate.codec import DIGEST, Foreign, decode, encode
from analytics.ledger import Ledger
from analytics.render.plain import plain
from analytics.report.sections import SECTIONS
from analytics.sources.demo.simulation import LAST_INSTANT
from analytics.view import DEFAULT
from tests.few_draws import few_draws

DAYS = pd.date_range("2026-01-02", periods=4, freq="B")
VALUES = [
    None,
    True,
    3,
    -0.0,
    float("inf"),
    "—\n\x00",
    [1, [2.5]],
    (1, ("a",)),
    {1: "a", dt.date(2026, 1, 23): (2,)},
    MappingProxyType({"a": 1}),
    frozenset({"b", "a"}),
    dt.datetime(2026, 1, 23, 18, tzinfo=NEW_YORK),
    dt.datetime(2026, 1, 23, 18, tzinfo=dt.UTC),
    dt.datetime(2026, 1, 23, 18),
    dt.timedelta(days=-1, microseconds=3),
    pd.Timestamp("2026-01-23 18:00", tz=ZoneInfo("UTC")),
    pd.Timestamp("2026-01-23").as_unit("s"),
    np.float64(1.5),
    np.datetime64("2026-01-23"),
    np.arange(6, dtype=np.int32).reshape(2, 3),
    np.array(["a", None], dtype=object),
    pd.RangeIndex(2, 8, 2, name="n"),
    DAYS,
    pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None]),
    pd.Series([1.0, np.nan, 3.0, -0.0], DAYS, name=dt.date(2026, 1, 2)),
    pd.Series(["a", "b"], dtype="str"),
    pd.DataFrame({"a": [1, 2], "b": ["x", None], dt.date(2026, 1, 2): [True, False]}),
    pd.DataFrame(index=DAYS),
    Asked(DEFAULT, "light", "finding", ("divergence",)),
    DEFAULT,
]


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal to the type, the dtype and the last bit."""
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, pd.DataFrame):
        return same(one.columns, other.columns) and all(
            same(one.iloc[:, at], other.iloc[:, at]) for at in range(one.shape[1])
        )
    if isinstance(one, pd.Series):
        return same(one.index, other.index) and same(one.array.to_numpy(), other.array.to_numpy())
    if isinstance(one, pd.Index):
        return one.identical(other) and getattr(one, "freq", None) == getattr(other, "freq", None)
    if isinstance(one, np.ndarray):
        if one.dtype != other.dtype or one.shape != other.shape:
            return False
        return same(one.tolist(), other.tolist()) if one.dtype.hasobject else one.tobytes() == other.tobytes()
    if isinstance(one, dict | MappingProxyType):
        return same([*one.items()], [*other.items()])
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, AnalyticsError):
        return (str(one), one.__dict__) == (str(other), other.__dict__)
    if isinstance(one, dt.datetime):
        return (one, str(one.tzinfo)) == (other, str(other.tzinfo))
    return one is other or one == other or (one != one and other != other)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_is_read_is_what_was_written(value: Any) -> None:
    assert same(decode(encode(value)), value)
    assert encode(decode(encode(value))) == encode(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
        lambda inner: (
            st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner)
        ),
    )
)
def test_any_nesting_comes_back(value: Any) -> None:
    assert same(decode(encode(value)), value)


def test_every_finding_and_every_block_comes_back(demo: Ledger) -> None:
    with few_draws():
        asked = evaluator(demo, DEFAULT, LAST_INSTANT)
        found = {
            name: attempt(lambda recipe=recipe: asked.finding(recipe)) for name, recipe in RECIPES.items()
        }
        found |= {section.key: attempt(lambda section=section: section.blocks(asked)) for section in SECTIONS}
    for name, value in found.items():
        again = decode(encode(value))
        assert same(again, value), name
        if not isinstance(value, Refusal | list):
            assert json.dumps(plain(again, rows=True)) == json.dumps(plain(value, rows=True)), name


def test_a_refusal_comes_back_with_its_sentence_and_its_numbers() -> None:
    error = decode(encode(Refusal(NotEnoughData("Silver", 3, 60)))).error
    assert isinstance(error, NotEnoughData)
    assert (str(error), error.n, error.need) == (str(NotEnoughData("Silver", 3, 60)), 3, 60)
    assert same(decode(encode(NotPriced("No contract."))), NotPriced("No contract."))


@pytest.mark.parametrize(
    "value", [object(), 1j, DEFAULT.instant, pd.Series([pd.Period("2026")]), Ledger, b"a"]
)
def test_what_is_no_result_cannot_be_written(value: object) -> None:
    with pytest.raises(Foreign, match="cannot be written"):
        encode(value)


def _forged(tree: object) -> bytes:
    """Bytes with a right hash, as somebody who may write to the store could make them."""
    import hashlib

    body = json.dumps(tree).encode()
    body = len(body).to_bytes(8, "big") + body
    return hashlib.sha256(body).digest() + body


@pytest.mark.parametrize(
    "tree",
    [
        {"record": ["subprocess:Popen", {"args": "true"}]},
        {"record": ["analytics.ledger.store:Ledger", {}]},
        {"record": ["analytics.errors:os", {}]},
        {"record": ["analytics.nowhere:Thing", {}]},
        {"record": ["analytics.view:View", {"lead": "silver"}]},
        {"error": ["builtins:SystemExit", "no", []]},
        {"array": 7},
        {"unknown": 1},
        {"date": "yesterday"},
        {"date": "2026-01-02", "tuple": []},
    ],
    ids=str,
)
def test_what_no_result_of_this_package_wrote_is_foreign(tree: object) -> None:
    with pytest.raises(Foreign):
        decode(_forged(tree))


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_damaged_byte_anywhere_is_seen(at: int, change: int) -> None:
    data = bytearray(encode((DEFAULT, np.arange(9.0))))
    data[at % len(data)] ^= change
    with pytest.raises(Foreign):
        decode(bytes(data))
    with pytest.raises(Foreign):
        decode(bytes(data[: DIGEST + at]))
