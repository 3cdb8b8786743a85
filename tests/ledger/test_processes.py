"""Several processes at one ledger: they queue, none is lost, and one that is killed leaves nothing half done."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack, closing

from analytics import catalogue
from analytics.ledger import Ledger
from tests.ledger.child import PAIR, ROWS, append, open_it, started
from tests.ledger.rows import NOW, rows, stored

KILLS = 5
GOLD = catalogue.get("gold")


def whole_batches(ledger: Ledger) -> list[int]:
    """The recorded_at of every batch, each of which must be there with all its rows of both series."""
    table = stored(ledger).query("series_id <= 2")
    sizes = table.groupby(["recorded_at", "series_id"]).size().unstack(fill_value=0)
    assert (sizes == ROWS).all().all(), sizes
    assert sizes.shape[1] in (0, len(PAIR))
    return sizes.index.tolist()


def test_a_writer_killed_at_any_moment_leaves_a_readable_ledger_and_no_half_transaction(ledger_url):
    """SIGKILL while batches are being written; each time everything that was reported is there, whole."""
    moment, held = random.Random(20260123), 0
    for round_ in range(KILLS):
        with started(append, ledger_url, round_ * 1000, 900) as child:
            assert child.hear() == "ready"
            child.go()
            assert child.hear() == round_ * 1000
            time.sleep(moment.uniform(0.0, 0.25))
            child.kill()
            reported = held + 1 + len(child.rest())
        with closing(Ledger(ledger_url)) as ledger:  # on SQLite this checks every page of the file
            batches = whole_batches(ledger)
            held = len(batches)
            assert reported <= held <= reported + 1  # the last one may be stored and not yet reported
            assert ledger.version() == max(batches)
            assert ledger.append(GOLD, rows(GOLD, [f"2026-01-0{round_ + 1}"], [1.0]), NOW).new == 1


def test_two_processes_append_at_the_same_time(ledger_url):
    Ledger(ledger_url).close()
    with ExitStack() as stack:
        children = [stack.enter_context(started(append, ledger_url, first, 12)) for first in (0, 100)]
        assert [child.hear() for child in children] == ["ready", "ready"]
        for child in children:
            child.go()
        assert [child.rest() for child in children] == [list(range(12)), list(range(100, 112))]
        assert [child.code for child in children] == [0, 0]
    with closing(Ledger(ledger_url)) as ledger:
        batches = whole_batches(ledger)
        assert len(batches) == 24  # under one frozen clock: recorded_at grew with every commit, whoever wrote
        assert ledger.version() == max(batches)


def test_several_processes_open_a_new_ledger_at_the_same_moment(ledger_url):
    with ExitStack() as stack:
        children = [stack.enter_context(started(open_it, ledger_url)) for _ in range(6)]
        assert [child.hear() for child in children] == ["ready"] * 6
        for child in children:
            child.go()
        assert [child.rest() for child in children] == [[0]] * 6
        assert [child.code for child in children] == [0] * 6
