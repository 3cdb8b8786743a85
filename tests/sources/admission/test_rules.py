"""The door, row by row: each rule alone, all of them together, and that recorded data pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import catalogue
from analytics.clock.instants import NEW_YORK
from analytics.errors import Disputed, HistoryShrank
from analytics.sources.admission import Admitted
from analytics.sources.admission.rules import RULES
from tests.sources.admission.answers import BITCOIN, CPI, GDP, NOW, SILVER, SPREAD, YIELD, days, judged, rows

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market"


def turned_away(result: Admitted) -> list[tuple[str, str]]:
    return [(odd.value, odd.reason) for odd in result.refused]


# ------------------------------------------------------------------------------------------------------ known when


@pytest.mark.parametrize(
    ("key", "period", "known", "estimated"),
    [
        ("silver", "2026-06-04", "2026-06-04 22:00", False),  # 18:00 New York in summer
        ("silver", "2026-01-23", "2026-01-23 23:00", False),
        ("bitcoin", "2026-06-04", "2026-06-05 00:00", False),
        ("treasury_10y", "2026-06-03", "2026-06-04 22:00", True),  # one business day
        ("treasury_10y", "2026-05-29", "2026-06-01 22:00", True),  # a Friday's comes out on Monday
        ("fed_funds_rate", "2026-05-30", "2026-06-01 22:00", True),  # stamped on a Saturday
        ("treasury_10y", "2026-06-05", "2026-06-06 00:00", True),  # in hand before the rule: now
        ("cpi", "2026-04-01", "2026-05-16 22:00", True),  # 45 days from the stamp
        ("gdp", "2026-01-01", "2026-05-03 22:00", True),
    ],
)
def test_a_figure_is_known_by_its_close_or_its_release_rule(key, period, known, estimated):
    series = catalogue.get(key)
    value = {"cpi": 320.0, "gdp": 3e4}.get(key, 4.0)
    (row,) = judged(series, rows([period], [value], series.field)).rows.itertuples()
    assert row.known_at == pd.Timestamp(known, tz="UTC")
    assert row.estimated is estimated


def test_a_provider_that_knows_the_release_is_believed_but_not_beyond_now():
    stamps = pd.DatetimeIndex(["2026-05-12 22:00", "2026-06-07 22:00"], tz="UTC")
    result = judged(CPI, rows(["2026-04-01", "2026-05-01"], [320.0, 321.0], "value", stamps))
    assert list(result.rows["known_at"]) == [stamps[0], pd.Timestamp(NOW)]
    assert not result.rows["estimated"].any()


def test_a_projection_may_lie_ahead_and_is_known_when_it_is_in_hand_or_said_to_be_out():
    dots, said = catalogue.get("fed_dots_median"), pd.Timestamp("2026-03-18 22:00Z")
    unsaid = judged(dots, rows(["2026-01-01", "2028-01-01"], [3.6, 3.1], "value"), since=dt.date(2025, 1, 1))
    assert unsaid.rows["known_at"].tolist() == [pd.Timestamp(NOW)] * 2
    dated = judged(dots, rows(["2028-01-01"], [3.1], "value", [said]), since=dt.date(2025, 1, 1))
    assert (dated.rows["known_at"].tolist(), dated.rows["estimated"].tolist()) == ([said], [False])


# ------------------------------------------------------------------------------------------------------- each row


@pytest.mark.parametrize(
    ("key", "period", "reason"),
    [
        (
            "bitcoin",
            "2026-06-05",
            "The row is dated in the future.",
        ),  # 00:00 UTC of the 6th has passed: see below
        ("silver", "2026-06-05", "The bar is not final until 2026-06-05 18:00 America/New_York."),
        ("bitcoin", "2026-06-04", "The bar is not final until 2026-06-05 00:00 UTC."),
        ("silver", "2026-06-08", "The row is dated in the future."),
        ("target_upper", "2026-06-08", "The row is dated in the future."),
        ("gdp", "2026-07-01", "The row is dated in the future."),
    ],
)
def test_what_is_not_over_is_refused(key, period, reason):
    series = catalogue.get(key)
    early = dt.datetime(2026, 6, 4, 23, 59, tzinfo=dt.UTC) if key == "bitcoin" else NOW.replace(hour=17)
    result = judged(series, rows([period], [90.0], series.field), now=early)
    assert turned_away(result) == [("90", reason)]
    assert result.rows.empty


def test_new_york_evening_has_bitcoins_bar_and_all_fields_of_a_running_day_wait():
    assert (
        len(judged(BITCOIN, rows(["2026-06-05"], [6e4])).rows) == 1
    )  # 20:00 New York is 00:00 UTC of the 6th
    both = pd.concat([rows(["2026-06-05"], [30.0]), rows(["2026-06-05"], [5.0], "volume")], ignore_index=True)
    assert len(judged(SILVER, both, now=NOW.replace(hour=12)).refused) == 2


@pytest.mark.parametrize(
    ("key", "field", "value", "reason"),
    [
        ("silver", "close", np.inf, "The value is not a number."),
        ("silver", "close", np.nan, "The value is not a number."),
        ("silver", "close", 0.0, "The value is not above zero."),
        ("silver", "close", -30.0, "The value is not above zero."),
        ("silver", "dividend", 0.0, "The value is not above zero."),
        ("silver", "split", -2.0, "The value is not above zero."),
        ("silver", "split", 1e154, "No share is split more than 10,000 for 1, or 1 for 10,000."),
        ("silver", "split", 1e-290, "No share is split more than 10,000 for 1, or 1 for 10,000."),
        ("silver", "volume", -1.0, "The volume is below zero."),
        ("silver", "volume", np.inf, "The value is not a number."),
        ("treasury_10y", "value", 1e9, "The value lies outside the plausible range of -5 to 25."),
        ("treasury_10y", "value", -5.1, "The value lies outside the plausible range of -5 to 25."),
        ("zq_2026_07", "close", 9.637, "The value lies outside the plausible range of 75 to 105."),
    ],
)
def test_a_value_that_cannot_be_is_refused(key, field, value, reason):
    series = catalogue.get(key)
    result = judged(series, rows(["2026-06-02", "2026-06-03"], [value, value], field))
    assert [odd[1] for odd in turned_away(result)] == [reason, reason]
    assert all(
        odd.period == day
        for odd, day in zip(result.refused, [dt.date(2026, 6, 2), dt.date(2026, 6, 3)], strict=True)
    )


@pytest.mark.parametrize(
    ("field", "value"), [("volume", 0.0), ("dividend", 1e-4), ("split", 20.0), ("close", 1e-5)]
)
def test_a_value_that_is_only_unusual_is_kept(field, value):
    assert judged(SILVER, rows(["2026-06-03"], [value], field)).rows["value"].tolist() == [value]


def test_a_rate_may_be_negative_or_zero():
    assert len(judged(YIELD, rows(["2026-06-02", "2026-06-03"], [0.0, -0.4], "value")).rows) == 2


# -------------------------------------------------------------------------------------------- rows beside each other


def test_a_repeated_row_is_kept_once_and_a_contradicted_date_not_at_all():
    frame = rows(
        ["2026-06-01", "2026-06-02", "2026-06-02", "2026-06-03", "2026-06-03"],
        [30, 31, 31 * (1 + 1e-9), 32, 33],
    )
    result = judged(SILVER, frame)
    assert result.rows["value"].tolist() == [30, 31]
    assert turned_away(result) == [
        (value, "The source gives two different values for this date.") for value in ("32", "33")
    ]
    assert [(odd.period, odd.reason) for odd in result.notes] == [
        (dt.date(2026, 6, 2), "The source gives this row twice; one is kept.")
    ]


def test_vintages_of_a_period_do_not_contradict_each_other():
    stamps = pd.DatetimeIndex(["2026-04-30 22:00", "2026-05-28 22:00", "2026-05-28 22:00"], tz="UTC")
    result = judged(GDP, rows(["2026-01-01"] * 3, [30000, 30100, 30200], "value", stamps))
    assert result.rows["value"].tolist() == [30000]
    assert len(result.refused) == 2


def test_a_decimal_slip_is_seen_through_other_bad_values():
    value = 30 + 0.01 * np.arange(10)
    value[4:7] *= [100.0, 0.0, -1.0]
    result = judged(SILVER, rows(days(10), value))
    assert result.rows["value"].tolist() == [*value[:4], *value[7:]]
    assert [odd[0] for odd in turned_away(result)] == ["0", "-30.06", "3004"]
    assert "a slip" in result.refused[2].reason


@pytest.mark.parametrize("factor", [100.0, 0.01])
def test_a_slip_is_seen_beside_held_history(factor):
    period, value = days(5), 30 + 0.01 * np.arange(5)
    held = rows(period[[0, 1, 4]], [29.0, 30.0, 31.0])
    value[2] *= factor
    assert (
        len(judged(SILVER, rows(period[2:3], value[2:3]), held[:2], since=None).refused) == 1
    )  # as the newest
    result = judged(SILVER, rows(period[2:5], value[2:5]), held)
    assert result.rows["period"].tolist() == list(period[3:5])


def test_only_the_newest_value_of_a_daily_series_may_not_leap():
    period = days(4)
    assert "waits" in judged(SILVER, rows(period, [30, 31, 32, 40])).refused[0].reason
    assert not judged(SILVER, rows(period, [30, 31, 32, 33])).refused
    assert not judged(
        SILVER, rows(period, [30, 31, 45, 46])
    ).refused  # within its history: borne out by the next
    assert not judged(SILVER, rows(period[:1], [161])).refused  # nothing to compare with
    assert not judged(GDP, rows(["2025-10-01", "2026-01-01"], [3000, 30000], "value")).refused
    assert not judged(YIELD, rows(period, [0.01, 0.01, 0.01, 0.2], "value")).refused
    assert judged(YIELD, rows(period, [4.49, 4.47, 4.49, 0.447], "value")).refused  # a slipped point


def test_a_history_with_a_step_that_no_split_explains_is_disputed():
    for values in ([30, 3100, 150, 151], [605, 606, 6.06, 6.07]):
        with pytest.raises(Disputed, match="without a split"):
            judged(SILVER, rows(days(4), values))


def test_a_slip_before_the_newest_does_not_cost_the_newest():
    result = judged(SILVER, rows(days(4), [30, 31, 3100, 32]))
    assert result.rows["value"].tolist() == [30, 31, 32]


def test_a_split_is_no_leap_and_hides_none():
    period, stock = days(4), catalogue.typed("NVDA")
    split = rows(period[3:], [10.0], "split")
    assert len(judged(stock, rows(period, [1200, 1210, 1220, 122])).refused) == 1
    assert not judged(
        stock, pd.concat([rows(period, [1200, 1210, 1220, 122]), split], ignore_index=True)
    ).refused
    held = pd.concat([rows(period[:3], [1200, 1210, 1220]), split], ignore_index=True)
    assert not judged(stock, rows(period[3:], [122]), held, period[3].date()).refused
    assert judged(stock, rows(period[3:], [122]), held[:3], period[3].date()).refused
    both = pd.concat([rows(period, [1200, 121000, 1220, 122]), split], ignore_index=True)
    assert [odd.value for odd in judged(stock, both).refused] == ["121000"]


@pytest.mark.parametrize("bad", [[1], [2], [3], [1, 4]])
def test_one_bad_vintage_among_good_ones_is_found_and_spoils_no_neighbour(bad):
    known = ["2025-08-01", "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01", "2026-05-01"]
    period = ["2025-04-01", "2025-07-01", "2025-07-01", "2025-07-01", "2025-10-01", "2026-01-01"]
    value = np.array([30e3, 31e3, 31.5e3, 32e3, 33e3, 34e3])
    value[bad] = 2500
    frame = rows(period, value, "value", pd.DatetimeIndex(known, tz="UTC"))
    assert [odd.value for odd in judged(GDP, frame, since=dt.date(2025, 4, 1)).refused] == ["2500"] * len(bad)


# ------------------------------------------------------------------------------------------------------- throughout


def test_the_inputs_are_left_as_they_were():
    frame = rows([*days(6), days(6)[5]], [30, 31, 3000, 0, 33, 34, 34])
    held = rows(days(20), 30 + 0.01 * np.arange(20))
    before = frame.copy(deep=True), held.copy(deep=True)
    judged(SILVER, frame, held, days(6)[0].date())
    pd.testing.assert_frame_equal(frame, before[0])
    pd.testing.assert_frame_equal(held, before[1])


def test_every_rule_says_in_one_line_what_it_turns_away():
    assert all(rule.__doc__ and "\n" not in rule.__doc__ for rule in RULES)


VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, -1.0, 30.0, 31.0, 3000.0])
)
FIELDS = st.sampled_from(["main", "volume", "dividend", "split"])
OFFSETS = st.integers(-30, 5)


@settings(max_examples=100, deadline=None, database=None)
@given(
    series=st.sampled_from(
        [SILVER, BITCOIN, YIELD, GDP, SPREAD, catalogue.get("vix"), catalogue.get("zq_2026_07")]
    ),
    seen=st.lists(st.tuples(OFFSETS, FIELDS, VALUES, st.none() | st.integers(-20, 5)), max_size=25),
    past=st.lists(st.tuples(OFFSETS, st.floats(0.1, 1e3)), max_size=10, unique_by=lambda pair: pair[0]),
)
def test_nothing_impossible_is_ever_admitted(series, seen, past):
    today = pd.Timestamp("2026-06-05")
    day = [today + pd.Timedelta(days=offset) for offset, *_ in seen]
    known = [
        None if hour is None else pd.Timestamp(NOW).tz_convert("UTC") + pd.Timedelta(hours=hour)
        for *_, hour in seen
    ]
    frame = rows(day, [value for _, _, value, _ in seen], known_at=known)
    frame["field"] = pd.Series(
        [series.field if name == "main" else name for _, name, *_ in seen], dtype="str"
    )
    held = rows(
        [today + pd.Timedelta(days=offset) for offset, _ in past], [value for _, value in past], series.field
    )
    try:
        result = judged(series, frame, held)
    except (HistoryShrank, Disputed):  # the answer is refused as a whole
        return
    kept, main = result.rows, result.rows[result.rows["field"] == series.field]
    assert np.isfinite(kept["value"]).all()
    assert not kept.duplicated(["field", "period", "known_at"]).any()
    assert kept["known_at"].notna().all()
    assert (kept["known_at"] <= NOW).all()
    assert (kept["period"] <= today + pd.Timedelta(days=int(series is BITCOIN))).all()
    assert (main["value"] > 0).all() or not series.positive
    assert series.range is None or main["value"].between(*series.range).all()
    assert len(kept) + len(result.refused) + len(result.notes) == len(frame)


def recorded() -> list[Path]:
    known = {series.code for series in catalogue.load().values()}
    files = [*MARKET.glob("yahoo/*.csv"), *MARKET.glob("fred/*.csv")]
    return sorted(path for path in files if path.stem in known)


@pytest.mark.market
@pytest.mark.skipif(not recorded(), reason="no recorded market data beside the checkout")
@pytest.mark.parametrize("path", recorded() or [None], ids=lambda path: path.stem if path else "none")
def test_recorded_history_passes_every_rule(path):
    series = next(series for series in catalogue.load().values() if series.code == path.stem)
    table = pd.read_csv(path, parse_dates=["date"]).rename(columns={"close": "value"}).dropna(subset="value")
    table = table[table["value"].map(np.isfinite)].reset_index(drop=True)
    frame = rows(table["date"], table["value"], series.field)
    now = dt.datetime(2026, 6, 7, 12, tzinfo=NEW_YORK)
    first = judged(series, frame, since=None, now=now)
    again = judged(
        series, frame[-10:].reset_index(drop=True), frame, frame["period"].iloc[-10:].iloc[0].date(), now=now
    )
    assert (first.refused, first.notes, again.refused) == ((), (), ())
    assert (len(first.rows), len(again.rows)) == (len(frame), min(len(frame), 10))
