"""FRED's small print: waits, statuses, numbers and the keyless file."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import Malformed, Refused, ServerFault, Throttled, UnknownSymbol
from analytics.sources.fred import request as fred_http
from analytics.sources.fred import text as fred_csv


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, "", None),
        (302, "", Malformed),
        (400, "Bad Request. The value for variable api_key is not registered.", Refused),
        (400, "Bad Request. The series does not exist.", UnknownSymbol),
        (400, "This exceeds the maximum number of vintage dates allowed (2000).", fred_http.TooManyVintages),
        (400, "Bad Request. Variable limit is odd.", Refused),
        (403, "<html>Access Denied</html>", Refused),
        (404, "<html>", UnknownSymbol),
        (429, "", Throttled),
        (503, "", ServerFault),
    ],
)
def test_every_status_has_its_error(status, body, error):
    found = fred_http.failure("DGS10", httpx.Response(status), body)
    assert found is None if error is None else type(found) is error


@pytest.mark.parametrize(
    "head", ["observation_date,DGS10", "DATE,DGS10", "\ufeffobservation_date,DGS10", '"DATE","dgs10"']
)
def test_the_file_is_read_under_its_old_and_new_headers(head):
    figures = fred_csv.parse(
        f"{head}\r\n2026-06-01,4.05\r\n2026-06-02,.\r\n2026-06-03,\r\n2026-06-04,-1e-1\r\n", "DGS10"
    )
    assert figures == fred_csv.Figures([dt.date(2026, 6, 1), dt.date(2026, 6, 4)], [4.05, -0.1], ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "DATE,DGS2\n",
        "DATE,DGS10\n2026-06-01\n",
        "DATE,DGS10\n1,2,3\n",
        "DATE,DGS10\n2026-02-30,1\n",
        "x,DGS10\n",
    ],
)
def test_another_table_is_malformed(text):
    with pytest.raises(Malformed):
        fred_csv.parse(text, "DGS10")


def test_a_file_cut_anywhere_gives_whole_figures_or_none():
    whole = "observation_date,DGS10\n2026-06-01,4.05\n2026-06-02,4\n2026-06-03,-1.25\n"
    figures, refused = fred_csv.parse(whole, "DGS10"), 0
    for cut in range(len(whole)):
        try:
            values = fred_csv.parse(whole[:cut], "DGS10").values
        except Malformed:
            refused += 1
        else:
            assert values == figures.values[: len(values)]
    assert refused == len(whole) - 3  # all but the ends of the first three lines


@pytest.mark.parametrize(
    "text", ["4.", "-4.", "4.e1", "abc", "inf", "-inf", "nan", "1_000", "1,5", "1e999", "0x1", "--1", "#N/A"]
)
def test_what_is_not_a_finite_plain_number_is_none(text):
    assert fred_csv.number(text) is None


@settings(max_examples=200, deadline=None, database=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_back_as_it_was_written(value):
    assert fred_csv.number(repr(value)) == value


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(alphabet="0123456789-.,:\n<>eEDGS inf", max_size=80))
def test_no_file_breaks_the_reader(text):
    try:
        figures = fred_csv.parse(f"DATE,DGS10\n{text}\n", "DGS10")
    except Malformed:
        return
    assert all(abs(value) < float("inf") for value in figures.values)
