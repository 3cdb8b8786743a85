"""The catalogue: one row a series. ``catalogue.toml`` is the only home of provider codes.

A row says what a series is, who publishes it, when a figure can first be known and how it is drawn.
Series that are not listed by hand are derived here by rule: the fed funds contract months, the months in which silver is
delivered, and any typed Yahoo symbol.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from analytics.errors import BadSymbol, UnknownSeries

Frequency = Literal["d", "w", "m", "q", "a"]
Calendar = Literal[
    "daily",
    "weekdays",
    "weekdays_since_2018",
    "weekdays_and_month_ends",
    "nyse",
    "mondays",
    "wednesdays",
    "fridays",
    "report_days",
    "months",
    "month_ends",
    "quarters",
    "years",
    "sunday_week",
]
FREQUENCIES: dict[str, str] = {"d": "daily", "w": "weekly", "m": "monthly", "q": "quarterly", "a": "annual"}

MONTH_CODES = dict(zip(range(1, 13), "FGHJKMNQUVXZ", strict=True))
_CODE_MONTHS = {letter: month for month, letter in MONTH_CODES.items()}
_CONTRACT = re.compile(r"zq_([0-9]{4})_([0-9]{2})")
_DELIVERY = re.compile(r"si_([0-9]{4})_([0-9]{2})")
DELIVERIES_AHEAD = 10
"""Calendar months among which they are asked for: four or five of them."""
DELIVERIES = (3, 5, 7, 9, 12)
"""Months in which most of COMEX's silver is delivered; the exchange lists others too, which hardly trade."""
_COIN = re.compile(r"-[A-Z]{3}$")
_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.=^-]{0,19}")
SUNDAY_WEEK = (".TA", ".SR", ".QA", ".KW", ".CA")
"""Suffixes of Tel Aviv, Riyadh, Doha, Kuwait and Cairo, whose week begins on Sunday."""
NEIGHBOURS, NEIGHBOURS_GAP = 1.2, 0.9
"""How far a contract month may lie from the next, and that from its median of 21 days [points]."""
PROVIDERS = {"yahoo": "Yahoo", "fred": "FRED", "cftc": "CFTC", "lbma": "LBMA", "file": "Imported file"}
"""What sentences call a provider."""
TRADERS = {
    "managed": "managed money",
    "producers": "producers and users",
    "swaps": "swap dealers",
    "managers": "asset managers",
    "dealers": "dealers",
    "leveraged": "leveraged funds",
    "others": "other large traders",
}
"""The CFTC's groups of traders, as the names of a report's further figures begin."""
HELD = {"shares": "shares", "ounces": "oz"}
"""What a fund holds as a reader's file says it, and its unit; the keys are ``shares:SLV`` and so on."""
_HOLDINGS = re.compile(rf"({'|'.join(HELD)}):([A-Z0-9][A-Z0-9.-]{{0,11}})")
TYPED = "yahoo:"
"""Prefix of the key of a typed Yahoo symbol, for example ``yahoo:ADA-USD``."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Series with which another must move, and how far apart true figures were found (docs/data-quality.md).

    Attributes:
        relation: ``ratio``: the level is value / product of (term ** factor); ``sum``: it is value - sum of (factor * term),
            in the series' unit.
        terms: (key, factor) of each series of the relation.
        low, high: Bounds of the level.
        gap: Farthest that a level lies from the median of the 21 common dates before it, of logs for a ratio.
        since: First day on which the bounds of the level hold; None for all. (Histories adjusted for dividends drift
            off before it.)
    """

    relation: Literal["ratio", "sum"]
    terms: tuple[tuple[str, float], ...]
    low: float
    high: float
    gap: float
    since: dt.date | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The series of the relation."""
        return tuple(key for key, _ in self.terms)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of the catalogue.

    Attributes:
        key: House name, used everywhere but at the provider's door.
        title: Full name for papers and tables.
        label: Short name for lines and cards.
        unit: Unit of the stored value, for example ``$/oz`` or ``%``.
        change: How moves are measured: ``return`` (log return) or ``difference`` (for rates and indices that
            cross zero).
        frequency: ``d w m q a``.
        provider: One of PROVIDERS.
        code: The provider's own code.
        publisher: Who makes the figure.
        licence: What a reader may do with the rows.
        colour: Name of a colour in ``render.theme``.
        settles: Local time at which the price is formed, ``HH:MM Zone``; prices only.
        final: Local time from which the day's bar can no longer change; the ``known_at`` of a price.
        every_day: Stamped every calendar day, weekends and holidays too; a price's day then ends at 00:00
            UTC.
        calendar: The days on which a row may be dated (``calendars.may_be_dated``).
        release_lag: Longest ordinary time from the date that FRED stamps on a period to its first publication
            (Monday-to-Friday days for daily series, calendar days for the others) [days].
        released: Name of the rule (``clock.release_rules``) where the publisher has a calendar of its own; the lag then only
            says how long its figures take at most.
        public_since: Nothing of the series was public before this day, however old the period; None where it always was.
        positive: Values must be above zero.
        range: Least and greatest plausible value, where the unit fixes one.
        revised: Published figures are revised later.
        vintages: Every vintage can be had (ALFRED, with a key).
        rolling: The source serves a moving window and forgets what is older.
        begins: First period of the full history at the latest; None where unknown.
        first_day: The series' own first day at its source, before which no row can be true; None where unknown.
        kept_from: What is dated earlier is left out, though the source may have it; None where all is kept.
        witnesses: Relations to other series that must hold; empty where none is known.
        leap: Largest plausible step from one figure to the next: a factor less one (0.5: between x 1.5 and / 1.5), or in
            the unit of a series measured by differences; None where it is not known.
        still: Longest plausible run of equal figures; None where the series may stand.
        split_adjusts: The provider restates history for splits.
        announced: A change is public at the decision, the day before it is in force.
        projection: Periods lie ahead: a figure is known when it is published, which its period does not tell.
        volume: Volume is stored beside the close.
        lead, follow: Offered as the first or second leg of a pair.
        parts: Further figures of each period that one report gives, by the names of their ledger fields.
        part: The one of them that this row is; empty for a report itself, whose main value is another.
    """

    key: str
    title: str
    label: str
    unit: str
    change: Literal["return", "difference"]
    frequency: Frequency
    provider: Literal["yahoo", "fred", "cftc", "lbma", "file"]
    code: str
    publisher: str
    licence: str
    colour: str = "context"
    settles: str | None = None
    final: str | None = None
    every_day: bool = False
    calendar: Calendar = "weekdays"
    release_lag: int = 0
    released: Literal["traders", "vaults", "treasury"] | None = None
    public_since: dt.date | None = None
    positive: bool = True
    range: tuple[float, float] | None = None
    revised: bool = False
    vintages: bool = False
    rolling: bool = False
    begins: dt.date | None = None
    first_day: dt.date | None = None
    kept_from: dt.date | None = None
    witnesses: tuple[Witness, ...] = ()
    leap: float | None = None
    still: int | None = None
    split_adjusts: bool = False
    volume: bool = False
    announced: bool = False
    projection: bool = False
    lead: bool = False
    follow: bool = False
    parts: tuple[str, ...] = ()
    part: str = ""

    @property
    def field(self) -> str:
        """The ledger field that holds the series' main value."""
        return self.part or ("close" if self.provider == "yahoo" else "value")

    @property
    def stored_as(self) -> str:
        """The key under which the ledger holds it: that of the report for a part of one."""
        return self.key.removesuffix(f".{self.part}") if self.part else self.key


@cache
def load() -> dict[str, Series]:
    """All listed series by key, in catalogue order."""
    text = files("analytics").joinpath("catalogue.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    defaults: dict[str, dict[str, object]] = document["group"]
    rows: dict[str, Series] = {}
    for key, row in document["series"].items():
        merged = {**defaults[row.pop("group")], **row}
        if "range" in merged:
            merged["range"] = tuple(merged["range"])
        merged["parts"] = tuple(merged.get("parts", ()))
        merged["witnesses"] = tuple(_witness(**one) for one in merged.get("witnesses", ()))
        rows[key] = Series(key=key, **merged)
    return rows


def _witness(*, terms: dict[str, float], **bounds: Any) -> Witness:
    return Witness(terms=tuple(terms.items()), **bounds)


def get(key: str) -> Series:
    """The series called ``key``: a listed one, a contract month (``zq_2026_07``), a month of delivery of silver
    (``si_2026_07``), ``yahoo:SYMBOL``, a figure of a report (``silver_positions.managed_long``) or what a fund holds by a reader's file (``shares:SLV``).

    Raises:
        UnknownSeries: no such key.
        BadSymbol: a typed symbol that cannot be one.
    """
    listed = load().get(key)
    if listed is not None:
        return listed
    if match := _CONTRACT.fullmatch(key):
        return contract(int(match[1]), int(match[2]))
    if match := _DELIVERY.fullmatch(key):
        return delivery(int(match[1]), int(match[2]))
    if key.startswith(TYPED):
        return typed(key.removeprefix(TYPED))
    if match := _HOLDINGS.fullmatch(key):
        return holdings(match[2], match[1])
    report, _, part = key.partition(".")
    if report in load() and part in load()[report].parts:
        return part_of(load()[report], part)
    raise UnknownSeries(key)


@lru_cache(maxsize=256)
def part_of(report: Series, part: str) -> Series:
    """A further figure of a report as a series: not below zero, and judged together with its report."""
    group, _, side = part.partition("_")
    name = f"{TRADERS[group]}, {side}" if side else part
    return replace(
        report,
        key=f"{report.key}.{part}",
        title=f"{report.title.partition(':')[0]}: {name}",
        label=f"{report.label}, {name}",
        parts=(),
        part=part,
        positive=False,
        change="difference",
        witnesses=(),
        leap=None,
        still=None,
    )


@lru_cache(maxsize=1_200)
def contract(year: int, month: int) -> Series:
    """The 30-day fed funds future of a calendar month; its price is 100 minus the mean effective rate [%]."""
    _check_month("zq", year, month)
    model = load()["fed_funds_front"]
    return Series(
        key=f"zq_{year}_{month:02d}",
        title=f"30-day fed funds future, {dt.date(year, month, 1):%B %Y}",
        label=f"ZQ {dt.date(year, month, 1):%b %y}",
        unit=model.unit,
        change="difference",
        frequency="d",
        provider="yahoo",
        code=f"ZQ{MONTH_CODES[month]}{year % 100:02d}.CBT",
        publisher=model.publisher,
        licence=model.licence,
        colour=model.colour,
        settles=model.settles,
        final=model.final,
        range=model.range,
        witnesses=_neighbours(year * 12 + month - 1),
        leap=1.8,
        still=25,
        volume=True,
    )


@lru_cache(maxsize=256)
def delivery(year: int, month: int) -> Series:
    """COMEX silver for delivery in a month: the row of the front month, and that row its witness.

    The bounds follow from what storing silver can cost, not from a record: two years of interest above the front, a fifth below.
    """
    _check_month("si", year, month)
    return replace(
        load()["silver"],
        key=f"si_{year}_{month:02d}",
        title=f"Silver, COMEX future for delivery in {dt.date(year, month, 1):%B %Y}",
        label=f"Silver {dt.date(year, month, 1):%b %y}",
        code=f"SI{MONTH_CODES[month]}{year % 100:02d}.CMX",
        first_day=None,
        witnesses=(Witness("ratio", (("silver", 1.0),), 0.8, 1.25, 0.15),),
        volume=False,
        lead=False,
        follow=False,
    )


def delivery_month(key: str) -> dt.date | None:
    """First day of the month of ``si_YYYY_MM``; None for any other key."""
    return _month(_DELIVERY.fullmatch(key))


def deliveries(first: dt.date, months: int) -> list[Series]:
    """Silver's months of delivery among so many calendar months from that of ``first`` on, nearest first."""
    start = first.year * 12 + first.month - 1
    ahead = (divmod_month(start + i) for i in range(months))
    return [delivery(year, month) for year, month in ahead if month in DELIVERIES]


def listed_deliveries(today: dt.date) -> list[Series]:
    """The months of delivery that are asked for: what is near enough to be traded, and few requests."""
    return deliveries(today, DELIVERIES_AHEAD)


def followed(today: dt.date) -> list[Series]:
    """What is kept whoever asks: every row, the listed contract months and silver's months of delivery."""
    return [*load().values(), *listed_contracts(today), *listed_deliveries(today)]


def _neighbours(count: int) -> tuple[Witness, ...]:
    """The contract months before and after a running month number, where there can be such."""
    beside = [divmod_month(near) for near in (count - 1, count + 1) if 1989 * 12 <= near < 2089 * 12]
    terms = [f"zq_{year}_{month:02d}" for year, month in beside]
    return tuple(Witness("sum", ((key, 1.0),), -NEIGHBOURS, NEIGHBOURS, NEIGHBOURS_GAP) for key in terms)


def holdings(fund: str, measure: str) -> Series:
    """What a fund holds, as a reader's file says it; issuers publish on the evening or the morning after."""
    return Series(
        key=f"{measure}:{fund}",
        title=f"{fund}, {measure} {'outstanding' if measure == 'shares' else 'held'}",
        label=f"{fund} {measure}",
        unit=HELD[measure],
        change="return",
        frequency="d",
        provider="file",
        code=fund,
        publisher="its issuer, by a file of the reader's",
        licence="As its issuer says; rows may not be handed on",
        release_lag=1,
    )


def contract_month(key: str) -> dt.date | None:
    """First day of the contract month of ``zq_YYYY_MM``; None for any other key."""
    return _month(_CONTRACT.fullmatch(key))


def _month(match: re.Match[str] | None) -> dt.date | None:
    return dt.date(int(match[1]), int(match[2]), 1) if match else None


def _check_month(kind: str, year: int, month: int) -> None:
    """The years are those that two digits of a code can name."""
    if month not in MONTH_CODES or not 1989 <= year <= 2088:
        raise UnknownSeries(f"{kind}_{year}_{month:02d}")


def parse_contract_code(code: str) -> dt.date | None:
    """First day of the month that a code such as ``ZQN26`` names (1989 to 2088); None when it names none."""
    match = re.fullmatch(r"ZQ([FGHJKMNQUVXZ])([0-9]{2})(?:\.CBT)?", code.upper())
    if match is None:
        return None
    return dt.date(_century(match[2]), _CODE_MONTHS[match[1]], 1)


def _century(digits: str) -> int:
    """The year that two digits of a code name: 1989 to 2088."""
    return (1900 if int(digits) >= 89 else 2000) + int(digits)


def listed_contracts(today: dt.date, months: int = 18) -> list[Series]:
    """The contract months that the exchange lists from ``today`` on, nearest first."""
    first = today.year * 12 + today.month - 1
    return [contract(*divmod_month(first + i)) for i in range(months)]


def divmod_month(count: int) -> tuple[int, int]:
    """(year, month) of a running month number year * 12 + month - 1."""
    return count // 12, count % 12 + 1


def typed(symbol: str) -> Series:
    """A series for a Yahoo symbol that a reader typed, checked for length and characters only.

    Raises:
        BadSymbol: empty, too long or holding characters that no Yahoo symbol has.
    """
    text = symbol.strip()
    if text.isascii():  # "ß".upper() is "SS", which would then pass as a symbol
        text = text.upper()
    if not text:
        raise BadSymbol(symbol, "it is empty")
    if len(text) > 20:
        raise BadSymbol(symbol, "it is longer than 20 characters")
    if not _SYMBOL.fullmatch(text) or ".." in text:
        raise BadSymbol(symbol, "it may hold only letters, digits and . = ^ -")
    for series in load().values():
        if series.provider == "yahoo" and series.code == text:
            return series
    if month := parse_contract_code(text):
        return contract(month.year, month.month)
    if match := re.fullmatch(r"SI([FGHJKMNQUVXZ])([0-9]{2})\.CMX", text):
        return delivery(_century(match[2]), _CODE_MONTHS[match[1]])
    crypto = text.endswith("-USD")
    return Series(
        key=TYPED + text,
        title=f"{text} (typed symbol)",
        label=text,
        unit="$" if crypto else "price",
        change="return",
        frequency="d",
        provider="yahoo",
        code=text,
        publisher="Yahoo Finance",
        licence=load()["silver"].licence,
        colour="other",
        settles="00:00 UTC" if crypto else "16:00 America/New_York",
        final="00:00 UTC" if crypto else "18:00 America/New_York",
        every_day=crypto,
        calendar=_typed_calendar(text),
        leap=0.5,
        still=None if text.endswith("=X") else 20,  # a pegged currency may stand for years
        split_adjusts=not crypto,
        lead=True,
        follow=True,
    )


def _typed_calendar(symbol: str) -> Calendar:
    """Coins trade every day; some exchanges of the Middle East from Sunday; all others on weekdays."""
    if _COIN.search(symbol):
        return "daily"
    return "sunday_week" if symbol.endswith(SUNDAY_WEEK) else "weekdays"


def pair_choices(role: Literal["lead", "follow"]) -> list[Series]:
    """The series offered as one leg of a pair."""
    return [series for series in load().values() if getattr(series, role)]
