"""Fewer bootstrap draws, for tests that look at what is shown and judge nothing by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analytics.stats.correlation.rolling_correlation import rolling_correlation
from analytics.topics.drivers.measures.driver_betas import rolling_betas
from analytics.topics.drivers.measures.driver_stability import driver_stability
from analytics.topics.drivers.measures.drivers import drivers
from analytics.topics.drivers.measures.roles import roles
from analytics.topics.drivers.measures.uncertainty import uncertainty
from analytics.topics.lead_lag.measures.events import event_study
from analytics.topics.lead_lag.measures.granger import granger
from analytics.topics.lead_lag.measures.lead_lag import lead_lag
from analytics.topics.pair.measures.acceleration import acceleration
from analytics.topics.pair.measures.best_of_many import best_of_many
from analytics.topics.pair.measures.cointegration import cointegration
from analytics.topics.pair.measures.outperformance import outperformance
from analytics.topics.rate_path.measures.easing_link import easing_link
from analytics.topics.regime.measures.consolidation import consolidation
from analytics.topics.regime.measures.gap import gap
from analytics.topics.regime.measures.shock_response import shock_response
from analytics.topics.regime.measures.stage_returns import stage_returns
from analytics.topics.regime.measures.stress_beta import stress_beta

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
