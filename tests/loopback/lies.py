"""Answers that are well-formed and false, as pure functions over the rows that a source is about to tell.

``LIES`` is the one table: a name, what it tells, of which series. ``CHANGES`` holds what looks like a lie and is true:
a correction, a revision, a rebased index. A source tells either by its name (``State.lies``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class Told:
    """What a source is about to say of one series.

    Attributes:
        code: The symbol or FRED id.
        days: datetime64[D], shape (n,), rising when true.
        values: Closes after all ``splits``, or figures, shape (n,) [the series' unit].
        splits: Ex-date and new shares for one old share.
        currency: As Yahoo writes it: ``GBp`` is pence.
        begins: The first day that the source says it has.
        cut: Characters cut off the end of a file.
    """

    code: str
    days: np.ndarray
    values: np.ndarray
    splits: tuple[tuple[dt.date, float], ...] = ()
    currency: str = "USD"
    begins: dt.date = dt.date(1970, 1, 1)
    cut: int = 0

    def keep(self, mask: np.ndarray) -> Told:
        """Only some rows."""
        return replace(self, days=self.days[mask], values=self.values[mask])

    def valued(self, values: np.ndarray) -> Told:
        """Other values on the same days."""
        return replace(self, values=np.asarray(values, dtype=float))

    def dated(self, days: np.ndarray) -> Told:
        """The same values on other days."""
        return replace(self, days=days)

    def on(self, days: np.ndarray) -> np.ndarray:
        """Values on ``days``, the one before where there is none, the first where there is none before."""
        return self.values[np.maximum(np.searchsorted(self.days, days, side="right") - 1, 0)]


Window = Callable[[Told], Told]
"""Takes the part of a history that was asked for."""
Tell = Callable[[Told, Callable[[str], Told]], Told]
"""What a lie makes of true rows; the second argument gives another series' true history by code."""
OTHER = {
    "SI=F": "GC=F", "^GSPC": "^IXIC", "BTC-USD": "ETH-USD", "DFII10": "DGS10", "TYPD": "QQQ", "SPLT": "QQQ", "PENY.L": "TYPD",
}  # fmt: skip
"""Whose history is answered for a series."""
WITNESS = {
    "SI=F": ("SLV",), "^GSPC": ("SPY",), "BTC-USD": ("CBBTCUSD",), "DFII10": ("DGS10", "T10YIE"), "^IXIC": ("QQQ",),
    "GC=F": ("GLD",), "^VIX": ("VIXCLS",), "DX-Y.NYB": ("UUP",),
}  # fmt: skip
"""What must move with a series, at another source or as its parts."""
PRICES = frozenset({"SI=F", "^GSPC", "BTC-USD", "TYPD"})
RATES = frozenset({"DFII10"})
ALL = PRICES | RATES
SPLIT = frozenset({"SPLT"})
PENCE = frozenset({"PENY.L"})
FUNDED = frozenset({"SI=F", "^GSPC"})
"""Those that a fund holds, whose prices may be answered in their place."""


@dataclass(frozen=True, slots=True)
class Lie:
    """One lie.

    Attributes:
        tell: Makes the false rows.
        codes: Series of the table test of which it is told.
        history: Told of the whole history and then cut to what was asked; else of what was asked.
        whole_only: Changes nothing that an update asks for.
        within_bounds: Off by less than 15% of the level everywhere, so that it may pass where nothing is held.
    """

    tell: Tell
    codes: frozenset[str] = ALL
    history: bool = False
    whole_only: bool = False
    within_bounds: bool = False


def told(name: str | None, true: Told, history: Callable[[str], Told], window: Window) -> Told:
    """The part of a history that was asked for, told truly (None) or as a lie or a change of that name makes it."""
    if name is None:
        return window(true)
    lie = LIES.get(name) or CHANGES[name]
    if lie.history:
        return window(lie.tell(true, history))
    asked = window(true)
    return lie.tell(asked, history) if len(asked.days) else asked


def _times(factor: float) -> Tell:
    return lambda rows, _: rows.valued(rows.values * factor)


def _plus(points: float) -> Tell:
    return lambda rows, _: rows.valued(rows.values + points)


def _at(place: Callable[[int], slice | list[int]], change: Callable[[np.ndarray], np.ndarray]) -> Tell:
    """Changes some rows, chosen by how many there are."""

    def tell(rows: Told, _: Callable[[str], Told]) -> Told:
        values, where = rows.values.copy(), place(len(rows.values))
        values[where] = change(values[where])
        return rows.valued(values)

    return tell


def _newest(count: int, factor: float) -> Tell:
    return _at(lambda n: slice(max(n - count, 0), n), lambda old: old * factor)


def _midway(factor: float) -> Tell:
    return _at(lambda n: [n // 2], lambda old: old * factor)


def _from_midway(factor: float) -> Tell:
    return _at(lambda n: slice(n // 2, n), lambda old: old * factor)


def _to_midway(factor: float) -> Tell:
    return _at(lambda n: slice(0, n // 2), lambda old: old * factor)


def _every(step: int, factor: float) -> Tell:
    return _at(lambda n: slice(0, n, step), lambda old: old * factor)


def _stretch(factor: float) -> Tell:
    """A year of it, a fifth where less was asked."""
    return _at(lambda n: slice(n // 2, n // 2 + max(min(252, n // 5), 1)), lambda old: old * factor)


def _frozen(count: int) -> Tell:
    return _at(lambda n: slice(max(n - count, 1) - 1, n), lambda old: np.full(len(old), old[0]))


def _all_newest(rows: Told, _: Callable[[str], Told]) -> Told:
    return rows.valued(np.full(len(rows.values), rows.values[-1]))


def _all_first(rows: Told, _: Callable[[str], Told]) -> Told:
    return rows.valued(np.full(len(rows.values), rows.values[0]))


def _reversed(rows: Told, _: Callable[[str], Told]) -> Told:
    return rows.valued(rows.values[::-1])


def _shuffled(rows: Told, _: Callable[[str], Told]) -> Told:
    return rows.valued(np.random.default_rng(7).permutation(rows.values))


def _rolled(rows_back: int) -> Tell:
    """Each day has the value of so many rows before; the oldest have the first."""
    return lambda rows, _: rows.valued(rows.values[np.maximum(np.arange(len(rows.values)) - rows_back, 0)])


def _tomorrow(rows: Told, _: Callable[[str], Told]) -> Told:
    return rows.valued(np.append(rows.values[1:], rows.values[-1]))


def _noise(share: float) -> Tell:
    def tell(rows: Told, _: Callable[[str], Told]) -> Told:
        sign = np.random.default_rng(11).choice([-1.0, 1.0], len(rows.values))
        return rows.valued(rows.values * (1 + share * sign))

    return tell


def _one_digit(rows: Told, _: Callable[[str], Told]) -> Told:
    return rows.valued([float(f"{value:.0e}") for value in rows.values])


def _upside_down(rows: Told, _: Callable[[str], Told]) -> Told:
    return rows.valued(1.0 / rows.values)


def _mirrored(rows: Told, _: Callable[[str], Told]) -> Told:
    """Rises for falls, from the first value on."""
    return rows.valued(rows.values[0] ** 2 / rows.values)


def _drifting(rows: Told, _: Callable[[str], Told]) -> Told:
    """Right at first and ever further off, threefold at the end."""
    return rows.valued(rows.values * np.linspace(1.0, 3.0, len(rows.values)))


def _other(code_of: Callable[[str], str]) -> Tell:
    return lambda rows, history: rows.valued(history(code_of(rows.code)).on(rows.days))


def _answered_for(code: str) -> str:
    return OTHER[code]


def _fund(code: str) -> str:
    return WITNESS[code][0]


def _interleaved(rows: Told, history: Callable[[str], Told]) -> Told:
    values = rows.values.copy()
    values[::2] = history(OTHER[rows.code]).on(rows.days)[::2]
    return rows.valued(values)


def _other_until_midway(rows: Told, history: Callable[[str], Told]) -> Told:
    half = np.arange(len(rows.days)) < len(rows.days) // 2
    return rows.valued(np.where(half, history(OTHER[rows.code]).on(rows.days), rows.values))


def _more(rows: Told, days: np.ndarray, values: np.ndarray) -> Told:
    """With further rows, in time order."""
    every, order = np.append(days, rows.days), np.argsort(np.append(days, rows.days), kind="stable")
    return replace(rows, days=every[order], values=np.append(values, rows.values)[order])


def _early_weeks(rows: Told, _: Callable[[str], Told]) -> Told:
    days = rows.days[0] - 7 * np.arange(12, 0, -1)
    told_first = replace(rows, begins=days[0].item())
    return _more(told_first, days, np.full(12, rows.values[0]))


def _early_days(rows: Told, _: Callable[[str], Told]) -> Told:
    days = np.busday_offset(rows.days[0], -np.arange(250, 0, -1), roll="backward")
    return _more(replace(rows, begins=days[0].item()), days, np.linspace(0.5, 1.0, 250) * rows.values[0])


def _weekends(rows: Told, _: Callable[[str], Told]) -> Told:
    """Saturdays and Sundays with Friday's value and a half."""
    off = np.setdiff1d(np.arange(rows.days[0], rows.days[-1] + 1), rows.days)
    off = off[~np.is_busday(off)]
    return _more(rows, off, rows.on(off) * 1.5)


def _calm_weekends(rows: Told, _: Callable[[str], Told]) -> Told:
    off = np.setdiff1d(np.arange(rows.days[0], rows.days[-1] + 1), rows.days)
    off = off[~np.is_busday(off)]
    return _more(rows, off, rows.on(off))


def _newest_on(days_later: int) -> Tell:
    def tell(rows: Told, _: Callable[[str], Told]) -> Told:
        days = rows.days.copy()
        days[-1] += days_later
        return rows.dated(days)

    return tell


def _all_on(days_later: int) -> Tell:
    return lambda rows, _: rows.dated(rows.days + days_later)


def _newest_earlier(rows: Told, _: Callable[[str], Told]) -> Told:
    """The newest day is left out, and its value stands, times three, on the day before."""
    short = rows.keep(np.arange(len(rows.days)) < len(rows.days) - 1)
    return short.valued(np.append(short.values[:-1], 3.0 * rows.values[-1]))


def _begins_earlier(rows: Told, _: Callable[[str], Told]) -> Told:
    return replace(rows, begins=dt.date(1990, 1, 2)).valued(rows.values * 1.3)


def _only(mask: Callable[[int], np.ndarray], factor: float = 1.0) -> Tell:
    return lambda rows, _: rows.keep(mask(len(rows.days))).valued(rows.values[mask(len(rows.days))] * factor)


def _twice(rows: Told, _: Callable[[str], Told]) -> Told:
    """Each day once as it is and once with half as much again."""
    return replace(
        rows, days=np.repeat(rows.days, 2), values=np.column_stack([rows.values, rows.values * 1.5]).ravel()
    )


def _history_twice(rows: Told, _: Callable[[str], Told]) -> Told:
    return replace(
        rows, days=np.append(rows.days, rows.days), values=np.append(rows.values, rows.values[::-1])
    )


def _cut(rows: Told, _: Callable[[str], Told]) -> Told:
    """The file ends inside its last number: after the point where there is one."""
    text = f"{rows.values[-1]:.9g}"
    return replace(rows, cut=1 + len(text.partition(".")[2]))


def _listed(ratio: float, back: int = 0, restated: float = 1.0) -> Tell:
    """A split of ``ratio`` dated ``back`` rows before the newest, where there is none; the past divided by ``restated``."""

    def tell(rows: Told, _: Callable[[str], Told]) -> Told:
        day = rows.days[max(len(rows.days) - 1 - back, 0)]
        values = np.where(rows.days < day, rows.values / restated, rows.values)
        return replace(rows.valued(values), splits=((day.item(), ratio),))

    return tell


def _split(ratio: Callable[[float], float], past: Callable[[float], float], later: int = 0) -> Tell:
    """A true split retold: its ratio, what the past is multiplied by beyond the true restatement, its day."""

    def tell(rows: Told, _: Callable[[str], Told]) -> Told:
        values, splits = rows.values.copy(), []
        for day, new in rows.splits:
            values[rows.days < np.datetime64(day)] *= past(new)
            splits.append((day + dt.timedelta(days=later), ratio(new)))
        return replace(rows.valued(values), splits=tuple(splits))

    return tell


def _unlisted(rows: Told, _: Callable[[str], Told]) -> Told:
    """A true split restated and not listed."""
    return replace(rows, splits=())


def _unlisted_unrestated(rows: Told, _: Callable[[str], Told]) -> Told:
    """A true split of which the source says nothing: a fall to a part."""
    return _unlisted(_split(lambda new: new, lambda new: new)(rows, _), _)


def _in(currency: str, factor: float = 1.0) -> Tell:
    return lambda rows, _: replace(rows.valued(rows.values * factor), currency=currency)


LIES: dict[str, Lie] = {
    # the whole answer by a factor
    "x10": Lie(_times(10.0)),
    "x0.1": Lie(_times(0.1)),
    "x4": Lie(_times(4.0)),
    "x2": Lie(_times(2.0)),
    "x100 (pence for pounds)": Lie(_times(100.0)),
    "x0.01": Lie(_times(0.01)),
    "x1000": Lie(_times(1000.0)),
    "x31.1 (a gram for an ounce)": Lie(_times(1 / 31.1035)),
    "x0.75": Lie(_times(0.75)),
    "negated": Lie(_times(-1.0)),
    "all zero": Lie(_times(0.0)),
    "a point more": Lie(_plus(1.0), RATES),
    "upside down": Lie(_upside_down, PRICES),
    "mirrored": Lie(_mirrored, PRICES),
    "drifting away": Lie(_drifting),
    "x1.04": Lie(_times(1.04), within_bounds=True),
    # frozen
    "30 frozen days": Lie(_frozen(30)),
    "250 frozen days": Lie(_frozen(250)),
    "all equal to the newest": Lie(_all_newest),
    "all equal to the first": Lie(_all_first),
    # another order
    "reversed in time": Lie(_reversed),
    "shuffled": Lie(_shuffled),
    "last year's values": Lie(_rolled(252), history=True),
    "values a row late": Lie(_rolled(1), history=True, within_bounds=True),
    "values a row early": Lie(_tomorrow, within_bounds=True),
    # another series
    "another series": Lie(_other(_answered_for)),
    "another series until midway": Lie(_other_until_midway),
    "its fund's": Lie(_other(_fund), FUNDED | RATES),
    "two series interleaved": Lie(_interleaved),
    # days that are not its own
    "12 early weeks": Lie(_early_weeks, history=True, whole_only=True),
    "250 early days": Lie(_early_days, history=True, whole_only=True),
    "weekends": Lie(_weekends, ALL - {"BTC-USD"}),
    "calm weekends": Lie(_calm_weekends, ALL - {"BTC-USD"}),
    "newest a day later": Lie(_newest_on(1), within_bounds=True),
    "newest a week earlier": Lie(_newest_on(-7)),
    "all a day earlier": Lie(_all_on(-1), within_bounds=True),
    "all a week earlier": Lie(_all_on(-7)),
    "newest missing, its triple the day before": Lie(_newest_earlier),
    "begins in 1990": Lie(_begins_earlier, PRICES, whole_only=True),
    # the newest
    "newest x4": Lie(_newest(1, 4.0)),
    "newest x0.2": Lie(_newest(1, 0.2)),
    "newest x0.1 (0.447 for 4.49)": Lie(_newest(1, 0.0996)),
    "newest x1.6": Lie(_newest(1, 1.6)),
    "three newest x10": Lie(_newest(3, 10.0)),
    "five newest x0.5": Lie(_newest(5, 0.5)),
    "newest negated": Lie(_newest(1, -1.0)),
    "newest zero": Lie(_newest(1, 0.0)),
    # midway
    "one midway x9": Lie(_midway(9.0)),
    "one midway x0.2": Lie(_midway(0.2)),
    "a year x10": Lie(_stretch(10.0)),
    "a year x0.5": Lie(_stretch(0.5)),
    "x10 from midway": Lie(_from_midway(10.0)),
    "x100 from midway": Lie(_from_midway(100.0)),
    "x1000 from midway": Lie(_from_midway(1000.0)),
    "x0.1 from midway": Lie(_from_midway(0.1)),
    "x10 to midway": Lie(_to_midway(10.0)),
    "every other negated": Lie(_every(2, -1.0)),
    "every other x10": Lie(_every(2, 10.0)),
    "every tenth x5": Lie(_every(10, 5.0)),
    "noise of 30%": Lie(_noise(0.3)),
    "noise of 4%": Lie(_noise(0.04), within_bounds=True),
    "one digit": Lie(_one_digit),
    # lost, and false besides
    "newer half x3": Lie(_only(lambda n: np.arange(n) >= n // 2, 3.0)),
    "newer half": Lie(_only(lambda n: np.arange(n) >= n // 2)),
    "older half x3": Lie(_only(lambda n: np.arange(n) < n - n // 2, 3.0)),
    "every other row x3": Lie(_only(lambda n: np.arange(n) % 2 == 0, 3.0)),
    "only the newest x3": Lie(_only(lambda n: np.arange(n) == n - 1, 3.0)),
    # twice
    "each day twice": Lie(_twice),
    "the history twice, once reversed": Lie(_history_twice),
    # the wire
    "cut inside the last number": Lie(_cut, RATES),
    # splits where there is none
    "an invented split": Lie(_listed(4.0, 3), frozenset({"TYPD"})),
    "an invented split with its past": Lie(_listed(4.0, 3, 4.0), frozenset({"TYPD"})),
    "an absurd split": Lie(_listed(1 / 190, 3), frozenset({"TYPD"})),
    "an absurd split with its past": Lie(_listed(1 / 190, 3, 1 / 190), frozenset({"TYPD"})),
    "an invented split in the past only": Lie(_listed(1.0, 3, 4.0), frozenset({"TYPD"})),
    # a true split told wrongly
    "a split without its past": Lie(_split(lambda new: new, lambda new: new), SPLIT, history=True),
    "a split restated twice": Lie(_split(lambda new: new, lambda new: 1 / new), SPLIT, history=True),
    "a split the wrong way round": Lie(_split(lambda new: 1 / new, lambda new: 1.0), SPLIT, history=True),
    "a split of another ratio": Lie(_split(lambda new: new * 2, lambda new: 1.0), SPLIT, history=True),
    "a split a week early": Lie(_split(lambda new: new, lambda new: 1.0, -7), SPLIT, history=True),
    "a split not listed": Lie(_unlisted, SPLIT, history=True),
    "a split not listed nor restated": Lie(_unlisted_unrestated, SPLIT, history=True),
    # money
    "pounds from midway, called pence": Lie(_from_midway(0.01), PENCE),
    "pounds called pence": Lie(_times(0.01), PENCE),
    "newest in pounds, called pence": Lie(_newest(1, 0.01), PENCE),
    "pence called pounds": Lie(_in("GBP"), PENCE),
    "dollars called cents": Lie(_in("USX"), frozenset({"SI=F", "TYPD"})),
    "cents called dollars": Lie(_in("USD", 100.0), frozenset({"SI=F", "TYPD"})),
}
"""By name. Silver, an index, Bitcoin, a real yield, a typed share; SPLT for splits and PENY.L for pence."""

CHANGES: dict[str, Lie] = {
    "one close 1% higher": Lie(_at(lambda n: [max(n - 4, 0)], lambda old: old * 1.01), PRICES),
    "two periods revised": Lie(
        _at(lambda n: slice(max(n - 3, 0), n - 1), lambda old: old * 1.002), frozenset({"CPIAUCSL"})
    ),
    "rebased": Lie(_times(0.4), frozenset({"USEPUINDXD"})),
}
"""What looks like a lie and is true."""
