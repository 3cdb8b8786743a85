"""Fewer bootstrap draws, for tests that look at what is shown and judge nothing by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analytics.measures.drivers import drivers
from analytics.measures.events import event_study
from analytics.measures.gap import gap
from analytics.measures.lead_lag import lead_lag
from analytics.measures.roles import roles
from analytics.measures.shock_response import shock_response
from analytics.measures.stage_returns import stage_returns

FEW_DRAWS = {
    roles: 99,
    shock_response: 99,
    stage_returns: 99,
    gap: 99,
    lead_lag: 99,
    event_study: 99,
    drivers: 99,
}


@contextmanager
def few_draws() -> Iterator[None]:
    """34 claims are drawn here, not judged, so fewer draws will do."""
    with pytest.MonkeyPatch.context() as patch:
        for measure, draws in FEW_DRAWS.items():
            patch.setitem(measure.__kwdefaults__, "draws", draws)
        patch.setitem(roles.__kwdefaults__, "band_draws", 19)
        yield
