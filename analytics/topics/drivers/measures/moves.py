"""Assets and their drivers made ready for a regression: changes on common days in the step that a reader
thinks in.

A price moves in steps of 1% (log return), a yield in steps of 10 basis points (difference): a coefficient is
then "% of the asset per step" without further conversion. Common days first, then changes (``changes``), then
steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import BadChoice, NotEnoughData, NoVariation, SameSeries
from analytics.stats.changes import changes
from analytics.stats.pairs import weekly

_OWN_SHARE = 1e-8
"""Share of a driver's variance that the others must leave to it; below it no regression can tell them
apart."""
PERCENT = 0.01


@dataclass(frozen=True, slots=True)
class Driver:
    """Something that may move an asset.

    Attributes:
        key: House name; the column of ``levels``.
        name: How a sentence calls it.
        step: One unit of its change, as a sentence says it.
        size: The same in the series' own unit: log points for prices, percentage points for yields.
        difference: Changes are differences (yields), not log returns.
    """

    key: str
    name: str
    step: str
    size: float
    difference: bool


_TABLE = (
    Driver("real_yield_10y", "the 10-year real yield", "10 bp", 0.10, True),
    Driver("dollar_index", "the dollar", "1%", PERCENT, False),
    Driver("breakeven_10y", "the 10-year breakeven", "10 bp", 0.10, True),
    Driver("sp500", "the S&P 500", "1%", PERCENT, False),
    Driver("dollar_broad", "the broad dollar", "1%", PERCENT, False),
)
DRIVERS: Mapping[str, Driver] = {row.key: row for row in _TABLE}
USUAL = ("real_yield_10y", "dollar_index", "breakeven_10y", "sp500")
"""The regressors of claims 13 to 15, in this order."""


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Changes on common days.

    Attributes:
        assets: Log returns [%], (n, assets), no NaN.
        drivers: Changes [steps of each driver], (n, drivers), no NaN.
        days: The common days, datetime64[D], (n + 1,): change i runs from day i to day i + 1.
        asset_keys, driver_keys: Names of the columns.
    """

    assets: np.ndarray
    drivers: np.ndarray
    days: np.ndarray
    asset_keys: tuple[str, ...]
    driver_keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.assets)

    def dates(self) -> pd.DatetimeIndex:
        """The day on which each change ends, (n,)."""
        return pd.DatetimeIndex(self.days[1:].astype("datetime64[s]"))

    def between(self, first: int, stop: int) -> Moves:
        """Changes ``first`` to ``stop`` - 1."""
        days = self.days[first : stop + 1]
        return Moves(
            self.assets[first:stop], self.drivers[first:stop], days, self.asset_keys, self.driver_keys
        )

    def latest(self, count: int) -> Moves:
        """The last ``count`` changes; all where there are fewer."""
        return self.between(max(0, len(self) - count), len(self))

    def weeks(self) -> Moves:
        """The same from Friday to Friday (or the week's last common day); daily changes add up to weekly
        ones."""
        table = np.cumsum(np.column_stack([self.assets, self.drivers]), axis=0)
        levels = np.vstack([np.zeros(table.shape[1]), table])
        closes = weekly(pd.DataFrame(levels, index=pd.DatetimeIndex(self.days.astype("datetime64[s]"))))
        moved, split = np.diff(closes.to_numpy(), axis=0), len(self.asset_keys)
        days = closes.index.to_numpy().astype("datetime64[D]")
        return Moves(moved[:, :split], moved[:, split:], days, self.asset_keys, self.driver_keys)


def moves(levels: pd.DataFrame, assets: Sequence[str], drivers: Sequence[str] = USUAL, *, need: int) -> Moves:
    """Changes between the days that all the columns share, or the reason why there are none worth measuring.

    Args:
        levels: Closes and yields [%] on rising US trading days; a row with a NaN in a used column is no
            common day.
        assets: Columns with prices.
        drivers: Columns, each a key of ``DRIVERS``.
        need: Fewest changes that the method can use.

    Raises:
        BadChoice: a driver that is not in the table.
        SameSeries: a column used twice, or an asset that moves like a driver.
        NotEnoughData: a column is absent, or there are fewer changes than needed.
        NoVariation: a column hardly ever moves, or not apart from the other drivers.
        MeasureError: the others that ``changes`` names.
    """
    if unknown := [key for key in drivers if key not in DRIVERS]:
        raise BadChoice("driver", unknown[0], ", ".join(DRIVERS))
    used = (*assets, *drivers)
    for key in used:
        if used.count(key) > 1:
            raise SameSeries(_upper(name_of(key)))
        if key not in levels:
            raise NotEnoughData(_upper(name_of(key)), 0, need + 1)
    named = levels[list(used)].rename(columns=name_of)
    rates = [DRIVERS[key].name for key in drivers if DRIVERS[key].difference]
    moved = changes(named, need, rates)
    first = named.index[named.notna().all(axis=1)][0]
    steps = [PERCENT] * len(assets) + [DRIVERS[key].size for key in drivers]
    values, split = moved.to_numpy(float) / steps, len(assets)
    days = moved.index.insert(0, first).to_numpy().astype("datetime64[D]")
    found = Moves(values[:, :split], values[:, split:], days, tuple(assets), tuple(drivers))
    _check_apart(found)
    return found


def name_of(key: str) -> str:
    """How a sentence calls a series: a driver's name, or the key in words."""
    return DRIVERS[key].name if key in DRIVERS else key.replace("_", " ")


def _check_apart(found: Moves) -> None:
    """No driver may be a combination of the others, and no asset one of the drivers."""
    x = found.drivers - found.drivers.mean(axis=0)
    for i, key in enumerate(found.driver_keys):
        own = x[:, i]
        rest = np.delete(x, i, axis=1)
        left = own - rest @ np.linalg.lstsq(rest, own, rcond=None)[0]
        if left @ left <= _OWN_SHARE * (own @ own):
            raise NoVariation(f"{_upper(name_of(key))}, once the other drivers are taken out,")
        for column, asset in zip(found.assets.T, found.asset_keys, strict=True):
            if np.allclose(column, found.drivers[:, i], rtol=0, atol=1e-10):
                raise SameSeries(f"{_upper(name_of(asset))}, which moves like {name_of(key)},")


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]
