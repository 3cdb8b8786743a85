"""The token bucket, by a clock of our own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from analytics.sources.pace import Pace


class Time:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.mark.parametrize(
    ("rate", "burst", "seconds"), [(2.0, 1, 9.5), (2.0, 2, 9.0), (2.0, 5, 7.5), (10.0, 2, 1.8)]
)
def test_twenty_requests_take_the_time_they_must(time: Time, rate: float, burst: int, seconds: float):
    pace = Pace(rate, burst, time.clock, time.sleep)
    waits = [pace.take() for _ in range(20)]
    assert time.now - 100.0 == pytest.approx(seconds)
    assert sum(waits) == pytest.approx(seconds)
    assert waits[:burst] == [0.0] * burst


def test_a_pause_earns_one_burst_and_no_more(time: Time):
    pace = Pace(2.0, 2, time.clock, time.sleep)
    for _ in range(5):
        pace.take()
    time.sleep(60)
    assert [pace.take() for _ in range(4)] == pytest.approx([0.0, 0.0, 0.5, 0.5])


def test_a_rest_holds_everybody_back_and_ends_in_no_burst(time: Time):
    pace = Pace(2.0, 2, time.clock, time.sleep)
    pace.rest(7)
    assert [pace.take() for _ in range(3)] == pytest.approx([7.0, 0.5, 0.5])


def test_a_rest_never_shortens_a_queue(time: Time):
    pace = Pace(0.1, 1, time.clock, time.sleep)
    pace.take()
    pace.rest(1)
    assert pace.take() == pytest.approx(10.0)


def test_threads_share_one_queue():
    waits: list[float] = []
    pace = Pace(2.0, 2, lambda: 0.0, waits.append)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: pace.take(), range(20)))
    assert sorted(waits) == pytest.approx([step / 2 for step in range(1, 19)])


@pytest.mark.parametrize(("rate", "burst"), [(0.0, 1), (-1.0, 1), (1.0, 0)])
def test_a_pace_without_an_end_is_refused(rate: float, burst: int):
    with pytest.raises(ValueError, match="rate above zero"):
        Pace(rate, burst)
