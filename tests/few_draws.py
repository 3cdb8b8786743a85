"""Fewer bootstrap draws, for tests that look at what is shown and judge nothing by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analytics.measures.acceleration import acceleration
from analytics.measures.best_of_many import best_of_many
from analytics.measures.cointegration import cointegration
from analytics.measures.consolidation import consolidation
from analytics.measures.driver_betas import rolling_betas
from analytics.measures.driver_stability import driver_stability
from analytics.measures.drivers import drivers
from analytics.measures.easing_link import easing_link
from analytics.measures.events import event_study
from analytics.measures.gap import gap
from analytics.measures.granger import granger
from analytics.measures.lead_lag import lead_lag
from analytics.measures.outperformance import outperformance
from analytics.measures.roles import roles
from analytics.measures.shock_response import shock_response
from analytics.measures.stage_returns import stage_returns
from analytics.measures.stress_beta import stress_beta
from analytics.measures.uncertainty import uncertainty
from analytics.stats.correlation.rolling_correlation import rolling_correlation

DRAWS = 99
DRAWN = (
    acceleration, best_of_many, cointegration, consolidation, rolling_betas, driver_stability, drivers, easing_link, event_study,
    gap, granger, lead_lag, outperformance, roles, rolling_correlation, shock_response, stage_returns, stress_beta, uncertainty,
)  # fmt: skip


@contextmanager
def few_draws() -> Iterator[None]:
    """34 claims are drawn here, not judged, so fewer draws will do."""
    with pytest.MonkeyPatch.context() as patch:
        for measure in DRAWN:
            patch.setitem(measure.__kwdefaults__, "draws", DRAWS)
        patch.setitem(roles.__kwdefaults__, "band_draws", 19)
        yield
