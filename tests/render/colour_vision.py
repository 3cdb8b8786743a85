"""How far apart two colours look, to everyone: WCAG contrast, CIEDE2000, and simulated colour-vision deficiencies.

Contrast: W3C, Web Content Accessibility Guidelines 2.1, "relative luminance" and "contrast ratio".
Deficiencies: Machado, Oliveira, Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision
Deficiency, IEEE Trans. Vis. Comput. Graph. 15(6), table of matrices, severity 1.0 (applied to linear RGB).
Distance: Sharma, Wu, Dalal (2005), The CIEDE2000 Color-Difference Formula, Color Res. Appl. 30(1); their test pairs
stand in test_theme.py.
"""

from __future__ import annotations

import numpy as np

VISION: dict[str, np.ndarray] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Linear sRGB to XYZ under D65 (IEC 61966-2-1)."""


def linear(colour: str) -> np.ndarray:
    """Linear light of a ``#RRGGBB`` colour, shape (3,), 0 to 1."""
    coded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    dark, bright = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (a, b))
    return (bright + 0.05) / (dark + 0.05)


def apart(a: str, b: str, vision: str = "normal") -> float:
    """CIEDE2000 distance of two colours as an eye of the given vision sees them."""
    return difference(*(lab(np.clip(VISION[vision] @ linear(colour), 0, 1)) for colour in (a, b)))


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB light under D65."""
    ratio = _XYZ @ light / _XYZ.sum(axis=1)
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIEDE2000 of two L*a*b* colours, with k_L = k_C = k_H = 1 (equations 2 to 22 of Sharma et al.)."""
    light, chroma, hue = _prime(np.asarray(one, float), np.asarray(other, float))
    no_hue = chroma.prod() == 0
    turn = 0.0 if no_hue else (hue[1] - hue[0] + 180) % 360 - 180
    steps = np.array([np.diff(light)[0], np.diff(chroma)[0], 2 * np.sqrt(chroma.prod()) * _sin(turn / 2)])
    mean_hue = hue.sum() if no_hue else (hue[0] + ((hue[1] - hue[0] + 180) % 360 - 180) / 2) % 360
    weights = _weights(light.mean(), chroma.mean(), mean_hue)
    scaled = steps / weights
    return float(np.sqrt((scaled**2).sum() + _rotation(chroma.mean(), mean_hue) * scaled[1] * scaled[2]))


def _prime(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lightness, chroma and hue [degrees] of both, with a* stretched for greys."""
    both = np.stack([one, other])
    mean = np.hypot(both[:, 1], both[:, 2]).mean()
    red = both[:, 1] * (1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7)))
    return both[:, 0], np.hypot(red, both[:, 2]), np.degrees(np.arctan2(both[:, 2], red)) % 360


def _weights(light: float, chroma: float, hue: float) -> np.ndarray:
    tint = (
        1
        - 0.17 * _cos(hue - 30)
        + 0.24 * _cos(2 * hue)
        + 0.32 * _cos(3 * hue + 6)
        - 0.20 * _cos(4 * hue - 63)
    )
    grey = 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    return np.array([1 + grey, 1 + 0.045 * chroma, 1 + 0.015 * chroma * tint])


def _rotation(chroma: float, hue: float) -> float:
    angle = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    return float(-2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * _sin(angle))


def _sin(degrees: float) -> float:
    return float(np.sin(np.radians(degrees)))


def _cos(degrees: float) -> float:
    return float(np.cos(np.radians(degrees)))
