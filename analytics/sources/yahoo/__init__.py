"""Yahoo Finance through yfinance: daily closes, volume, dividends and splits.

yfinance asks and parses; between it and the network stands a gate (``yahoo.gate``) that lets exactly one
kind of request through and reads the answer (``yahoo.raw``) before yfinance shapes it. What is stored are the
source's own finished bars; yfinance's frame is compared with them.
"""

from __future__ import annotations

import datetime as dt
import threading
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import stamina

from analytics.catalogue import Series
from analytics.clock.instants import parse_clock
from analytics.clock.releases import at_clock
from analytics.errors import Malformed, NoObservations, ProviderError, Throttled, UnknownSymbol
from analytics.sources import COLUMNS, Answer, Clock, Oddity
from analytics.sources.yahoo.gate import Gate, session_type, transfer_error
from analytics.sources.yahoo.raw import SOURCE, Chart, judge, left_out, lines, unlike

LONGEST_WAIT = 30.0
"""Longest Retry-After that is waited for [s]; a source that asks for more is left alone until next time."""
LEAST_SPLIT = 1.2
"""A ratio nearer to one than this cannot be told from a day's move; the source is believed."""
_ONE = threading.RLock()
"""yfinance keeps one session for the whole process, so one thread fetches at a time."""


class Yahoo:
    """Fetches series from Yahoo Finance; an instance is a ``Fetch``.

    Args:
        clock: The present instant; a bar that is not final by then is left out.
        cache_dir: Folder for whatever yfinance may want to keep.
        base_url: A mirror asked instead of Yahoo, ``http(s)://host[:port][/path]``.
        timeout: Longest wait for one answer, from the first byte out to the last byte in [s].
        attempts: Most requests for one series. It takes at most ``attempts`` times ``timeout`` and, between them, waits
            that the source names, of up to LONGEST_WAIT each: two minutes, as it stands.

    Raises:
        BadChoice: a mirror address of another form.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        cache_dir: Path,
        base_url: str | None = None,
        timeout: float = 20.0,
        attempts: int = 3,
    ) -> None:
        self._clock, self._cache_dir = clock, cache_dir
        self._gate = Gate(base_url, timeout)
        self._session: Any = None
        self._retrying = stamina.RetryingCaller(
            attempts=attempts, timeout=None, wait_initial=0.5, wait_max=8.0, wait_jitter=1.0
        )

    def __call__(self, series: Series, since: dt.date | None) -> Answer:
        """Rows ``close``, ``volume`` (where kept), ``dividend`` [price unit] and ``split`` [new for one old].

        Where the source restates history for splits, closes, dividends and volumes are put back as traded on
        the day, so that a later split revises nothing.

        Args:
            series: A row of the catalogue with provider ``yahoo``.
            since: First period wanted; None for the whole history.

        Raises:
            ProviderError: any failure of the source, after ``attempts`` requests where another may help.
        """
        chart, frame = self._retrying(_patience, self._fetch, series, since)
        return _answer(series, since, self._clock(), chart, frame)

    def reset(self) -> None:
        """Forget the answers that yfinance keeps for the life of the process; it keeps error pages too."""
        with _ONE:
            _yfinance().data.YfData.cache_get.cache_clear()

    def probe(self, timeout: float) -> bool:
        """Whether the source (or its mirror) answers at all within ``timeout`` [s], by one small request."""
        return self._gate.answers(timeout)

    def _fetch(self, series: Series, since: dt.date | None) -> tuple[Chart, pd.DataFrame]:
        with _ONE:
            try:
                frame = self._history(series, since)
            except _foreign() as error:
                self.reset()
                raise translated(error, series.code, self._gate.timeout) from None
            if self._gate.chart is None:
                raise Malformed(SOURCE, series.code, "yfinance answered without asking")
            return self._gate.chart, frame

    def _history(self, series: Series, since: dt.date | None) -> pd.DataFrame:
        yfinance = _yfinance()
        if yfinance.utils.is_isin(series.code):  # yfinance would search for it first
            raise UnknownSymbol(SOURCE, series.code)
        if self._session is None:
            yfinance.set_tz_cache_location(str(self._cache_dir))
            self._session = session_type()(self._gate)
        self._gate.open(series.code)
        ticker = yfinance.Ticker(series.code, session=self._session)
        _preset(ticker, parse_clock(str(series.final))[1].key)
        # A day early: `since` begins earlier east of the preset zone. The surplus is cut off again.
        span = {"period": "max"} if since is None else {"start": since - dt.timedelta(days=1)}
        limit = self._gate.timeout
        return ticker.history(**span, interval="1d", auto_adjust=False, actions=True, timeout=limit)


def _answer(
    series: Series, since: dt.date | None, now: dt.datetime, chart: Chart, frame: pd.DataFrame
) -> Answer:
    """The finished rows from ``since`` on, and a line for everything that is not among them."""
    judged = judge(chart, series, now)
    asked = judged if since is None else judged[judged["period"] >= pd.Timestamp(since)]
    if asked.empty:
        raise NoObservations(SOURCE, series.code)
    events = _events(series, chart)
    final = at_clock(events["period"], str(series.final)) <= now
    rows = pd.concat([_prices(series, chart, judged[judged["why"] == ""]), events[final]], ignore_index=True)
    notes = [*unlike(judged, frame), *_left_events(series, chart, events[~final])]
    if since is not None:
        rows = rows[rows["period"] >= pd.Timestamp(since)].reset_index(drop=True)
        notes = [note for note in notes if note.period is None or note.period >= since]
    oddities = (*chart.oddities, *left_out(asked), *notes)
    return Answer(series, since, rows, oddities, chart.begins, chart.currency)


def restated(bars: pd.DataFrame, splits: pd.Series, code: str) -> pd.Series:
    """What the source has divided the prices before each split by, judged by the prices and not by its word.

    Across an ex-date the price as traded falls by the ratio. The source's own series may show no jump there (it restated
    the past, the rule), the whole jump (it did not) or the reverse one (it did so twice): the nearest of the three.

    Args:
        bars: Finished bars in time order with ``period`` and ``close``.
        splits: New shares for one old share, by ex-date, rising.
        code: The symbol, for the error.

    Returns:
        The ratio to the power of 1, 0 or 2, by ex-date; 1 where no bar stands before or after.

    Raises:
        Malformed: a jump that is none of the three.
    """
    found = splits.copy()
    for day, ratio in splits.items():
        before, after = (bars.loc[mask, "close"] for mask in (bars["period"] < day, bars["period"] >= day))
        if before.empty or after.empty or abs(np.log(ratio)) < np.log(LEAST_SPLIT):
            continue
        times = 1 - np.log(before.iloc[-1] / after.iloc[0]) / np.log(ratio)
        if not -0.5 <= times <= 2.5:
            raise Malformed(SOURCE, code, f"its split of {day:%Y-%m-%d} does not fit its prices")
        found[day] = ratio ** int(np.clip(np.rint(times), 0, 2))
    return found


def later_splits(periods: pd.Series, splits: pd.Series) -> np.ndarray:
    """Product of the ratios of all splits with an ex-date after each period; 1 where there is none.

    Args:
        periods: datetime64[s], any order.
        splits: New shares for one old share, by ex-date, rising.
    """
    following = np.append(np.cumprod(splits.to_numpy()[::-1])[::-1], 1.0)
    return following[np.searchsorted(splits.index.to_numpy(), periods.to_numpy(), side="right")]


def _prices(series: Series, chart: Chart, bars: pd.DataFrame) -> pd.DataFrame:
    """As traded: the source divides past prices by later splits and multiplies past volumes by them."""
    splits = chart.splits if series.split_adjusts else chart.splits.iloc[:0]
    ratio = later_splits(bars["period"], restated(bars, splits, series.code))
    close = _table("close", bars["period"], bars["close"] * ratio)
    if not series.volume:
        return close
    return pd.concat([close, _table("volume", bars["period"], bars["volume"] / ratio)])


def _events(series: Series, chart: Chart) -> pd.DataFrame:
    days = chart.dividends.index.to_series()
    if not series.split_adjusts:
        return _table("dividend", days, chart.dividends)
    paid = _table("dividend", days, chart.dividends * later_splits(days, chart.splits))
    return pd.concat([paid, _table("split", chart.splits.index.to_series(), chart.splits)], ignore_index=True)


def _table(field: str, periods: pd.Series, values: pd.Series) -> pd.DataFrame:
    """Rows of one field in the form of ``Answer.rows``; a value that is not there makes no row."""
    columns = {"period": periods.to_numpy(), "field": field, "value": values.to_numpy(dtype=float)}
    table = pd.DataFrame(columns)
    table["known_at"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]")
    return table[table["value"].notna()][list(COLUMNS)]


def _left_events(series: Series, chart: Chart, early: pd.DataFrame) -> list[Oddity]:
    notes, reason = [], "Its day is not over yet; it is stored when it is."
    for field, rows in early.groupby("field"):
        notes += lines(str(field), rows["period"], rows["value"], reason)
    if not series.split_adjusts:
        reason = "A split of something that the catalogue says is never split; it is not stored."
        notes += lines("split", chart.splits.index, chart.splits, reason)
    return notes


@cache
def _yfinance() -> ModuleType:
    """yfinance, imported on first use (1.3 s) without the warning filters that it sets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import yfinance
    # What yfinance's own lines do to pandas is for its authors to mend. The filter stays: lifting it after
    # each fetch would not be safe while other threads run.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"yfinance\.")
    yfinance.config.debug.hide_exceptions = False
    yfinance.config.network.retries = 0
    return yfinance


@cache
def _foreign() -> tuple[type[Exception], ...]:
    """What yfinance may raise over an answer that it does not expect, and ours that pass through it."""
    from curl_cffi import CurlError

    shape = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, NotImplementedError)
    return (ProviderError, _yfinance().exceptions.YFException, CurlError, OSError, *shape)


def translated(error: Exception, code: str, timeout: float) -> ProviderError:
    """Our error for whatever comes out of yfinance, without its words."""
    from curl_cffi import CurlError

    if isinstance(error, ProviderError):
        return error
    if isinstance(error, _yfinance().exceptions.YFRateLimitError):
        return Throttled(SOURCE, code)
    if isinstance(error, CurlError | OSError):
        return transfer_error(error, code, timeout)
    return Malformed(SOURCE, code, f"yfinance cannot make a table of it: {type(error).__name__}")


def _patience(error: Exception) -> bool | float:
    """Whether to ask again; a number is the wait that the source asked for [s]."""
    if isinstance(error, Throttled) and error.retry_after is not None:
        return error.retry_after if error.retry_after <= LONGEST_WAIT else False
    return isinstance(error, ProviderError) and error.retryable


def _preset(ticker: Any, zone: str) -> None:
    """Give yfinance the zone, cookie and crumb that it would otherwise ask the network for."""
    ticker._tz = zone
    ticker._data._cookie_strategy, ticker._data._cookie, ticker._data._crumb = "basic", True, ""
