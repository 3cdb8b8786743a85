"""Benjamini and Hochberg's rule on their own example, and its edges."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.stats.discoveries import discoveries

PUBLISHED = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
    0.7590, 1.0000,
)  # fmt: skip
"""Benjamini and Hochberg 1995, section 4: at 5% their procedure, for independent tests, rejects the first four."""


def test_the_published_example_loses_one_where_the_tests_may_depend_on_each_other() -> None:
    p = {i: value for i, value in enumerate(PUBLISHED, start=1)}
    assert discoveries(p, 0.05) == discoveries(p, 0.10) == (1, 2, 3)


def test_the_order_is_the_callers_and_nothing_gives_nothing() -> None:
    assert discoveries({"b": 0.9, "a": 0.001, "c": 0.002}, 0.10) == ("a", "c")
    assert discoveries({}, 0.10) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from([0.05, 0.10, 0.2]))
def test_the_same_as_scipys(p: list[float], rate: float) -> None:
    adjusted = stats.false_discovery_control(np.array(p), method="by")
    for i in set(range(len(p))) - set(np.flatnonzero(np.isclose(adjusted, rate, rtol=1e-12)).tolist()):
        assert (i in discoveries(dict(enumerate(p)), rate)) == (adjusted[i] <= rate)
