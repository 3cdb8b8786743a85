"""Every colour can be seen on its page, and told from those that share a chart with it, whatever the reader's eyes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from analytics import catalogue
from analytics.render import theme
from analytics.render.theme import COLOURS, DARK, LIGHT, Ink
from tests.render.colour_vision import VISION, apart, contrast, difference, linear

CONTRAST = 3.0
"""WCAG 2.1, success criterion 1.4.11, for graphics; 4.5 for text (1.4.3)."""
TEXT_CONTRAST = 4.5
APART = {"normal": 15.0, "protanopia": 10.0, "deuteranopia": 10.0, "tritanopia": 10.0}
"""CIEDE2000; 2.3 is a just noticeable step between large patches, a thin line needs several of those."""
INKS = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


def sharing() -> set[tuple[str, str]]:
    """Colours that can stand in one chart: every offered pair, a typed symbol with any of them, and fixed opposites."""
    lead, follow = (
        {row.colour for row in catalogue.pair_choices(role)} | {"other"} for role in ("lead", "follow")
    )
    offered = {
        (a, b) if a != b else (a, "other" if a != "other" else "context") for a, b in product(lead, follow)
    }
    metals = {("silver", "gold"), ("silver", "copper"), ("gold", "copper")}
    return offered | metals | {("easing", "tightening"), ("up", "down")}


@pytest.mark.parametrize(("one", "other", "stated"), [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (50, 3.2592, 0.3350), 1.0000),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
])  # fmt: skip
def test_the_distance_is_the_published_one(one, other, stated):
    assert difference(np.array(one), np.array(other)) == pytest.approx(stated, abs=5e-5)
    assert difference(np.array(other), np.array(one)) == pytest.approx(stated, abs=5e-5)


@pytest.mark.parametrize("vision", VISION)
def test_a_deficiency_leaves_white_and_black_as_they_are(vision):
    assert VISION[vision] @ linear("#FFFFFF") == pytest.approx(np.ones(3), abs=2e-6)
    assert apart("#000000", "#FFFFFF", vision) == pytest.approx(100, abs=0.01)


def test_the_simulation_confuses_red_with_green():
    assert apart("#C03A2B", "#4E8A2E") > 40
    assert apart("#C03A2B", "#4E8A2E", "deuteranopia") < 12


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("name", COLOURS)
def test_a_colour_stands_out_from_its_page(name: str, ink: Ink):
    assert contrast(ink.colour(name), ink.paper) >= CONTRAST


@pytest.mark.parametrize("ink", INKS)
def test_text_can_be_read(ink: Ink):
    assert contrast(ink.text, ink.paper) >= TEXT_CONTRAST
    assert contrast(ink.muted, ink.paper) >= TEXT_CONTRAST


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("a", "b"), sorted(sharing()))
def test_colours_of_one_chart_stay_apart(a: str, b: str, vision: str, ink: Ink):
    assert apart(ink.colour(a), ink.colour(b), vision) >= APART[vision]


@pytest.mark.parametrize("ink", INKS)
def test_two_series_of_one_colour_still_differ_in_a_chart(ink: Ink):
    for name in {row.colour for row in catalogue.load().values()} | {"other"}:
        first, second = ink.pair(name, name)
        assert first == ink.colour(name)
        assert first != second


def test_every_series_has_a_colour_of_the_theme():
    assert {row.colour for row in catalogue.load().values()} <= set(COLOURS)


def test_the_pages_of_streamlit_and_the_figures_are_the_same_paper():
    import tomllib
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    config = tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for mode, ink in (("light", LIGHT), ("dark", DARK)):
        assert config[mode]["backgroundColor"] == ink.paper
        assert config[mode]["textColor"] == ink.text
        assert config[mode]["primaryColor"] == ink.colour("rates")


def test_a_shade_keeps_its_colour():
    assert theme.shade("#102030", 0.5) == "rgba(16,32,48,0.5)"


@pytest.mark.parametrize(
    ("asked", "mode"), [("dark", "dark"), ("light", "light"), (None, "light"), ("", "light")]
)
def test_the_ink_is_light_where_the_browser_has_not_said(asked, mode):
    assert theme.ink(asked).mode == mode
