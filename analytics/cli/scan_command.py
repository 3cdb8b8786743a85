"""``python -m analytics scan``: every ordered pair of a universe, on this machine's cores or on a cluster."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from analytics.cli.command_line import chosen_view, now_of, opened, said, say_json
from analytics.errors import BadChoice
from analytics.ledger.scans import ScanRow
from analytics.render import plain
from analytics.settings import settings
from analytics.topics.scan import run as scan_run
from analytics.topics.scan import words as charts
from analytics.topics.scan.cluster import workers
from analytics.topics.scan.measures.scan import DRAWS, Scan
from analytics.view import EARLIEST

SHOWN = 10


def scan(
    universe: Annotated[
        Path | None, typer.Option(help="File with a series name a line; every listed leg without it.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="A day, such as 2026-01-23; the present without it.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="First day; series that begin later are left out and named.")
    ] = None,
    draws: Annotated[int, typer.Option(min=99, max=9_999, help="Wild draws that all pairs share.")] = DRAWS,
    count: Annotated[
        int, typer.Option("--workers", min=0, max=256, help="Processes here; 0 is none beside this one.")
    ] = os.cpu_count() or 1,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler, such as tcp://10.0.0.5:8786.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Who leads whom in a whole universe, corrected for having looked at every pair."""
    with said():
        configured, now = settings(), now_of(settings())
        keys = scan_run.default_universe() if universe is None else scan_run.read_universe(universe)
        instant = chosen_view(as_of=as_of or "live").instant(now)
        begin = None if since is None else _day(since)
        with opened(configured) as ledger:
            found, sha256 = scan_run.gather(ledger, keys, instant, begin)
            asked = scan_run.question(found, sha256, instant, draws, now)
            place = (
                nullcontext(scan_run.one_after_another)
                if cluster is None and count == 0
                else workers(cluster, count)
            )
            with _bar(as_json) as bar, place as work:
                task = bar.add_task("pairs before a follow", total=None)
                made = scan_run.run(
                    ledger,
                    asked,
                    found.returns,
                    work,
                    lambda: now_of(configured),
                    lambda done, total: bar.update(task, completed=done, total=total),
                )
    if as_json:
        say_json(_json(asked, made))
    else:
        _say(asked, made)


def _day(text: str) -> Any:
    """A day as the options take it."""
    import datetime as dt

    try:
        return max(dt.date.fromisoformat(text), EARLIEST)
    except ValueError:
        raise BadChoice("--since", text, "a day, such as 2016-01-04") from None


def _bar(quiet: bool) -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal)


def _json(asked: ScanRow, made: Scan) -> dict[str, Any]:
    own = {"id": asked.id, "as_of": asked.as_of.isoformat(), "first": asked.first.isoformat()}
    return {**own, "last": asked.last.isoformat(), "left_out": dict(asked.left_out), **plain.plain(made)}


def _say(asked: ScanRow, made: Scan) -> None:
    for key, why in asked.left_out.items():
        typer.echo(f"left out: {key}: {why}", err=True)
    typer.echo(made.sentence)
    typer.echo(
        f"{len(made.keys)} series, {made.n:,} daily returns, {asked.first} to {asked.last}. {made.alone:,} pairs pass a 5% test "
        f"of their own; chance alone gives about {made.by_chance:,.0f}."
    )
    shown = charts.table(made).head(SHOWN)
    formats = {name: "{:.2f}".format for name in ("correlation", "t")}
    formats |= {name: "{:.3f}".format for name in ("p, whole scan", "p, alone")}
    typer.echo(shown.reset_index().to_string(index=False, formatters=formats))
