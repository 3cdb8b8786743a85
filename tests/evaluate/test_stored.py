"""A finding that an earlier process measured is found by its data, choices and code; anything else is measured again."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import LedgerUnavailable, NotEnoughData
from analytics.evaluate import stored
from analytics.evaluate.cache import Key, Memory, Refusal, answered, attempt
from analytics.evaluate.stored import Stored
from analytics.ledger import Ledger
from analytics.ledger.results import Results

KEY = Key("finding", "divergence", ("span=1y", "", "abc", "marks"))


@pytest.fixture(autouse=True)
def _everything_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "WORTH_SECONDS", 0.0)


@pytest.fixture
def cache(ledger: Ledger, tmp_path: Path) -> Stored:
    results = Results.beside(ledger.engine, tmp_path, 1_000_000)
    assert results is not None
    return Stored(results)


def never() -> float:
    raise AssertionError("measured again")


def test_the_next_process_measures_nothing(cache: Stored) -> None:
    assert Memory(cache).get(KEY, lambda: 1.5) == 1.5
    assert Memory(cache).get(KEY, never) == 1.5


@pytest.mark.parametrize(
    "other",
    [
        Key("finding", "league", KEY.parts),
        Key("finding", "divergence", ("span=3y", *KEY.parts[1:])),
        Key("finding", "divergence", ("span=1y", "", "abd", "marks")),
    ],
    ids=["recipe", "choice", "data"],
)
def test_whatever_it_hangs_on_measures_it_anew(cache: Stored, other: Key) -> None:
    cache.get(KEY, lambda: 1.5)
    assert cache.get(other, lambda: 2.5) == 2.5


def test_other_code_or_libraries_measure_it_anew(cache: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.get(KEY, lambda: 1.5)
    before = stored.code_hash()
    monkeypatch.setattr(stored, "version", lambda name: "0.0")
    stored.code_hash.cache_clear()
    try:
        assert stored.code_hash() != before
        assert cache.get(KEY, lambda: 2.5) == 2.5
    finally:
        monkeypatch.undo()
        stored.code_hash.cache_clear()
    assert stored.code_hash() == before
    assert cache.get(KEY, never) == 1.5


def test_a_damaged_entry_is_measured_again_and_replaced(
    cache: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = []
    monkeypatch.setattr(
        Results,
        "put",
        lambda self, key, body, now, put=Results.put: (names.append(key), put(self, key, body, now)),
    )
    cache.get(KEY, lambda: 1.5)
    Results.put(cache.results, names[0], b"damaged", stored.dt.datetime.now(stored.dt.UTC))
    assert cache.get(KEY, lambda: 2.5) == 2.5
    assert cache.get(KEY, never) == 2.5


def test_a_refusal_is_an_answer_and_a_ledger_that_fails_is_none(cache: Stored) -> None:
    def refuse() -> float:
        raise NotEnoughData("Silver", 3, 60)

    def fail() -> float:
        raise LedgerUnavailable("it is starting")

    with pytest.raises(LedgerUnavailable):
        cache.get(KEY, lambda: attempt(fail))
    cache.get(KEY, lambda: attempt(refuse))
    found = cache.get(KEY, never)
    assert isinstance(found, Refusal)
    with pytest.raises(NotEnoughData, match="Silver"):
        answered(found)


def test_panels_and_blocks_are_made_anew(cache: Stored) -> None:
    for kind in ("panel", "block"):
        cache.get(Key(kind, "a", ()), lambda: 1.5)
        assert cache.get(Key(kind, "a", ()), lambda: 2.5) == 2.5


def test_what_is_quickly_measured_is_not_stored(cache: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "WORTH_SECONDS", 60.0)
    cache.get(KEY, lambda: 1.5)
    assert cache.get(KEY, lambda: 2.5) == 2.5
