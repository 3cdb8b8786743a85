from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from analytics.stats.unit_root.explosive import backward_sup, best_window, regression, smallest_window


class RNumbers:
    """R's default random numbers after ``set.seed``: Mersenne Twister (Matsumoto and Nishimura 1998), seeded by 50 and
    then 625 steps of the congruence 69069 s + 1, and normals by inversion of 27 + 25 bits.
    """

    def __init__(self, seed: int) -> None:
        words = []
        for step in range(675):
            seed = (69069 * seed + 1) % 2**32
            if step >= 51:  # the first word of the 625 is a position, which R overwrites
                words.append(seed)
        self._bits = np.random.MT19937()
        state = self._bits.state
        state["state"] = {"key": np.array(words, np.uint32), "pos": 624}
        self._bits.state = state

    def uniform(self) -> float:
        return int(self._bits.random_raw()) / 2**32

    def normal(self, deviation: float) -> float:
        high = math.floor(2**27 * self.uniform())
        return deviation * float(ndtri((high + self.uniform()) / 2**27))

    def coin(self, p: float) -> int:
        return int(self.uniform() < p)


def collapsing_walk(draw, bubbles, n=100):
    """Phillips, Shi and Yu (2015), equations (14) and (15): explosive by 1 + n^-0.6 within each bubble, which then falls
    back to the level at which it began.
    """
    y = [math.nan, 100.0]  # one-based, as the paper counts
    for t in range(2, n + 1):
        shock = draw.normal(6.79)
        start = y[t - 1]
        for begin, end in bubbles:
            if begin <= t <= end:
                start = (1 + n**-0.6) * y[t - 1]
            elif t == end + 1:
                start = y[begin]
        y.append(start + shock)
    return np.array(y[1:])


def evans(draw, n=100):
    """Evans (1991): a bubble that grows slowly below 1 and bursts to about .5 with probability .3 above it."""
    logs = np.array([draw.normal(0.05) for _ in range(n)])
    growth, survives = np.exp(logs - 0.05**2 / 2), [draw.coin(0.7) for _ in range(n)]
    b = [0.5]
    for t in range(1, n):
        slow, fast = 1.05 * b[-1], 0.5 + 1.05 / 0.7 * survives[t] * (b[-1] - 0.5 / 1.05)
        b.append((slow if b[-1] <= 1 else fast) * growth[t])
    return np.array(b)


def fundamental(draw, n=100):
    """West (1988): the price of a random-walk dividend (drift .0373, variance .1574, from 1.3) at a rate of 5%."""
    shocks = np.array([1.3, *(draw.normal(math.sqrt(0.1574)) for _ in range(n - 1))])
    return 0.0373 * 1.05 / 0.05**2 + (1.3 + np.cumsum(0.0373 + shocks)) / 0.05


def blanchard(draw, n=100):
    """Blanchard (1979): grows by 1.05 / .7 with probability .7, else bursts; a step that went below zero is redrawn
    together with the one before it.
    """
    survives = [draw.coin(0.7) for _ in range(n)]
    b, t = [0.1] + [math.nan] * (n - 1), 0
    while t < n - 1:
        if b[t] > 0:
            b[t + 1] = 1.05 / 0.7 * b[t] * survives[t] + draw.normal(0.03)
            t += 1
        else:
            t -= 1
    return np.array(b)


@pytest.fixture(scope="module")
def published_series():
    """The five series that R's exuber 1.x calls ``sim_data``: its documented processes, in that order, after
    ``set.seed(1122)``. Made anew from the papers' equations; nothing of the package is copied.
    """
    draw = RNumbers(1122)
    return {
        "psy1": collapsing_walk(draw, [(40, 55)]),
        "psy2": collapsing_walk(draw, [(20, 40), (60, 70)]),
        "evans": evans(draw),
        "div": fundamental(draw),
        "blan": blanchard(draw),
    }


def test_the_generator_is_the_one_that_r_has():
    """R documentation and countless listings: set.seed(123); rnorm(3)."""
    draw = RNumbers(123)
    assert [draw.normal(1) for _ in range(3)] == pytest.approx(
        [-0.56047565, -0.23017749, 1.55870831], abs=5e-9
    )


@pytest.mark.parametrize(
    ("name", "adf", "sadf", "gsadf"),
    [
        ("psy1", -2.46, 1.95, 5.19),
        ("psy2", -2.86, 7.88, 7.88),
        ("evans", -5.83, 5.28, 5.99),
        ("div", -1.95, 1.11, 1.34),
        ("blan", -5.15, 3.93, 11.0),
    ],
)
def test_the_statistics_that_exuber_publishes(published_series, name, adf, sadf, gsadf):
    """Source: README of kvasilopoulos/exuber, summary(radf(sim_data)), minw = 19, lag = 0; three digits."""
    y = published_series[name]
    shortest = smallest_window(len(y))
    assert shortest == 19
    found = backward_sup(y[:, None], shortest)[:, 0]
    from_the_first = [regression(y, 0, end).t for end in range(shortest, len(y))]
    assert from_the_first[-1] == pytest.approx(adf, abs=0.005)
    assert max(from_the_first) == pytest.approx(sadf, abs=0.005)
    assert found.max() == pytest.approx(gsadf, abs=0.05 if gsadf == 11.0 else 0.005)


def plain(y, shortest):
    """The statistic by one least-squares regression a window."""
    best = []
    for end in range(shortest, len(y)):
        tried = []
        for start in range(end - shortest + 1):
            x, d = y[start:end], np.diff(y[start : end + 1])
            design = np.column_stack([np.ones(len(x)), x])
            beta = np.linalg.lstsq(design, d, rcond=None)[0]
            variance = ((d - design @ beta) ** 2).sum() / (len(d) - 2)
            tried.append(beta[1] / math.sqrt(variance * np.linalg.inv(design.T @ design)[1, 1]))
        best.append(max(tried))
    return np.array(best)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 15))
def test_it_is_the_regression_of_every_window(seed, shortest):
    paths = np.random.default_rng(seed).normal(0, 1, (40, 3)).cumsum(axis=0)
    found = backward_sup(paths, shortest)
    assert np.allclose(found, np.column_stack([plain(path, shortest) for path in paths.T]), rtol=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_origin_and_unit_do_not_matter(seed, origin, unit):
    path = np.random.default_rng(seed).normal(0, 1, (120, 1)).cumsum(axis=0)
    assert np.allclose(backward_sup(path, 20), backward_sup(origin + unit * path, 20), rtol=1e-6, atol=1e-6)


def test_ends_may_be_restricted_and_batches_do_not_matter():
    paths = np.random.default_rng(1).normal(0, 1, (90, 130)).cumsum(axis=0)
    found = backward_sup(paths, 19)
    assert np.array_equal(backward_sup(paths, 19, first_end=86), found[-4:])
    assert np.array_equal(backward_sup(paths[:, 100:], 19), found[:, 100:])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(19, 80))
def test_the_best_window_has_the_largest_t(seed, first_end):
    y = np.random.default_rng(seed).normal(0, 1, 81).cumsum()
    window = best_window(y, 19, first_end)
    assert window.t == pytest.approx(backward_sup(y[:, None], 19, first_end).max(), rel=1e-9)
    assert window.last >= first_end
    assert window.rows >= 19
    assert window.slope / window.error == pytest.approx(window.t)


def test_the_smallest_window():
    assert [smallest_window(n) for n in (50, 100, 260, 540)] == [19, 19, 31, 47]
