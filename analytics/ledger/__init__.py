"""What was known when: append-only observations (series, field, period, value, known_at, recorded_at)."""

from analytics.ledger.lock import refresh_lock
from analytics.ledger.store import Added, Attempt, Ledger, Observed, Revision

__all__ = ["Added", "Attempt", "Ledger", "Observed", "Revision", "refresh_lock"]
