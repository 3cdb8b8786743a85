"""What was known when: append-only observations (series, field, period, value, known_at, recorded_at)."""

from analytics.ledger.journal import Attempt
from analytics.ledger.lock import refresh_lock
from analytics.ledger.reading import Observed
from analytics.ledger.store import Ledger, Revision
from analytics.ledger.writing import Added

__all__ = ["Added", "Attempt", "Ledger", "Observed", "Revision", "refresh_lock"]
