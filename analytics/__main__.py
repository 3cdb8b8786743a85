"""The command line: ``python -m analytics refresh | status | confirm | retract | measure NAME | check | scan | brief | bundle | export``.

Exit codes: 0 done; 1 done in part (a source failed, a rule is unknown); 2 wrong use or a question the data
cannot answer; 3 of ``check`` a rule fired, of ``refresh`` another process is refreshing; 4 no ledger that can be read, or
an empty one; 130 and 143 of ``refresh`` it was interrupted (ctrl-C, SIGTERM).
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from analytics import catalogue, evaluate, panel, view
from analytics.cli import holdings_command
from analytics.cli.brief_command import brief_command, bundle_command
from analytics.cli.check_command import check
from analytics.cli.command_line import (
    EMPTY,
    bar,
    cache_of,
    chosen_view,
    deliver,
    in_catalogue_order,
    interruptible,
    live,
    now_of,
    opened,
    said,
    say_json,
    speak_any_encoding,
)
from analytics.cli.rates_commands import PricesFile, fedwatch, import_zq, imported, say_path
from analytics.cli.scan_command import scan
from analytics.cli.series_commands import confirm, retract
from analytics.desk import FIRST, sources
from analytics.render import plain
from analytics.settings import settings
from analytics.sources import health, refresh
from analytics.view import DEFAULT

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOf = Annotated[str | None, typer.Option(help="A day, such as 2026-01-23; the present without it.")]
Lead = Annotated[str, typer.Option(help="Series name of the first leg, or yahoo:SYMBOL.")]
Follow = Annotated[str, typer.Option(help="Series name of the second leg, or yahoo:SYMBOL.")]


@app.command("refresh")
def refresh_command(
    only: Annotated[list[str] | None, typer.Option(help="Ask for this series only; may be repeated.")] = None,
    force: Annotated[bool, typer.Option(help="Ask for every series, due or not.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the ledger up to date from Yahoo Finance and FRED."""
    with interruptible("Stopped; what was stored so far stays, and the next refresh goes on."), said():
        configured = settings()
        with closing(live(configured, "a refresh")) as ledger, bar(as_json) as report:
            done = refresh.refresh(
                ledger,
                sources(configured),
                configured.now,
                only=only,
                first=FIRST,
                force=force,
                most_typed=configured.silverlead_typed_symbols,
                report=report,
            )
    if as_json:
        say_json({"seconds": round(done.seconds, 2), "attempts": plain.plain(done.attempts)})
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
        configured, now = settings(), now_of(settings())
        with opened(configured, empty=True) as ledger:
            wanted = refresh.everything(ledger, now, configured.silverlead_typed_symbols)
            held = panel.build(ledger, [series.key for series in wanted], now)
            rows = health.health(wanted, held, ledger.last_attempts(), ledger.revision_counts(now))
    if as_json:
        series = {row.series.key: plain.plain(row) for row in rows}
        papers = {key: plain.plain(paper) for key, paper in held.papers.items()}
        body = {key: {**papers.get(key, {}), **row, "series": key} for key, row in series.items()}
        say_json({"as_of": now.isoformat(), "kind": ledger.kind, "series": body})
        return
    table = Table("series", "source", "first", "last", "n", "state", "succeeded", box=None, pad_edge=False)
    for row in rows:
        when = f"{row.succeeded:%Y-%m-%d %H:%M}" if row.succeeded else ""
        dates = (f"{row.first or ''}", f"{row.last or ''}")
        source = f"{row.series.provider} {row.series.code}"
        table.add_row(row.series.key, source, *dates, f"{row.n:,}", row.state, when)
    console = Console(soft_wrap=True)
    console.print(table if held.papers else EMPTY)
    for trouble in dict.fromkeys(row.trouble for row in rows if row.trouble):
        typer.echo(trouble)
    typer.echo(health.summary(rows))


@app.command("measure")
def measure_command(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(evaluate.RECIPES)}.")],
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
        configured, now = settings(), now_of(settings())
        recipe = evaluate.recipe(name)
        chosen = chosen_view(lead=lead, follow=follow, span=span, legs=legs, as_of=as_of or "live")
        with opened(configured) as ledger:
            asked = evaluate.evaluator(ledger, chosen, now, cache_of(configured, ledger))
            data, found = asked.panel(recipe.keys(chosen, asked.day)), asked.finding(recipe)
    single = {key: paper for key, paper in data.papers.items() if catalogue.contract_month(key) is None}
    papers = {key: paper.source for key, paper in single.items()}
    if len(single) < len(data.papers):
        papers["fed funds contracts"] = f"{len(data.papers) - len(single)} contract months"
    whole = {
        "measure": name,
        "as_of": data.as_of.isoformat(),
        "sha256": data.sha256,
        "simulated": data.simulated,
        "sources": papers,
    }
    whole |= plain.answer(found, rows)
    if as_json:
        say_json(whole)
        return
    for key, value in whole.items():
        typer.echo(
            f"{key:24} {json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value}"
        )


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The file to write; - for standard output.")] = Path("-"),
    only: Annotated[list[str] | None, typer.Option(help="This series only; may be repeated.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Stored rows as CSV with their papers (personal use: most sources do not allow handing rows on)."""
    from analytics.render.export import csv_with_papers

    with said():
        configured, now = settings(), now_of(settings())
        instant = chosen_view(as_of=as_of or "live").instant(now)
        with opened(configured) as ledger:
            data = panel.build(ledger, only or in_catalogue_order(ledger.series_keys()), instant)
        for key in only or ():
            data.series(key)  # says which one is not held
        table = data.table()
        if as_json:
            papers = plain.plain(dict(data.papers))
            whole = {
                "as_of": data.as_of.isoformat(),
                "sha256": data.sha256,
                "simulated": data.simulated,
                "papers": papers,
            }
            text = json.dumps(whole | plain.plain({"rows": table}, True), ensure_ascii=False) + "\n"
        else:
            notes = [f"sha256 {data.sha256}"]
            text = csv_with_papers(
                f"Silverlead, as known at {instant.isoformat()}", table, list(data.papers.values()), notes
            )
        deliver(text, out)
    if str(out) != "-":
        typer.echo(f"{len(data.columns)} series, {len(table):,} dates written to {out}.", err=True)


@app.command("fedwatch")
def fedwatch_command(
    prices: PricesFile,
    date: Annotated[str, typer.Option(help="The day of the prices, such as 2026-07-14.")],
    target_range: Annotated[str, typer.Option("--range", help="Target range in force, such as 3.50-3.75.")],
    count: Annotated[
        str, typer.Option(help="Day count: auto, before (N = d) or after (N = d - 1).")
    ] = "auto",
    as_json: AsJson = False,
) -> None:
    """Odds of every coming meeting from your own settlements."""
    with said():
        say_path(fedwatch(prices, date, target_range, count), as_json)


app.command("confirm")(confirm)
app.command("retract")(retract)
app.command("check")(check)
app.command("brief")(brief_command)
app.command("bundle")(bundle_command)

imports = typer.Typer(no_args_is_help=True, help="Fill history that no source serves any more.")
app.add_typer(imports, name="import")


@imports.callback()
def _imports() -> None:
    """Fill history that no source serves any more."""


@imports.command("zq")
def import_zq_command(
    file: Annotated[Path, typer.Argument(help="Table with the columns date,month,price.")],
    as_json: AsJson = False,
) -> None:
    """Fed funds contract history; what is held already stays as it is."""
    with said():
        configured = settings()
        with closing(live(configured, "an import")) as ledger:
            done = import_zq(ledger, file, configured.now())
    if as_json:
        say_json(done)
    else:
        typer.echo(imported(done))


@imports.command("holdings")
def import_holdings_command(
    file: Annotated[Path, typer.Argument(help="CSV with the columns date, fund, and shares or ounces.")],
    as_json: AsJson = False,
) -> None:
    """What funds hold, from their issuers' files (docs/quantities.md); what is held already stays as it is."""
    with said():
        configured = settings()
        with closing(live(configured, "an import")) as ledger:
            done = holdings_command.import_holdings(ledger, file, configured.now())
    if as_json:
        say_json(done)
    else:
        typer.echo(holdings_command.imported(done))


app.command("scan")(scan)

if __name__ == "__main__":
    speak_any_encoding()
    app()
