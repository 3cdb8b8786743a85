"""Every lie, of every series, told to a ledger that holds the truth and to an empty one: nothing false is read, nothing locks."""

from __future__ import annotations

import datetime as dt
import os
from itertools import groupby

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue, panel
from analytics.clock.instants import end_of_day
from tests.loopback import fred, lies, yahoo
from tests.loopback.lies import CHANGES, LIES, Told
from tests.loopback.reply import State
from tests.sources.admission import stage
from tests.sources.admission.conftest import WITNESSED, Honest, lie_place
from tests.sources.admission.stage import AFTER, DAYS, LIE_ON, World

WHOLE = os.environ.get("LIES") == "all"
"""``make lies``: every lie of every series, both ways; else each lie of one series, one way, taking turns."""
TOLD = [(name, code) for name, lie in LIES.items() for code in sorted(lie.codes)]
HELD = [
    (name, code, mode)
    for name, code in TOLD
    for mode in LIE_ON
    if mode == "whole" or not LIES[name].whole_only
]
PATIENT = [(name, code) for name, code in TOLD if code in WITNESSED and not LIES[name].within_bounds]
PERSISTENT = 10


def chosen(cases):
    """All, or of each lie the one whose turn it is."""
    by_lie = [list(group) for _, group in groupby(cases, key=lambda case: case[0])]
    taken = cases if WHOLE else [group[place % len(group)] for place, group in enumerate(by_lie)]
    return [pytest.param(*case, id="-".join(case)) for case in taken]


def outcome(ledger, key: str) -> str:
    last = ledger.last_attempts().set_index("series").loc[key]
    return f"{last['outcome']} {last['error']} +{last['added']} ~{last['revised']} -{last['refused']}"


@pytest.mark.parametrize(("name", "code", "mode"), chosen(HELD))
def test_a_lie_about_what_is_held_is_never_read_and_heals(name, code, mode, honest: Honest, tmp_path):
    template, twin = honest(code, mode)
    ledger, world, keys = stage.opened(template, tmp_path), World(tmp_path), stage.watched(code)
    before = stage.at(ledger, keys[0], DAYS[1])
    place = LIE_ON[mode]
    world.refresh(ledger, DAYS[place], keys, {code: name})
    said = outcome(ledger, keys[0])
    falsehoods = [(DAYS[place], twin.false(stage.at(ledger, keys[0], DAYS[place])))]
    for day in DAYS[place + 1 : place + 1 + AFTER]:
        falsehoods.append((day, twin.false(stage.at(ledger, keys[0], day))))
        world.refresh(ledger, day, keys)
        falsehoods.append((day, twin.false(stage.at(ledger, keys[0], day))))
    last = stage.at(ledger, keys[0], DAYS[place + AFTER])
    after = stage.at(ledger, keys[0], DAYS[1])
    ledger.close()
    assert after.sha256 == before.sha256
    if not LIES[name].within_bounds:
        assert not [
            f"{day}: {len(false)} false, {false.index[0]:%Y-%m-%d} {false.iloc[0]:.6g}; told: {said}"
            for day, false in falsehoods
            if len(false)
        ]
    assert twin.differs(last, DAYS[place + AFTER]) == ""


@pytest.mark.parametrize(("name", "code"), chosen(TOLD))
def test_a_lie_as_the_first_answer_is_refused_or_unconfirmed_and_heals(name, code, honest: Honest, tmp_path):
    _, twin = honest(code, "empty")
    ledger, world, keys = stage.Ledger.at(tmp_path / "ledger.sqlite"), World(tmp_path), stage.watched(code)
    place = lie_place("empty")
    world.refresh(ledger, DAYS[place], keys, {code: name})
    first, said = stage.at(ledger, keys[0], DAYS[place]), outcome(ledger, keys[0])
    unconfirmed = keys[0] in first and getattr(first.papers[keys[0]], "unconfirmed", False)
    false = twin.false(first)
    for day in DAYS[place + 1 : place + 1 + AFTER]:
        world.refresh(ledger, day, keys)
    last = stage.at(ledger, keys[0], DAYS[place + AFTER])
    ledger.close()
    assert unconfirmed or LIES[name].within_bounds or false.empty, (
        f"{len(false)} false and confirmed; told: {said}"
    )
    if keys[0] not in first:
        assert said.startswith("failed "), said
    assert twin.differs(last, DAYS[place + AFTER]) == ""


@pytest.mark.parametrize(("name", "code"), chosen(PATIENT))
def test_a_liar_does_not_win_by_patience(name, code, honest: Honest, tmp_path):
    template, twin = honest(code, "incremental")
    ledger, world, keys = stage.opened(template, tmp_path), World(tmp_path), stage.watched(code)
    place = LIE_ON["incremental"]
    won = []
    for day in DAYS[place : place + PERSISTENT]:
        world.refresh(ledger, day, keys, {code: name})
        false = twin.false(stage.at(ledger, keys[0], day))
        if len(false):
            won.append(
                f"{day}: {len(false)} false, {false.index[0]:%Y-%m-%d} {false.iloc[0]:.6g}; {outcome(ledger, keys[0])}"
            )
    for day in DAYS[place + PERSISTENT : place + PERSISTENT + AFTER]:
        world.refresh(ledger, day, keys)
    last, end = stage.at(ledger, keys[0], day), day
    ledger.close()
    assert not won
    assert twin.differs(last, end) == ""


def lied(name: str, code: str) -> tuple[Told, Told]:
    """The whole true history and what the lie makes of it."""
    tell = yahoo.true if catalogue_provider(code) == "yahoo" else fred.true
    state = State(DAYS[LIE_ON["incremental"]], first=stage.BEGINS)
    true = tell(code, state)
    return true, lies.told(name, true, lambda other: tell(other, state), lambda rows: rows)


def catalogue_provider(code: str) -> str:
    return catalogue.get(stage.KEYS[code]).provider


@pytest.mark.parametrize(("name", "code"), [pytest.param(*told, id="-".join(told)) for told in TOLD])
def test_a_lie_is_one_and_a_small_one_is_small(name, code):
    true, false = lied(name, code)
    said = (true.days.tolist(), true.values.tolist(), true.splits, true.currency, true.cut)
    assert said != (false.days.tolist(), false.values.tolist(), false.splits, false.currency, false.cut)
    if LIES[name].within_bounds:
        off = np.abs(false.values - true.on(false.days))
        level = np.abs(true.on(false.days)) if catalogue_provider(code) == "yahoo" else 2.0
        assert np.quantile(off / level, 0.99) < 0.15


def test_the_table_holds_the_lies_that_were_seen():
    assert len(LIES) >= 36
    assert {code for lie in LIES.values() for code in lie.codes} <= stage.KEYS.keys()


@pytest.mark.parametrize("mode", list(LIE_ON))
@pytest.mark.parametrize("code", sorted(CHANGES["one close 1% higher"].codes))
def test_a_close_that_is_corrected_is_taken(code, mode, honest: Honest, tmp_path):
    template, twin = honest(code, mode)
    ledger, world, keys = stage.opened(template, tmp_path), World(tmp_path), stage.watched(code)
    day = DAYS[LIE_ON[mode]]
    world.refresh(ledger, day, keys, {code: "one close 1% higher"})
    false = twin.false(stage.at(ledger, keys[0], day))
    true, known = twin.panels[day].series(keys[0]), stage.at(ledger, keys[0], DAYS[1])
    ledger.close()
    assert len(false) == 1
    assert false.iloc[0] == pytest.approx(1.01 * true[false.index[0]], rel=1e-6)
    assert known.sha256 == twin.panels[DAYS[1]].sha256


@pytest.mark.parametrize("mode", list(LIE_ON))
def test_a_true_split_is_taken_at_once(mode, honest: Honest, tmp_path):
    template, twin = honest("SPLT", mode)
    key, day = stage.KEYS["SPLT"], DAYS[LIE_ON[mode]]
    ledger, world = stage.opened(template, tmp_path), World(tmp_path)
    world.refresh(ledger, day, [key])
    closes, known = stage.at(ledger, key, day).series(key), stage.at(ledger, key, DAYS[1])
    ledger.close()
    told = yahoo.true("SPLT", world.state)
    pd.testing.assert_index_equal(
        closes.index, pd.DatetimeIndex(told.days.astype("datetime64[s]")), check_names=False
    )
    np.testing.assert_allclose(closes, told.values, rtol=1e-6)
    assert known.sha256 == twin.panels[DAYS[1]].sha256


@pytest.mark.parametrize("mode", list(LIE_ON))
def test_two_months_revised_are_taken(mode, honest: Honest, tmp_path):
    template, twin = honest("CPIAUCSL", mode)
    ledger, world, day = stage.opened(template, tmp_path), World(tmp_path), DAYS[LIE_ON[mode]]
    world.refresh(ledger, day, ["cpi"], {"CPIAUCSL": "two periods revised"})
    revised = twin.false(stage.at(ledger, "cpi", day))
    ledger.close()
    true = twin.panels[day].series("cpi")
    assert len(revised) == 2
    np.testing.assert_allclose(revised, 1.002 * true[revised.index], rtol=1e-6)


def test_a_series_rebased_is_taken_with_the_second_answer(honest: Honest, tmp_path):
    template, twin = honest("USEPUINDXD", "whole")
    ledger, world = stage.opened(template, tmp_path), World(tmp_path)
    for day in DAYS[LIE_ON["whole"] : LIE_ON["whole"] + 2]:
        world.refresh(ledger, day, ["policy_uncertainty"], {"USEPUINDXD": "rebased"})
    rebased = stage.at(ledger, "policy_uncertainty", day).series("policy_uncertainty")
    before = stage.at(ledger, "policy_uncertainty", DAYS[1])
    ledger.close()
    np.testing.assert_allclose(rebased, 0.4 * twin.panels[day].series("policy_uncertainty"), rtol=1e-6)
    assert before.sha256 == twin.panels[DAYS[1]].sha256


STORED = {
    "early weeks": lambda days, values: (days[0] - 7 * np.arange(12, 0, -1), np.full(12, values[0])),
    "weekend rows": lambda days, values: (
        days[np.is_busday(days, weekmask="Fri")][-9:] + 1,
        values[-9:] * 1.5,
    ),
    "the newest x4": lambda days, values: (days[-1:], values[-1:] * 4),
    "one midway x9": lambda days, values: (days[len(days) // 2 :][:1], values[len(days) // 2 :][:1] * 9),
    "all x10": lambda days, values: (days, values * 10 + 1),
}
"""What an earlier version stored: rows put into the ledger past the door."""


@pytest.mark.parametrize("code", ["SI=F", "DFII10"])
@pytest.mark.parametrize("stored", list(STORED))
def test_what_an_earlier_version_stored_falsely_is_retired(stored, code, honest: Honest, tmp_path):
    template, twin = honest(code, "whole")
    ledger, world, keys = stage.opened(template, tmp_path), World(tmp_path), stage.watched(code)
    series, place = catalogue.get(keys[0]), LIE_ON["whole"]
    true = twin.panels[DAYS[1]].series(keys[0])
    days, values = STORED[stored](true.index.to_numpy().astype("datetime64[D]"), true.to_numpy())
    instant = end_of_day(DAYS[1]) + dt.timedelta(hours=1)
    rows = pd.DataFrame({"period": days.astype("datetime64[s]"), "field": series.field, "value": values})
    ledger.append(
        series, rows.assign(known_at=pd.Timestamp(instant).tz_convert("UTC"), estimated=False), instant
    )
    known = instant + dt.timedelta(hours=1)
    lied_to = panel.build(ledger, keys[:1], known)
    for day in DAYS[place : place + AFTER]:
        world.refresh(ledger, day, keys)
    last, again = stage.at(ledger, keys[0], day), panel.build(ledger, keys[:1], known)
    ledger.close()
    assert len(twin.false(lied_to)) == len(days)
    assert again.sha256 == lied_to.sha256
    assert twin.differs(last, day) == ""


def test_the_same_answers_on_the_wire(honest: Honest, tmp_path):
    """The real providers over 127.0.0.1 bring what the table test's own bring, honest and not."""
    from tests.loopback.server import Loopback
    from tests.pages.served import sources

    for code, name in (("SI=F", "x10"), ("DFII10", "x2"), ("PENY.L", "newest x4")):
        world, day, series = World(tmp_path), DAYS[2], catalogue.get(stage.KEYS[code])
        with Loopback(day) as source:
            for lie in ({}, {code: name}):
                world.now, world.lies, source.lies = day, lie, lie
                wire = sources(tmp_path, source.address, world.clock)[series.provider]
                near = world.sources()[series.provider].fetch(series, DAYS[0])
                pd.testing.assert_frame_equal(wire.fetch(series, DAYS[0]).rows, near.rows)
    assert State(day).lies == {}
