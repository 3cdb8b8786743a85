"""The command line's ``brief`` and ``bundle``: what an analyst sends on in the morning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.command_line import cache_of, chosen_view, deliver, now_of, opened, said
from analytics.evaluate import Evaluator, evaluator
from analytics.report.brief import brief
from analytics.report.bundle import bundle
from analytics.settings import settings
from analytics.view import DEFAULT, SPANS

AsOf = Annotated[str | None, typer.Option(help="A day, such as 2026-01-23; the present without it.")]
Lead = Annotated[str, typer.Option(help="Series name of the first leg, or yahoo:SYMBOL.")]
Follow = Annotated[str, typer.Option(help="Series name of the second leg, or yahoo:SYMBOL.")]
Span = Annotated[str, typer.Option(help=" ".join(SPANS))]


@contextmanager
def _asked(lead: str, follow: str, span: str, as_of: str | None) -> Iterator[Evaluator]:
    with said():
        configured = settings()
        chosen = chosen_view(lead=lead, follow=follow, span=span, as_of=as_of or "live")
        with opened(configured) as ledger:
            yield evaluator(ledger, chosen, now_of(configured), cache_of(configured, ledger))


def brief_command(
    out: Annotated[Path, typer.Option(help="The HTML file to write; - for standard output.")],
    lead: Lead = DEFAULT.lead,
    follow: Follow = DEFAULT.follow,
    span: Span = DEFAULT.span,
    as_of: AsOf = None,
) -> None:
    """The brief: one HTML file with its charts in it, two pages when printed."""
    with _asked(lead, follow, span, as_of) as asking:
        text = brief(asking)
        deliver(text, out)
    if str(out) != "-":
        typer.echo(
            f"The brief as known on {asking.day} is in {out}, {len(text.encode()) / 1e6:.1f} MB.", err=True
        )


def bundle_command(
    out: Annotated[Path, typer.Option(help="The zip file to write.")],
    lead: Lead = DEFAULT.lead,
    follow: Follow = DEFAULT.follow,
    span: Span = DEFAULT.span,
    as_of: AsOf = None,
) -> None:
    """Every table behind the pages as CSV with its papers, README, licence notes, citation, settings and hashes."""
    with _asked(lead, follow, span, as_of) as asking:
        made = bundle(asking, rows=settings().silverlead_rows)
        deliver(made, out)
    typer.echo(f"The bundle as known on {asking.day} is in {out}, {len(made) / 1e6:.1f} MB.", err=True)
