"""The preview picture of a short link, drawn without a browser."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from analytics.render.chart import SIMULATED
from analytics.render.theme import LIGHT
from serving.words import CARD

WIDTH, HEIGHT = CARD
EDGE = 64
PLOT = (EDGE, 268, WIDTH - 230, HEIGHT - 92)
"""Left, top, right, bottom of the lines."""
FINE = 2
"""Drawn so much larger and then reduced, so that lines are smooth."""


@dataclass(frozen=True, slots=True)
class Line:
    """One leg: prices on rising dates; it is drawn indexed to its first one."""

    label: str
    colour: str
    values: pd.Series


def draw(product: str, title: str, when: str, lines: Sequence[Line], *, simulated: bool) -> bytes:
    """A PNG of 1200 x 630: product, title, as-of day, and the pair indexed to 100.

    Args:
        product: Name at the top.
        title: One line; cut where it would not fit.
        when: The as-of day in words.
        lines: Up to two legs; those with fewer than two prices or one at or below zero are left out.
        simulated: Marks the picture as the demo's.
    """
    picture = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), LIGHT.paper)
    pen = ImageDraw.Draw(picture)
    _words(pen, (EDGE, 52), product, 30, LIGHT.muted)
    _words(pen, (EDGE, 104), _fitted(title, 54), 54, LIGHT.text)
    _words(pen, (EDGE, 186), when, 32, LIGHT.muted)
    _draw_lines(pen, [line for line in lines if len(line.values) > 1 and (line.values > 0).all()])
    note = f"{SIMULATED}, not market prices" if simulated else "Indexed to 100 at the start of the window"
    _words(pen, (EDGE, HEIGHT - 62), note, 26, LIGHT.colour("tightening") if simulated else LIGHT.muted)
    out = io.BytesIO()
    picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_lines(pen: ImageDraw.ImageDraw, lines: Sequence[Line]) -> None:
    left, top, right, bottom = PLOT
    if not lines:
        _words(pen, (left, (top + bottom) // 2), "No prices are known for this view.", 30, LIGHT.muted)
        return
    indexed = [100 * line.values / line.values.iloc[0] for line in lines]
    low, high = min(one.min() for one in indexed), max(one.max() for one in indexed)
    first, last = min(one.index[0] for one in indexed), max(one.index[-1] for one in indexed)

    def place(days: pd.DatetimeIndex, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        across = (days - first) / max(last - first, pd.Timedelta(days=1))
        return left + (right - left) * np.asarray(across), bottom - (bottom - top) * (values - low) / max(
            high - low, 1e-9
        )

    colours = LIGHT.pair(lines[0].colour, lines[-1].colour)
    heights = _apart([float(place(one.index[-1:], one.to_numpy()[-1:])[1][0]) for one in indexed], 62)
    for line, one, colour, height in zip(lines, indexed, colours, heights, strict=False):
        across, down = place(one.index, one.to_numpy(float))
        points = [(x * FINE, y * FINE) for x, y in zip(across, down, strict=True)]
        pen.line(points, fill=colour, width=4 * FINE, joint="curve")
        _words(pen, (right + 16, height - 30), line.label, 28, colour)
        _words(pen, (right + 16, height + 2), f"{one.iloc[-1]:,.0f}", 28, colour)


def _apart(heights: list[float], least: float) -> list[float]:
    """The same heights, moved apart where two labels would overlap."""
    if len(heights) < 2 or abs(heights[0] - heights[1]) >= least:
        return heights
    middle, upper = sum(heights) / 2, heights[0] <= heights[1]
    return [middle - least / 2, middle + least / 2] if upper else [middle + least / 2, middle - least / 2]


def _words(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str) -> None:
    pen.text((at[0] * FINE, at[1] * FINE), text, font=_font(size), fill=colour)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * FINE)


def _fitted(text: str, size: int) -> str:
    """The text, cut at the picture's edge."""
    font, room = _font(size), (WIDTH - 2 * EDGE) * FINE
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"
