"""Admission: what of an answer may be stored, judged as a whole and then row by row against what is held. Pure.

A source may be wrong, broken or lying. An answer that contradicts what is held, has lost history or cannot be true in
large part is *disputed*: nothing of it is stored until something else than the same source speaks for it, or, where
nothing else can, a person does. Rows that leap wait for a witness. What is held is never deleted: it is retracted.
docs/data-quality.md has the rules as one table.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analytics.catalogue import Series
from analytics.clock.calendars import may_be_dated
from analytics.ledger.standing import (
    APPROVED,
    BY_A_PERSON,
    CONFIRMED,
    WAITING,
    DisputedAnswer,
)
from analytics.sources import Answer, Oddity
from analytics.sources.admission import disputes, evidence, history, neighbours, rules
from analytics.sources.admission.levels import SAME, Levels, adjusted, splits, stored
from analytics.sources.admission.record import APART, Admitted, Record, occasions

__all__ = ["Admitted", "Record", "admit"]

NO_FAULT = ("not_final", "repeated", "off_calendar")
"""Rules whose rows do not count against an answer as a whole, the last only before a series' first day."""
CONTRADICTORY = ("The source gives two different", "The value is not a number")
"""How the reasons of rows begin that a provider itself left out as impossible."""
LATE = 14
"""A day that is not held and lies so long before the newest held one is history that comes late: it waits like a leap."""
MOST_MISSING = 30
"""Held dates that an answer may lack and that are then watched; more is another matter."""
NEVER_SEEN_AGAIN = "Three answers lacked it, and none but the first ever had it."


def admit(answer: Answer, record: Record, now: dt.datetime) -> Admitted:
    """Judge an answer.

    Args:
        answer: Of any provider.
        record: What is known of the series.
        now: The present instant, with a zone.
    """
    series = answer.series
    proper = record.rows[may_be_dated(series, record.rows["period"].to_numpy())]
    rows, turned = rules.judge(answer, proper, now)
    told, held = stored(rows, series), stored(proper, series)
    found = disputes.change(series, told, held)
    kind, cause = _dispute(answer, told, held, found, proper, rows, turned, record, now)
    split = splits(pd.concat([proper, rows]))
    in_shares, held_in_shares = adjusted(told, split), adjusted(held, split)
    taken = ""
    if kind:
        taken = disputes.settled(
            series, kind, in_shares, held_in_shares, found, record, now, answer.since is None
        )
        if not taken:
            missing = (
                _missing(answer, told, held, turned, record)[0]
                if kind == "lost" and not found.is_dispute
                else None
            )
            return _disputed(kind, cause, answer, in_shares, rows, now, missing)
    over = bool(taken) and (kind == "changed" or taken is disputes.OUTVOTED or record.state == APPROVED)
    rows, waiting, refused, awaited = _neighbours(
        answer, rows, in_shares, held_in_shares, found, record, now, over
    )
    waiting = waiting or _slips(answer, turned, now)
    rows = _whole_reports(series, rows)
    told = stored(rows, series)
    missing, back, gone = _missing(answer, told, held, turned, record)
    improper = _days(record.rows, ~may_be_dated(series, record.rows["period"].to_numpy()))
    retired = np.union1d(gone, improper)
    if over:
        retired = np.union1d(retired, _done_away(answer, told, held, proper, rows))
    return Admitted(
        rows.reset_index(drop=True),
        tuple(refused) + tuple(odd for name, odds in turned.items() if name != "repeated" for odd in odds),
        tuple(turned.get("repeated", ())) + ((Oddity(None, series.field, cause, taken),) if taken else ()),
        waiting=waiting,
        retired=retired,
        why=taken or NEVER_SEEN_AGAIN,
        word=_word(answer, in_shares, held_in_shares, over, record),
        missing=missing,
        back=back,
        settled=bool(taken) or (bool(record.disputes) and waiting is None and len(found.common) > 0),
        awaited=awaited,
    )


def _whole_reports(series: Series, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without further figures of a report whose main value is not taken."""
    if not series.parts:
        return rows
    taken = rows.loc[rows["field"] == series.field, "period"]
    return rows[rows["period"].isin(taken)]


def _done_away(
    answer: Answer, told: Levels, held: Levels, proper: pd.DataFrame, rows: pd.DataFrame
) -> np.ndarray:
    """Held days that an answer, taken in the place of what is held, does not have, and those of splits it does not list."""
    if not len(told.days):
        return np.array([], np.int64)
    whole = answer.since is None and not answer.series.rolling
    past = held.days[(held.days <= told.days[-1]) & (whole | (held.days >= told.days[0]))]
    gone = np.setdiff1d(past, told.days)
    was, now = splits(proper), splits(rows)
    other = was.days[~np.isclose(was.values, now.on(was.days))]
    return np.union1d(gone, other[(other <= told.days[-1]) & (whole | (other >= told.days[0]))])


def _dispute(
    answer: Answer,
    told: Levels,
    held: Levels,
    found: disputes.Change,
    proper: pd.DataFrame,
    rows: pd.DataFrame,
    turned: dict[str, list[Oddity]],
    record: Record,
    now: dt.datetime,
) -> tuple[disputes.Kind | None, str]:
    """What is wrong with the answer as a whole, and the clause that says it."""
    series = answer.series
    if found.is_dispute:
        return "changed", disputes.says(series, "changed", told, held, found, record)
    for day, ratio in _unseen(splits(proper), splits(rows), held):
        return "changed", f"it has a split of {day}, {ratio:g} for 1, that the closes of that day do not show"
    for day, ratio in _forgotten(splits(proper), splits(rows), told):
        return "changed", f"it no longer has the split of {day}, {ratio:g} for 1"
    faults = [odd for name, odds in turned.items() if name not in NO_FAULT for odd in odds]
    faults += [odd for odd in turned.get("off_calendar", ()) if "began" not in odd.reason]
    faults += [odd for odd in answer.oddities if odd.reason.startswith(CONTRADICTORY)]
    faults = [odd for odd in faults if odd.field == series.field]
    if len(faults) > max(disputes.MOST_REFUSED, disputes.MOST_REFUSED_SHARE * (len(faults) + len(told.days))):
        odd = faults[-1]
        return (
            "refused",
            f"{len(faults):,} of its rows cannot be true ({odd.value} for {odd.period}: {odd.reason.removesuffix('.')})",
        )
    if clause := history.lost(answer, proper, now):
        return "lost", clause
    if series.field == "close" and series.change == "return" and not len(held.days):
        past = adjusted(
            Levels(told.days[:-1], told.values[:-1]), splits(rows)
        )  # a newest leap waits by itself
        if len(disputes.steps(past)):
            return "step", disputes.says(series, "step", past, held, found, record)
    return None, ""


def _forgotten(was: Levels, now: Levels, told: Levels) -> list[tuple[dt.date, float]]:
    """Held splits within an answer's span that it does not have, or has with another ratio."""
    if not len(told.days):
        return []
    within = (was.days > told.days[0]) & (was.days <= told.days[-1])
    gone = within & ~np.isclose(was.values, now.on(was.days))
    dates = was.days[gone].astype("datetime64[D]").astype(object)
    return list(zip(dates.tolist(), was.values[gone].tolist(), strict=True))


def _unseen(was: Levels, now: Levels, held: Levels) -> list[tuple[dt.date, float]]:
    """New splits of days that are held, across which the held closes moved as if there were none."""
    found = []
    for day, ratio in zip(now.days.tolist(), now.values.tolist(), strict=True):
        at = int(np.searchsorted(held.days, day))
        if day in was.days or not 0 < at < len(held.days):
            continue
        jump = np.log(held.values[at - 1] / held.values[at])
        if abs(jump) < abs(jump - np.log(ratio)):
            found.append((dt.date(1970, 1, 1) + dt.timedelta(days=day), ratio))
    return found


def _disputed(
    kind: disputes.Kind,
    cause: str,
    answer: Answer,
    told: Levels,
    rows: pd.DataFrame,
    now: dt.datetime,
    missing: np.ndarray | None,
) -> Admitted:
    remembered = DisputedAnswer(kind, cause, now, answer.since is None, told.days, told.values)
    nothing = np.array([], np.int64)
    return Admitted(
        rows.iloc[:0],
        disputed=remembered,
        missing=nothing if missing is None else missing,
        awaited=kind == "changed",
    )


def _slips(answer: Answer, turned: dict[str, list[Oddity]], now: dt.datetime) -> DisputedAnswer | None:
    """Rows of a whole history that cannot be true beside the others: it is read whole again until it is clean."""
    odd = [
        (one.period, float(one.value))
        for name in ("slipped", "standing_still")
        for one in turned.get(name, ())
        if one.period is not None and one.field == answer.series.field
    ]
    if answer.since is not None or not odd:
        return None
    told = dict(sorted(((day - dt.date(1970, 1, 1)).days, value) for day, value in odd))
    days, values = np.array(list(told), np.int64), np.array(list(told.values()), np.float64)
    return DisputedAnswer(WAITING, "Rows that cannot be true beside the others", now, True, days, values)


def _neighbours(
    answer: Answer,
    rows: pd.DataFrame,
    told: Levels,
    held: Levels,
    found: disputes.Change,
    record: Record,
    now: dt.datetime,
    over: bool,
) -> tuple[pd.DataFrame, DisputedAnswer | None, list[Oddity], bool]:
    """The rows without those that leap or correct too much and that nothing bears out; those wait."""
    series = answer.series
    if over or record.state == APPROVED:
        return rows, None, [], False
    leaps = np.union1d(
        neighbours.leaping(series, told, held), neighbours.unlikely(series, told, held, found.changed)
    )
    both = np.intersect1d(told.days, held.days)
    altered = both[~np.isclose(told.on(both), held.on(both), rtol=SAME, atol=1e-12)]
    worse = altered[:0]
    if len(altered) and not series.revised:
        worse = altered[evidence.worse(series, told, held, altered, record.look)]
        leaps = np.union1d(leaps, worse)
    fresh = told.days[told.days > held.days[-1]] if len(held.days) else leaps
    if len(held.days) and series.frequency == "d":
        old = told.days[told.days < held.days[-1] - LATE]
        leaps = np.union1d(leaps, old[~np.isin(old, held.days)])
    suspects = np.union1d(leaps, fresh)
    levels = told.over(held)
    if len(suspects):
        levels = levels.only(levels.days[levels.days > suspects[0] - neighbours.LOOK_BACK])
    support = evidence.supported(series, levels, suspects, record.look)
    doubted = (support < 0) | ((support == 0) & np.isin(suspects, leaps)) | np.isin(suspects, worse)
    for at in np.flatnonzero(doubted):
        day = int(suspects[at])
        if (support[at] == 0 or day not in leaps or day in worse) and _borne_out(
            series, told, held, day, record, now
        ):
            doubted[at] = False
    bad, support = suspects[doubted], support[doubted]
    if not len(bad):
        return rows, None, [], False
    off = np.isin(rows["period"].to_numpy().astype("datetime64[D]").astype(np.int64), bad)
    off &= (rows["field"] == series.field).to_numpy()
    by = evidence.witness_title(series)
    reasons = {
        day: f"{by} does not bear it out." if says < 0 else "It leaps, and waits until others bear it out."
        for day, says in zip(bad.tolist(), support.tolist(), strict=True)
    }
    turned = rows[off]
    days = turned["period"].to_numpy().astype("datetime64[D]").astype(np.int64)
    said = pd.Series([reasons[day] for day in days.tolist()], index=turned.index, dtype=object)
    waiting = DisputedAnswer(
        WAITING, "Rows far off their neighbours", now, answer.since is None, bad, told.on(bad)
    )
    awaited = evidence.awaited(series, bad[support == 0], record.look)
    return rows[~off], waiting, rules.told_of(rows, said), awaited


def _borne_out(
    series: Series, told: Levels, held: Levels, day: int, record: Record, now: dt.datetime
) -> bool:
    """Whether three answers on different days gave a value that no witness can judge, and it is not beyond belief."""
    at = np.array([day])
    value = told.on(at)[0]
    if neighbours.beyond_belief(series, told, held, day):
        return False
    same = [
        one.asked_at
        for one in record.disputes
        if one.kind == WAITING and np.isclose(Levels(one.days, one.levels).on(at)[0], value, rtol=1e-7)
    ]
    return occasions([*same, now]) >= disputes.THRICE


def _missing(
    answer: Answer, told: Levels, held: Levels, turned: dict[str, list[Oddity]], record: Record
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Held days that the answer should have and lacks, those that it has again, and those that are retired for it.

    A day is retired when three answers on different days lacked it and none but the first ever had it.
    """
    nothing = np.array([], np.int64)
    if not len(told.days) or not len(held.days):
        return nothing, nothing, nothing
    first = told.days[0] if answer.since is not None else min(told.days[0], held.days[0])
    covered = held.days[(held.days >= first) & (held.days <= told.days[-1])]
    there = [
        (odd.period - np.datetime64("1970-01-01").astype(object)).days
        for odd in answer.oddities
        if odd.period
    ]
    refused = [
        (odd.period - np.datetime64("1970-01-01").astype(object)).days
        for odds in turned.values()
        for odd in odds
        if odd.period
    ]
    present = np.union1d(told.days, np.array([*there, *refused], np.int64))
    lacking = covered[~np.isin(covered, present)]
    back = np.array([day for day in record.absences if day in set(told.days.tolist())], np.int64)
    if answer.series.rolling or len(lacking) > MOST_MISSING:
        return nothing, back, nothing
    seen = _seen_again(lacking, record)
    lacking = lacking[~seen]
    asked = max((instant for instant, _ in record.good), default=None)
    gone = [
        day
        for day in lacking.tolist()
        if occasions(record.absences.get(day, [])) >= disputes.TWICE and asked is not None
    ]
    return lacking, back, np.array(gone, np.int64)


def _seen_again(days: np.ndarray, record: Record) -> np.ndarray:
    """Mask of held days that a good answer, at least 20 hours after the first, still had."""
    recorded = record.rows.assign(
        day=record.rows["period"].to_numpy().astype("datetime64[D]").astype(np.int64)
    )
    since = recorded.groupby("day")["recorded_at"].max()
    mask = np.zeros(len(days), dtype=bool)
    for at, day in enumerate(days.tolist()):
        first_missed = min(record.absences.get(day, [dt.datetime.max.replace(tzinfo=dt.UTC)]))
        stored_at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(since.get(day, 0)))
        mask[at] = any(
            stored_at + APART <= instant < first_missed
            and (whole or day >= (instant.date() - dt.date(1970, 1, 1)).days - 14)
            for instant, whole in record.good
        )
    return mask


def _word(answer: Answer, told: Levels, held: Levels, over: bool, record: Record) -> tuple[str, str] | None:
    """The series' state after this answer, where it changes."""
    if record.state == APPROVED:
        return CONFIRMED, BY_A_PERSON
    if record.standing is not None and record.standing.reason == BY_A_PERSON:
        return None
    if answer.since is not None and record.state == CONFIRMED:
        return None
    levels = told if over or not len(held.days) else told.over(held)
    said = evidence.whole(answer.series, levels, record.look)
    if record.state == CONFIRMED and said.says == 0:
        return None
    return None if record.state == said.state else (said.state, said.reason)


def _days(rows: pd.DataFrame, mask: np.ndarray) -> np.ndarray:
    return np.unique(rows["period"].to_numpy()[mask].astype("datetime64[D]").astype(np.int64))
