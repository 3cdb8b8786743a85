"""The command line's ``check``: hold a rules file against the ledger, for cron. docs/alerts.md describes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics import evaluate
from analytics.cli import alert_marks, alert_provenance, webhook
from analytics.cli.alert_marks import Mark, Marks, sign
from analytics.cli.alert_provenance import Provenance
from analytics.cli.alerts import Outcome, Reading, Rule, around, judge, read, read_rules
from analytics.cli.command_line import cache_of, chosen_view, now_of, opened, said, say_json
from analytics.clock.instants import NEW_YORK, day_of, end_of_day, from_micros
from analytics.errors import BadChoice, BadFile, MeasureError, NotDelivered
from analytics.evaluate import Evaluator
from analytics.render import plain
from analytics.render.chart import SIMULATED
from analytics.settings import Settings, settings
from analytics.view import View

FORMAT = 1
"""Version of the document that a webhook gets."""
LARGEST_FILE = 256 * 1024
FIRED, IN_PART = 3, 1
"""Exit codes: a rule fired; none fired, but one is unknown: not measured, or its data are stale."""
MOST_DAYS = 14
"""Days since the last run that are looked at one by one: of an older gap, what still holds is told all the same."""


def check(
    rules: Annotated[Path, typer.Option(help="The rules file (TOML, docs/alerts.md).")],
    as_of: Annotated[
        str | None, typer.Option(help="A day, such as 2026-01-23; the present without it.")
    ] = None,
    send: Annotated[bool, typer.Option(help="Send what fired to the webhook, where there is one.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold a rules file against the ledger. Ends with 3 when a rule fires, 1 when one is unknown, else 0.

    A rule is unknown when its value could not be measured or its data are stale. 2 is wrong use, 4 no ledger that can be
    read. (For ``refresh`` 3 means that another process is refreshing.)
    """
    with said():
        configured = settings()
        wanted = read_rules(_text(rules))
        address = _address(configured, wanted.webhook)
        chosen, now = chosen_view(as_of=as_of or "live"), now_of(configured)
        file = alert_marks.place(configured.silverlead_cache, rules)
        with opened(configured) as ledger:
            telling = send and as_of is None and ledger.kind == "live"  # else it is only a look
            marks = alert_marks.load(file) if telling else {}
            version, cache = ledger.version(), cache_of(configured, ledger)
            outcomes = judged(
                wanted.rules,
                lambda view: Evaluator(ledger, replace(view, as_of=chosen.as_of), now, version, cache=cache),
                marks,
            )
            found = document(outcomes, chosen.instant(now), ledger.kind == "demo")
    fired = bool(found["fired"])
    sent, trouble = _sent(address, found) if send and fired and address else (None, "")
    if as_json:
        say_json({**found, "sent": sent})
    else:
        for outcome in outcomes:
            typer.echo(f"{outcome.state:8} {outcome.sentence}")
    if telling:
        told = marks_after(wanted.rules, outcomes, marks, Mark(now, from_micros(version)), sent is not False)
        trouble = " ".join(part for part in (trouble, _kept(file, told)) if part)
    if trouble:
        typer.echo(trouble, err=True)
    if fired or found["unknown"]:
        raise typer.Exit(FIRED if fired else IN_PART)


def judged(rules: Sequence[Rule], asking: Callable[[View], Evaluator], marks: Marks) -> list[Outcome]:
    """Every rule held against its finding; rules with the same choices share what was measured.

    Args:
        rules: The rules.
        asking: Gives the evaluator of a view, at the present instant.
        marks: How far rules that fire once have been judged.

    Raises:
        BadFile: a rule asks for a value that its finding does not have.
        BadChoice: there is no such finding.
    """
    evaluators = _Evaluators(asking)
    return [_judged(rule, evaluators, marks.get(sign(rule))) for rule in rules]


@dataclass(slots=True)
class _Evaluators:
    """One evaluator a view and instant, so that nothing is measured twice."""

    asking: Callable[[View], Evaluator]
    made: dict[View, Evaluator] = field(default_factory=dict)

    def of(self, rule: Rule) -> Evaluator:
        if rule.view not in self.made:
            self.made[rule.view] = self.asking(rule.view)
        return self.made[rule.view]

    def at(self, now: Evaluator, instant: dt.datetime, recorded: dt.datetime | None = None) -> Evaluator:
        """The same choices as known at an earlier instant, and recorded by then."""
        view = replace(now.view, as_of=instant.astimezone(NEW_YORK), recorded=recorded)
        if view not in self.made:
            self.made[view] = now.seen(view)
        return self.made[view]


def _judged(rule: Rule, evaluators: _Evaluators, mark: Mark | None) -> Outcome:
    present = evaluators.of(rule)
    now = _reading(rule, present)
    if not rule.once or now.value is None:
        return judge(rule, now)
    return judge(
        rule, now, [_reading(rule, one) for one in _earlier(present, now.provenance, evaluators, mark)]
    )


def _earlier(
    now: Evaluator, provenance: Provenance, evaluators: _Evaluators, mark: Mark | None
) -> list[Evaluator]:
    """The instants that a rule which fires once is compared at, rising.

    After a run: what that run saw, and the end of each day since, so that every change lies between two neighbours of
    exactly one run, however many runs a day has or lacks. Otherwise the session before the data's own.
    """
    if mark is None or mark.as_of > now.as_of:
        until = provenance.unknown_until or now.as_of - dt.timedelta(days=1)
        return [evaluators.at(now, until)]
    days = [now.day - dt.timedelta(days=back) for back in range(MOST_DAYS, 0, -1)]
    since = [day for day in days if day >= day_of(mark.as_of)]
    return [
        evaluators.at(now, mark.as_of, mark.recorded),
        *(evaluators.at(now, end_of_day(day)) for day in since),
    ]


def _reading(rule: Rule, asked: Evaluator) -> Reading:
    try:
        body = plain.answer(asked.finding(evaluate.recipe(rule.finding)))
    except MeasureError as error:
        provenance = _provenance(rule, {}, asked)
        return Reading(None, provenance.stale or str(error), provenance)
    return read(rule, body, _provenance(rule, body, asked))


def _provenance(rule: Rule, body: dict[str, Any], asked: Evaluator) -> Provenance:
    parts = list(around(body, rule))
    finding, keys = alert_provenance.series_behind(rule.finding, rule.value, parts, asked.view, asked.day)
    if not keys:
        return alert_provenance.of_prints(finding, asked.day)
    return alert_provenance.of_series(finding, asked.panel(keys).papers, asked.as_of)


def marks_after(
    rules: Sequence[Rule], outcomes: Sequence[Outcome], before: Marks, now: Mark, told: bool
) -> Marks:
    """The marks to keep: a rule that is unknown has not been judged, and one whose message was not taken is told again."""
    after = {}
    for rule, outcome in zip(rules, outcomes, strict=True):
        mark: Mark | None = now
        if outcome.state == "unknown" or (outcome.crossed and not told):
            mark = before.get(sign(rule))
        if mark is None and outcome.crossed:
            mark = Mark(end_of_day(outcome.crossed - dt.timedelta(days=1)), now.recorded)
        if rule.once and mark is not None:
            after[sign(rule)] = mark
    return after


def _kept(file: Path, marks: Marks) -> str:
    """Keep the marks, where there is a rule that needs them; what is to be said where they cannot be."""
    try:
        if marks:
            alert_marks.save(file, marks)
    except BadChoice as error:
        return str(error)
    return ""


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
        **{state: [plain.plain(asdict(outcome)) for outcome in found] for state, found in by_state.items()},
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
