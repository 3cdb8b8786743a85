"""Our copy of the published constants against statsmodels' own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.tsa.adfvalues import mackinnoncrit, mackinnonp

from analytics.stats.unit_root.mackinnon import critical_values, p_value


@pytest.mark.parametrize("trend", ["c", "ct"])
@pytest.mark.parametrize("series", [1, 2])
@pytest.mark.parametrize("n", [50, 250, 2_700, math.inf])
def test_critical_values(trend, series, n):
    expected = mackinnoncrit(N=series, regression=trend, nobs=np.inf if math.isinf(n) else n)
    assert critical_values(trend, series, n) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("trend", ["c", "ct"])
@pytest.mark.parametrize("series", [1, 2])
def test_p_values(trend, series):
    for tau in np.linspace(-25, 4, 117):
        assert p_value(tau, trend, series) == pytest.approx(mackinnonp(tau, trend, series), abs=1e-12)


def test_the_figure_that_everybody_quotes():
    """MacKinnon (2010), table 2: 5%, two variables, constant."""
    assert critical_values("c", 2)[1] == pytest.approx(-3.34, abs=0.005)
