"""A scan from question to ledger: the universe's prices as known on a day, parts computed by somebody, each kept at once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from analytics import catalogue, panel
from analytics.clock import calendars
from analytics.errors import BadFile, BadSymbol, UnknownSeries
from analytics.ledger import Ledger, scans
from analytics.ledger.scans import ScanRow
from analytics.topics.scan.measures import scan as measure
from analytics.topics.scan.measures.scan import Block, Scan, Standing
from analytics.topics.scan.measures.universe import Universe, universe

Work = Callable[[np.ndarray, Sequence[int], int], Iterator[tuple[int, bytes]]]
"""(returns, numbers of the parts, draws) -> (number, body) as they are done; see ``one_after_another``, ``cluster``."""
MOST_KEYS = 2_000
NOT_HELD = "nothing is held of it; python -m analytics refresh --only {} asks for it"


def read_universe(path: Path) -> list[str]:
    """Series names from a file, one a line; ``#`` begins a comment.

    Raises:
        BadFile: the file cannot be read, or a line names no series; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadFile(
            f"{path.name} cannot be read. A universe is a text file with one series name a line."
        ) from None
    keys: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        key = line.split("#")[0].strip()
        if not key:
            continue
        try:
            keys[catalogue.get(key).key] = None
        except (UnknownSeries, BadSymbol) as error:
            raise BadFile(f"{path.name}, line {number}: {error}") from None
    if not 2 <= len(keys) <= MOST_KEYS:
        raise BadFile(f"{path.name} names {len(keys)} series; a scan takes 2 to {MOST_KEYS:,}.")
    return list(keys)


def default_universe() -> list[str]:
    """Every listed series that may be a leg of a pair."""
    return [series.key for series in catalogue.load().values() if series.lead or series.follow]


def gather(
    ledger: Ledger, keys: Sequence[str], as_of: dt.datetime, since: dt.date | None = None
) -> tuple[Universe, str]:
    """The universe as known at ``as_of``, and the hash of the data behind it.

    Raises:
        NotEnoughData: fewer than two series can be compared.
    """
    data = panel.build(ledger, keys, as_of)
    table = data.table()
    levels = table[calendars.on_us_sessions(table.index.to_numpy())]
    found = universe(levels, since)
    missing = {key: NOT_HELD.format(key) for key in keys if key not in data}
    return Universe(
        found.keys, found.returns, found.first, found.last, {**found.left_out, **missing}
    ), data.sha256


def question(found: Universe, sha256: str, as_of: dt.datetime, draws: int, now: dt.datetime) -> ScanRow:
    """The row of a scan; the same data, series, days and draws have the same name whenever they are asked for."""
    said = "\n".join([sha256, *found.keys, f"{found.first}", f"{found.last}", f"{draws}", f"{measure.SEED}"])
    name = hashlib.sha256(said.encode()).hexdigest()[:32]
    n = found.returns.shape[1]
    return ScanRow(name, found.keys, found.left_out, as_of, found.first, found.last, n, draws, now)


def run(
    ledger: Ledger,
    asked: ScanRow,
    returns: np.ndarray,
    work: Work,
    clock: Callable[[], dt.datetime],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Scan:
    """Compute the parts that are not kept yet, keep each as it arrives, and bring all together.

    A scan that was killed goes on where it was; one that is finished is only read.

    Raises:
        WorkersLost: by ``work``.
        LedgerError: a part cannot be kept.
    """
    held = scans.begin(ledger.engine, asked)
    done = scans.kept(ledger.engine, held.id)
    report(len(done), len(held.keys))
    todo = [number for number in range(len(held.keys)) if number not in done]
    for number, body in work(returns, todo, held.draws) if todo else ():
        scans.keep(ledger.engine, held.id, number, body)
        done[number] = body
        report(len(done), len(held.keys))
    scans.finish(ledger.engine, held.id, clock())
    return _together(held, done)


def read(ledger: Ledger, row: ScanRow) -> Scan:
    """A finished scan's finding."""
    return _together(row, scans.kept(ledger.engine, row.id))


def standing(ledger: Ledger, row: ScanRow, found: Scan, lead: str, follow: str) -> Standing | None:
    """One pair's place in a finished scan; None where it is not in its universe."""
    if lead == follow or not {lead, follow} <= set(row.keys):
        return None
    number = row.keys.index(follow)
    return measure.standing(found, _block(number, scans.kept(ledger.engine, row.id)[number], row.draws), lead)


def part(returns: np.ndarray, number: int, draws: int) -> bytes:
    """One part, computed; top level and of plain values, so that it can be sent to another process."""
    made = measure.block(returns, number, measure.signs(draws, returns.shape[1]))
    return made.maxima.astype("<f4").tobytes() + made.rows.astype("<f8").tobytes()


def one_after_another(returns: np.ndarray, numbers: Iterable[int], draws: int) -> Iterator[tuple[int, bytes]]:
    """The parts in this process."""
    for number in numbers:
        yield number, part(returns, number, draws)


def _together(row: ScanRow, parts: dict[int, bytes]) -> Scan:
    return measure.scan(row.keys, row.n, [_block(number, body, row.draws) for number, body in parts.items()])


def _block(number: int, body: bytes, draws: int) -> Block:
    maxima = np.frombuffer(body, "<f4", draws)
    rows = np.frombuffer(body, "<f8", offset=maxima.nbytes).reshape(-1, len(measure.COLUMNS))
    return Block(number, rows, maxima)
