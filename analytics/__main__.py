"""The command line: ``python -m analytics refresh | status | measure NAME | export``.

Exit codes: 0 done; 1 done in part (a source failed); 2 wrong use or a question the data cannot answer; 4 no ledger.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from analytics import findings, panel, refresh, view
from analytics.desk import FIRST, demo_ledger, live_ledger, sources
from analytics.errors import AnalyticsError, BadChoice, LedgerError
from analytics.instants import end_of_day
from analytics.ledger import Ledger
from analytics.rates_commands import PricesFile, fedwatch, import_zq, say_path
from analytics.settings import Settings, settings
from analytics.view import DEFAULT

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOf = Annotated[str | None, typer.Option(help="A day, such as 2026-01-23; the present without it.")]
Lead = Annotated[str, typer.Option(help="Series name of the first leg, or yahoo:SYMBOL.")]
Follow = Annotated[str, typer.Option(help="Series name of the second leg, or yahoo:SYMBOL.")]


@contextmanager
def said() -> Iterator[None]:
    """Our own errors as one sentence on standard error and an exit code."""
    try:
        yield
    except LedgerError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(4) from None
    except AnalyticsError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(2) from None


def _open(configured: Settings) -> Ledger:
    """The ledger that commands read: the demo only when it is asked for."""
    if configured.silverlead_data == "demo":
        return demo_ledger(configured.silverlead_cache)
    return live_ledger(configured)


def _now(configured: Settings) -> dt.datetime:
    if configured.silverlead_data == "demo":
        from analytics.providers.demo import LAST_INSTANT

        return LAST_INSTANT
    return configured.now()


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


@app.command("refresh")
def refresh_command(
    only: Annotated[list[str] | None, typer.Option(help="Ask for this series only; may be repeated.")] = None,
    force: Annotated[bool, typer.Option(help="Ask for every series, due or not.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the ledger up to date from Yahoo Finance and FRED."""
    with said():
        configured = settings()
        if configured.silverlead_data == "demo":
            raise BadChoice("SILVERLEAD_DATA", "demo", "live or auto for a refresh: the demo has no source")
        ledger = live_ledger(configured)
        console = Console(stderr=True)
        columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console, disable=as_json or not console.is_terminal) as bar:
            task = bar.add_task("asking", total=None)

            def report(step: refresh.Progress) -> None:
                name = step.last.series if step.last else "asking"
                bar.update(task, total=step.total, completed=step.done, description=name)

            done = refresh.refresh(
                ledger, sources(configured), configured.now, only=only, first=FIRST, force=force, report=report
            )
    if as_json:
        _print({"seconds": round(done.seconds, 2), "attempts": findings.plain(done.attempts)})
    else:
        for attempt in done.failed:
            typer.echo(f"{attempt.series}: {attempt.message}", err=True)
        typer.echo(
            f"{len(done.attempts)} series asked in {done.seconds:.1f} s: {done.added:,} new figures, "
            f"{done.revised:,} revised, {len(done.failed)} failed."
        )
    if done.failed:
        raise typer.Exit(1)


@app.command()
def status(as_json: AsJson = False) -> None:
    """What the ledger holds: each series, its last figure, its last attempt."""
    with said():
        configured = settings()
        ledger, now = _open(configured), _now(configured)
        held = panel.build(ledger, [series.key for series in refresh.everything(ledger, now)], now)
    if as_json:
        _print({"as_of": now.isoformat(), "kind": ledger.kind, "series": findings.plain(dict(held.papers))})
        return
    table = Table("series", "source", "first", "last", "n", "stale")
    for key, paper in held.papers.items():
        table.add_row(key, paper.source, f"{paper.first}", f"{paper.last}", f"{paper.n:,}", "stale" if paper.stale else "")
    Console().print(table if held.papers else "The ledger is empty. Run: python -m analytics refresh")


@app.command("measure")
def measure_command(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(findings.RECIPES)}.")],
    lead: Lead = DEFAULT.lead,
    follow: Follow = DEFAULT.follow,
    as_of: AsOf = None,
    span: Annotated[str, typer.Option(help=" ".join(view.SPANS))] = DEFAULT.span,
    legs: Annotated[str, typer.Option(help="article, span, month or year")] = DEFAULT.legs,
    rows: Annotated[bool, typer.Option(help="Also print tables and paths.")] = False,
    as_json: AsJson = False,
) -> None:
    """The numbers of a page, as known on a day."""
    with said():
        configured = settings()
        now = _now(configured)
        query = {"lead": lead, "follow": follow, "span": span, "legs": legs, "as_of": as_of or "live"}
        chosen, problems = view.from_query(query)
        if problems:
            raise BadChoice("An option", " ".join(f"{k}={v}" for k, v in query.items()), "values as --help lists them")
        ledger, instant = _open(configured), chosen.instant(now)
        found, data = findings.ask(
            name, chosen, instant, chosen.window(now), lambda keys: panel.build(ledger, keys, instant, now=now)
        )
    body = findings.plain(found, rows)
    single = {key: paper for key, paper in data.papers.items() if catalogue.contract_month(key) is None}
    papers = {key: paper.source for key, paper in single.items()}
    if len(single) < len(data.papers):
        papers["fed funds contracts"] = f"{len(data.papers) - len(single)} contract months"
    whole = {"measure": name, "as_of": data.as_of.isoformat(), "sha256": data.sha256, "simulated": data.simulated, "sources": papers}
    if isinstance(body, dict):
        whole |= body
    else:
        whole["findings"] = body
    if as_json:
        _print(whole)
        return
    for key, value in whole.items():
        typer.echo(f"{key:24} {json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value}")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The file to write; - for standard output.")] = Path("-"),
    only: Annotated[list[str] | None, typer.Option(help="This series only; may be repeated.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Stored rows as CSV with their papers (personal use: most sources do not allow handing rows on)."""
    from analytics.export import csv_with_papers

    with said():
        configured = settings()
        ledger, now = _open(configured), _now(configured)
        keys = only or ledger.series_keys()
        instant = end_of_day(dt.date.fromisoformat(as_of)) if as_of else now
        data = panel.build(ledger, keys, min(instant, now), now=now)
    table = data.table()
    if as_json:
        text = json.dumps({"as_of": data.as_of.isoformat(), "sha256": data.sha256, "rows": findings.plain({"rows": table}, True)["rows"]})
    else:
        text = csv_with_papers(f"Silverlead, as known at {data.as_of.isoformat()}", table, list(data.papers.values()), [f"sha256 {data.sha256}"])
    if str(out) == "-":
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"{len(data.columns)} series, {len(table):,} dates written to {out}.", err=True)


@app.command("fedwatch")
def fedwatch_command(
    prices: PricesFile,
    date: Annotated[str, typer.Option(help="The day of the prices, such as 2026-07-14.")],
    target_range: Annotated[str, typer.Option("--range", help="Target range in force, such as 3.50-3.75.")],
    count: Annotated[str, typer.Option(help="Day count: auto, before (N = d) or after (N = d - 1).")] = "auto",
    as_json: AsJson = False,
) -> None:
    """Odds of every coming meeting from your own settlements."""
    with said():
        say_path(fedwatch(prices, date, target_range, count), as_json)


imports = typer.Typer(no_args_is_help=True, help="Fill history that no source serves any more.")
app.add_typer(imports, name="import")


@imports.callback()
def _imports() -> None:
    """Fill history that no source serves any more."""


@imports.command("zq")
def import_zq_command(
    file: Annotated[Path, typer.Argument(help="CSV with the columns date,month,price.")], as_json: AsJson = False
) -> None:
    """Fed funds contract history; what is held already stays as it is."""
    with said():
        configured = settings()
        if configured.silverlead_data == "demo":
            raise BadChoice("SILVERLEAD_DATA", "demo", "live or auto for an import: the demo stays simulated")
        done = import_zq(live_ledger(configured), file, configured.now())
    if as_json:
        _print(done)
    else:
        typer.echo(f"{done['added']:,} of {done['prices']:,} prices of {done['contracts']} contracts were new, {done['first']} to {done['last']}.")


if __name__ == "__main__":
    app()
