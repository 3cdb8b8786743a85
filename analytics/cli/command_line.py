"""What the commands share: the ledger they open, options read as a view, errors as one sentence and an exit code."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from analytics import catalogue, view
from analytics.desk import demo_ledger, live_ledger, results_of
from analytics.errors import AnalyticsError, BadChoice, LedgerError, RefreshRunning, SameSeries
from analytics.evaluate.cache import Memory
from analytics.evaluate.stored import Stored
from analytics.ledger import Ledger
from analytics.settings import Settings
from analytics.sources import refresh
from analytics.view import View

EMPTY = "The ledger is empty. Run: python -m analytics refresh"


@contextmanager
def said() -> Iterator[None]:
    """Our own errors as one sentence on standard error and an exit code."""
    try:
        yield
    except AnalyticsError as error:
        typer.echo(f"{error}", err=True)
        code = 3 if isinstance(error, RefreshRunning) else 4 if isinstance(error, LedgerError) else 2
        raise typer.Exit(code) from None


@contextmanager
def interruptible(sentence: str) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the block, say ``sentence`` and end the process with 130 and 143.

    Whatever the block holds open is closed on the way. The process does not wait for threads that hang in a request, as
    the interpreter's own exit would.
    """
    kept = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt as told:
        with suppress(OSError):  # nobody listens any more
            typer.echo(sentence, err=True)
            sys.stdout.flush()
        os._exit(128 + told.args[0])
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


@contextmanager
def opened(configured: Settings, *, empty: bool = False) -> Iterator[Ledger]:
    """The ledger that commands read: the demo only when it is asked for. ``empty``: one without a row will do."""
    demo = configured.silverlead_data == "demo"
    with closing(demo_ledger(configured.silverlead_cache) if demo else live_ledger(configured)) as ledger:
        if not (empty or ledger.series_keys()):
            typer.echo(EMPTY, err=True)
            raise typer.Exit(4)
        yield ledger


def cache_of(configured: Settings, ledger: Ledger) -> Memory:
    """The cache of one command, over the results of processes before it."""
    results = results_of(configured, ledger)
    return Memory() if results is None else Memory(Stored(results))


def live(configured: Settings, what: str) -> Ledger:
    """The live ledger, for a command that writes."""
    if configured.silverlead_data == "demo":
        raise BadChoice("SILVERLEAD_DATA", "demo", f"live or auto for {what}: the demo stays simulated")
    return live_ledger(configured)


def chosen_view(**options: str) -> View:
    """The options as a view; one that cannot be read is refused by its name."""
    for name, text in options.items():
        control = view.CONTROLS[name]
        try:
            if len(text) > view.LONGEST_VALUE:
                raise ValueError("too long")
            control.read(text)
        except (BadChoice, ValueError, OverflowError):
            raise BadChoice(f"--{name.replace('_', '-')}", text, control.says) from None
    chosen, problems = view.from_query(options)
    if problems:  # each can be read, so what is wrong is the pair
        raise SameSeries(catalogue.get(options["lead"]).title)
    return chosen


def now_of(configured: Settings) -> dt.datetime:
    """The present; for the demo its last instant."""
    if configured.silverlead_data == "demo":
        from analytics.sources.demo import LAST_INSTANT

        return LAST_INSTANT
    return configured.now()


def speak_any_encoding() -> None:
    """A character that standard output cannot write becomes a question mark and no end of the command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def say_json(value: Any) -> None:
    """Print a value as JSON, with escapes where standard output is not UTF-8."""
    unicode = sys.stdout.encoding.lower().startswith("utf")
    typer.echo(json.dumps(value, ensure_ascii=not unicode, indent=1))


@contextmanager
def bar(quiet: bool) -> Iterator[Callable[[refresh.Progress], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as shown:
        task = shown.add_task("asking", total=None)

        def report(step: refresh.Progress) -> None:
            name = step.last.series if step.last else "asking"
            shown.update(task, total=step.total, completed=step.done, description=name)

        yield report


def in_catalogue_order(keys: Iterable[str]) -> list[str]:
    """Listed series first, in their order, then the others by name: not the order in which answers happened to arrive."""
    place = {key: number for number, key in enumerate(catalogue.load())}
    return sorted(keys, key=lambda key: (place.get(key, len(place)), key))


def deliver(made: str | bytes, out: Path) -> None:
    """Write text or bytes to a file, or to standard output where it is ``-``.

    Raises:
        BadChoice: the file cannot be written.
    """
    data = made.encode() if isinstance(made, str) else made
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        out.write_bytes(data)
    except OSError:
        raise BadChoice("--out", out, "a file in a folder that is there and can be written") from None
