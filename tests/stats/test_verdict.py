"""The rule that makes a word of an interval, and what a reader is told where nothing is decided."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.stats.verdict import Inference, decide, deny, far_end, left_open, limited

P = st.floats(0, 1)


def found(verdict="undecided", **changed):
    told = dict(
        estimate=1.0, interval=(-2.0, 4.0), unit="pp", statistic=0.6, p=0.3, p_opposite=0.7, n=2520, effective_n=90.0,
        mde=6.0, delta=3.0, far=4.0, direction="greater", verdict=verdict,
    )  # fmt: skip
    return Inference(**(told | changed))


@pytest.mark.parametrize(
    ("p", "p_opposite", "far", "word"),
    [
        (0.05, 0.95, 3.0, "supported"),
        (0.05, 0.95, 2.9, "too small to matter"),
        (0.051, 0.949, 2.9, "not supported"),
        (0.051, 0.949, 3.0, "undecided"),
        (0.98, 0.025, 0.4, "contradicted"),
        (0.97, 0.026, 0.4, "not supported"),
        (0.97, 0.026, 3.4, "undecided"),
        (0.5, math.nan, 2.9, "not supported"),
        (0.5, 0.5, math.inf, "undecided"),
        (0.01, 0.99, math.inf, "supported"),
    ],
)
def test_the_word_follows_the_interval(p, p_opposite, far, word):
    assert decide(p, p_opposite, far, delta=3.0) == word


def test_the_intervals_that_the_former_rule_misread():
    """Claims 8 and 23 on the recorded data: [-.18, .10] against .15, and [.016, .059] against .05 away from .05."""
    assert decide(0.6, 0.4, far_end((-0.18, 0.10), 0.0, "greater"), 0.15) == "not supported"
    assert decide(0.6, 0.4, far_end((0.016, 0.059), 0.05, "greater"), 0.05) == "not supported"


@given(P, P, st.floats(-10, 10), st.floats(0.01, 5))
def test_no_word_says_more_than_its_interval(p, p_opposite, far, delta):
    word = decide(p, p_opposite, far, delta)
    assert (word in ("supported", "too small to matter")) == (p <= 0.05)
    assert word != "contradicted" or p_opposite <= 0.025
    if word in ("too small to matter", "not supported"):
        assert far < delta
    if word in ("supported", "undecided"):
        assert far >= delta


@given(P, P)
def test_a_denial_is_supported_by_a_far_end_and_contradicted_by_a_near_one(p, p_opposite):
    word = deny(p, p_opposite)
    assert (word == "supported") == (p <= 0.025)
    assert (word == "contradicted") == (p_opposite <= 0.05 and p > 0.025)
    assert word in ("supported", "contradicted", "undecided")


@pytest.mark.parametrize("p", [math.nan, -0.1, 1.1])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="p must be"):
        decide(p, 0.5, 1.0, 1.0)
    with pytest.raises(ValueError, match="p must be"):
        deny(0.5, p)


def test_a_far_end_must_be_known_or_unbounded():
    with pytest.raises(ValueError, match="infinite"):
        decide(0.5, 0.5, math.nan, 1.0)


def test_far_ends_are_distances_in_the_claimed_direction():
    assert far_end((-2.0, 4.0), 0.0, "greater") == 4.0
    assert far_end((-2.0, 4.0), 0.0, "less") == 2.0
    assert far_end((-2.0, 4.0), 1.0, "two-sided") == 3.0
    assert far_end((-4.0, -2.0), 0.0, "greater") == -2.0


def test_a_second_condition_takes_support_away_and_gives_none():
    assert limited(found("supported"), False).verdict == "not supported"
    for word in ("too small to matter", "not supported", "contradicted", "undecided"):
        assert limited(found(word), False).verdict == word
    assert limited(found("supported"), None) == limited(found("supported"), True) == found("supported")


def test_what_is_left_open_is_said_with_the_years_that_would_tell():
    assert found().years_to_decide == pytest.approx(10 * 4)
    assert "about 40 years" in left_open(found())
    assert "years" not in left_open(found(mde=math.nan))
    assert "too small" in left_open(found("too small to matter"))
    assert "ruled out" in left_open(found("not supported"))
