from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.published import dated_events, fomc

MARKET = Path(__file__).resolve().parents[2] / ".." / "shared" / "market"
DAYS = [
    "2024-01-10", "2024-04-20", "2024-09-18", "2024-11-07", "2024-12-18", "2025-04-02", "2025-08-26",
    "2025-09-17", "2025-10-06", "2025-10-09", "2025-10-10", "2025-10-29", "2025-11-07", "2025-12-10",
    "2025-12-29", "2026-01-14", "2026-01-17", "2026-01-21", "2026-01-23", "2026-01-29", "2026-01-30",
    "2026-02-06", "2026-02-20", "2026-09-16",
]  # fmt: skip


def test_every_promised_event_stands_once_in_order() -> None:
    assert [event.day.isoformat() for event in dated_events.load()] == DAYS


def test_every_event_is_whole_and_its_title_fits_a_rule() -> None:
    for event in dated_events.load():
        assert 0 < len(event.title) <= dated_events.LONGEST_TITLE
        assert event.body.endswith(".")
        assert len(event.source) > 10
        assert set(event.topics) <= set(dated_events.TOPICS)
        assert event.topics
    assert len({event.title for event in dated_events.load()}) == len(DAYS)


def test_events_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        dated_events.load()[0].title = "other"  # type: ignore[misc]


@given(st.dates(dt.date(2023, 1, 1), dt.date(2027, 12, 31)))
def test_nothing_later_is_known_and_nothing_earlier_is_lost(as_of: dt.date) -> None:
    seen = dated_events.known(as_of)
    assert all(event.day <= as_of for event in seen)
    assert seen == dated_events.load()[: len(seen)]
    assert all(event.day > as_of for event in dated_events.load()[len(seen) :])


def test_on_the_article_s_day_the_peak_and_the_fall_are_not_known() -> None:
    titles = [event.title for event in dated_events.known(dt.date(2026, 1, 23))]
    assert titles[-1] == "Silver above $100"
    assert not any("peaks" in title or "30%" in title for title in titles)


def test_a_day_inside_the_greenland_episode_does_not_know_its_end() -> None:
    assert dated_events.known(dt.date(2026, 1, 18), "tariffs")[-1].title == "Tariff threat over Greenland"
    assert (
        dated_events.known(dt.date(2026, 1, 21), "tariffs")[-1].title == "Greenland tariff threat withdrawn"
    )


def test_topics_select() -> None:
    last = dt.date(2026, 12, 31)
    assert {e.topics for e in dated_events.known(last, "fed")} == {("fed",)}
    assert set(dated_events.known(last, "fed", "bitcoin")) == {
        *dated_events.known(last, "fed"),
        *dated_events.known(last, "bitcoin"),
    }


def test_every_fed_event_is_a_decision_of_a_scheduled_meeting() -> None:
    scheduled = {meeting.day for meeting in fomc.meetings() if meeting.scheduled}
    decisions = dated_events.known(dt.date(2026, 12, 31), "fed")
    assert len(decisions) == 7
    assert {event.day for event in decisions} <= scheduled


def bars(code: str) -> dict[str, dict[str, float]]:
    path = MARKET / "yahoo" / f"{code}.csv"
    if not path.exists():
        pytest.skip(f"no recorded {code} beside the checkout")
    with path.open() as lines:
        return {
            row["date"]: {name: float(row[name]) for name in ("high", "low", "close") if row[name]}
            for row in csv.DictReader(lines)
        }


@pytest.mark.market
def test_the_prices_named_agree_with_recorded_ones() -> None:
    silver, bitcoin = bars("SI=F"), bars("BTC-USD")
    # Spot and the front-month future differ by up to half a per cent, data vendors of Bitcoin by less.
    assert silver["2026-01-29"]["high"] == pytest.approx(121.64, rel=0.005)
    assert silver["2026-01-30"]["close"] / silver["2026-01-29"]["close"] == pytest.approx(0.69, abs=0.01)
    assert bitcoin["2025-10-06"]["high"] == pytest.approx(126_080, rel=0.003)
    assert bitcoin["2026-02-06"]["low"] == pytest.approx(60_008, rel=0.003)
    first = min(day for day, bar in silver.items() if bar["close"] > 100)
    assert first == "2026-01-23"


@pytest.mark.market
def test_the_fed_events_say_what_the_target_range_then_did() -> None:
    ranges = {}
    for code in ("DFEDTARL", "DFEDTARU"):
        path = MARKET / "fred" / f"{code}.csv"
        if not path.exists():
            pytest.skip(f"no recorded {code} beside the checkout")
        with path.open() as lines:
            ranges[code] = {row["date"]: float(row["value"]) for row in csv.DictReader(lines)}
    recorded_to = max(ranges["DFEDTARL"])
    checked = 0
    for event in dated_events.known(dt.date.fromisoformat(recorded_to) - fomc.ONE_DAY, "fed"):
        day = (event.day + fomc.ONE_DAY).isoformat()
        assert event.title.endswith(f"{ranges['DFEDTARL'][day]:.2f}-{ranges['DFEDTARU'][day]:.2f}%")
        checked += 1
    assert checked == 6
