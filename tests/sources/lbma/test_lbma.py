"""London's vaults over loopback: what is read, what is absent, and every way in which it fails."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import stamina

from analytics import catalogue
from analytics.errors import Malformed, NoObservations, ServerFault, Throttled, TimedOut, Unreachable
from analytics.sources.admission import Record, admit
from analytics.sources.lbma import Lbma
from analytics.sources.pace import Pace
from tests.loopback import lbma as wire
from tests.loopback.server import Loopback

NOW = dt.datetime(2026, 6, 5, 23, 0, tzinfo=dt.UTC)
VAULTS = catalogue.get("london_vaults")


@pytest.fixture(scope="module")
def server_():
    with Loopback(NOW.date()) as source:
        yield source


@pytest.fixture
def source(server_):
    server_.mode, server_.times, server_.slow, server_.retry_after = "ok", -1, 3.0, "0"
    server_.log.clear()
    with stamina.set_testing(True, attempts=2, cap=True):
        yield server_


@pytest.fixture
def lbma(source):
    return lambda timeout=10.0: Lbma(base_url=source.address, timeout=timeout, pace=Pace(1000.0, 100))


@pytest.fixture
def file(monkeypatch):
    """Lets the source say a document."""

    def says(document: object) -> None:
        text = document if isinstance(document, str) else json.dumps(document)
        monkeypatch.setattr("analytics.sources.lbma.Line.get", lambda line, url: text)

    return says


def ms(day: str, hour: int = 0) -> int:
    return int(dt.datetime.fromisoformat(day).replace(hour=hour, tzinfo=dt.UTC).timestamp() * 1000)


def values(answer, field: str) -> dict[str, float]:
    rows = answer.rows[answer.rows["field"] == field]
    return dict(zip(rows["period"].dt.strftime("%Y-%m-%d"), rows["value"], strict=True))


def test_each_month_has_silver_and_gold_beside_it(lbma, source):
    answer = lbma()(VAULTS, None)
    silver, gold = values(answer, "value"), values(answer, "gold")
    assert (min(silver), max(silver), len(silver)) == ("2016-07-31", "2026-05-31", 119)
    assert silver.keys() == gold.keys()
    assert silver["2025-12-31"] == pytest.approx(894_400, rel=0.001)
    assert [path for _, path, _ in source.log] == ["/vault-holdings-data/data.json"]
    assert answer.oddities == ()


def test_a_metal_that_was_not_counted_is_absent_and_not_zero(lbma, file):
    file([[ms("2026-04-30"), 0, 882_655], [ms("2026-05-31"), None, 887_725], [ms("2026-03-31"), 284_000, 0]])
    answer = lbma()(VAULTS, None)
    assert values(answer, "value") == {"2026-04-30": 882_655, "2026-05-31": 887_725}
    assert values(answer, "gold") == {"2026-03-31": 284_000}
    assert answer.oddities == ()
    taken = admit(answer, Record.nothing(), NOW).rows
    assert set(taken["field"]) == {"value"}  # gold alone is no count of silver


def test_a_stamp_of_londons_midnight_in_summer_is_the_day_that_begins(lbma, file):
    file([[ms("2026-04-29", 23), 1, 882_655], [ms("2026-01-31", 0), 1, 891_511]])
    assert set(values(lbma()(VAULTS, None), "value")) == {"2026-04-30", "2026-01-31"}


def test_a_later_read_keeps_what_is_asked_for(lbma):
    assert min(values(lbma()(VAULTS, dt.date(2026, 1, 1)), "value")) == "2026-01-31"
    with pytest.raises(NoObservations):
        lbma()(VAULTS, dt.date(2026, 6, 30))


@pytest.mark.parametrize("row", [[ms("2026-05-31"), 1], [ms("2026-05-31"), 1, 2, 3], {}, None, 7])
def test_a_row_of_another_shape_is_malformed(lbma, file, row):
    file([[ms("2026-04-30"), 1, 2], row])
    with pytest.raises(Malformed, match="a row of it"):
        lbma()(VAULTS, None)


@pytest.mark.parametrize("stamp", ["2026-05-31", None, True, 1e300, 10**15])
def test_a_day_that_is_none_is_malformed(lbma, file, stamp):
    file([[stamp, 1, 2]])
    with pytest.raises(Malformed, match="the day"):
        lbma()(VAULTS, None)


@pytest.mark.parametrize("stated", ["894,357", -1, True, {}])
def test_a_value_that_is_no_number_is_left_out_and_told_of(lbma, file, stated):
    file([[ms("2026-04-30"), 284_000, 882_655], [ms("2026-05-31"), 284_000, stated]])
    answer = lbma()(VAULTS, None)
    if stated == {}:
        assert answer.oddities == ()
        return
    (odd,) = answer.oddities
    assert (odd.period, odd.reason) == (dt.date(2026, 5, 31), "The value is not a number of ounces.")


@pytest.mark.parametrize("text", ["{}", "<html>", "null"])
def test_another_document_is_malformed(lbma, file, text):
    file(text)
    with pytest.raises(Malformed, match="not a list of months"):
        lbma()(VAULTS, None)


FAULTS = {
    "429": Throttled,
    "500": ServerFault,
    "html": Malformed,
    "empty": Malformed,
    "drop": Unreachable,
    "slow": TimedOut,
    "truncated": Unreachable,
}


@pytest.mark.parametrize(("mode", "error"), FAULTS.items())
def test_a_fault_is_typed_tried_again_and_over_with_the_next(lbma, source, mode, error):
    source.mode = mode
    with pytest.raises(error) as caught:
        lbma(1.0 if mode == "slow" else 10.0)(VAULTS, None)
    assert type(caught.value) is error
    assert len(source.log) == 2
    source.mode = "ok"
    assert len(lbma()(VAULTS, None).rows) == 2 * 119


def test_the_door_sees_through_what_reads_well(lbma, source):
    whole = lbma()(VAULTS, None)
    first = admit(whole, Record.nothing(), NOW)
    assert first.word == ("confirmed", "It agrees with 2 published values")
    held = Record(whole.rows.assign(recorded_at=0))
    month = sorted(values(whole, "value"))[-6]
    source.mode = "spike"
    spiked = admit(lbma()(VAULTS, None), held, NOW)
    assert [str(odd.period) for odd in spiked.refused] == [month]
    assert month not in set(spiked.rows["period"].dt.strftime("%Y-%m-%d"))
    source.mode = "shrink"
    disputed = admit(lbma()(VAULTS, None), held, NOW).disputed
    assert disputed is not None
    assert disputed.kind == "lost"
    source.mode = "partial"
    assert month not in values(lbma()(VAULTS, None), "value")


def test_a_month_is_out_on_the_fifth_business_day_of_the_next():
    outs = dict((row[0], out) for out, row in wire.months())
    assert outs[ms("2026-04-30")] == dt.date(2026, 5, 8)  # a bank holiday on the 4th
    assert outs[ms("2025-12-31")] == dt.date(2026, 1, 8)
    assert outs[ms("2026-05-31")] == dt.date(2026, 6, 5)


def test_a_probe_is_one_request(lbma, source):
    assert lbma().probe(5.0)
    source.mode = "drop"
    assert not lbma().probe(5.0)
    assert len(source.log) == 2
