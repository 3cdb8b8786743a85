"""The command line's ``check``: hold a rules file against the ledger, for cron. docs/alerts.md describes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics import findings, webhook
from analytics.alerts import Outcome, Rule, judge, read_rules, unknown
from analytics.asker import Asker, asker
from analytics.charts.chart import SIMULATED
from analytics.command_line import chosen_view, now_of, opened, said, say_json
from analytics.errors import BadFile, MeasureError, NotDelivered
from analytics.settings import Settings, settings
from analytics.view import View

FORMAT = 1
"""Version of the document that a webhook gets."""
LARGEST_FILE = 256 * 1024
FIRED, IN_PART = 3, 1
"""Exit codes: a rule fired; none fired, but one could not be measured."""


def check(
    rules: Annotated[Path, typer.Option(help="The rules file (TOML, docs/alerts.md).")],
    as_of: Annotated[
        str | None, typer.Option(help="A day, such as 2026-01-23; the present without it.")
    ] = None,
    send: Annotated[bool, typer.Option(help="Send what fired to the webhook, where there is one.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold a rules file against the ledger. Ends with 3 when a rule fires, 1 when one could not be measured, else 0.

    2 is wrong use, 4 no ledger that can be read. (For ``refresh`` 3 means that another process is refreshing.)
    """
    with said():
        configured = settings()
        wanted = read_rules(_text(rules))
        address = _address(configured, wanted.webhook)
        chosen, now = chosen_view(as_of=as_of or "live"), now_of(configured)
        with opened(configured) as ledger:
            outcomes = judged(
                wanted.rules, lambda view: asker(ledger, replace(view, as_of=chosen.as_of), now)
            )
            found = document(outcomes, chosen.instant(now), ledger.kind == "demo")
    fired = bool(found["fired"])
    sent, trouble = _sent(address, found) if send and fired and address else (None, "")
    if as_json:
        say_json({**found, "sent": sent})
    else:
        for outcome in outcomes:
            typer.echo(f"{outcome.state:8} {outcome.sentence}")
    if trouble:
        typer.echo(trouble, err=True)
    if fired or found["unknown"]:
        raise typer.Exit(FIRED if fired else IN_PART)


def judged(rules: Sequence[Rule], asking: Callable[[View], Asker]) -> list[Outcome]:
    """Every rule held against its finding; rules with the same choices share what was measured.

    Raises:
        BadFile: a rule asks for a value that its finding does not have.
        BadChoice: there is no such finding.
    """
    askers: dict[View, Asker] = {}
    for rule in rules:
        if rule.view not in askers:
            askers[rule.view] = asking(rule.view)
    days_before = {
        choices: one.on(one.day - dt.timedelta(days=1))
        for choices, one in askers.items()
        if any(rule.once for rule in rules if rule.view == choices)
    }
    return [_judged(rule, askers[rule.view], days_before.get(rule.view)) for rule in rules]


def _judged(rule: Rule, now: Asker, before: Asker | None) -> Outcome:
    try:
        body = findings.answer(now.finding(rule.finding))
    except MeasureError as error:
        return unknown(rule, str(error))
    return judge(rule, body, _body_before(rule, before) if before is not None and rule.once else None)


def _body_before(rule: Rule, before: Asker) -> dict[str, Any] | None:
    try:
        return findings.answer(before.finding(rule.finding))
    except MeasureError:  # what could not be measured did not hold
        return None


def document(outcomes: Sequence[Outcome], as_of: dt.datetime, simulated: bool) -> dict[str, Any]:
    """What is printed and posted: the rules that fired, those not known, and one line of text."""
    by_state = {state: [o for o in outcomes if o.state == state] for state in ("fired", "unknown", "quiet")}
    mark = f"{SIMULATED}, not market prices. " if simulated else ""
    text = " ".join(outcome.sentence for outcome in by_state["fired"])
    return {
        "product": "Silverlead",
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "simulated": simulated,
        "text": f"{mark}{text}" if text else "",
        **{state: [asdict(outcome) for outcome in found] for state, found in by_state.items()},
    }


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
        if len(raw) > LARGEST_FILE:
            raise BadFile(f"The rules file is larger than {LARGEST_FILE // 1024} KB.")
        return raw.decode("utf-8")
    except OSError:
        raise BadFile("The rules file cannot be read. Name one that is there: --rules FILE.") from None
    except UnicodeDecodeError:
        raise BadFile("The rules file is not UTF-8 text.") from None


def _address(configured: Settings, from_file: str) -> str:
    """The webhook's address: the file's own, or the setting's; checked before anything is measured."""
    address = from_file or configured.webhook or ""
    return webhook.check(address) if address else ""


def _sent(address: str, found: dict[str, Any]) -> tuple[bool, str]:
    """Whether the webhook took the document, and what is to be said where it did not."""
    try:
        webhook.post(address, found)
    except NotDelivered as error:
        return False, str(error)
    return True, ""
