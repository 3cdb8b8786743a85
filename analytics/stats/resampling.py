"""Resampling and the sums it needs: signs, seeds, FFT cross sums, windows, p-values, bootstrap indices.

The one place for random draws behind a verdict. A wild draw multiplies the outcome by independent signs
(Rademacher: Wu 1986, Liu 1988). Signs stay packed, eight to a byte, until a sum needs them; the same seed
gives the same bits.

Every t here has the form sum(term) / sqrt(sum(term^2)). Signs leave the squares alone, so the denominator is
common to all draws and only the numerators are drawn.
"""

from __future__ import annotations

import math
from zlib import crc32

import numpy as np
import scipy.fft

SEED = 20_260_123
"""Seed of every verdict unless a caller gives another: a constant, so that a new day redraws nothing."""
DRAWS = 4_999
_BATCH = 64
"""Rows of one FFT batch: small enough to stay in the second-level cache."""
_SIGNS = 1 - 2 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.int8)
"""The eight signs of each byte, (256, 8)."""


def generator(purpose: str, seed: int = SEED) -> np.random.Generator:
    """A generator of its own for each purpose, so that one analysis cannot shift the draws of another."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(purpose.encode())])))


def packed_signs(rng: np.random.Generator, draws: int, n: int) -> np.ndarray:
    """Independent signs for ``draws`` samples of ``n``, packed: uint8 (draws, ceil(n / 8))."""
    width = -(-n // 8)
    return np.frombuffer(rng.bytes(draws * width), np.uint8).reshape(draws, width)


def unpack(packed: np.ndarray, n: int, dtype: type = np.float64) -> np.ndarray:
    """The signs themselves, +1 or -1, shape (draws, n)."""
    table: np.ndarray = _SIGNS.astype(dtype)
    return np.take(table, packed, axis=0).reshape(len(packed), -1)[:, :n]


def signed_sums(terms: np.ndarray, packed: np.ndarray) -> np.ndarray:
    """sum_t w_t term_t for every draw: ``unpack(packed, n) @ terms`` without ever unpacking.

    Each byte holds the signs of eight days, so its 256 possible partial sums are tabled once and then looked
    up (the method of four Russians). Summed in one order whatever the threads.

    Args:
        terms: (n, m), no NaN.
        packed: From ``packed_signs`` for the same n.

    Returns:
        (draws, m).
    """
    n, m = terms.shape
    padded = np.zeros((packed.shape[1] * 8, m))
    padded[:n] = terms
    tables = _SIGNS.astype(float) @ padded.reshape(-1, 8, m)
    total, part = np.zeros((len(packed), m)), np.empty((len(packed), m))
    for table, row in zip(tables, np.ascontiguousarray(packed.T), strict=True):
        np.take(table, row.astype(np.intp), axis=0, out=part, mode="clip")
        total += part
    return total


def cross_sums(x: np.ndarray, y: np.ndarray, max_lag: int) -> np.ndarray:
    """sum_t x_t y_{t+k} for k = -max_lag .. max_lag, by one real FFT.

    Args:
        x, y: (..., n), no NaN. Pairs that leave the sample are dropped, not wrapped.

    Returns:
        (..., 2 max_lag + 1); index max_lag is lag 0, positive lags mean that x comes first.
    """
    size = scipy.fft.next_fast_len(x.shape[-1] + max_lag, real=True)
    spectrum = np.conj(scipy.fft.rfft(x, size)) * scipy.fft.rfft(y, size)
    return _unwrap(scipy.fft.irfft(spectrum, size), max_lag)


def signed_cross_sums(
    x: np.ndarray, y: np.ndarray, max_lag: int, packed: np.ndarray, workers: int = 1
) -> np.ndarray:
    """``cross_sums(x, w * y, max_lag)`` for every draw of signs w, in batches of real single-precision FFTs.

    Single precision errs by about 1e-6 of a standard error: far below what 4,999 draws resolve.

    Returns:
        (draws, 2 max_lag + 1), float32.
    """
    size = scipy.fft.next_fast_len(len(x) + max_lag, real=True)
    first = np.conj(scipy.fft.rfft(x.astype(np.float32), size))
    outcome = y.astype(np.float32)
    sums = np.empty((len(packed), 2 * max_lag + 1), np.float32)
    for start in range(0, len(packed), _BATCH):
        signs = unpack(packed[start : start + _BATCH], len(y), np.float32)
        spectrum = scipy.fft.rfft(signs * outcome, size, axis=1, workers=workers)
        spectrum *= first
        drawn = scipy.fft.irfft(spectrum, size, axis=1, overwrite_x=True, workers=workers)
        sums[start : start + _BATCH] = _unwrap(drawn, max_lag)
    return sums


def _unwrap(circular: np.ndarray, max_lag: int) -> np.ndarray:
    """Lags -max_lag .. max_lag out of a circular result whose negative lags stand at the end."""
    if max_lag == 0:
        return circular[..., :1]
    return np.concatenate([circular[..., -max_lag:], circular[..., : max_lag + 1]], axis=-1)


def trailing_sums(x: np.ndarray, length: int) -> np.ndarray:
    """Sum of the last ``length`` values up to and with each one; the first ones hold what there is. (n,) ->
    (n,)."""
    total = np.cumsum(x)
    total[length:] -= total[:-length].copy()
    return total


def cumulate(by_lag: np.ndarray) -> np.ndarray:
    """Running sums over the lags with a zero in front: (lags, ...) -> (lags + 1, ...), float64."""
    total = np.zeros((len(by_lag) + 1, *by_lag.shape[1:]))
    np.cumsum(by_lag, axis=0, out=total[1:])
    return total


def window_sums(cumulated: np.ndarray, length: int) -> np.ndarray:
    """Sums over ``length`` neighbouring lags: from the cross sums of x to those of its trailing sums.

    sum_t (x_t + .. + x_{t-L+1}) y_{t+a} = sum of the cross sums at the lags a .. a+L-1 (Hodrick 1992, 1B), so
    every window of every draw is a difference of two running sums.

    Args:
        cumulated: From ``cumulate``, (lags + 1, ...).

    Returns:
        (lags - length + 1, ...); row i is the window that begins at the i-th lag.
    """
    return cumulated[length:] - cumulated[:-length]


def p_value(null: np.ndarray, observed: float) -> float:
    """(1 + number of draws at or above the observed) / (draws + 1) (Davison and Hinkley 1997, 4.2.3)."""
    return (1 + int(np.count_nonzero(null >= observed))) / (len(null) + 1)


def p_values(null: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """``p_value`` for many observed statistics against one null, the family's maxima; NaN stays NaN."""
    above = len(null) - np.searchsorted(np.sort(null), observed, side="left")
    return np.where(np.isnan(observed), np.nan, (1 + above) / (len(null) + 1))


def critical_value(null: np.ndarray, alpha: float = 0.05) -> float:
    """What an observed statistic must exceed for ``p_value`` <= alpha; the largest draw when draws are too
    few."""
    rank = max(1, math.floor(alpha * (len(null) + 1) + 1e-9))
    return float(np.partition(null, len(null) - rank)[len(null) - rank])


def stationary_indices(rng: np.random.Generator, n: int, block: float, draws: int) -> np.ndarray:
    """Indices of the stationary bootstrap (Politis and Romano 1994): geometric blocks, wrapped around the
    sample.

    Args:
        n: Length of the sample and of each resample.
        block: Mean block length [observations], at least 1.

    Returns:
        (draws, n), integers from 0 to n - 1.
    """
    if block == 1:
        return rng.integers(0, n, (draws, n))
    begins = rng.random((draws, n)) < 1 / block
    begins[:, 0] = True
    steps = np.arange(n)
    begun_at = np.maximum.accumulate(np.where(begins, steps, 0), axis=1)
    starts = rng.integers(0, n, (draws, n))
    return (np.take_along_axis(starts, begun_at, axis=1) + steps - begun_at) % n


def p_text(p: float) -> str:
    """A p as a reader sees it, rounded to what 4,999 draws are worth: ``p = .031``, ``p = .46``, ``p <
    .001``."""
    if p < 0.001:
        return "p < .001"
    digits = f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
    return f"p = {digits.removeprefix('0')}"
