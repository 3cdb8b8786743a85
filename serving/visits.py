"""Who signed out: a copy of the cookie opens nothing any more, whichever process is asked."""

from __future__ import annotations

import datetime as dt

from analytics.errors import AnalyticsError, LedgerUnavailable
from serving.health import Front


class Visits:
    """The list of ended visits, in the ledger that all processes of a server share.

    Args:
        front: Gives the desk, whose ledger keeps the list.
    """

    def __init__(self, front: Front) -> None:
        self._front = front

    def ended(self, visit: str) -> bool:
        """Whether a visit has ended. While the ledger cannot say, no: the pages' guard asks again, and then shows nothing."""
        desk = self._front.desk
        if desk is None or not visit:
            return False
        from analytics.ledger import visits  # there since the desk is open

        try:
            return visits.ended(desk.ledger.engine, visit)
        except AnalyticsError:
            return False

    def end(self, visit: str, seconds: int) -> None:
        """End a visit, and remember it for as long as its cookie may live.

        Raises:
            LedgerError: it cannot be kept now.
        """
        desk = self._front.desk
        if desk is None:
            raise LedgerUnavailable("it is being opened", "Try again in a moment.")
        from analytics.ledger import visits

        now = dt.datetime.now(dt.UTC)  # cookies live in real time, also where SILVERLEAD_TODAY stands still
        visits.end(desk.ledger.engine, visit, now + dt.timedelta(seconds=seconds), now)
