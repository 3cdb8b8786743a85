"""Everything that can go wrong, drawn once.

    AnalyticsError
    +-- InputError               what the reader asked for cannot be done
    |   +-- UnknownSeries        no such series key in the catalogue
    |   +-- BadSymbol            a typed Yahoo symbol that cannot be one
    |   +-- BadChoice            a control or an option with an impossible value
    |   +-- BadSetting           the environment or .env holds a value that cannot be used
    |   +-- BadFile              a file handed to an import that cannot be read
    +-- NotDelivered             a message that its webhook did not take
    +-- ProviderError            a source did not give what was asked
    |   +-- Unreachable          no connection, or it broke off
    |   +-- TimedOut             no answer in time
    |   +-- Throttled            asked to slow down (carries retry_after)
    |   +-- ServerFault          the source's own failure (5xx)
    |   +-- Refused              the key or the request was turned down
    |   +-- Blocked              the source turns this machine away (4xx), no key involved
    |   +-- UnknownSymbol        the source does not know the code
    |   +-- Malformed            an answer that cannot be read
    |   +-- NoObservations       a readable answer with nothing in it
    |   +-- Disputed             an answer that contradicts what is held, or cannot be true
    |       +-- HistoryShrank    an answer that has lost what we already hold
    +-- LedgerError              the store of observations
    |   +-- LedgerDamaged        the file is not a readable ledger
    |   +-- LedgerForeign        readable, but of another kind, schema or program
    |   +-- LedgerUnavailable    the database does not answer
    |   +-- LedgerFull           no room left to write
    |   +-- RefreshRunning       somebody else holds the refresh lock
    +-- WorkersLost              a scan's workers cannot be reached, or died again and again
    +-- MeasureError             a question the data cannot answer
        +-- NotEnoughData        too few observations for the method
        +-- NoOverlap            the series share no dates
        +-- NoVariation          a series does not move
        +-- NotPositive          a price at or below zero, which has no ratio or return
        +-- TooManyGaps          days missing where the method counts days
        +-- SameSeries           one series against itself
        +-- NotPriced            futures prices that cannot be solved
        +-- NotKnown             a state that nobody could know on that day

Each class says one sentence: the cause, then what to do. No message ever holds a key or an address with one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self, cast


class AnalyticsError(Exception):
    """Root of the tree; ``str(error)`` is a sentence fit for a reader. Pickles carry sentence and attributes."""

    def __reduce__(
        self,
    ) -> tuple[Callable[..., AnalyticsError], tuple[type[AnalyticsError], str, dict[str, Any]]]:
        return _again, (type(self), str(self), self.__dict__)

    def again(self) -> Self:
        """The same error, without the frames of where it was raised.

        Not ``copy.copy``: tblib, which distributed brings, teaches it to keep them.
        """
        return cast("Self", _again(type(self), str(self), self.__dict__))


def _again(kind: type[AnalyticsError], sentence: str, attributes: dict[str, Any]) -> AnalyticsError:
    """An error of a class, without asking the class to write the sentence."""
    error = kind.__new__(kind, sentence)
    error.__dict__.update(attributes)
    return error


class InputError(AnalyticsError):
    """What the reader asked for cannot be done as asked."""


class UnknownSeries(InputError):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"There is no series called {key[:40]!r}. "
            "The Data page and `python -m analytics status` list the names."
        )


class BadSymbol(InputError):
    def __init__(self, symbol: str, why: str) -> None:
        super().__init__(
            f"{symbol[:20]!r} cannot be a Yahoo symbol: {why}. Type it as Yahoo writes it, for example SI=F."
        )


class BadChoice(InputError):
    def __init__(self, name: str, value: object, choices: str) -> None:
        super().__init__(f"{name} cannot be {str(value)[:40]!r}; it takes {choices}.")


class BadSetting(InputError):
    def __init__(self, name: str, cause: str) -> None:
        super().__init__(
            f"{name} cannot be used: {cause}. docs/settings.md lists the settings and what they take."
        )


class BadFile(InputError):
    """A file that an import or a command was given cannot be read; the message names the line."""


class NotDelivered(AnalyticsError):
    """``retryable`` says whether the same message may be taken a little later."""

    def __init__(self, host: str, cause: str, *, retryable: bool = False) -> None:
        self.retryable = retryable
        super().__init__(
            f"The webhook at {host} did not take the message: {cause}. Check its address and the receiver."
        )


class ProviderError(AnalyticsError):
    """A source did not give what was asked.

    ``retryable`` says whether the same request may succeed a little later.
    """

    retryable = False

    def __init__(self, source: str, code: str, cause: str, remedy: str) -> None:
        self.source, self.code, self.cause = source, code, cause
        super().__init__(f"{source} {code}: {cause}. {remedy}")


class Unreachable(ProviderError):
    retryable = True

    def __init__(self, source: str, code: str, cause: str = "no connection could be made") -> None:
        super().__init__(source, code, cause, "Check the network; the stored history stays in use.")


class TimedOut(ProviderError):
    retryable = True

    def __init__(self, source: str, code: str, seconds: float) -> None:
        super().__init__(
            source, code, f"no answer within {seconds:g} s", "It is asked again at the next refresh."
        )


class Throttled(ProviderError):
    retryable = True

    def __init__(self, source: str, code: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        wait = "a while" if retry_after is None else f"{retry_after:g} s"
        super().__init__(source, code, "asked to slow down", f"Wait {wait} before the next refresh.")


class ServerFault(ProviderError):
    retryable = True

    def __init__(self, source: str, code: str, status: int) -> None:
        self.status = status
        super().__init__(
            source, code, f"the source failed with status {status}", "It is asked again at the next refresh."
        )


class Refused(ProviderError):
    def __init__(self, source: str, code: str, cause: str = "the key was refused") -> None:
        super().__init__(
            source, code, cause, "Check FRED_API_KEY, or unset it to use the public files without a key."
        )


class Blocked(ProviderError):
    def __init__(self, source: str, code: str, status: int) -> None:
        self.status = status
        super().__init__(
            source,
            code,
            f"the source turned the request away with status {status}",
            "The stored history stays in use; if it lasts, wait a day or ask a mirror.",
        )


class UnknownSymbol(ProviderError):
    def __init__(self, source: str, code: str) -> None:
        super().__init__(
            source, code, "the source knows no such symbol", "Check the spelling on the source's own site."
        )


class Malformed(ProviderError):
    retryable = True

    def __init__(self, source: str, code: str, cause: str) -> None:
        super().__init__(
            source,
            code,
            f"the answer cannot be read ({cause})",
            "Nothing of it was stored; it is asked again at the next refresh.",
        )


class NoObservations(ProviderError):
    retryable = True

    def __init__(self, source: str, code: str) -> None:
        super().__init__(source, code, "the answer holds no observations", "The stored history stays in use.")


class Disputed(ProviderError):
    """``kind`` says what is wrong: ``changed``, ``refused``, ``lost`` or ``step``."""

    def __init__(self, source: str, code: str, cause: str, kind: str = "changed", key: str = "") -> None:
        self.kind = kind
        name = f"`python -m analytics confirm {key}`" if key else "`confirm`"
        super().__init__(
            source,
            code,
            f"the answer is disputed, and nothing of it was stored: {cause}",
            f"The stored history stays in use. If the source is right, {name} takes its answer.",
        )


class HistoryShrank(Disputed):
    def __init__(self, source: str, code: str, cause: str) -> None:
        super(Disputed, self).__init__(
            source,
            code,
            f"the answer has lost history: {cause}",
            "The stored history stays in use; an answer like it tomorrow adds what is new in it.",
        )
        self.kind = "lost"


class LedgerError(AnalyticsError):
    """The store of observations cannot do what was asked."""


class LedgerDamaged(LedgerError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is not a readable ledger. At the next start it is moved aside and a new one is filled."
        )


class LedgerForeign(LedgerError):
    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"The ledger's place holds {found}; this version needs {wanted}. "
            "Name another place by DATABASE_URL or SILVERLEAD_CACHE, or move what is there."
        )


class LedgerUnavailable(LedgerError):
    def __init__(self, cause: str, remedy: str = "Check DATABASE_URL and the server.") -> None:
        super().__init__(f"The ledger's database does not answer ({cause}). {remedy}")


class LedgerFull(LedgerError):
    def __init__(self) -> None:
        super().__init__(
            "The ledger has no room to write. Free some disk space; what is stored stays readable."
        )


class RefreshRunning(LedgerError):
    def __init__(self) -> None:
        super().__init__("Another process is refreshing now. Its results appear here as they arrive.")


class WorkersLost(AnalyticsError):
    def __init__(self, cause: str) -> None:
        super().__init__(
            f"The scan stopped: {cause}. Its finished parts are kept; the same command goes on from there."
        )


class MeasureError(AnalyticsError):
    """A question that the data at hand cannot answer."""


class NotEnoughData(MeasureError):
    def __init__(self, what: str, n: int, need: int) -> None:
        self.n, self.need = n, need
        super().__init__(
            f"{what} has {n:,} observations and needs {need:,}. Choose a longer span or another pair."
        )


class NoOverlap(MeasureError):
    def __init__(self, a: str, b: str) -> None:
        super().__init__(f"{a} and {b} have no dates in common. Choose another pair or a longer span.")


class NoVariation(MeasureError):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what} does not move over this span, so nothing can be measured. Choose another.")


class NotPositive(MeasureError):
    def __init__(self, what: str, day: str) -> None:
        super().__init__(
            f"{what} is not above zero on {day}, so it has no ratio or return there. "
            "Choose another series, or a day before that one."
        )


class TooManyGaps(MeasureError):
    def __init__(self, what: str, percent: float) -> None:
        super().__init__(
            f"{what} has prices on only {percent:.0f}% of the weekdays of this span, so a lag counted in days would "
            "mean nothing. Choose daily series, or a span without the hole."
        )


class SameSeries(MeasureError):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is on both sides. Choose two different series.")


class NotPriced(MeasureError):
    """Futures prices that cannot be solved for a month; the message says which and why."""


class NotKnown(MeasureError):
    """A state that could not be known on the day; the message says why."""


class NotPublished(MeasureError):
    """A published table that had not been printed by then, or is not carried; the message says which."""
