"""How often passwords may be tried: bounded for one sender, for all of them, and in what is remembered."""

from __future__ import annotations

import ipaddress
import threading
from collections import deque

MOST_OF_ONE, MOST_OF_ALL, WITHIN_SECONDS = 10, 100, 600.0
"""Wrong passwords of one sender and of all senders that a process hears within how long."""


class Tries:
    """The tries of the last ten minutes. A right password gives its try back."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, str]] = deque(maxlen=MOST_OF_ALL)
        self._guard = threading.Lock()

    def admit(self, address: str, now: float) -> bool:
        """Whether a sender may try once more; the try counts from here on, so that many at once are no way around."""
        sender = sender_of(address)
        with self._guard:
            while self._recent and now - self._recent[0][0] >= WITHIN_SECONDS:
                self._recent.popleft()
            of_one = sum(1 for _, other in self._recent if other == sender)
            if len(self._recent) == MOST_OF_ALL or of_one >= MOST_OF_ONE:
                return False
            self._recent.append((now, sender))
            return True

    def forgive(self, address: str) -> None:
        """The newest try of a sender was right."""
        sender = sender_of(address)
        with self._guard:
            for try_ in reversed(self._recent):
                if try_[1] == sender:
                    self._recent.remove(try_)
                    return


def sender_of(address: str) -> str:
    """An IPv4 address, or the network that one IPv6 subscriber has; everybody unknown is one sender."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 6 and found.ipv4_mapped:  # a socket that listens to both writes IPv4 like that
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
