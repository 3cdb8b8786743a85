"""The reader's choices as plain values; to and from an address.

An address is over-specified: every choice is written, defaults too, so that a later default cannot change a link.
What cannot be read is replaced by the default and said in one line: a hostile or outdated address never breaks a page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from analytics import catalogue
from analytics.clock.instants import NEW_YORK, day_of, end_of_day
from analytics.errors import BadChoice, InputError

SPANS = ("3m", "6m", "1y", "3y", "5y", "10y", "max")
_MONTHS = {"1m": 1, "3m": 3, "6m": 6, "1y": 12, "3y": 36, "5y": 60, "10y": 120}
MOVES = ("january", "span", "month", "year")
DRIVERS = ("real_yield_10y", "dollar_index", "breakeven_10y", "sp500")
TOPICS = ("silver", "bitcoin", "rates", "drivers", "supply", "stages", "triggers")
VERDICTS = (
    "supported", "too_small_to_matter", "not_supported", "contradicted", "undecided", "not_measurable",
)  # fmt: skip
"""Of claims, as an address says them."""
FORMER_VERDICTS = {"underpowered": "undecided"}
"""What addresses made before 30 November 2026 may still say."""
ODDS = ("range", "at_most", "at_least", "meeting")
"""Of each range, of it or a lower or a higher one, or of each meeting's own move."""
EARLIEST, LATEST = dt.date(1985, 1, 2), dt.date(2100, 1, 1)
PRESETS: dict[str, dt.date] = {"the article": dt.date(2026, 1, 23), "silver's peak": dt.date(2026, 1, 29)}
ARTICLE = PRESETS["the article"]
AFTER_ARTICLE = dt.date(2026, 1, 26)
"""The first trading day after it: from then on there is a window since the article."""
LONGEST_VALUE = 64
"""No honest choice is longer [characters]; what is longer is refused before it is parsed."""


@dataclass(frozen=True, slots=True)
class View:
    """Everything a reader can choose.

    Attributes:
        lead, follow: Series keys of the pair.
        span: How far back the pages look, one of ``SPANS``.
        as_of: The instant as of which everything is shown; None is live.
        start, end: A frozen window [dates, inclusive]; both or neither. They override ``span``.
        compare: What the rate path is compared with: ``day``, ``week``, ``month`` ago, or an ISO date.
        year: To whose end moves of the Fed are counted; ``auto`` is the running one.
        meeting: The meeting whose odds are followed through time: ``next`` or an ISO date.
        legs: Window of the leg decomposition: ``span``, ``article`` (from 23 Jan 2026 on), ``month`` or ``year``.
        move: Window of the move that the drivers are asked to explain: ``january`` (2026, to the article), ``span``, ``month``,
            ``year``, or two ISO dates joined by an underscore.
        driver: Whose betas are followed through time, one of ``DRIVERS``.
        vintage: The print of silver's balance that is shown: ``known`` (each year from the last print known) or a print's date.
        topic, verdict: Which claims are listed: ``all``, or one of ``TOPICS`` and one of ``VERDICTS``.
        odds: Which odds the Rate path's table gives, one of ``ODDS``.
        recorded: Frozen data: nothing that the ledger learned later is read; None is whatever the ledger holds.
        sha256: Frozen data: ``Panel.sha256`` of the pair as the link's maker saw it, empty without ``recorded``.
    """

    lead: str = "silver"
    follow: str = "bitcoin"
    span: str = "1y"
    as_of: dt.datetime | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    legs: str = "article"
    compare: str = "month"
    year: str = "auto"
    meeting: str = "next"
    move: str = "january"
    driver: str = "real_yield_10y"
    vintage: str = "known"
    topic: str = "all"
    verdict: str = "all"
    odds: str = "range"
    recorded: dt.datetime | None = None
    sha256: str = ""

    def instant(self, now: dt.datetime) -> dt.datetime:
        """The instant the pages read at: the chosen one, or the present; never later than the present."""
        return now if self.as_of is None else min(self.as_of, now)

    def window(self, now: dt.datetime) -> tuple[dt.date, dt.date]:
        """First and last date shown; a frozen window that begins after all that is known gives way to the span."""
        last = day_of(self.instant(now))
        if self.start is not None and self.end is not None and self.start < last:
            return self.start, min(self.end, last)
        if self.span == "max":
            return EARLIEST, last
        return max(EARLIEST, months_before(last, _MONTHS[self.span])), last

    def frozen(self, now: dt.datetime) -> View:
        """The same view with its dates written out: the frozen-window link."""
        start, end = self.window(now)
        return replace(self, as_of=self.instant(now).astimezone(NEW_YORK), start=start, end=end)

    def pinned(self, now: dt.datetime, recorded: dt.datetime, sha256: str) -> View:
        """The frozen-data link: the frozen window, the ledger's instant and the hash of the pair's panel."""
        return replace(self.frozen(now), recorded=recorded, sha256=sha256)

    def thawed(self) -> View:
        """The same choices, read from whatever the ledger holds."""
        return replace(self, recorded=None, sha256="")


DEFAULT = View()
"""What a first visitor sees."""
NOT_FROZEN = "What is shown is not frozen and may differ from what the sender saw."


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months earlier, or the month's last day where there is none."""
    year, month = catalogue.divmod_month(day.year * 12 + day.month - 1 - months)
    following = dt.date(*catalogue.divmod_month(year * 12 + month), 1)
    return dt.date(year, month, min(day.day, (following - dt.timedelta(days=1)).day))


@dataclass(frozen=True, slots=True)
class Control:
    """How one choice is written in an address, and read from one."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    says: str


def _one_of(choices: tuple[str, ...], former: Mapping[str, str] | None = None) -> Control:
    def read(text: str) -> str:
        text = (former or {}).get(text, text)
        if text not in choices:
            raise BadChoice("It", text, " or ".join(choices))
        return text

    return Control(read, str, " or ".join(choices))


_RECORDED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_HASH = re.compile(r"[0-9a-f]{64}")


def _read_series(text: str) -> str:
    return catalogue.get(text).key


def _read_instant(text: str) -> dt.datetime | None:
    if text == "live":
        return None
    instant = end_of_day(dt.date.fromisoformat(text)) if len(text) == 10 else dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    if not EARLIEST < day_of(instant) <= LATEST:  # strictly: a window must fit before it
        raise ValueError("out of range")
    return instant.astimezone(NEW_YORK)


def _write_instant(instant: dt.datetime | None) -> str:
    return "live" if instant is None else instant.astimezone(NEW_YORK).isoformat()


def _read_date(text: str) -> dt.date | None:
    return None if text == "none" else _read_day(text)


def _read_day(text: str) -> dt.date:
    day = dt.date.fromisoformat(text)
    if not EARLIEST <= day <= LATEST:
        raise ValueError("out of range")
    return day


def _write_date(day: dt.date | None) -> str:
    return "none" if day is None else day.isoformat()


def _read_recorded(text: str) -> dt.datetime | None:
    if text == "newest":
        return None
    if not _RECORDED.fullmatch(text):
        raise ValueError("an instant of the ledger, to the microsecond, in UTC")
    instant = dt.datetime.fromisoformat(text)
    if not dt.date(2000, 1, 1) <= instant.date() <= LATEST:
        raise ValueError("out of range")
    return instant


def _write_recorded(instant: dt.datetime | None) -> str:
    return "newest" if instant is None else f"{instant.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _read_hash(text: str) -> str:
    if text != "none" and not _HASH.fullmatch(text):
        raise ValueError("a SHA-256 in hexadecimal")
    return "" if text == "none" else text


def _day_or(*words: str) -> Control:
    def read(text: str) -> str:
        return text if text in words else _read_day(text).isoformat()

    return Control(read, str, f"{', '.join(words)} or a date such as 2026-01-23")


def _read_year(text: str) -> str:
    if text != "auto" and not 2010 <= int(text) <= 2030:
        raise ValueError("out of range")
    return text if text == "auto" else str(int(text))


def _read_move(text: str) -> str:
    if text in MOVES:
        return text
    first, last = (_read_day(part) for part in text.split("_"))
    if first >= last:
        raise ValueError("the window is empty")
    return f"{first.isoformat()}_{last.isoformat()}"


_SERIES = Control(_read_series, str, "a series name such as silver, or yahoo:SYMBOL")
_DATE = Control(_read_date, _write_date, "a date such as 2026-01-23, or none")
CONTROLS: dict[str, Control] = {
    "lead": _SERIES,
    "follow": _SERIES,
    "span": _one_of(SPANS),
    "as_of": Control(_read_instant, _write_instant, "live, a date, or an instant with a zone"),
    "start": _DATE,
    "end": _DATE,
    "legs": _one_of(("span", "article", "month", "year")),
    "compare": _day_or("day", "week", "month"),
    "year": Control(_read_year, str, "auto or a year from 2010 to 2030"),
    "meeting": _day_or("next"),
    "move": Control(_read_move, str, f"{', '.join(MOVES)}, or two dates such as 2025-12-31_2026-01-23"),
    "driver": _one_of(DRIVERS),
    "vintage": _day_or("known"),
    "topic": _one_of(("all", *TOPICS)),
    "verdict": _one_of(("all", *VERDICTS), FORMER_VERDICTS),
    "odds": _one_of(ODDS),
    "recorded": Control(
        _read_recorded, _write_recorded, "newest, or the instant that a frozen-data link carries"
    ),
    "sha": Control(
        _read_hash, lambda found: found or "none", "none, or the 64 digits that a frozen-data link carries"
    ),
}
"""By the name that the address gives a choice; ``sha`` is the field ``sha256``."""
_FIELDS = dict(zip(CONTROLS, (field.name for field in fields(View)), strict=True))
assert [name for name, field in _FIELDS.items() if name != field] == ["sha"]


def to_query(view: View) -> dict[str, str]:
    """Every choice of a view as address parameters, in a fixed order."""
    return {name: control.write(getattr(view, _FIELDS[name])) for name, control in CONTROLS.items()}


def from_query(query: Mapping[str, str], base: View | None = None) -> tuple[View, list[str]]:
    """The view that an address describes, and one line for each parameter that could not be read.

    Unknown parameters are ignored (Streamlit's own ``embed`` among them); missing ones are taken silently from
    ``base`` (the session's view, or the defaults).
    """
    chosen: dict[str, Any] = {}
    unread: dict[str, str] = {}
    for name, control in CONTROLS.items():
        text = query.get(name)
        if text is None:
            continue
        try:
            if len(text) > LONGEST_VALUE:
                raise BadChoice(name, text, control.says)
            chosen[_FIELDS[name]] = control.read(text)
        except (InputError, ValueError, OverflowError):
            shown = NOT_FROZEN if name in ("recorded", "sha") else "The default is shown."
            unread[name] = f"The address's {name} could not be read; it takes {control.says}. {shown}"
            chosen[_FIELDS[name]] = getattr(DEFAULT, _FIELDS[name])
    held = base or DEFAULT
    if (
        not {"recorded", "sha"} & query.keys()
    ):  # a link without them is not frozen, whatever was looked at before
        held = held.thawed()
    view, problems = _consistent(replace(held, **chosen), unread.keys())
    return view, [*unread.values(), *problems]


def _consistent(view: View, unread: Collection[str]) -> tuple[View, list[str]]:
    """A view whose choices fit together; what follows from a choice that could not be read is not said again."""
    problems = []
    if view.lead == view.follow:
        if not {"lead", "follow"} & set(unread):
            problems.append("The address had the same series twice; the default pair is shown.")
        view = replace(view, lead=DEFAULT.lead, follow=DEFAULT.follow)
    if not _makes_window(view):
        if not {"start", "end"} & set(unread):
            problems.append("The address's start and end do not make a window; the span is shown instead.")
        view = replace(view, start=None, end=None)
    if view.recorded is not None or view.sha256:
        whole = view.recorded is not None and view.sha256 and view.as_of is not None
        if not whole and not {"recorded", "sha"} & set(unread):
            problems.append(
                f"A frozen-data link carries as_of, recorded and sha; this address lacks one. {NOT_FROZEN}"
            )
        view = view if whole else view.thawed()
    return view, problems


def _makes_window(view: View) -> bool:
    if view.start is None or view.end is None:
        return view.start is view.end
    return view.start < view.end and (view.as_of is None or view.start < day_of(view.as_of))
