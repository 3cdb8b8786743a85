"""The only place that turns a recipe, a view and a ledger into a result; pages, brief, bundle and commands all ask here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any, Self, TypeVar, cast
from urllib.parse import urlencode

from analytics import catalogue, panel, view
from analytics.clock.instants import day_of, end_of_day, from_micros
from analytics.errors import BadChoice
from analytics.evaluate.cache import Cache, Key, Memory, answered, attempt
from analytics.ledger import Ledger
from analytics.panel import Panel, Papers
from analytics.published import dated_events
from analytics.published.dated_events import Event
from analytics.recipe import Question, Recipe
from analytics.render.pair import Pair
from analytics.render.theme import LIGHT, Ink
from analytics.topics.claims import recipes as claims
from analytics.topics.claims.measures.verdicts import ClaimVerdict
from analytics.topics.drivers import recipes as drivers
from analytics.topics.lead_lag import recipes as lead_lag
from analytics.topics.pair import recipes as pair
from analytics.topics.positions import recipes as positions
from analytics.topics.rate_path import recipes as rate_path
from analytics.topics.regime import recipes as regime
from analytics.topics.silver_market import recipes as silver_market
from analytics.topics.triggers import recipes as triggers
from analytics.view import View

T = TypeVar("T")

RECIPES: dict[str, Recipe[Any]] = {
    recipe.name: recipe
    for topic in (pair, lead_lag, rate_path, drivers, regime, silver_market, positions, triggers, claims)
    for recipe in topic.RECIPES
}
"""By the name that the command line and addresses use."""
ASKED: dict[str, Recipe[Any]] = RECIPES | {recipe.name: recipe for recipe in claims.CLAIM.values()}
"""Also those that pages ask and the command line does not list: the verdict on each claim."""
Read = Callable[[Sequence[str]], Panel]
"""Gives the panel of some series as known at the evaluator's instant."""


def recipe(name: str) -> Recipe[Any]:
    """The recipe called ``name``.

    Raises:
        BadChoice: no such finding.
    """
    if name not in RECIPES:
        raise BadChoice("measure", name, ", ".join(RECIPES))
    return RECIPES[name]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluator:
    """A view on a ledger as of an instant, and what can be asked of it. Within a run nothing is read or measured twice.

    Attributes:
        ledger: Where to read.
        view: The reader's choices.
        now: The present instant.
        version: The ledger's version: nothing recorded later is read.
        ink: Colours of figures.
        cache: Where to look first.
    """

    ledger: Ledger
    view: View
    now: dt.datetime
    version: int
    ink: Ink = LIGHT
    cache: Cache = field(default_factory=Memory, repr=False)
    _known: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)

    @property
    def as_of(self) -> dt.datetime:
        """The instant that everything is read at."""
        return self.view.instant(self.now)

    @property
    def day(self) -> dt.date:
        """The as-of day in New York."""
        return day_of(self.as_of)

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        """First and last date shown."""
        return self.view.window(self.now)

    @property
    def simulated(self) -> bool:
        return self.ledger.kind == "demo"

    def on(self, day: dt.date) -> Self:
        """The same choices as they could have been known at the end of an earlier day."""
        return self.seen(replace(self.view, as_of=end_of_day(day), start=None, end=None))

    def seen(self, chosen: View) -> Self:
        """The same ledger with other choices."""
        return replace(self, view=chosen)

    def panel(self, keys: Sequence[str]) -> Panel:
        """What was known of some series."""
        wanted = tuple(dict.fromkeys(keys))
        place = (self.as_of, self.view.recorded, *wanted)
        if place not in self._known:  # asked for up to twenty times a run
            self.note("panel", *wanted)
            self._known[place] = self.cache.get(self._panel_key(wanted), partial(self._read, wanted))
        return cast("Panel", self._known[place])

    def finding(self, recipe: Recipe[T]) -> T:
        """What a recipe's measure finds for this view.

        Raises:
            AnalyticsError: the data cannot answer.
        """
        place = (self.as_of, self.view, recipe)
        if place not in self._known:
            self.note("finding", recipe.name)
            self._known[place] = self._found(recipe, self.view, self.panel)
        return cast("T", self._known[place])

    def block(self, make: Callable[..., T], *choices: str) -> T:
        """What a block's function makes of this view; not to be changed.

        Args:
            make: Of a topic's ``blocks``; takes the evaluator, then ``choices``.

        Raises:
            AnalyticsError: as ``make`` does.
        """
        self.note("block", make.__module__, make.__qualname__, *choices)
        name = " ".join((make.__module__, make.__qualname__, *choices))
        moment = f"{self.now.isoformat()} {self.as_of.isoformat()}"
        key = Key("block", name, (_written(self.view), moment, str(self.version), self.ink.mode))
        return answered(self.cache.get(key, partial(attempt, partial(make, self, *choices))))

    def note(self, kind: str, *names: str) -> None:
        """Something is asked for; whoever measures ahead of readers looks at it."""

    def verdict(self, claim: int) -> ClaimVerdict:
        """The verdict on a claim as of the day, whatever pair and span are chosen."""
        return self.finding(claims.CLAIM[claim])

    def own_verdict(self, claim: int) -> ClaimVerdict | None:
        """The verdict on a claim where its finding is what these choices show; None where another pair or span is chosen."""
        recipe, theirs = claims.ANSWERS[claim].recipe, claims.view_of(claim, self.view)
        same = _written(self.view, recipe) == _written(theirs, recipe)
        if recipe.turns_on("window"):
            same = same and self.window == theirs.window(self.now)
        return self.verdict(claim) if same else None

    def provenance(self, recipe: Recipe[Any]) -> tuple[Papers, ...]:
        """Of every series that a recipe reads and that is held."""
        return tuple(self.panel(recipe.keys(self.view, self.day)).papers.values())

    def pair(self) -> Pair:
        """The legs with their provenance and colours.

        Raises:
            NotEnoughData: nothing is known of one of them.
        """
        lead, follow = catalogue.get(self.view.lead), catalogue.get(self.view.follow)
        held = self.panel([lead.key, follow.key])
        for series in (lead, follow):
            held.series(series.key)  # says so where nothing is known of it
        return Pair(lead, follow, (held.papers[lead.key], held.papers[follow.key]), self.ink)

    def events(self) -> Sequence[Event]:
        """Dated events that were known on the day; none on simulated prices, which did not live through them."""
        return () if self.simulated else dated_events.known(self.day)

    def _read(self, keys: tuple[str, ...]) -> Panel:
        return panel.build(self.ledger, keys, self.as_of, self._recorded_by)

    @property
    def _recorded_by(self) -> dt.datetime:
        return self.view.recorded or from_micros(self.version)

    def _panel_key(self, keys: tuple[str, ...]) -> Key:
        parts = (self.as_of.isoformat(), str(self.version), self._recorded_by.isoformat())
        return Key("panel", " ".join(keys), parts)

    def _found(self, recipe: Recipe[T], chosen: View, read: Read) -> T:
        """A finding on panels that ``read`` gives: what was read for it serves the findings that it rests on."""
        asked = self if chosen == self.view else self.seen(chosen)
        keys = _keys(recipe, chosen, asked.day)
        data = read(keys)

        def some(wanted: Sequence[str]) -> Panel:
            return data.only(wanted) if set(wanted) <= set(keys) else read(wanted)

        def other(another: Recipe[Any], view: View | None = None, /) -> Any:
            return asked._found(another, chosen if view is None else view, some)

        question = Question(chosen, data, asked.window, other)
        measure = partial(attempt, partial(recipe.measure, question))
        return answered(self.cache.get(_finding_key(recipe, question), measure))


def evaluator(ledger: Ledger, chosen: View, now: dt.datetime, cache: Cache | None = None) -> Evaluator:
    """One that sees the ledger as it is at this moment."""
    return Evaluator(ledger, chosen, now, ledger.version(), cache=cache or Memory())


@lru_cache(maxsize=1_024)
def _keys(recipe: Recipe[Any], chosen: View, day: dt.date) -> tuple[str, ...]:
    return tuple(recipe.keys(chosen, day))


def _finding_key(recipe: Recipe[Any], question: Question) -> Key:
    """The same data and choices are measured once an hour, whoever asks.

    What is released moves the data and so their hash; the clock alone moves a finding only at whole hours (a trading day
    is over at 18:00), so the minute of a live page does not measure everything again.
    """
    data = question.panel
    dates = f"{question.window[0]}/{question.window[1]}" if recipe.turns_on("window") else ""
    hour = data.as_of.astimezone(dt.UTC).strftime("%Y-%m-%dT%H")
    late = [key for key, paper in data.papers.items() if paper.later_vintage]
    marks = f"{hour} {late} {sorted(data.volumes.items())}"
    return Key("finding", recipe.name, (_written(question.view, recipe), dates, data.sha256, marks))


@lru_cache(maxsize=512)
def _written(chosen: View, recipe: Recipe[Any] | None = None) -> str:
    """A view as text; for a finding only the choices that it turns on."""
    query = view.to_query(chosen)
    if recipe is not None:
        query = {key: text for key, text in query.items() if recipe.turns_on(key)}
    return urlencode(query)
