"""Errors travel: between processes and into caches, with their sentence and what they carry, and nothing else."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
import tblib.pickling_support

from analytics import errors
from analytics.errors import AnalyticsError


def tree(kind: type[AnalyticsError] = AnalyticsError) -> Iterator[type[AnalyticsError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from tree(below)


GIVEN = [
    errors.UnknownSeries("no_such"),
    errors.BadSymbol("A B", "it holds a blank"),
    errors.BadChoice("span", "9y", "1y or 3y"),
    errors.Throttled("Yahoo", "SI=F", 30.0),
    errors.NotDelivered("hooks.example.org", "it is busy", retryable=True),
    errors.NotEnoughData("Silver", 3, 60),
    errors.LedgerUnavailable("it is starting"),
]


@pytest.mark.parametrize("error", GIVEN, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("travel", [AnalyticsError.again, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_arrives_as_it_left(error, travel):
    try:
        raise error
    except AnalyticsError as raised:
        arrived = travel(raised)
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)


def test_an_error_raised_again_holds_no_frames():
    tblib.pickling_support.install()  # as distributed does for the whole process
    with pytest.raises(AnalyticsError) as raised:
        raise GIVEN[0]
    assert raised.value.__traceback__ is not None
    assert raised.value.again().__traceback__ is None


@pytest.mark.parametrize("kind", sorted(set(tree()), key=lambda kind: kind.__name__))
def test_every_class_can_travel(kind):
    error = kind.__new__(kind, "a sentence")
    assert str(pickle.loads(pickle.dumps(error))) == "a sentence"
