from __future__ import annotations

import math

import pytest

from analytics.render.words import price


@pytest.mark.parametrize(
    ("value", "said"),
    [(100.925, "100.93"), (60_923.4, "60,923"), (1_335.25, "1,335.3"), (0.12345, "0.1235"), (-2.5, "-2.50")],
)
def test_a_price_has_the_digits_that_matter_and_rounds_halves_up(value: float, said: str) -> None:
    assert price(value) == said


def test_no_price_is_a_dash() -> None:
    assert price(math.nan) == "–"
