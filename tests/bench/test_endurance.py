"""A try or two of some harms of `make endure`, which does hundreds of all; and that its invariants see what is broken.

Kills are in tests/ledger/test_processes.py, faults in tests/faults, all lies in tests/admission.
"""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from analytics.errors import LedgerUnavailable
from bench import endure
from bench.endurance import damage, days, disks, endless, hangs, lies
from bench.endurance.stage import Held, Outcome, held_at, problems_at, stage
from tests.loopback.lies import CHANGES
from tests.requirements import require

pytestmark = pytest.mark.xdist_group("endurance")
SKIPS = ("skipped: no tmpfs may be mounted here",)


@pytest.fixture(scope="module")
def ready():
    with stage() as made:
        yield made


@pytest.mark.parametrize(("harm", "tries"), [(disks.full, 1), (damage.damaged, 1), (days.live, 3)])
def test_it_lives_through(harm, tries, ready):
    outcome = harm(ready, tries, endure.SEED)
    assert outcome.broken == []
    assert outcome.tries == tries or set(outcome.seen) & set(SKIPS)


@pytest.mark.postgres
def test_it_lives_through_a_database_that_hangs(ready):
    outcome = hangs.hung(ready, 1, endure.SEED)
    for reason in (what for what in outcome.seen if what.startswith("skipped: ")):
        require("postgres", reason)
    assert outcome.broken == []
    assert outcome.tries == 1


@pytest.mark.parametrize("mode", ["drip", "bomb"])
def test_it_lives_through_an_answer_without_end(mode, ready, monkeypatch):
    monkeypatch.setattr(endless, "ENDLESS", (mode,))
    outcome = endless.answers(ready, 1, endure.SEED)
    assert outcome.broken == []
    assert outcome.seen[endless.WORDS[mode]] == 1
    assert outcome.seen["series given up"] > 0


def test_a_lie_is_not_read_and_what_passes_for_the_truth_is_seen(ready, monkeypatch):
    """A close corrected by 1% is taken, as it should be; told as a lie it breaks the invariant."""
    true = "one close 1% higher"
    monkeypatch.setitem(lies.LIES, true, CHANGES[true])
    monkeypatch.setattr(lies, "CASES", [("x10", "TYPD", "whole"), (true, "TYPD", "whole")])
    outcome = lies.told(ready, 2, endure.SEED)
    assert outcome.seen["answers disputed"] == 1
    assert outcome.broken
    assert all(f"{true}, TYPD, whole: 1 false values were read" in problem for problem in outcome.broken)


def test_the_harms_of_sources_and_databases_see_what_is_broken():
    outcome = Outcome("a harm")
    assert endless._judged((0, endless.MOST_MB + 1), outcome) == [
        "nobody was told of it",
        f"it took {endless.MOST_MB + 1} MB",
    ]
    calls = [Future(), Future(), Future(), Future()]
    calls[0].set_result(1)
    ends = (
        LedgerUnavailable("it is silent", "Wait."),
        LedgerUnavailable("two\nlines", ""),
        ValueError("none of ours"),
    )
    for call, error in zip(calls[1:], ends, strict=True):
        call.set_exception(error)
    assert hangs._sentences(calls, outcome) == [
        "a call ended with LedgerUnavailable",
        "a call ended with ValueError",
    ]


def test_a_broken_invariant_is_seen(ready):
    """The invariants themselves: a row taken away, a figure changed, a past that reads differently."""
    folder = ready.copy("false")
    before = held_at(folder)
    assert problems_at(before, folder, ready.truth) == []
    more = Held(before.rows | {(99, 1, 1, 1, 1, 0, 1.0)}, before.reads)
    assert problems_at(more, folder, ready.truth) == ["1 rows were lost"]
    fewer = frozenset(list(ready.truth)[:-1000])
    assert problems_at(before, folder, fewer)[0].endswith("false facts")
    as_of, recorded, _ = before.reads[0]
    other = Held(before.rows, ((as_of, recorded, "0" * 64),))
    assert problems_at(other, folder, ready.truth) == [f"the read as of {as_of:%Y-%m-%d} changed"]


def test_the_table_says_what_was_tried_and_what_broke():
    outcome = Outcome("a harm")
    outcome.count("pages served", 1_200)
    outcome.check([])
    outcome.check(["a row was lost"])
    assert "| a harm | 2 | 1 | 1,200 pages served |" in endure.table([outcome])
    assert endure.line(outcome) == "a harm: 2 tries, 1 BROKEN: 1,200 pages served"
