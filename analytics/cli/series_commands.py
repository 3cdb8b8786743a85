"""What a person says of a series: its source is right (``confirm``), or what is held of it is wrong (``retract``)."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import Annotated

import typer

from analytics import catalogue
from analytics.cli.command_line import live, said
from analytics.desk import sources
from analytics.errors import BadChoice
from analytics.ledger.standing import APPROVED, BY_A_PERSON, CONFIRMED
from analytics.settings import settings
from analytics.sources import refresh

A_DAY = "a day such as 2026-01-23"
LONGEST_REASON = 300


def confirm(
    series: Annotated[str, typer.Argument(help="A series name, or yahoo:SYMBOL.")],
) -> None:
    """Take the source's answer where it is disputed, and call the series confirmed."""
    with said():
        configured, row = settings(), catalogue.get(series)
        with closing(live(configured, "a confirmation")) as ledger:
            now = configured.now()
            if not ledger.disputes(row.key):
                ledger.say(row.key, CONFIRMED, BY_A_PERSON, now)
                typer.echo(f"{row.key}: confirmed. No answer of its source was waiting.")
                return
            ledger.say(row.key, APPROVED, "A person confirmed the source's answer.", now)
            attempt = refresh.fetch_one(ledger, sources(configured), row, configured.now)
    if attempt.outcome == "failed":
        typer.echo(f"{attempt.message} Its next good answer is taken.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{row.key}: confirmed; {attempt.added:,} new figures, {attempt.revised:,} revised.")


def retract(
    series: Annotated[str, typer.Argument(help="A series name, or yahoo:SYMBOL.")],
    first: Annotated[str, typer.Option("--from", help=f"First day, {A_DAY}.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day; the same without it.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it is kept with the retraction.")] = "",
    undo: Annotated[int, typer.Option(help="Number of a retraction that no longer holds.")] = 0,
) -> None:
    """Let stored figures no longer count from now on; without --from, list what was retracted. Nothing is deleted."""
    with said():
        configured, row = settings(), catalogue.get(series)
        with closing(live(configured, "a retraction")) as ledger:
            now = configured.now()
            mine = {one.id: one for one in ledger.retractions() if one.series == row.key}
            if undo:
                if undo not in mine or not ledger.undo_retraction(undo, now):
                    raise BadChoice("--undo", undo, f"the number of a retraction of {row.key} that holds")
                typer.echo(f"{row.key}: retraction {undo} is undone.")
            elif first:
                start, end = _day("--from", first), _day("--to", last or first)
                if end < start:
                    raise BadChoice("--to", end, f"a day from {start} on")
                if not reason.strip():
                    raise BadChoice("--reason", "nothing", "a few words: they are kept with the retraction")
                count = ledger.retract(row.key, start, end, reason.strip()[:LONGEST_REASON], now)
                typer.echo(f"{row.key}: {count:,} periods from {start} to {end} no longer count.")
            else:
                for one in mine.values():
                    state = "" if one.undone_at is None else f", undone {one.undone_at:%Y-%m-%d %H:%M} UTC"
                    when = f"{one.known_at:%Y-%m-%d %H:%M} UTC"
                    typer.echo(f"{one.id}: {one.first} to {one.last}, since {when}{state}: {one.reason}")
                typer.echo(f"{row.key}: {len(mine)} retractions.")


def _day(option: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadChoice(option, text, A_DAY) from None
