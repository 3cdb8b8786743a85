from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import MeasureError, NotEnoughData, NoVariation
from analytics.stats.markov import markov_filter


def two_states(n=600, seed=1):
    """Returns whose standard deviation is 1 or 4, in long stretches."""
    rng = np.random.default_rng(seed)
    wild = np.zeros(n, bool)
    wild[150:230] = wild[400:470] = True
    y = rng.standard_normal(n) * np.where(wild, 4.0, 1.0) + np.where(wild, -0.5, 0.2)
    return pd.Series(y, index=pd.date_range("2014-01-03", periods=n, freq="W-FRI")), wild


@pytest.fixture(scope="module")
def fitted():
    return markov_filter(two_states()[0], name="the S&P 500")


def hamiltons_data() -> pd.Series:
    """US real GNP growth 1951-1984 as in statsmodels' own test, read without importing it."""
    package = importlib.util.find_spec("statsmodels")
    path = Path(package.origin).parent / "tsa/regime_switching/tests/test_markov_autoregression.py"
    if not path.exists():
        pytest.skip("this statsmodels comes without its tests, which hold Hamilton's data")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "rgnp":
            return pd.Series(ast.literal_eval(getattr(node.value, "args", [node.value])[0]))
    pytest.skip("this statsmodels holds Hamilton's data elsewhere")


def test_hamiltons_published_values():
    """Four lags and a switching mean: Hamilton (1989), table I, by the very function that the page calls."""
    found = markov_filter(hamiltons_data(), order=4, switching_variance=False, name="real GNP")
    assert found.converged
    assert found.log_likelihood == pytest.approx(-181.26339, abs=1e-4)
    assert found.stay[0] == pytest.approx(0.754673, abs=1e-4)
    assert found.stay[1] == pytest.approx(0.904085, abs=1e-4)
    assert found.means == pytest.approx((-0.358813, 1.163517), abs=1e-3)
    assert found.sds == pytest.approx((0.768996, 0.768996), abs=1e-3)
    assert found.n == 131


def test_the_stressed_state_is_the_volatile_one(fitted):
    _, wild = two_states()
    assert fitted.converged
    assert fitted.sds[0] == pytest.approx(4.0, rel=0.2)
    assert fitted.sds[1] == pytest.approx(1.0, rel=0.2)
    assert fitted.stressed[wild].mean() > 0.8
    assert fitted.stressed[~wild].mean() < 0.1
    assert fitted.periods == pytest.approx([1 / (1 - p) for p in fitted.stay])


def test_the_filter_reads_no_later_data_at_given_parameters(fitted):
    """Filtered, not smoothed: the probability at a date is Hamilton's recursion over the data up to it."""
    y = two_states()[0].to_numpy()
    stay, means, sds = (np.array(pair) for pair in (fitted.stay, fitted.means, fitted.sds))
    move = np.array([[stay[0], 1 - stay[0]], [1 - stay[1], stay[1]]])
    state = np.array([1 - stay[1], 1 - stay[0]]) / (2 - stay.sum())
    found = []
    for value in y:
        joint = (state @ move) * np.exp(-0.5 * ((value - means) / sds) ** 2) / sds
        state = joint / joint.sum()
        found.append(state[0])
    assert fitted.stressed.tolist() == pytest.approx(found, abs=1e-6)


def test_it_is_labelled_display(fitted):
    assert fitted.note.startswith("display only")
    assert not hasattr(fitted, "verdict")
    assert fitted.sentence.startswith("A two-state filter puts the S&P 500 in its calm state now")
    assert list(fitted.stressed.index) == list(two_states()[0].index)


def test_nan_are_left_out_and_too_little_is_refused():
    y = two_states()[0]
    with pytest.raises(NotEnoughData, match="99 observations and needs 100"):
        markov_filter(y.iloc[:99])
    with pytest.raises(NoVariation, match="the fund"):
        markov_filter(y * 0 + 1.0, name="the fund")
    with pytest.raises(MeasureError, match="the fund is not finite on 2014-02-07"):
        markov_filter(y.where(y.index != y.index[5], np.inf), name="the fund")
