"""The Divergence page's figures: what they say, what they draw, and golden copies of them.

``SILVERLEAD_GOLDEN=write pytest tests/render/test_figures.py`` writes the golden copies again; look at the difference.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.errors import NotEnoughData
from analytics.render import cards
from analytics.render.chart import SIMULATED, Chart
from analytics.render.theme import DARK
from analytics.stats.snapshot import snapshot
from analytics.topics.pair.charts import divergence as charts
from analytics.topics.pair.measures.divergence import divergence
from tests.render.conftest import DAYS, EVENTS, FIRST, LAST, closes, pair
from tests.render.drawn import every_date, numbers, points

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("SILVERLEAD_GOLDEN") == "write"
KEYS = ("indexed", "ratio", "zscore", "legs", "drawdowns")


def draw(key: str, found, falls, of=None) -> Chart:
    of = of or pair()
    made = {
        "indexed": lambda: charts.indexed(found, of, EVENTS),
        "ratio": lambda: charts.ratio(found, of, EVENTS),
        "zscore": lambda: charts.zscore(found, of),
        "legs": lambda: charts.legs(found, of),
        "drawdowns": lambda: charts.drawdowns(falls, of),
    }
    return made[key]()


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_is_its_golden_copy(key, found, falls):
    chart = draw(key, found, falls)
    now = {"reading": chart.reading, "alt": chart.alt, "rule": chart.rule, "figure": _readable(chart.figure)}
    path = GOLDEN / f"{key}.json"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _same(now, json.loads(path.read_text(encoding="utf-8")), key)


def _readable(part):
    """Typed arrays as rounded numbers, so that a golden copy can be read and compared."""
    if isinstance(part, dict) and "bdata" in part:
        return [None if np.isnan(value) else float(f"{value:.6g}") for value in numbers(part)]
    if isinstance(part, dict):
        return {name: _readable(value) for name, value in part.items()}
    return [_readable(value) for value in part] if isinstance(part, list | tuple) else part


def _same(now, golden, where: str) -> None:
    if isinstance(golden, dict):
        assert list(now) == list(golden), where
        for name in golden:
            _same(now[name], golden[name], f"{where}.{name}")
    elif isinstance(golden, list):
        assert len(now) == len(golden), where
        for place, (one, other) in enumerate(zip(now, golden, strict=True)):
            _same(one, other, f"{where}[{place}]")
    elif isinstance(golden, float):
        assert now == pytest.approx(golden, rel=2e-5, abs=1e-4), where
    else:
        assert now == golden, where


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_is_plain_data_with_words_for_those_who_cannot_see_it(key, found, falls):
    chart = draw(key, found, falls)
    assert chart.key == key
    json.dumps(chart.figure)
    assert chart.reading.endswith(".")
    assert chart.reading in chart.alt
    assert "nan" not in chart.reading.lower()
    assert len(chart.rows)


@pytest.mark.parametrize("key", KEYS)
def test_simulated_prices_are_said_on_every_figure(key, found, falls):
    chart = draw(key, found, falls, pair(simulated=True))
    assert chart.simulated
    assert SIMULATED in [note["text"] for note in chart.figure["layout"]["annotations"]]
    assert not draw(key, found, falls).simulated


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_drawn_outside_the_window(key, found, falls):
    shown = list(every_date(draw(key, found, falls).figure))
    assert all(FIRST <= day <= LAST for day in shown)


@pytest.mark.parametrize("key", KEYS)
def test_a_dark_page_has_dark_figures(key, found, falls):
    chart = draw(key, found, falls, pair(ink=DARK))
    assert chart.figure["layout"]["paper_bgcolor"] == DARK.paper
    assert chart.figure["data"][0].get("line", {}).get("color", DARK.colour("up")) != "#000000"


def test_the_indexed_lines_begin_at_100_and_carry_their_assets_colours(found, falls):
    chart = draw("indexed", found, falls)
    for trace, colour in zip(chart.figure["data"], ("silver", "bitcoin"), strict=False):
        drawn = points(trace)
        assert drawn[FIRST] == pytest.approx(100)
        assert trace["line"]["color"] == pair().ink.colour(colour)
    assert [note["text"] for note in chart.figure["layout"]["annotations"]][1:3] == ["Silver", "Bitcoin"]


def test_a_wide_move_is_drawn_on_a_logarithmic_axis(found):
    flat = charts.indexed(found, pair(), ())
    grown = replace(found, indexed=found.indexed * np.linspace(1, 10, len(found.indexed))[:, None])
    steep = charts.indexed(grown, pair(), ())
    assert flat.figure["layout"]["yaxis"]["type"] == "linear"
    assert steep.figure["layout"]["yaxis"]["type"] == "log"
    ends = [note["y"] for note in steep.figure["layout"]["annotations"] if "xshift" in note]
    assert ends == pytest.approx(np.log10(grown.indexed.iloc[-1].to_numpy()))


def test_an_event_of_the_window_is_marked_and_an_earlier_one_is_not(found, falls):
    for key in ("indexed", "ratio"):
        texts = str(draw(key, found, falls).figure)
        assert "In the window" in texts
        assert "Before the window" not in texts


def test_the_waterfall_adds_up(found, falls):
    chart = draw("legs", found, falls)
    bars = chart.figure["data"][0]
    follow, lead, whole = bars["y"]
    assert follow + lead == pytest.approx(whole, abs=1e-12)
    assert bars["base"] == [0.0, follow, 0.0]
    low, high = chart.figure["layout"]["yaxis"]["range"]
    assert low < min(0.0, follow, whole)
    assert high > max(0.0, follow, whole)
    assert chart.rows["contribution_log_points"].iloc[:2].sum() == pytest.approx(whole, abs=1e-12)


def test_a_waterfalls_bars_are_blue_upwards_and_red_downwards(found, falls):
    bars, ink = draw("legs", found, falls).figure["data"][0], pair().ink
    for value, colour in zip(bars["y"][:2], bars["marker"]["color"], strict=False):
        assert colour == ink.colour("up" if value >= 0 else "down")


def test_the_ratios_rows_are_the_whole_truth(found, falls):
    chart = draw("ratio", found, falls)
    table = closes().loc[pd.Timestamp(FIRST) :]
    assert chart.rows["ratio"].to_numpy() == pytest.approx((table["follow"] / table["lead"]).to_numpy())
    drawn = points(chart.figure["data"][0])
    assert list(drawn.values()) == pytest.approx(chart.rows["ratio"].to_numpy(), rel=1e-6)


def test_a_pair_too_young_for_its_z_says_so_instead_of_drawing_nothing():
    young = divergence(closes().iloc[-100:], FIRST, LAST)
    with pytest.raises(NotEnoughData, match=r"100 observations and needs 250"):
        charts.zscore(young, pair())


def test_a_fall_to_nothing_below_the_high_is_said_in_words(found, falls):
    high = replace(falls[0], now=0.0)
    assert "Silver is at its highest close; Bitcoin is" in charts.drawdowns((high, falls[1]), pair()).reading


@pytest.mark.parametrize(("lead", "follow", "unit"), [
    ("silver", "bitcoin", "ounces of silver per bitcoin"),
    ("copper", "ether", "pounds of copper per ether"),
    ("silver_etf", "nasdaq", "Nasdaq divided by"),
])  # fmt: skip
def test_the_ratio_says_what_it_counts(found, lead, follow, unit):
    chart = charts.ratio(found, pair(lead, follow), ())
    assert unit in chart.reading


def test_cards_round_to_what_numbers_are_worth():
    index = DAYS[:300]
    price = cards.card(
        snapshot(
            pd.Series(np.linspace(50_000, 61_234.56, 300), index), index[0].date(), index[-1].date(), "return"
        ),
        catalogue.get("bitcoin"),
    )
    assert (price.value, price.change) == ("61,235", f"+22.5% from {index[0]:%b %Y}")
    rate = cards.card(
        snapshot(
            pd.Series(np.linspace(2.0, 1.874, 300), index), index[0].date(), index[-1].date(), "difference"
        ),
        catalogue.get("real_yield_10y"),
    )
    assert (rate.value, rate.change.split(" from")[0]) == ("1.87%", "−13 bp")
    assert 0 < len(rate.spark) <= 60
