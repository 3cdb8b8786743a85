"""What a section makes of a view is made once for every reader, and anew for another view, day, ledger or mode."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.errors import LedgerDamaged, LedgerUnavailable, NotEnoughData
from analytics.render.theme import DARK, LIGHT
from analytics.topics.pair import blocks as pair
from analytics.topics.triggers import blocks as triggers
from analytics.view import ARTICLE, DEFAULT
from pages.shell import load
from pages.shell.frame import Page


@pytest.fixture
def page(stage) -> Page:
    stage("demo")
    return opened()


def opened() -> Page:
    version = load.version()
    now = load.present(version)
    return Page(load.desk().ledger, DEFAULT, now, version, LIGHT, load.shared())


def test_two_readers_of_one_view_get_the_same_made_once(page):
    assert opened().block(pair.indexed) is page.block(pair.indexed)
    assert replace(page, slug="divergence").block(pair.indexed) is page.block(pair.indexed)


@pytest.mark.parametrize(
    "other",
    [
        lambda page: page.seen(replace(page.view, span="3y")),
        lambda page: page.seen(replace(page.view, lead="gold")),
        lambda page: page.on(ARTICLE),
        lambda page: replace(page, ink=DARK),
        lambda page: replace(page, version=page.version + 1),
    ],
    ids=["span", "lead", "day", "mode", "ledger"],
)
def test_whatever_it_is_made_of_makes_it_anew(page, other):
    assert other(page).block(pair.indexed) is not page.block(pair.indexed)


def test_a_choice_of_the_section_is_part_of_what_is_made(page):
    keys = ("cut", "dollar", "fiscal")
    assert [page.block(triggers.picture, key).key for key in keys] == [f"trigger_{key}" for key in keys]


def test_what_the_data_refuse_is_refused_once_for_all_and_in_full(page):
    tries = []

    def section(asks):
        tries.append(asks)
        raise NotEnoughData("too few days", n=1, need=2)

    raised = []
    for _ in range(3):
        with pytest.raises(NotEnoughData) as refusal:
            page.block(section)
        raised.append(refusal.value)
    assert len(tries) == 1
    assert {(str(one), one.n, one.need) for one in raised} == {(str(raised[0]), 1, 2)}
    assert len({id(one) for one in raised}) == 3  # each raised on its own, and none grows with what raised it


@pytest.mark.parametrize(
    "failure", [LedgerUnavailable("it is starting"), LedgerDamaged("ledger.sqlite"), ValueError("a defect")]
)
def test_what_fails_for_another_reason_is_tried_again(page, failure):
    tries = []

    def section(asks, _name):
        tries.append(asks)
        if len(tries) == 1:
            raise failure
        return "made"

    with pytest.raises(type(failure)):
        page.block(section, type(failure).__name__)
    assert page.block(section, type(failure).__name__) == "made"
    assert page.block(section, type(failure).__name__) == "made"
    assert len(tries) == 2
