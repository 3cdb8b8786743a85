"""How often a source may be asked: a token bucket shared by every thread of the process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """A token bucket, kept as the instant at which it is full again (the "virtual scheduling" form of GCRA).

    Args:
        rate: Requests a second in the long run [1/s].
        burst: Requests that may go out at once after a rest.
        clock: Monotonic seconds.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        rate: float = 2.0,
        burst: int = 2,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("a pace needs a rate above zero and a burst of at least one")
        self._step = 1.0 / rate
        self._slack = (burst - 1) * self._step
        self._clock, self._sleep = clock, sleep
        self._full_at = clock()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Wait for one request's turn; returns how long that was [s]."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._full_at - self._slack)
            self._full_at = max(now, self._full_at) + self._step
        wait = turn - now
        if wait > 0:  # outside the lock: others may queue behind meanwhile
            self._sleep(wait)
        return wait

    def rest(self, seconds: float) -> None:
        """Let no new request go out for ``seconds`` from now, and then none in a burst."""
        with self._lock:
            self._full_at = max(self._full_at, self._clock() + seconds + self._slack)


FRED_PACE = Pace()
"""FRED allows 120 requests a minute to a key; the public files are asked no faster."""
CFTC_PACE = Pace(4.0, 5)
"""One report each of five contracts goes out at once; a longer read is spread."""
LBMA_PACE = Pace(1.0, 2)
