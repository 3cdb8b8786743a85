"""What a process has evaluated: one answer for all views where the choices take no part, and no more of it than a few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from analytics.clock.instants import day_of
from analytics.evaluate import Evaluator, recipe
from analytics.evaluate.cache import Key
from analytics.evaluate.codec import decode, encode
from analytics.recipe import Question, Recipe
from analytics.topics.rate_path import recipes as rates
from analytics.view import DEFAULT, View
from pages.shell import cache, load
from pages.shell.cache import Shared
from tests.pages.reader import fresh_process

OF_DATA = [recipe for recipe in rates.RECIPES if recipe.reads == rates.NOTHING]


class Forbidden:
    """A view and a window that nobody may look at."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"{name} was read")

    def __iter__(self) -> object:
        raise AssertionError("the window was read")


def evaluator(chosen: View = DEFAULT) -> Evaluator:
    version = load.version()
    return Evaluator(load.desk().ledger, chosen, load.present(version), version, cache=load.shared())


def test_a_finding_of_the_data_alone_reads_no_choice(simulated, opened):
    opened(simulated, SILVERLEAD_DATA="demo")
    asked = evaluator()
    found: dict[str, object] = {}

    def ask(one: Recipe, view: View | None = None, /) -> object:
        if one.name not in found:
            panel = asked.panel(one.keys(DEFAULT, day_of(asked.now)))
            found[one.name] = one.measure(Question(Forbidden(), panel, Forbidden(), ask))
        return found[one.name]

    for one in OF_DATA:
        assert ask(one) is not None
    assert set(found) == {one.name for one in OF_DATA}


@pytest.fixture
def nothing_shared() -> Iterator[None]:
    """What a test here measures is no finding, and no later page may find it."""
    yield
    fresh_process()


def test_it_is_measured_once_for_all_views_and_others_once_for_each(simulated, nothing_shared, opened):
    opened(simulated, measured=True, SILVERLEAD_DATA="demo")
    measured: list[str] = []
    counted = [
        Recipe(
            name,
            lambda view, day: ("silver",),
            lambda question, name=name: measured.append(name),
            "",
            recipe(name).reads,
        )
        for name in ("rate_history", "drawdowns")
    ]
    for chosen in (View(), View(span="5y"), View(legs="year")):
        for one in counted:
            evaluator(chosen).finding(one)
    assert sorted(measured) == ["drawdowns"] * 3 + ["rate_history"]


def test_what_is_large_has_a_small_cache_of_its_own():
    few = " ".join(["silver"] * cache.FEW_SERIES)
    places = [cache.place(Key("panel", name, ())) for name in (few, f"{few} gold")]
    places += [cache.place(Key("finding", name, ())) for name in ("drawdowns", *cache.LARGE)]
    places += [cache.place(Key("block", "drawdowns", ()))]
    assert places == [
        cache._panel,
        cache._wide_panel,
        cache._finding,
        *[cache._large_finding] * len(cache.LARGE),
        cache._block,
    ]
    assert {one.name for one in OF_DATA} >= cache.LARGE


def test_what_one_process_evaluated_another_need_not(nothing_shared):
    key = Key("finding", "a", ("", "", "0", ""))
    with cache.noting() as notebook:
        assert Shared().get(key, lambda: "measured") == "measured"
        assert Shared().get(key, lambda: "again") == "measured"
    assert notebook == [(key, "measured")]
    fresh_process()
    cache.hold(decode(encode(notebook)))
    assert Shared().get(key, lambda: pytest.fail("evaluated again")) == "measured"
    assert Shared().get(replace(key, parts=("", "", "1", "")), lambda: "other data") == "other data"
