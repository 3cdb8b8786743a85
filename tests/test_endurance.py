"""A try or two of some harms of `make endure`, which does hundreds of all; and that its invariants see what is broken.

Kills are in tests/ledger/test_processes.py, faults in tests/faults.
"""

from __future__ import annotations

import pytest

from bench import endure
from bench.endurance import damage, days, disks
from bench.endurance.stage import Held, Outcome, held_at, problems_at, stage

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
