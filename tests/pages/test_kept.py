"""What a process keeps: one answer for all views where the choices take no part, and no more of it than a few."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from analytics import evaluate
from analytics.clock.instants import day_of
from analytics.evaluate import Question
from analytics.panel import Panel
from analytics.topics.rate_path import recipes as rates
from analytics.view import DEFAULT, View
from pages.shell import kept, load
from tests.pages.reader import fresh_process

OF_DATA = [recipe.name for recipe in rates.RECIPES if recipe.reads == rates.NOTHING]


class Forbidden:
    """A view and a window that nobody may look at."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"{name} was read")

    def __iter__(self) -> object:
        raise AssertionError("the window was read")


def test_a_finding_of_the_data_alone_reads_no_choice(simulated, opened):
    opened(simulated, SILVERLEAD_DATA="demo")
    version = load.version()
    now = load.present(version)
    held: dict[str, object] = {}

    def ask(name: str) -> object:
        if name not in held:
            panel = load.panel(evaluate.recipe(name).keys(DEFAULT, day_of(now)), now, version)
            held[name] = evaluate.measure(name, Question(Forbidden(), panel, Forbidden(), ask))
        return held[name]

    for name in OF_DATA:
        assert ask(name) is not None
    assert set(held) == set(OF_DATA)


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    """What a test here measures is no finding, and no later page may find it."""
    yield
    fresh_process()


def test_it_is_measured_once_for_all_views_and_others_once_for_each(
    monkeypatch, simulated, nothing_kept, opened
):
    opened(simulated, measured=True, SILVERLEAD_DATA="demo")
    measured: list[str] = []
    monkeypatch.setattr(evaluate, "measure", lambda name, question: measured.append(name))
    version = load.version()
    now = load.present(version)
    panel = load.panel(("silver", "bitcoin"), now, version)
    for chosen in (View(), View(span="5y"), View(legs="year")):
        for name in ("rate_history", "drawdowns"):
            load.finding(name, Question(chosen, panel, chosen.window(now), lambda asked: None))
    assert sorted(measured) == ["drawdowns"] * 3 + ["rate_history"]


def test_what_is_large_has_a_small_cache_of_its_own(monkeypatch):
    used = []
    monkeypatch.setattr(kept, "answer", lambda cache, make, **key: used.append(cache))
    monkeypatch.setattr(load, "present", lambda version: load.written(version))
    monkeypatch.setattr(load, "desk", lambda: SimpleNamespace(ledger=None))
    for keys in (load.FEW_SERIES, load.FEW_SERIES + 1):
        load.panel([f"key{i}" for i in range(keys)], load.written(1), 1)
    panel = Panel(load.written(1), {}, {}, "", False)
    for name in ("drawdowns", *load.LARGE):
        load.finding(name, Question(View(), panel, View().window(load.written(1)), lambda asked: None))
    assert used == ["panel", "wide_panel", "finding", *["large_finding"] * len(load.LARGE)]
    assert set(OF_DATA) >= load.LARGE
    assert set(used) < set(kept.CACHES)


def test_what_one_process_made_another_need_not_make(nothing_kept):
    key = {"name": "a", "choices": "", "dates": "", "sha256": "0", "marks": ""}
    with kept.noting() as notebook:
        assert kept.answer("finding", lambda: "measured", **key) == "measured"
        assert kept.answer("finding", lambda: "again", **key) == "measured"
    assert notebook == [("finding", key, "measured")]
    fresh_process()
    kept.keep(pickle.loads(pickle.dumps(notebook)))
    assert kept.answer("finding", lambda: pytest.fail("made again"), **key) == "measured"
