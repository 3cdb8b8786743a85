"""A scan of a universe: the smoothed family of every ordered pair, judged by the largest t of the whole scan.

Each pair is asked what Lead and lag asks of one (lead_lag_windows). With thousands of pairs some will look good by
chance alone, so every pair is compared with the maxima over all pairs and windows of common wild draws: in one draw all
series of a day share one sign, which keeps the dependence between pairs (Westfall and Young 1993, maxT). The work is cut
by the follow: its signed spectra serve every lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft

from analytics.stats.correlation.smoothed_family import DAILY, Reach
from analytics.stats.resampling import (
    SEED,
    critical_value,
    cumulate,
    generator,
    p_text,
    p_value,
    p_values,
    packed_signs,
    trailing_sums,
    unpack,
    window_sums,
)
from analytics.stats.verdict import ALPHA, smallest_detectable

DRAWS = 499
COLUMNS = ("statistic", "length", "gap", "correlation", "error", "p_alone")
"""What a block says of each of its pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One follow after every other series.

    Attributes:
        follow: Its place in the universe.
        rows: One row a lead in the universe's order without the follow, (series - 1, 6): the largest t, its window's
            length and gap [days], its correlation and the robust standard error of that, and its p among the pair's
            own windows alone.
        maxima: The largest t over all these pairs and windows in each draw, (draws,).
    """

    follow: int
    rows: np.ndarray
    maxima: np.ndarray


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair of the scan. ``p`` is for the whole scan, ``p_alone`` for the pair's own windows."""

    lead: str
    follow: str
    statistic: float
    length: int
    gap: int
    correlation: float
    error: float
    p: float
    p_alone: float


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What a scan found.

    Attributes:
        keys: The universe.
        n: Returns of each series.
        draws: Wild draws.
        standings: The strongest pairs, best first.
        pairs: How many ordered pairs were looked at.
        stand_out: How many pass the 5% of the whole scan.
        alone: How many pass a 5% test of their own, as a reader who looks at one chart would apply.
        by_chance: How many would by chance alone.
        critical: What a t must exceed at 5% of the whole scan.
        unrelated: The largest t of a scan of unrelated series: median and 95th percentile.
        effective_n: Independent observations that the median pair's best window is worth, at most n.
        mde: Smallest correlation seen 80% of the time in the median pair.
        null: The largest t of the whole scan in each draw, (draws,).
        sentence: What a reader sees.
    """

    keys: tuple[str, ...]
    n: int
    draws: int
    standings: tuple[Standing, ...]
    pairs: int
    stand_out: int
    alone: int
    by_chance: float
    critical: float
    unrelated: tuple[float, float]
    effective_n: float
    mde: float
    null: np.ndarray
    sentence: str


def signs(draws: int, n: int, seed: int = SEED) -> np.ndarray:
    """The draws that all blocks of a scan share, packed."""
    return packed_signs(generator("scan", seed), draws, n)


def block(returns: np.ndarray, follow: int, packed: np.ndarray, reach: Reach = DAILY) -> Block:
    """Every other series before one follow.

    Args:
        returns: Demeaned returns on common days, (series, n), no NaN.
        follow: Which of them comes after.
        packed: From ``signs``, the same for all blocks.
        reach: The windows.
    """
    n = returns.shape[1]
    outcome = returns[follow]
    cut = _Cut.of(n, reach)
    drawn = cut.follow(unpack(packed, n, np.float32) * outcome.astype(np.float32))
    leads = [place for place in range(len(returns)) if place != follow]
    rows, maxima = np.empty((len(leads), len(COLUMNS))), np.full(len(packed), -np.inf, np.float32)
    for row, lead in zip(rows, leads, strict=True):
        t, scale = _observed(returns[lead], outcome, cut)
        highest = _highest(returns[lead], drawn, 1 / scale, cut)
        row[:] = _best(returns[lead], outcome, t, scale, highest, reach)
        np.maximum(maxima, highest, out=maxima)
    return Block(follow, rows, maxima)


@dataclass(frozen=True, slots=True)
class _Cut:
    """How series are cut so that short transforms do: only lags up to ``reach.last`` are wanted, so pieces of the follow
    meet pieces of the lead that begin that much earlier, and their spectra are added before one transform back."""

    reach: Reach
    pieces: int
    step: int
    size: int

    @classmethod
    def of(cls, n: int, reach: Reach) -> _Cut:
        pieces = max(1, n // (5 * reach.last))
        step = -(-n // pieces)
        return cls(reach, pieces, step, scipy.fft.next_fast_len(step + reach.last, real=True))

    def follow(self, values: np.ndarray) -> np.ndarray:
        """Spectra of a follow's pieces: (..., n) -> (..., pieces, frequencies)."""
        return self._spectra(values, self.step, self.reach.last)

    def lead(self, values: np.ndarray) -> np.ndarray:
        """The same of a lead's, conjugated."""
        early = np.concatenate([np.zeros_like(values[..., : self.reach.last]), values], axis=-1)
        return np.conj(self._spectra(early, self.step + self.reach.last, 0))

    def _spectra(self, values: np.ndarray, length: int, offset: int) -> np.ndarray:
        laid = np.zeros((*values.shape[:-1], self.pieces, self.size), values.dtype)
        for piece in range(self.pieces):
            part = values[..., piece * self.step : piece * self.step + length]
            laid[..., piece, offset : offset + part.shape[-1]] = part
        return scipy.fft.rfft(laid, axis=-1)

    def sums(self, lead: np.ndarray, follow: np.ndarray) -> np.ndarray:
        """Cross sums at the lags first .. last out of both spectra: (..., lags)."""
        total = follow[..., 0, :] * lead[..., 0, :]
        for piece in range(1, self.pieces):
            total += follow[..., piece, :] * lead[..., piece, :]
        lags = scipy.fft.irfft(total, self.size, axis=-1, overwrite_x=True)
        return lags[..., self.reach.first : self.reach.last + 1]


def _observed(lead: np.ndarray, follow: np.ndarray, cut: _Cut) -> tuple[np.ndarray, np.ndarray]:
    """t of every window and its denominator, each (lengths, gaps), NaN outside the reach."""
    reach = cut.reach
    squares = np.array([trailing_sums(lead, length) ** 2 for length in reach.lengths])
    scale = np.sqrt(np.maximum(cut.sums(cut.lead(squares), cut.follow(follow**2)), 0))
    sums = cumulate(cut.sums(cut.lead(lead), cut.follow(follow)))
    t = np.full_like(scale, np.nan)
    for row, length in enumerate(reach.lengths):
        members = scale.shape[1] - length + 1
        scale[row, members:] = np.nan
        t[row, :members] = window_sums(sums, length) / scale[row, :members]
    return t, scale


def _highest(lead: np.ndarray, drawn: np.ndarray, shrink: np.ndarray, cut: _Cut) -> np.ndarray:
    """The largest t over the pair's windows in each draw, (draws,), float32."""
    reach, first = cut.reach, cut.lead(lead.astype(np.float32))
    sums = np.zeros((reach.last - reach.first + 2, len(drawn)), np.float32)
    for start in range(0, len(drawn), 64):  # stays in the second-level cache
        part = cut.sums(first, drawn[start : start + 64])
        np.cumsum(part.T, axis=0, out=sums[1:, start : start + 64])
    highest = np.full(len(drawn), -np.inf, np.float32)
    for row, length in enumerate(reach.lengths):
        t = window_sums(sums, length)
        t *= shrink[row, : len(t), None].astype(np.float32)
        np.maximum(highest, t.max(axis=0), out=highest)
    return highest


def _best(
    lead: np.ndarray, follow: np.ndarray, t: np.ndarray, scale: np.ndarray, highest: np.ndarray, reach: Reach
) -> tuple[float, ...]:
    """A row of COLUMNS."""
    at = np.unravel_index(np.nanargmax(t), t.shape)
    length, gap = reach.lengths[at[0]], reach.first + int(at[1])
    before = trailing_sums(lead, length)[: len(lead) - gap]
    spread = float(np.sqrt((before**2).sum() * (follow[gap:] ** 2).sum()))
    error = float(scale[at]) / spread
    statistic = float(t[at])
    return statistic, length, gap, statistic * error, error, p_value(highest, statistic)


def scan(keys: Sequence[str], n: int, blocks: Iterable[Block], shown: int = 50) -> Scan:
    """All blocks brought together.

    Args:
        keys: The universe, in the order of the returns.
        n: Returns of each series.
        blocks: One a series, in any order.
        shown: How many of the strongest pairs are kept by name.
    """
    rows: list[np.ndarray] = []
    places: list[tuple[int, int]] = []
    maxima: np.ndarray | None = None
    for part in sorted(blocks, key=lambda one: one.follow):
        rows.append(part.rows)
        places += [(lead, part.follow) for lead in range(len(keys)) if lead != part.follow]
        maxima = part.maxima if maxima is None else np.maximum(maxima, part.maxima)
    if maxima is None or len(rows) != len(keys):
        raise ValueError(f"{len(rows)} of {len(keys)} blocks")
    table, null = np.concatenate(rows), maxima.astype(float)
    p = p_values(null, table[:, 0])
    critical, typical = critical_value(null, ALPHA), float(np.median(table[:, 4]))
    order = np.argsort(-table[:, 0], kind="stable")[:shown]
    standings = tuple(_standing(keys, places[i], table[i], p[i]) for i in order.tolist())
    found = int((p <= ALPHA).sum())
    return Scan(
        keys=tuple(keys),
        n=n,
        draws=len(null),
        standings=standings,
        pairs=len(table),
        stand_out=found,
        alone=int((table[:, 5] <= ALPHA).sum()),
        by_chance=ALPHA * len(table),
        critical=critical,
        unrelated=(float(np.median(null)), critical),
        effective_n=min(float(n), 1 / typical**2),
        mde=smallest_detectable(typical, critical),
        null=null,
        sentence=_sentence(len(table), found, standings[0]),
    )


def standing(found: Scan, part: Block, lead: str) -> Standing:
    """One pair of a scan, whether it is among the strongest or not.

    Args:
        found: The scan.
        part: The follow's block.
        lead: Another series of the universe.
    """
    place = found.keys.index(lead)
    row = part.rows[place - (place > part.follow)]
    return _standing(found.keys, (place, part.follow), row, p_value(found.null, float(row[0])))


def _standing(keys: Sequence[str], at: tuple[int, int], row: np.ndarray, p: float) -> Standing:
    statistic, length, gap, correlation, error, alone = row.tolist()
    return Standing(
        keys[at[0]], keys[at[1]], statistic, int(length), int(gap), correlation, error, float(p), alone
    )


def _sentence(pairs: int, found: int, best: Standing) -> str:
    """Of N pairs, M stand out, beside what chance gives."""
    chance = "unrelated series show one or more in 5% of such scans"
    if found:
        verb = "one stands out" if found == 1 else f"{found:,} stand out"
        return f"Of {pairs:,} pairs scanned, {verb}; {chance}."
    return f"Of {pairs:,} pairs scanned, none stands out: the best is what chance gives ({p_text(best.p)}); {chance}."
