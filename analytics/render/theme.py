"""Every colour and the one figure template, for light and dark pages.

Asset colours are the same on every chart. Each has at least 3:1 contrast with its page, and the colours that share a
chart stay apart under the common colour-vision deficiencies; tests/render/test_theme.py measures both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["light", "dark"]

PAPER = {"light": "#FFFFFF", "dark": "#14171A"}
TEXT = {"light": "#1F252B", "dark": "#E7EAED"}
MUTED = {"light": "#646C74", "dark": "#9BA3AB"}
GRID = {"light": "#E8EBEE", "dark": "#2A2F34"}

COLOURS: dict[str, tuple[str, str]] = {
    "silver": ("#758593", "#C6D4DF"),
    "gold": ("#835C00", "#F4C25D"),
    "bitcoin": ("#E06A12", "#F07C0A"),
    "copper": ("#7A3418", "#B1785C"),
    "dollar": ("#2E7D4F", "#6CC08B"),
    "rates": ("#2F6DB5", "#7FB2EE"),
    "equities": ("#6B5596", "#A08FC7"),
    "ether": ("#3E4C9A", "#96A5ED"),
    "other": ("#2F6E70", "#60B4AE"),
    "context": ("#80868D", "#818487"),
    "easing": ("#2F6DB5", "#7FB2EE"),
    "tightening": ("#B5392F", "#EE8A7F"),
    "up": ("#2F6DB5", "#7FB2EE"),
    "down": ("#B5392F", "#EE8A7F"),
}
"""Name -> (light, dark). Easing and tightening are blue and red of equal weight, never green and red."""

FONT = '"Source Sans", "Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif'


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of one mode."""

    mode: Mode

    @property
    def paper(self) -> str:
        return PAPER[self.mode]

    @property
    def text(self) -> str:
        return TEXT[self.mode]

    @property
    def muted(self) -> str:
        return MUTED[self.mode]

    @property
    def grid(self) -> str:
        return GRID[self.mode]

    def colour(self, name: str) -> str:
        """The colour called ``name``; the context grey for a name that has none."""
        light, dark = COLOURS.get(name, COLOURS["context"])
        return light if self.mode == "light" else dark

    def pair(self, lead: str, follow: str) -> tuple[str, str]:
        """Colours of two lines in one chart; where both series share one, the second takes a spare one."""
        spare = "other" if lead != "other" else "context"
        return self.colour(lead), self.colour(follow if follow != lead else spare)


LIGHT, DARK = Ink("light"), Ink("dark")


def ink(mode: str | None) -> Ink:
    """The ink for ``light`` or ``dark``; light where the browser has not said."""
    return DARK if mode == "dark" else LIGHT


def shade(colour: str, alpha: float) -> str:
    """A ``#RRGGBB`` colour with an opacity, as rgba()."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def blend(colour: str, paper: str, alpha: float) -> str:
    """What ``shade`` looks like on paper, as ``#RRGGBB``: colour scales take no opacity."""
    parts = (
        round(alpha * int(colour[i : i + 2], 16) + (1 - alpha) * int(paper[i : i + 2], 16)) for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


def layout(
    ink: Ink, *, height: int = 340, right: int = 78, unit: str = "", hover: str = "x unified"
) -> dict[str, Any]:
    """The layout that all figures share: quiet axes, unit above the y axis, room at the right for line labels."""
    axis = {
        "gridcolor": ink.grid,
        "linecolor": ink.grid,
        "zeroline": False,
        "tickfont": {"size": 12, "color": ink.muted},
        "automargin": True,
        "fixedrange": False,
    }
    return {
        "template": {
            "layout": {"colorway": [ink.colour(name) for name in ("rates", "bitcoin", "silver", "gold")]}
        },
        "font": {"family": FONT, "size": 13, "color": ink.text},
        "paper_bgcolor": ink.paper,
        "plot_bgcolor": ink.paper,
        "height": height,
        "margin": {"l": 8, "r": right, "t": 26, "b": 44},
        "showlegend": False,
        "hovermode": hover,
        "hoverlabel": {
            "bgcolor": ink.paper,
            "bordercolor": ink.grid,
            "font": {"color": ink.text, "size": 12},
        },
        "dragmode": False,
        "xaxis": {**axis, "showgrid": False, "ticks": "outside", "ticklen": 4, "tickcolor": ink.grid},
        "yaxis": {**axis, "side": "left"},
        "annotations": [_unit_label(ink, unit)] if unit else [],
        "shapes": [],
    }


def _unit_label(ink: Ink, unit: str) -> dict[str, Any]:
    return {
        "text": unit,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": 12, "color": ink.muted},
    }
