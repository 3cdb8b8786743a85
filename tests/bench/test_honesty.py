"""The honesty harness itself, and a small run of it: 100 replications of each test behind a verdict whose own tests have
none, in the exact 99.9% binomial band of its nominal size. ``make honesty`` is the long run."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
from scipy import stats

from bench import honesty
from bench.honesty import Job, Line
from bench.honesty_lead_lag import ALPHA, ALPHA_OPPOSITE, HONEST, OPPOSITE

SMALL = {
    ("divergence", "N2, silver and gold, equal means"),
    ("rates", "N2, no link to the real yield"),
    ("rates", "N4, no link to the dollar"),
    ("rates", "N2, no link to either"),
    ("drivers", "N4, no beta to the real yield"),
    ("drivers", "N4, dollar beta exactly -1"),
    ("drivers", "N2, industry exactly 5%, gold 50%"),
    ("drivers", "N2 weeks, no link to the index"),
    ("drivers", "N2 weeks, no link to either"),
    ("regime", "N4, shocks apart, metals respond"),
    ("regime", "N2, shocks apart, nothing responds"),
    ("regime", "N4, beta 0, common volatility"),
    ("regime", "N1, VIX apart"),
    ("regime", "N2, stage inputs apart"),
    ("regime", "N2, drivers apart"),
}
DRAWS, REPLICATIONS = 99, 100
LEVELS = {HONEST: ALPHA, OPPOSITE: ALPHA_OPPOSITE}


@pytest.mark.parametrize(("part", "case"), sorted(SMALL))
def test_size_over_100_replications_stays_in_its_exact_band(part: str, case: str) -> None:
    done = {}
    for chunk in range(REPLICATIONS // honesty.CHUNK):
        job = Job(part, "size", case, chunk)
        done[job] = honesty.run(job, DRAWS)[1]
    honest = [line for line in honesty.lines(done, set(done)) if line.kind in LEVELS]
    assert honest
    for line in honest:
        low, high = stats.binom.interval(0.999, REPLICATIONS, LEVELS[line.kind])
        assert line.n == REPLICATIONS
        assert low <= line.rejections <= high, line


def test_every_verdict_of_a_threshold_has_a_row() -> None:
    """Each inferential claim's test is sized by some part: no verdict without its false-alarm rate."""
    sources = " ".join(
        Path(import_module(f"bench.honesty_{part}").__file__ or "").read_text(encoding="utf-8")
        for part in honesty.parts()
    )
    for measure in (
        "lead_lag", "event_study", "acceleration", "cointegration", "outperformance", "drivers", "roles", "uncertainty",
        "shock_response", "stress_beta", "consolidation", "stage_returns", "gap", "easing_link",
    ):  # fmt: skip
        assert f"{measure}(" in sources, measure


def test_a_run_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    whole = json.dumps([list(Job("lead_lag", "size", "N1", 0)), [["t", "honest", 3, 50]]])
    journal.write_text(f"{whole}\n{whole[:40]}", encoding="utf-8")
    assert honesty.read(journal) == {Job("lead_lag", "size", "N1", 0): [["t", "honest", 3, 50]]}


def test_a_size_outside_its_band_is_marked_and_no_other() -> None:
    kept, missed = (Line("size", "t", "honest", "N1", count, 2_000) for count in (100, 150))
    naive = Line("size", "t", "naive", "N1", 1_000, 2_000)
    assert (kept.kept, missed.kept, naive.kept) == (True, False, True)
    opposite, loose = (Line("size", "t", OPPOSITE, "N1", count, 2_000) for count in (50, 100))
    assert (opposite.kept, loose.kept) == (True, False)
    page = honesty.table([kept, missed, naive], 199)
    assert page.count("**outside**") == 1
    assert "| t | honest | N1 | 7.5% **outside**" in page
